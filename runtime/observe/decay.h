// SPDX-License-Identifier: Apache-2.0
// Decoherence as a program sees it: a state waits, is measured, and the curve is fitted.
// In: a recipe, one Pauli string, how long to wait. Out: estimates, and T1 or T2 if they are there.
#pragma once

#include "runtime/estimate/policy.h"
#include "runtime/estimate/quantities.h"
#include "runtime/observe/coherence.h"
#include "runtime/sim/observable.h"

#include <deque>

namespace qdo::observe {

/// A measured curve with its fit.
struct Curve {
  struct Point {
    double idle, value, low, high;
    int64_t shots;
  };
  qdo_site site;
  std::string observable; ///< "Z[0]"
  bool relaxation;        ///< of Z: T1; otherwise T2
  bool echo;
  std::vector<Point> points;
  std::vector<estimate::Estimate *> values; ///< one a point, as long as the run keeps estimates
  double offset = 0, scale = 1;             ///< value = offset + scale * probability of the fit
  Fit fit;
  uint64_t device = 0;
  uint64_t qubits = 0; ///< mask of those that are measured

  /// "T1", "T2*", "T2".
  const char *quantityName() const { return relaxation ? "T1" : echo ? "T2" : "T2*"; }
  /// `50.3us +- 0.4us`, or `UNIDENTIFIED (why)`; a spec applies to both numbers.
  std::string text(std::string_view spec) const;
};

/// All curves of the run, in the order in which they were measured.
struct Curves {
  std::deque<Curve> all;
};

struct DecayRequest {
  const sim::Recipe *recipe;
  const sim::Observable *observable; ///< one Pauli string
  std::vector<double> idle;          ///< in seconds
  bool echo = false;                 ///< a pulse about X in the middle of each wait
};

/// Measures the points under the policy and fits. The number of the curve, or nothing after a
/// failure.
std::optional<int64_t> measureDecay(base::Context &ctx, qdo_site site, const DecayRequest &request,
                                    const estimate::Policy &policy);

} // namespace qdo::observe
