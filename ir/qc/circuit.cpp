// SPDX-License-Identifier: Apache-2.0
// `qc.circuit`: building, text form, and the rule that its body is straight-line and unitary.
#include "mlir/Interfaces/FunctionImplementation.h"
#include "unitary_body.h"

using namespace mlir;
using namespace qdo::ir::qc;

void CircuitOp::build(OpBuilder &builder, OperationState &state, StringRef name, StringRef display,
                      unsigned dataCount, unsigned qubitCount) {
  SmallVector<Type> inputs(dataCount, builder.getF64Type());
  SmallVector<Type> qubits(qubitCount, QubitType::get(builder.getContext()));
  inputs.append(qubits);
  Properties &properties = state.getOrAddProperties<Properties>();
  properties.setSymName(builder.getStringAttr(name));
  properties.setDisplay(builder.getStringAttr(display));
  properties.setFunctionType(TypeAttr::get(builder.getFunctionType(inputs, qubits)));
  Block &block = state.addRegion()->emplaceBlock();
  block.addArguments(inputs, SmallVector<Location>(inputs.size(), state.location));
}

unsigned CircuitOp::getDataCount() { return getNumArguments() - getNumResults(); }

ParseResult CircuitOp::parse(OpAsmParser &parser, OperationState &state) {
  auto makeType = [](Builder &builder, ArrayRef<Type> inputs, ArrayRef<Type> results,
                     function_interface_impl::VariadicFlag,
                     std::string &) { return builder.getFunctionType(inputs, results); };
  return function_interface_impl::parseFunctionOp(
      parser, state, /*allowVariadic=*/false, getFunctionTypeAttrName(state.name), makeType,
      getArgAttrsAttrName(state.name), getResAttrsAttrName(state.name));
}

void CircuitOp::print(OpAsmPrinter &printer) {
  function_interface_impl::printFunctionOp(printer, *this, /*isVariadic=*/false,
                                           getFunctionTypeAttrName(), getArgAttrsAttrName(),
                                           getResAttrsAttrName());
}

LogicalResult CircuitOp::verify() {
  ArrayRef<Type> inputs = getFunctionType().getInputs(), results = getFunctionType().getResults();
  if (!llvm::all_of(results, [](Type type) { return isQubit(type); }))
    return emitOpError("gives back only qubits");
  if (inputs.size() < results.size())
    return emitOpError() << "takes as many qubits as it gives back (" << results.size() << ")";
  unsigned data = inputs.size() - results.size();
  for (auto [index, type] : llvm::enumerate(inputs)) {
    if (index < data && !type.isF64())
      return emitOpError() << "takes its data first, as f64, then as many qubits as it gives back; "
                           << "argument " << index << " is " << type;
    if (index >= data && !isQubit(type))
      return emitOpError() << "argument " << index << " is " << type << ", it must be a qubit";
  }
  return success();
}

LogicalResult CircuitOp::verifyRegions() {
  auto end = dyn_cast<ReturnOp>(getBodyBlock()->getTerminator());
  if (!end)
    return emitOpError("ends its body with qc.return");
  return verifyUnitaryBody(*this, *getBodyBlock(), getQubits(), end.getQubits());
}
