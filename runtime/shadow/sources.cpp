// SPDX-License-Identifier: Apache-2.0
// Intervals of quotients and of sums of squares.
#include "runtime/shadow/sources.h"

#include <algorithm>
#include <cmath>

namespace qdo::shadow {

using estimate::Interval;
using estimate::Method;

/// A value that noise took out of the range stays in its interval.
static Interval holding(Interval interval, double value) {
  return {std::min(interval.low, value), std::max(interval.high, value)};
}

SignMean::SignMean(int64_t plus, int64_t hits, double shift) : plus_(plus), hits_(hits) {
  mean = 2 * (static_cast<double>(plus) / static_cast<double>(hits) + shift) - 1;
  standardError = 2 * estimate::standardError(plus, hits);
}

Interval SignMean::interval(Method method, double error) const {
  const Interval coin = estimate::coinInterval(method, plus_, hits_, error);
  return holding({2 * coin.low - 1, 2 * coin.high - 1}, mean);
}

Quotient::Quotient(SourcePtr above, SourcePtr below, double offset, double low, double high)
    : above_(std::move(above)), below_(std::move(below)), offset_(offset), low_(low), high_(high) {
  const double r = below_->mean;
  mean = offset + above_->mean / r;
  standardError =
      std::hypot(above_->standardError / r, above_->mean * below_->standardError / (r * r));
}

Interval Quotient::interval(Method method, double error) const {
  const Interval a = above_->interval(method, error / 2), b = below_->interval(method, error / 2);
  if (b.low <= 0)
    return holding({low_, high_}, mean);
  const double low = offset_ + a.low / (a.low > 0 ? b.high : b.low),
               high = offset_ + a.high / (a.high > 0 ? b.low : b.high);
  return holding({std::clamp(low, low_, high_), std::clamp(high, low_, high_)}, mean);
}

Purity::Purity(std::vector<SourcePtr> strings, int qubits, double value, double error)
    : strings_(std::move(strings)), qubits_(qubits) {
  mean = value;
  standardError = error;
}

Interval Purity::interval(Method method, double error) const {
  Interval sum{1, 1};
  const double share = error / static_cast<double>(std::max<size_t>(strings_.size(), 1));
  for (const SourcePtr &string : strings_) {
    const auto [low, high] = string->interval(method, share);
    const double least = low > 0 ? low : high < 0 ? -high : 0, most = std::max(-low, high);
    sum.low += least * least;
    sum.high += std::min(most * most, 1.0);
  }
  const double least = std::ldexp(1.0, -qubits_);
  return holding(
      {std::clamp(sum.low * least, least, 1.0), std::clamp(sum.high * least, least, 1.0)}, mean);
}

Entropy::Entropy(std::shared_ptr<const Purity> purity, int qubits)
    : purity_(std::move(purity)), least_(std::ldexp(1.0, -qubits)) {
  const double held = std::clamp(purity_->mean, least_, 1.0);
  mean = -std::log2(held);
  standardError = purity_->standardError / (held * std::log(2.0));
}

Interval Entropy::interval(Method method, double error) const {
  const auto [low, high] = purity_->interval(method, error);
  // A purity that is out of its range by noise is one at its end.
  return holding({-std::log2(std::min(high, 1.0)), -std::log2(std::max(low, least_))}, mean);
}

} // namespace qdo::shadow
