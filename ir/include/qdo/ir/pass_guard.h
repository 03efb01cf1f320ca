// SPDX-License-Identifier: Apache-2.0
// What watches every pass of a pipeline, and ends the pipeline at the first pass that does wrong.
#ifndef QDO_IR_PASS_GUARD_H
#define QDO_IR_PASS_GUARD_H

#include "mlir/IR/Operation.h"

namespace mlir {
class PassManager;
}

namespace qdo::ir {

struct GuardOptions {
  /// Also compare the unitary of every circuit of up to 10 qubits before and after each pass.
  bool checkEach = false;
};

/// Checks linearity before the first and after every pass of `passes`, and unitaries when asked
/// for; on a violation names the pass, skips the rest and makes the run fail. Call it when all
/// passes have been added.
void guardPasses(mlir::PassManager &passes, GuardOptions options = {});

} // namespace qdo::ir

#endif
