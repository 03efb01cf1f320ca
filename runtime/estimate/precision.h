// SPDX-License-Identifier: Apache-2.0
// Several observables of one recipe, each as precisely as it was asked for.
// In: observables, a half-width each, a policy. Out: estimates in their order.
// Why not one rule: `until` knows no observable, and the loosest would pay for the strictest.
#pragma once

#include "runtime/estimate/quantities.h"

#include <span>
#include <vector>

namespace qdo::estimate {

/// Each under the policy with `until halfwidth <= within[i]` in the place of its rule, paid from
/// the same purses, up to HIGH as ever. Under `shots(N)` each has N shots, however wide that is.
/// Under `group commuting` observables with one precision are grouped as one sum.
/// Empty after a failure: BadValue, and those of estimateExpect.
std::vector<Estimate *> estimateEach(base::Context &ctx, qdo_site site, const sim::Recipe &recipe,
                                     std::span<const sim::Observable *const> observables,
                                     std::span<const double> within, const Policy &policy);

} // namespace qdo::estimate
