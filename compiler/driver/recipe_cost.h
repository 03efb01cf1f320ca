// SPDX-License-Identifier: Apache-2.0
// What optimised circuits add to the report of spending: circuits that gradients move.
// Why after optimising: gates that went, met or never mattered are not moved.
// In: an optimised module, whose ops name their entries (lower::measuredAttr). Out: entries filled.
#pragma once

#include "compiler/diag/diagnostic.h"
#include "compiler/lower/spending.h"

namespace mlir {
class Operation;
}

namespace qdo::driver {

/// Circuits of `grad` and `minimize`; the least of their purses.
/// Reports budgets and deadlines that do not reach the first gradient (E0209).
void lookAtGradients(mlir::Operation *module, lower::Spending &spending, diag::Engine &diagnostics);

} // namespace qdo::driver
