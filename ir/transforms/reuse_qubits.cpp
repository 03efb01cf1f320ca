// SPDX-License-Identifier: Apache-2.0
// `qc-reuse-qubits`: new live qubits come as late as possible, into the room that measured ones
// have left.
// Why sinking is enough: the memory of a run shrinks with each measurement and grows with each new
// qubit, so what counts is how many live at once. Gates on nothing but new qubits come along;
// nothing that draws a random number moves.
#include "qdo/ir/applied_gate.h"
#include "qdo/ir/passes.h"
#include "qdo/ir/qdo.h"

using namespace mlir;
using namespace qdo::ir;

namespace qdo::ir {
#define GEN_PASS_DEF_REUSEQUBITS
#include "qdo/ir/passes.h.inc"
} // namespace qdo::ir

// A source of qubits, or a gate on qubits that only fresh ops have touched.
static bool isFresh(Operation &op, const DenseSet<Operation *> &fresh) {
  if (isa<qc::AllocOp, data::PrepareOp>(op))
    return true;
  return appliedGate(&op) && llvm::all_of(op.getOperands(), [&](Value operand) {
           return !qc::isQubit(operand) || fresh.contains(operand.getDefiningOp());
         });
}

static void sinkSources(Block &block) {
  DenseSet<Operation *> fresh;
  SmallVector<Operation *> order;
  for (Operation &op : block)
    if (isFresh(op, fresh)) {
      fresh.insert(&op);
      order.push_back(&op);
    }
  // The last one first, so that each finds its users where they will be.
  for (Operation *op : llvm::reverse(order)) {
    Operation *first = nullptr;
    for (Operation *user : op->getUsers())
      if (Operation *at = block.findAncestorOpInBlock(*user);
          at && (!first || at->isBeforeInBlock(first)))
        first = at;
    if (first && op->getNextNode() != first)
      op->moveBefore(first);
  }
}

namespace {

struct ReuseQubitsPass : qdo::ir::impl::ReuseQubitsBase<ReuseQubitsPass> {
  void runOnOperation() override {
    getOperation()->walk([](Block *block) {
      if (!isa<qc::CircuitOp>(block->getParentOp()) && !qc::isModifier(block->getParentOp()))
        sinkSources(*block);
    });
  }
};

} // namespace
