// SPDX-License-Identifier: Apache-2.0
// The parameter-shift rule: derivatives of what is measured, by measuring moved circuits.
// In: a measured number of a record. Out: its slopes as estimates.
// Why: it asks nothing of a machine but the same circuit with other angles.
#pragma once

#include "runtime/gradient/tape.h"

namespace qdo::gradient {

/// What the node measures, of these recipes instead of its own. Null after a failure.
const estimate::Estimate *measure(base::Context &ctx, const Node &node, const sim::Recipe &ket,
                                  const sim::Recipe *bra, const estimate::Policy &policy);

/// Fills node.measuredSlopes. False after a failure.
bool shiftParameters(base::Context &ctx, Node &node, const estimate::Policy &policy,
                     const PolicyOf &policyOf);

} // namespace qdo::gradient
