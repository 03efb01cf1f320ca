// SPDX-License-Identifier: Apache-2.0
// Methods of intervals by name.
#include "runtime/estimate/confidence.h"

#include "runtime/estimate/bounded.h"

#include <algorithm>
#include <cmath>

namespace qdo::estimate {

const char *methodName(Method method) {
  switch (method) {
  case Method::Sequential:
    return "";
  case Method::Wilson:
    return "wilson";
  case Method::Hoeffding:
    return "hoeffding";
  case Method::Bernstein:
    return "bernstein";
  case Method::Anytime:
    return "anytime";
  }
  return "";
}

/// A few equal outcomes must not claim an error of 0: as if two more had been at each end of the
/// range, which is what Agresti and Coull do for coins.
double MeanSample::standardError() const {
  const double n = static_cast<double>(shots), range = high - low;
  const double centre = mean - (low + high) / 2;
  const double spread =
      variance * std::max(n - 1, 0.0) + range * range + centre * centre * 4 * n / (n + 4);
  return std::sqrt(spread) / (n + 4);
}

double errorOfLook(Method method, double error, int64_t looks) {
  switch (method) {
  case Method::Anytime: // all looks are one event
  case Method::Wilson:  // promises nothing beyond the moment
    return error;
  case Method::Sequential:
  case Method::Hoeffding:
  case Method::Bernstein:
    break;
  }
  return error / static_cast<double>(looks);
}

Interval coinInterval(Method method, int64_t successes, int64_t shots, double error) {
  const double n = static_cast<double>(shots), s = static_cast<double>(successes);
  switch (method) {
  case Method::Sequential:
    return clopperPearson(successes, shots, error);
  case Method::Wilson:
    return wilson(successes, shots, error);
  case Method::Anytime:
    return betaMixture(s, n - s, error);
  case Method::Hoeffding:
  case Method::Bernstein:
    break;
  }
  MeanSample sample;
  sample.mean = s / n;
  sample.variance = shots > 1 ? s * (n - s) / (n * (n - 1)) : 1;
  sample.low = 0;
  sample.high = 1;
  sample.shots = shots;
  return meanInterval(method, sample, error);
}

Interval meanInterval(Method method, const MeanSample &sample, double error) {
  switch (method) {
  case Method::Wilson: {
    const double half = normalQuantile(1 - error / 2) * sample.standardError();
    return clipped(sample, {sample.mean - half, sample.mean + half});
  }
  case Method::Hoeffding:
    return hoeffding(sample, error);
  case Method::Bernstein:
    return empiricalBernstein(sample, error);
  case Method::Anytime:
    return boundedSequence(sample, error);
  case Method::Sequential:
    break;
  }
  // Each is better somewhere: Bernstein where the variance is small against the range and shots are
  // many, Chernoff where they are few. Both hold with half of the error each, so both together do.
  const Interval a = empiricalBernstein(sample, error / 2), b = chernoff(sample, error / 2);
  return {std::max(a.low, b.low), std::min(a.high, b.high)};
}

} // namespace qdo::estimate
