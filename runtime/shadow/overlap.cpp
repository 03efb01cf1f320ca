// SPDX-License-Identifier: Apache-2.0
// Which folder measures which way.
#include "runtime/shadow/overlap.h"

#include "runtime/estimate/quantities.h"
#include "runtime/shadow/record.h"

namespace qdo::shadow {

estimate::Estimate *fidelityUnder(base::Context &ctx, qdo_site site, const sim::Recipe &p,
                                  const sim::Recipe &r, const estimate::Policy &policy) {
  if (p.qubits != r.qubits || (ctx.exact() && !policy.overlap))
    return estimate::estimateFidelity(ctx, site, p, r, policy);
  const auto chosen = estimate::chosenWay(ctx, p, r, policy);
  return chosen.way->kind == estimate::OverlapKind::Shadow
             ? fidelityBy(ctx, site, *chosen.p, *chosen.r, policy, *chosen.way)
             : estimate::estimateFidelityBy(ctx, site, *chosen.p, *chosen.r, policy, *chosen.way,
                                            chosen.gates);
}

estimate::Estimate *fidelityBy(base::Context &ctx, qdo_site site, const sim::Recipe &p,
                               const sim::Recipe &r, const estimate::Policy &policy,
                               const estimate::OverlapWay &way) {
  if (way.kind == estimate::OverlapKind::Shadow && !ctx.exact())
    return fidelityByShadow(ctx, site, p, r, policy);
  return estimate::estimateFidelityBy(ctx, site, p, r, policy, way);
}

} // namespace qdo::shadow
