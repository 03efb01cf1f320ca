// SPDX-License-Identifier: Apache-2.0
// How probable an outcome is, from counts.
#pragma once

#include "runtime/estimate/estimate.h"
#include "runtime/sim/outcomes.h"

namespace qdo::estimate {

/// The probability of an outcome, at the confidence of the policy in force, 95 % without one.
/// Probabilities of outcomes of the same counts add up with their correlation. Null after a
/// failure: BadValue, counts without shots or no outcome of them.
Estimate *probabilityOf(base::Context &ctx, qdo_site site, const sim::Counts &counts,
                        std::string_view outcome);

} // namespace qdo::estimate
