// SPDX-License-Identifier: Apache-2.0
// The one law of qubits in IR: each has exactly one use.
// Why: stock MLIR neither checks nor respects it, and asserts are off in release builds.
#ifndef QDO_IR_LINEARITY_H
#define QDO_IR_LINEARITY_H

#include "mlir/IR/Operation.h"

namespace qdo::ir {

/// Reports every qubit under `root` (results and block arguments) that is dropped, used twice, used
/// in a place that does not run exactly once after its definition, or held by an op that knows
/// nothing of qubits.
mlir::LogicalResult verifyLinearity(mlir::Operation *root);

} // namespace qdo::ir

#endif
