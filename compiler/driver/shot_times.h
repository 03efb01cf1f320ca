// SPDX-License-Identifier: Apache-2.0
// How long the gates of one shot take at most, for each entry of the report of spending.
// In: an optimised module, whose ops name their entries (lower::measuredAttr). Out: seconds, or why
// nobody knows them before the run.
// Why sums: gates on different qubits may run together, so a sum is a bound of any order.
#pragma once

#include "compiler/lower/spending.h"

#include <vector>

namespace mlir {
class Operation;
}

namespace qdo::driver {

/// The entries that an op names.
std::vector<int64_t> entriesOf(mlir::Operation *op, const lower::Spending &spending);

/// Fills `mostGates`, or `gatesUnknown`, of whatever a recipe, a block or a kernel is measured for.
void lookAtTimes(mlir::Operation *module, lower::Spending &spending);

} // namespace qdo::driver
