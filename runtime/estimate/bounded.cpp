// SPDX-License-Identifier: Apache-2.0
// Concentration inequalities, solved for the mean.
#include "runtime/estimate/bounded.h"

#include <algorithm>
#include <cmath>

namespace qdo::estimate {

Interval clipped(const MeanSample &sample, Interval interval) {
  return {std::clamp(interval.low, sample.low, sample.high),
          std::clamp(interval.high, sample.low, sample.high)};
}

static Interval around(const MeanSample &sample, double half) {
  return clipped(sample, {sample.mean - half, sample.mean + half});
}

Interval hoeffding(const MeanSample &sample, double error) {
  const double n = static_cast<double>(sample.shots);
  return around(sample, (sample.high - sample.low) * std::sqrt(std::log(2 / error) / (2 * n)));
}

Interval empiricalBernstein(const MeanSample &sample, double error) {
  if (sample.shots < 2)
    return {sample.low, sample.high};
  const double n = static_cast<double>(sample.shots), l = std::log(4 / error);
  return around(sample, std::sqrt(2 * sample.variance * l / n) +
                            7 * (sample.high - sample.low) * l / (3 * (n - 1)));
}

/// The mean on the scale where the range is [0, 1].
static double unitMean(const MeanSample &sample) {
  return std::clamp((sample.mean - sample.low) / (sample.high - sample.low), 0.0, 1.0);
}

static Interval onRange(const MeanSample &sample, Interval unit) {
  const double range = sample.high - sample.low;
  return clipped(sample, {sample.low + range * unit.low, sample.low + range * unit.high});
}

Interval chernoff(const MeanSample &sample, double error) {
  if (!(sample.high > sample.low))
    return {sample.low, sample.high};
  const double n = static_cast<double>(sample.shots), p = unitMean(sample);
  // n KL(p, m) = (its greatest likelihood) - (that of m)
  const double least = (p > 0 ? n * p * std::log(p) : 0) +
                       (p < 1 ? n * (1 - p) * std::log1p(-p) : 0) - std::log(2 / error);
  return onRange(sample, likelihoodInterval(n * p, n * (1 - p), least));
}

Interval boundedMixture(const MeanSample &sample, double error) {
  if (!(sample.high > sample.low))
    return {sample.low, sample.high};
  const double n = static_cast<double>(sample.shots), p = unitMean(sample);
  return onRange(sample, betaMixture(n * p, n * (1 - p), error));
}

} // namespace qdo::estimate
