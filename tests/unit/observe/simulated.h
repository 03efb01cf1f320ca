// SPDX-License-Identifier: Apache-2.0
// Curves drawn from a known law, for tests and studies of fits.
#pragma once

#include "runtime/base/hash.h"
#include "runtime/base/philox.h"
#include "runtime/estimate/interval.h"
#include "runtime/observe/coherence.h"

#include <cmath>

namespace simulated {

using qdo::observe::CurvePoint;

/// Counts at 0, step, 2 step .. (`count` places) of a law, `shots` each.
template <class Law>
std::vector<CurvePoint> curve(uint64_t seed, int count, double step, int64_t shots, Law law) {
  std::vector<CurvePoint> points;
  for (int k = 0; k < count; ++k) {
    const uint64_t stream = qdo::base::Hasher("curve").add(static_cast<uint64_t>(k)).value();
    points.push_back({k * step, 0, shots});
    points.back().successes =
        qdo::base::countSuccesses(seed, stream, 0, shots, law(points.back().x));
  }
  return points;
}

/// The same as `mitigate zne([1, 3, 5])` gives it: of each place three circuits, whose gates leave
/// 98 % of the signal, its cube and its fifth power, and the parabola through them at 0.
template <class Law>
std::vector<CurvePoint> extrapolated(uint64_t seed, int count, double step, int64_t shots,
                                     Law law) {
  constexpr std::pair<int, double> levels[] = {{1, 15. / 8}, {3, -10. / 8}, {5, 3. / 8}};
  std::vector<CurvePoint> points;
  for (int k = 0; k < count; ++k) {
    points.push_back({k * step, 0, 3 * shots});
    double variance = 0;
    for (auto [fold, weight] : levels) {
      const uint64_t stream = qdo::base::Hasher("extrapolated")
                                  .add(static_cast<uint64_t>(k))
                                  .add(static_cast<uint64_t>(fold))
                                  .value();
      const double p = 0.5 + (law(k * step) - 0.5) * std::pow(0.98, fold);
      const int64_t successes = qdo::base::countSuccesses(seed, stream, 0, shots, p);
      points.back().mean += weight * static_cast<double>(successes) / static_cast<double>(shots);
      variance += std::pow(weight * qdo::estimate::standardError(successes, shots), 2);
    }
    points.back().error = std::sqrt(variance);
  }
  return points;
}

} // namespace simulated
