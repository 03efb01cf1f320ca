// SPDX-License-Identifier: Apache-2.0
// Straight runs of gates in the IR as gate lists, and back.
#ifndef QDO_IR_GATE_RUNS_H
#define QDO_IR_GATE_RUNS_H

#include "mlir/IR/Operation.h"
#include "qdo/ir/gate_list.h"

namespace qdo::ir {

/// Hands every longest run of gates in final form under `root` to `change`, and writes it back when
/// that returns true. A run is the body of a circuit or a stretch of live code that no measurement,
/// call or region interrupts.
void rewriteRuns(mlir::Operation *root, llvm::function_ref<bool(GateList &)> change);

} // namespace qdo::ir

#endif
