// SPDX-License-Identifier: Apache-2.0
// Decoherence as a program sees it: a state waits, is measured, and the curve is fitted.
// In: a recipe, one Pauli string, how long to wait. Out: estimates, and T1 or T2 if they are there.
#pragma once

#include "runtime/estimate/policy.h"
#include "runtime/observe/measured_curve.h"
#include "runtime/sim/observable.h"
#include "runtime/sim/recipe.h"

#include <optional>
#include <vector>

namespace qdo::observe {

struct DecayRequest {
  const sim::Recipe *recipe;
  const sim::Observable *observable; ///< one Pauli string
  std::vector<double> idle;          ///< in seconds
  bool echo = false;                 ///< a pulse about X in the middle of each wait
};

/// Measures the points under the policy and fits; of an exact run the fit is one of exact values.
/// The number of the curve, or nothing after a failure.
std::optional<int64_t> measureDecay(base::Context &ctx, qdo_site site, const DecayRequest &request,
                                    const estimate::Policy &policy);

} // namespace qdo::observe
