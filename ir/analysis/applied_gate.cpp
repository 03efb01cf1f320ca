// SPDX-License-Identifier: Apache-2.0
// Reads a gate through its modifiers, and finds its direct predecessor.
#include "qdo/ir/applied_gate.h"

using namespace mlir;
using namespace qdo::ir;

// The one op of a body that hands its arguments through it in order.
static Operation *soleOp(Block &body) {
  if (!llvm::hasNItems(body, 2))
    return nullptr;
  Operation *op = &body.front();
  bool straight = llvm::equal(op->getResults(), body.getTerminator()->getOperands());
  return straight ? op : nullptr;
}

static std::optional<AppliedGate> through(Operation *modifier, ValueRange targets) {
  Block &body = modifier->getRegion(0).front();
  Operation *inner = soleOp(body);
  auto applied = inner ? appliedGate(inner) : std::nullopt;
  if (!applied || !llvm::equal(applied->inputs, body.getArguments()))
    return std::nullopt;
  for (Value angle : applied->angles)
    if (angle.getParentBlock() == &body)
      return std::nullopt;
  applied->op = modifier;
  applied->inputs = modifier->getOperands();
  applied->outputs = modifier->getResults();
  return applied;
}

std::optional<AppliedGate> qdo::ir::appliedGate(Operation *op) {
  if (auto gate = dyn_cast<qc::UnitaryOpInterface>(op))
    return AppliedGate{
        op, gate.getGate(), false, 0, gate.getAngles(), gate.getQubits(), op->getResults()};
  if (auto ctrl = dyn_cast<qc::CtrlOp>(op)) {
    auto applied = through(op, ctrl.getTargets());
    if (applied)
      applied->moreControls += ctrl.getControls().size();
    return applied;
  }
  if (auto inv = dyn_cast<qc::InvOp>(op)) {
    auto applied = through(op, inv.getTargets());
    if (applied)
      applied->inverse = !applied->inverse;
    return applied;
  }
  return std::nullopt;
}

std::optional<AppliedGate> qdo::ir::gateBefore(const AppliedGate &later) {
  Operation *op = later.inputs.front().getDefiningOp();
  auto earlier = op ? appliedGate(op) : std::nullopt;
  if (!earlier || op->getBlock() != later.op->getBlock() ||
      !llvm::equal(earlier->outputs, later.inputs))
    return std::nullopt;
  return earlier;
}
