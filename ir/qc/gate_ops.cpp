// SPDX-License-Identifier: Apache-2.0
// What all gate ops share: building, parsing, printing, verifying, constant angles.
#include "mlir/IR/Matchers.h"
#include "qdo/ir/qc.h"

using namespace mlir;
using namespace qdo::ir;
using namespace qdo::ir::qc;

#include "qdo/ir/qc_interfaces.cpp.inc"

std::optional<SmallVector<double, 4>> qc::constantAngles(ValueRange angles) {
  SmallVector<double, 4> values;
  for (Value angle : angles) {
    FloatAttr attr;
    if (!matchPattern(angle, m_Constant(&attr)))
      return std::nullopt;
    values.push_back(attr.getValueAsDouble());
  }
  return values;
}

void qc::buildGate(OperationState &state, ValueRange angles, ValueRange qubits) {
  state.addOperands(angles);
  state.addOperands(qubits);
  for (Value qubit : qubits)
    state.addTypes(qubit.getType());
}

UnitaryOpInterface qc::createGate(OpBuilder &builder, Location loc, Gate gate, ValueRange angles,
                                  ValueRange qubits) {
  OperationState state(loc, (QcDialect::getDialectNamespace() + "." + gateInfo(gate).name).str());
  buildGate(state, angles, qubits);
  return cast<UnitaryOpInterface>(builder.create(state));
}

ParseResult qc::parseGate(OpAsmParser &parser, OperationState &state, Gate gate) {
  SmallVector<OpAsmParser::UnresolvedOperand, 4> angles, qubits;
  Builder &builder = parser.getBuilder();
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseOperandList(angles, OpAsmParser::Delimiter::OptionalParen) ||
      parser.parseOperandList(qubits) || parser.parseOptionalAttrDict(state.attributes))
    return failure();
  const GateInfo &info = gateInfo(gate);
  if (angles.size() != info.parameters)
    return parser.emitError(loc) << "`" << info.name << "` takes " << info.parameters
                                 << " angles, not " << angles.size();
  if (qubits.size() != info.qubits())
    return parser.emitError(loc) << "`" << info.name << "` acts on " << info.qubits()
                                 << " qubits, not " << qubits.size();
  auto qubit = QubitType::get(builder.getContext());
  state.addTypes(SmallVector<Type>(qubits.size(), qubit));
  return failure(parser.resolveOperands(angles, builder.getF64Type(), state.operands) ||
                 parser.resolveOperands(qubits, qubit, state.operands));
}

void qc::printGate(OpAsmPrinter &printer, Operation *op) {
  auto gate = cast<UnitaryOpInterface>(op);
  if (!gate.getAngles().empty())
    printer << '(' << gate.getAngles() << ')';
  printer << ' ' << gate.getQubits();
  printer.printOptionalAttrDict(op->getAttrs());
}

LogicalResult qc::verifyGate(Operation *op) {
  const GateInfo &info = cast<UnitaryOpInterface>(op).getInfo();
  if (op->getNumOperands() != info.parameters + info.qubits())
    return op->emitOpError() << "takes " << info.parameters << " angles and " << info.qubits()
                             << " qubits, not " << op->getNumOperands() << " operands";
  for (auto [index, operand] : llvm::enumerate(op->getOperands())) {
    bool wantsQubit = index >= info.parameters;
    if (isQubit(operand) != wantsQubit)
      return op->emitOpError() << "takes " << (wantsQubit ? "a qubit" : "an angle (f64)")
                               << " as operand " << index << ", not " << operand.getType();
  }
  if (op->getNumResults() != info.qubits())
    return op->emitOpError() << "gives back its " << info.qubits() << " qubits, not "
                             << op->getNumResults();
  return success();
}
