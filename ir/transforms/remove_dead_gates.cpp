// SPDX-License-Identifier: Apache-2.0
// `qc-remove-dead-gates`: what is exactly the identity goes. The one pass that may drop a gate
// without a partner.
#include "qdo/ir/applied_gate.h"
#include "qdo/ir/passes.h"

using namespace mlir;
using namespace qdo::ir;

namespace qdo::ir {
#define GEN_PASS_DEF_REMOVEDEADGATES
#include "qdo/ir/passes.h.inc"
} // namespace qdo::ir

static bool isExactIdentity(const GateMatrix &matrix) {
  size_t size = matrix.size() == 4 ? 2 : 4;
  for (auto [index, entry] : llvm::enumerate(matrix))
    if (entry != (index / size == index % size ? 1.0 : 0.0))
      return false;
  return true;
}

static bool isDead(Operation &op) {
  if (auto pow = dyn_cast<qc::PowOp>(op); pow && pow.getExponent() == 0)
    return true;
  if (qc::isModifier(&op) && llvm::hasSingleElement(op.getRegion(0).front()))
    return true;
  auto applied = appliedGate(&op);
  auto angles = applied ? qc::constantAngles(applied->angles) : std::nullopt;
  return angles && isExactIdentity(gateMatrix(applied->gate, *angles));
}

namespace {

struct RemoveDeadGatesPass : qdo::ir::impl::RemoveDeadGatesBase<RemoveDeadGatesPass> {
  void runOnOperation() override {
    // From the inside out: a modifier whose gates have gone goes too.
    getOperation()->walk<WalkOrder::PostOrder>([](Operation *op) {
      if (!isDead(*op))
        return;
      auto isQubit = [](Value value) { return qc::isQubit(value); };
      op->replaceAllUsesWith(
          SmallVector<Value>(llvm::make_filter_range(op->getOperands(), isQubit)));
      op->erase();
    });
  }
};

} // namespace
