// SPDX-License-Identifier: Apache-2.0
// Intervals for the probability of a coin.
#include "runtime/estimate/interval.h"

#include "runtime/base/hash.h"

#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/erf.hpp>

#include <cmath>
#include <numbers>

namespace qdo::estimate {

namespace policies = boost::math::policies;
/// Doubles stay doubles (long double costs ten times as much), and nothing is thrown.
using Numerics = policies::policy<policies::promote_double<false>,
                                  policies::domain_error<policies::ignore_error>,
                                  policies::overflow_error<policies::ignore_error>,
                                  policies::evaluation_error<policies::ignore_error>,
                                  policies::underflow_error<policies::ignore_error>>;

Interval clopperPearson(int64_t successes, int64_t shots, double error) {
  const double s = static_cast<double>(successes), f = static_cast<double>(shots - successes);
  const double side = error / 2;
  Interval interval{0, 1};
  // Without successes (or failures) the equation has a closed form.
  if (successes == 0)
    interval.high = -std::expm1(std::log(side) / f);
  else if (successes == shots)
    interval.low = std::exp(std::log(side) / s);
  if (successes > 0 && successes < shots) {
    interval.low = boost::math::ibeta_inv(s, f + 1, side, Numerics());
    interval.high = boost::math::ibetac_inv(s + 1, f, side, Numerics());
  }
  return interval;
}

double normalQuantile(double probability) {
  return std::numbers::sqrt2 * boost::math::erf_inv(2 * probability - 1, Numerics());
}

double standardError(int64_t successes, int64_t shots) {
  const double n = static_cast<double>(shots) + 4, p = (static_cast<double>(successes) + 2) / n;
  return std::sqrt(p * (1 - p) / n);
}

size_t IntervalCache::Hash::operator()(const Key &key) const {
  return base::Hasher("interval")
      .add(static_cast<uint64_t>(key.successes))
      .add(static_cast<uint64_t>(key.shots))
      .add(key.error)
      .value();
}

Interval IntervalCache::get(int64_t successes, int64_t shots, double error) {
  constexpr size_t most = 1 << 18;
  if (known_.size() >= most)
    known_.clear();
  auto [place, fresh] = known_.try_emplace({successes, shots, error});
  if (fresh)
    place->second = clopperPearson(successes, shots, error);
  return place->second;
}

} // namespace qdo::estimate
