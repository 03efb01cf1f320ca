// SPDX-License-Identifier: Apache-2.0
// `qc-cancel-inverses`: a gate right after its inverse goes, and so does the inverse.
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "qdo/ir/applied_gate.h"
#include "qdo/ir/passes.h"

using namespace mlir;
using namespace qdo::ir;

namespace qdo::ir {
#define GEN_PASS_DEF_CANCELINVERSES
#include "qdo/ir/passes.h.inc"
} // namespace qdo::ir

// Exactly opposite: constants of the same size, or one is the arith.negf of the other.
static bool areOpposite(Value left, Value right) {
  if (auto constants = qc::constantAngles({left, right}))
    return (*constants)[0] == -(*constants)[1];
  auto negates = [](Value a, Value b) {
    auto op = a.getDefiningOp<arith::NegFOp>();
    return op && op.getOperand() == b;
  };
  return negates(left, right) || negates(right, left);
}

static bool areEqual(Value left, Value right) {
  if (left == right)
    return true;
  auto constants = qc::constantAngles({left, right});
  return constants && (*constants)[0] == (*constants)[1];
}

static bool undoes(const AppliedGate &later, const AppliedGate &earlier) {
  if (later.moreControls != earlier.moreControls)
    return false;
  const GateInfo &info = earlier.info();
  if (info.inverse == Inverse::Named)
    return later.gate == info.named && later.inverse == earlier.inverse;
  if (later.gate != earlier.gate)
    return false;
  // One of the two stands under qc.inv, with the same angles.
  if (later.inverse != earlier.inverse)
    return llvm::equal(later.angles, earlier.angles, areEqual);
  if (info.inverse == Inverse::Negate)
    return llvm::equal(later.angles, earlier.angles, areOpposite);
  return info.inverse == Inverse::Self;
}

namespace {

struct CancelInversesPass : qdo::ir::impl::CancelInversesBase<CancelInversesPass> {
  void runOnOperation() override {
    // In order, so that what meets after a pair has gone is seen: h x x h.
    getOperation()->walk([&](Block *block) {
      for (Operation &op : llvm::make_early_inc_range(*block)) {
        auto later = appliedGate(&op);
        auto earlier = later ? gateBefore(*later) : std::nullopt;
        if (!earlier || !undoes(*later, *earlier))
          continue;
        op.replaceAllUsesWith(earlier->inputs);
        op.erase();
        earlier->op->erase();
      }
    });
  }
};

} // namespace
