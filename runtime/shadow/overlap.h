// SPDX-License-Identifier: Apache-2.0
// Fidelities in every way that there is: the policy's, or one by its name.
// In: two recipes, a policy. Out: an estimate that names the way.
// Why here: shadows know estimates, so whoever chooses among all ways stands above both.
#pragma once

#include "runtime/estimate/overlaps.h"

namespace qdo::shadow {

/// |<p|r>|^2 in the way that the policy names, or in the cheapest. Symmetric: (p, r) and (r, p) are
/// one estimate. Null after a failure: those of estimateFidelityBy and of fidelityByShadow.
estimate::Estimate *fidelityUnder(base::Context &ctx, qdo_site site, const sim::Recipe &p,
                                  const sim::Recipe &r, const estimate::Policy &policy);
/// In this way; a shadow records p.
estimate::Estimate *fidelityBy(base::Context &ctx, qdo_site site, const sim::Recipe &p,
                               const sim::Recipe &r, const estimate::Policy &policy,
                               const estimate::OverlapWay &way);

} // namespace qdo::shadow
