// SPDX-License-Identifier: Apache-2.0
// Calls of the runtime, verified against entry_points.def; captures; what all region ops share.
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "qdo/ir/qdo.h"
#include "regions.h"

using namespace mlir;
using namespace qdo::ir;
using namespace qdo::ir::data;

// ---- regions
void data::addRegion(OperationState &state, bool present, TypeRange arguments) {
  Region *region = state.addRegion();
  if (present)
    region->emplaceBlock().addArguments(arguments,
                                        SmallVector<Location>(arguments.size(), state.location));
}

LogicalResult data::verifyRegion(Operation *op, Region &region, StringRef name, TypeRange arguments,
                                 TypeRange yields, bool qubitsFromAbove) {
  if (region.empty())
    return success();
  if (region.getArgumentTypes() != arguments)
    return op->emitOpError() << "region `" << name << "` has arguments ("
                             << TypeRange(region.getArgumentTypes()) << "), expected (" << arguments
                             << ")";
  auto yield = dyn_cast<YieldOp>(region.front().getTerminator());
  if (!yield)
    return op->emitOpError() << "region `" << name << "` must end with qdo.yield";
  if (yield.getOperandTypes() != yields)
    return op->emitOpError() << "region `" << name << "` yields (" << yield.getOperandTypes()
                             << "), expected (" << yields << ")";
  if (qubitsFromAbove)
    return success();
  WalkResult result = region.walk([&](Operation *inner) {
    for (Value operand : inner->getOperands())
      if (qc::isQubit(operand) && !region.isAncestor(operand.getParentRegion())) {
        inner->emitOpError() << "uses a qubit from outside of " << op->getName();
        return WalkResult::interrupt();
      }
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

// ---- text and calls
void TextOp::build(OpBuilder &builder, OperationState &state, StringRef value) {
  build(builder, state, TextType::get(builder.getContext()), builder.getStringAttr(value));
}

void RtOp::build(OpBuilder &builder, OperationState &state, StringRef entry, ValueRange arguments,
                 TypeRange results) {
  state.getOrAddProperties<Properties>().setEntry(builder.getStringAttr(entry));
  state.addOperands(arguments);
  state.addTypes(results);
}

void RtOp::build(OpBuilder &builder, OperationState &state, StringRef entry, ValueRange arguments,
                 int64_t prepQubits) {
  SmallVector<Type, 1> results;
  if (const EntryPoint *row = entryPointNamed(entry); row && row->result != AbiType::Void) {
    MLIRContext *context = builder.getContext();
    results.push_back(row->result == AbiType::Prep ? PrepType::get(context, prepQubits)
                                                   : typeOf(context, row->result));
  }
  build(builder, state, entry, arguments, results);
}

LogicalResult RtOp::verify() {
  const EntryPoint *entry = entryPointNamed(getEntry());
  if (!entry)
    return emitOpError() << "the runtime has no entry point `" << getEntry() << "`";
  if (getArguments().size() != entry->parameters.size())
    return emitOpError() << "`" << getEntry() << "` takes " << entry->parameters.size()
                         << " arguments, not " << getArguments().size();
  for (auto [index, pair] : llvm::enumerate(llvm::zip(entry->parameters, getArguments())))
    if (!accepts(std::get<0>(pair), std::get<1>(pair).getType()))
      return emitOpError() << "`" << getEntry() << "` takes " << abiTypeName(std::get<0>(pair))
                           << " as argument " << index << ", not " << std::get<1>(pair).getType();
  if (!getOutput() && entry->result == AbiType::Void)
    return success();
  if (!getOutput() || !accepts(entry->result, getOutput().getType()))
    return emitOpError() << "`" << getEntry() << "` gives " << abiTypeName(entry->result);
  return success();
}

// ---- generated functions and their captures
LogicalResult FunctionOp::verifySymbolUses(SymbolTableCollection &symbols) {
  if (!symbols.lookupNearestSymbolFrom<FunctionOpInterface>(*this, getCalleeAttr()))
    return emitOpError() << "names no function or circuit: " << getCalleeAttr();
  return success();
}

unsigned CaptureOp::slots(Type type) {
  if (auto complex = dyn_cast<ComplexType>(type))
    return complex.getElementType().isF64() ? 2 : 0;
  if (type.isF64() || isa<IndexType>(type) || isa<QdoDialect>(type.getDialect()))
    return 1;
  auto integer = dyn_cast<IntegerType>(type);
  return integer && integer.getWidth() <= 64 ? 1 : 0;
}

static LogicalResult verifyCapture(Operation *op, TypeRange types) {
  for (Type type : types)
    if (CaptureOp::slots(type) == 0)
      return op->emitOpError() << "a value of type " << type << " cannot be captured";
  return success();
}

LogicalResult CaptureOp::verify() { return verifyCapture(*this, getValues().getTypes()); }
LogicalResult CapturedOp::verify() { return verifyCapture(*this, getResultTypes()); }
