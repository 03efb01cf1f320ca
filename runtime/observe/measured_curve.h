// SPDX-License-Identifier: Apache-2.0
// Curves that a run measured, with what was fitted to them.
// Why one form for waits and for numbers of gates: reports, the entry points and the language ask
// them the same.
#pragma once

#include "runtime/estimate/estimate.h"
#include "runtime/observe/coherence.h"

#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace qdo::observe {

/// A measured curve with its fit.
struct Curve {
  enum class Kind : uint8_t {
    Relaxation,    ///< T1
    Dephasing,     ///< T2*
    Echo,          ///< T2
    CliffordError, ///< of randomised benchmarking: error of a Clifford operation
    GateError      ///< of interleaved benchmarking: error of what is interleaved
  };
  struct Point {
    double x; ///< seconds of waiting, or how many Clifford operations
    double value, low, high;
    int64_t shots;
  };
  qdo_site site;
  Kind kind;
  std::string observable; ///< "Z[0]"; "survival"
  std::vector<Point> points;
  std::vector<estimate::Estimate *> values; ///< one a point, as long as the run keeps estimates
  std::vector<CurvePoint> counts;           ///< what was fitted; of one point there may be several
  double offset = 0, scale = 1;             ///< value = offset + scale * probability of the fit
  int series = 0;                           ///< of the fit that is this curve
  Fit fit;
  uint64_t device = 0;
  uint64_t qubits = 0;    ///< mask of those that are measured
  int64_t reference = -1; ///< of a gate error: the curve without what is interleaved
  double meanGates = 0;   ///< of benchmarking: gates of a Clifford operation

  bool benchmarks() const { return kind >= Kind::CliffordError; }
  /// "T1", "T2*", "T2", "the error of a Clifford operation".
  std::string_view quantityName() const;
  /// What stands on its axis: "idle time", "Clifford operations".
  std::string_view axisName() const;
  /// `50.3us +- 0.4us`, `0.00103 +- 0.00012`, or `UNIDENTIFIED (why)`; a spec applies to both
  /// numbers.
  std::string text(std::string_view spec) const;
};

/// All curves of the run, in the order in which they were measured.
struct Curves {
  std::deque<Curve> all;
};

/// The counts that stand for a probability without sampling error: far more shots than any fit can
/// tell from infinitely many.
CurvePoint certainPoint(double x, double probability);
/// The fit of such points: its number is without error.
Fit withoutError(Fit fit);

} // namespace qdo::observe
