// SPDX-License-Identifier: Apache-2.0
// The one law of qubits in IR: each has exactly one use.
// Why: stock MLIR neither checks nor respects it, and asserts are off in release builds.
#ifndef QDO_IR_LINEARITY_H
#define QDO_IR_LINEARITY_H

#include "mlir/IR/Operation.h"

namespace mlir {
class PassManager;
}

namespace qdo::ir {

/// Reports every qubit under `root` (results and block arguments) that is dropped, used twice, used
/// in a place that does not run exactly once after its definition, or held by an op that knows
/// nothing of qubits.
mlir::LogicalResult verifyLinearity(mlir::Operation *root);

/// Checks before the first and after every pass of `passes`; on a violation names the pass, skips
/// the rest and makes the run fail. Call it when all passes have been added.
void guardLinearity(mlir::PassManager &passes);

} // namespace qdo::ir

#endif
