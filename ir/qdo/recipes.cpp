// SPDX-License-Identifier: Apache-2.0
// Recipes, observables and the values of states: building and rules.
#include "qdo/ir/qdo.h"

using namespace mlir;
using namespace qdo::ir;
using namespace qdo::ir::data;

// ---- recipes
void PrepOp::build(OpBuilder &builder, OperationState &state, StringRef circuit, ValueRange data,
                   int64_t qubits) {
  build(builder, state, PrepType::get(builder.getContext(), qubits), circuit, data);
}

LogicalResult PrepOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto circuit = symbols.lookupNearestSymbolFrom<qc::CircuitOp>(*this, getCircuitAttr());
  if (!circuit)
    return emitOpError() << "names no circuit: " << getCircuitAttr();
  if (getData().size() != circuit.getDataCount())
    return emitOpError() << "gives " << getData().size() << " numbers to " << getCircuitAttr()
                         << ", which takes " << circuit.getDataCount();
  if (getPrep().getType().getQubits() != circuit.getQubitCount())
    return emitOpError() << "has " << circuit.getQubitCount() << " qubits, its type says "
                         << getPrep().getType().getQubits();
  return success();
}

void PrepareOp::build(OpBuilder &builder, OperationState &state, Value prep) {
  state.addOperands(prep);
  state.addTypes(SmallVector<Type>(cast<PrepType>(prep.getType()).getQubits(),
                                   qc::QubitType::get(builder.getContext())));
}

LogicalResult PrepareOp::verify() {
  if (static_cast<int64_t>(getNumResults()) != getPrep().getType().getQubits())
    return emitOpError() << "gives " << getNumResults() << " qubits, its recipe has "
                         << getPrep().getType().getQubits();
  return success();
}

LogicalResult ObservableOp::verify() {
  const size_t terms = getWeights().size();
  if (getX().size() != getZ().size() ||
      (terms == 0 ? !getX().empty() : getX().size() % terms != 0) || getX().size() < terms)
    return emitOpError() << "needs one weight, x mask and z mask a term, not "
                         << getWeights().size() << ", " << getX().size() << " and "
                         << getZ().size();
  return success();
}

// ---- values of states
static LogicalResult verifySameSize(Operation *op, PrepType left, PrepType right) {
  if (left != right)
    return op->emitOpError() << "compares a recipe of " << left.getQubits()
                             << " qubits with one of " << right.getQubits();
  return success();
}

static LogicalResult verifyResult(Operation *op, bool exact) {
  if (isa<Float64Type>(op->getResult(0).getType()) != exact)
    return op->emitOpError() << "gives " << (exact ? "f64 under `exact`" : "an estimate")
                             << ", not " << op->getResult(0).getType();
  return success();
}

static void buildBraKet(OpBuilder &builder, OperationState &state, Value prep, Value other,
                        bool exact) {
  state.addOperands({prep, other});
  state.addTypes(exact ? Type(builder.getF64Type()) : EstimateType::get(builder.getContext()));
}

void FidelityOp::build(OpBuilder &builder, OperationState &state, Value prep, Value other,
                       bool exact) {
  buildBraKet(builder, state, prep, other, exact);
  state.getOrAddProperties<Properties>().setExact(exact ? builder.getUnitAttr() : UnitAttr());
}

void ExpectOp::build(OpBuilder &builder, OperationState &state, Value prep, Value other,
                     bool exact) {
  buildBraKet(builder, state, prep, other, exact);
  state.getOrAddProperties<Properties>().setExact(exact ? builder.getUnitAttr() : UnitAttr());
}

void OverlapOp::build(OpBuilder &builder, OperationState &state, Value prep, Value other) {
  build(builder, state, ComplexType::get(builder.getF64Type()), prep, other);
}

LogicalResult FidelityOp::verify() {
  return failure(failed(verifySameSize(*this, getPrep().getType(), getOther().getType())) ||
                 failed(verifyResult(*this, getExact())));
}

LogicalResult ExpectOp::verify() { return verifyResult(*this, getExact()); }

LogicalResult OverlapOp::verify() {
  return verifySameSize(*this, getPrep().getType(), getOther().getType());
}
