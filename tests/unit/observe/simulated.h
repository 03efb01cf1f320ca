// SPDX-License-Identifier: Apache-2.0
// Curves drawn from a known law, for tests and studies of fits.
#pragma once

#include "runtime/base/hash.h"
#include "runtime/base/philox.h"
#include "runtime/observe/coherence.h"

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

} // namespace simulated
