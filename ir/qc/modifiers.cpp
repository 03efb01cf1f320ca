// SPDX-License-Identifier: Apache-2.0
// `qc.ctrl`, `qc.inv`, `qc.pow`: building, and the rules on their bodies.
#include "qdo/ir/qc.h"

using namespace mlir;
using namespace qdo::ir::qc;

bool qdo::ir::qc::isModifier(Operation *op) { return isa<CtrlOp, InvOp, PowOp>(op); }

static void addBody(OperationState &state, ValueRange targets) {
  state.addRegion()->emplaceBlock().addArguments(
      targets.getTypes(), SmallVector<Location>(targets.size(), state.location));
  state.addTypes(targets.getTypes());
}

void CtrlOp::build(OpBuilder &builder, OperationState &state, ValueRange controls,
                   ValueRange targets) {
  state.addOperands(controls);
  state.addOperands(targets);
  state.addTypes(controls.getTypes());
  state.getOrAddProperties<Properties>().setOperandSegmentSizes(
      {static_cast<int32_t>(controls.size()), static_cast<int32_t>(targets.size())});
  addBody(state, targets);
}

void InvOp::build(OpBuilder &builder, OperationState &state, ValueRange targets) {
  state.addOperands(targets);
  addBody(state, targets);
}

void PowOp::build(OpBuilder &builder, OperationState &state, int64_t exponent, ValueRange targets) {
  state.addOperands(targets);
  state.getOrAddProperties<Properties>().setExponent(builder.getI64IntegerAttr(exponent));
  addBody(state, targets);
}

// The body maps the targets to themselves by gates alone and sees no other qubit.
static LogicalResult verifyBody(Operation *modifier, ValueRange targets) {
  Block &body = modifier->getRegion(0).front();
  if (body.getArgumentTypes() != targets.getTypes())
    return modifier->emitOpError() << "has a body with " << body.getNumArguments()
                                   << " arguments for " << targets.size() << " target qubits";
  for (Operation &op : body.without_terminator()) {
    if (!isa<UnitaryOpInterface>(op) && !isModifier(&op) &&
        (op.getNumRegions() != 0 || !isMemoryEffectFree(&op)))
      return op.emitOpError() << "is neither a gate nor arithmetic; the body of "
                              << modifier->getName() << " is unitary";
    for (Value operand : op.getOperands())
      if (isQubit(operand) && operand.getParentBlock() != &body)
        return op.emitOpError() << "uses a qubit from outside of " << modifier->getName()
                                << "; name it among the targets";
  }
  auto yield = dyn_cast<YieldOp>(body.getTerminator());
  if (!yield || yield.getOperandTypes() != targets.getTypes())
    return modifier->emitOpError()
           << "ends its body with a qc.yield of its " << targets.size() << " target qubits";
  return success();
}

static LogicalResult verifyCount(Operation *modifier, size_t qubits) {
  if (modifier->getNumResults() != qubits)
    return modifier->emitOpError()
           << "gives back its " << qubits << " qubits, not " << modifier->getNumResults();
  return success();
}

LogicalResult CtrlOp::verify() {
  if (getControls().empty())
    return emitOpError("needs at least one control");
  return verifyCount(*this, getNumOperands());
}
LogicalResult InvOp::verify() { return verifyCount(*this, getNumOperands()); }
LogicalResult PowOp::verify() { return verifyCount(*this, getNumOperands()); }

LogicalResult CtrlOp::verifyRegions() { return verifyBody(*this, getTargets()); }
LogicalResult InvOp::verifyRegions() { return verifyBody(*this, getTargets()); }
LogicalResult PowOp::verifyRegions() { return verifyBody(*this, getTargets()); }
