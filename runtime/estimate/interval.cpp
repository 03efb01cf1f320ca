// SPDX-License-Identifier: Apache-2.0
// Intervals for the probability of a coin.
#include "runtime/estimate/interval.h"

#include "runtime/base/hash.h"
#include "runtime/estimate/confidence.h"

#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/gamma.hpp>

#include <algorithm>
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

Interval wilson(int64_t successes, int64_t shots, double error) {
  const double n = static_cast<double>(shots), p = static_cast<double>(successes) / n;
  const double z = normalQuantile(1 - error / 2), stretch = 1 + z * z / n;
  const double centre = (p + z * z / (2 * n)) / stretch;
  const double half = z / stretch * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  return {std::max(centre - half, 0.0), std::min(centre + half, 1.0)};
}

/// Where the log-likelihood falls below `least` between `in`, where it does not, and `out`.
static double crossing(double s, double f, double least, double in, double out) {
  // Bisection to the last bit but a few: the likelihood is steep at 0 and 1, flat in the middle.
  for (int step = 0; step < 60 && in != out; ++step) {
    const double m = (in + out) / 2;
    const double likelihood = (s > 0 ? s * std::log(m) : 0) + (f > 0 ? f * std::log1p(-m) : 0);
    (likelihood >= least ? in : out) = m;
  }
  return out; // outward: rounding never narrows the interval
}

Interval likelihoodInterval(double s, double f, double least) {
  const double top = s / (s + f);
  return {s > 0 ? crossing(s, f, least, top, 0) : 0, f > 0 ? crossing(s, f, least, top, 1) : 1};
}

double logBetaMixture(double successes, double failures) {
  const auto logBeta = [](double a, double b) {
    return boost::math::lgamma(a, Numerics()) + boost::math::lgamma(b, Numerics()) -
           boost::math::lgamma(a + b, Numerics());
  };
  return logBeta(successes + 0.5, failures + 0.5) - std::log(std::numbers::pi); // B(1/2, 1/2)
}

Interval betaMixture(double successes, double failures, double error) {
  return likelihoodInterval(successes, failures,
                            logBetaMixture(successes, failures) + std::log(error));
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
      .add(static_cast<uint64_t>(key.method))
      .add(static_cast<uint64_t>(key.successes))
      .add(static_cast<uint64_t>(key.shots))
      .add(key.error)
      .value();
}

Interval IntervalCache::get(Method method, int64_t successes, int64_t shots, double error) {
  constexpr size_t most = 1 << 18;
  if (known_.size() >= most)
    known_.clear();
  auto [place, fresh] = known_.try_emplace({method, successes, shots, error});
  if (fresh)
    place->second = coinInterval(method, successes, shots, error);
  return place->second;
}

} // namespace qdo::estimate
