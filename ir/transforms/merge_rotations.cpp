// SPDX-License-Identifier: Apache-2.0
// `qc-merge-rotations`: two rotations about one axis, one after the other, are one by the sum of
// the angles. Why Negate with one angle is enough: such gates are e^{-iaG}, and the tests check
// that sum rule for each row.
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "qdo/ir/applied_gate.h"
#include "qdo/ir/passes.h"

using namespace mlir;
using namespace qdo::ir;

namespace qdo::ir {
#define GEN_PASS_DEF_MERGEROTATIONS
#include "qdo/ir/passes.h.inc"
} // namespace qdo::ir

namespace {

struct MergeRotationsPass : qdo::ir::impl::MergeRotationsBase<MergeRotationsPass> {
  void runOnOperation() override {
    getOperation()->walk([&](Block *block) {
      for (Operation &op : llvm::make_early_inc_range(*block)) {
        auto later = appliedGate(&op);
        if (!later || later->info().inverse != Inverse::Negate || later->angles.size() != 1)
          continue;
        auto earlier = gateBefore(*later);
        if (earlier && earlier->sameKind(*later))
          merge(*earlier, *later);
      }
    });
  }

  static void merge(AppliedGate &earlier, AppliedGate &later) {
    OpBuilder builder(later.op);
    Value sum =
        builder.createOrFold<arith::AddFOp>(later.op->getLoc(), earlier.angles[0], later.angles[0]);
    // The angle belongs to the gate itself, which may stand inside modifiers.
    later.op->walk([&](qc::UnitaryOpInterface gate) { gate->setOperand(0, sum); });
    SmallVector<Value> inputs(earlier.inputs);
    unsigned first = later.op->getNumOperands() - inputs.size();
    for (auto [index, input] : llvm::enumerate(inputs))
      later.op->setOperand(first + index, input);
    earlier.op->erase();
  }
};

} // namespace
