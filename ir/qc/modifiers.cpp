// SPDX-License-Identifier: Apache-2.0
// `qc.ctrl`, `qc.inv`, `qc.pow`: building, and the rules on their bodies.
#include "unitary_body.h"

using namespace mlir;
using namespace qdo::ir::qc;

bool qdo::ir::qc::isModifier(Operation *op) { return isa<CtrlOp, InvOp, PowOp>(op); }

bool qdo::ir::qc::isUnitary(Operation *op) {
  return isa<UnitaryOpInterface, GPhaseOp>(op) || isModifier(op);
}

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

// The value's wire at the start of the body. Bounded by its number of ops, because a broken body
// may run in circles.
static Value origin(Value value, Block &body, size_t ops) {
  for (size_t left = ops; left != 0; --left) {
    auto result = dyn_cast<OpResult>(value);
    if (!result || result.getOwner()->getBlock() != &body)
      return value;
    // Qubits are the last operands of every gate and modifier, in the order of the results.
    Operation *op = result.getOwner();
    size_t first = op->getNumOperands() - op->getNumResults();
    value = op->getOperand(first + result.getResultNumber());
  }
  return {};
}

LogicalResult qdo::ir::qc::verifyUnitaryBody(Operation *owner, Block &body, ValueRange qubits,
                                             ValueRange ends) {
  for (Operation &op : body.without_terminator()) {
    bool quantum = isUnitary(&op);
    if (!quantum && (op.getNumRegions() != 0 || !isMemoryEffectFree(&op)))
      return op.emitOpError() << "is neither a gate nor arithmetic; the body of "
                              << owner->getName() << " is unitary";
    if (quantum && op.getNumResults() > op.getNumOperands())
      return op.emitOpError("gives back more qubits than it takes");
    for (Value operand : op.getOperands())
      if (isQubit(operand) && operand.getParentBlock() != &body)
        return op.emitOpError() << "uses a qubit from outside of " << owner->getName()
                                << "; name it among the targets";
  }
  if (ends.size() != qubits.size())
    return owner->emitOpError() << "ends its body with " << ends.size() << " values for "
                                << qubits.size() << " qubits";
  // A body that exchanges wires by name would not be unitary under a control; that is what qc.swap
  // is for.
  const size_t ops = body.getOperations().size(); // counts a list, so it is asked for once
  for (auto [index, pair] : llvm::enumerate(llvm::zip(qubits, ends)))
    if (origin(std::get<1>(pair), body, ops) != std::get<0>(pair))
      return owner->emitOpError() << "ends with another qubit at place " << index
                                  << " than it began with; use qc.swap to exchange qubits";
  return success();
}

static LogicalResult verifyBody(Operation *modifier, ValueRange targets) {
  Block &body = modifier->getRegion(0).front();
  if (body.getArgumentTypes() != targets.getTypes())
    return modifier->emitOpError() << "has a body with " << body.getNumArguments()
                                   << " arguments for " << targets.size() << " target qubits";
  auto yield = dyn_cast<YieldOp>(body.getTerminator());
  if (!yield)
    return modifier->emitOpError("ends its body with qc.yield");
  return verifyUnitaryBody(modifier, body, body.getArguments(), yield.getValues());
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
