// SPDX-License-Identifier: Apache-2.0
// `qc.if`, `qc.while`, `qc.for`: building, text form of the counted loop, and which types meet
// where.
#include "qdo/ir/qc.h"

using namespace mlir;
using namespace qdo::ir::qc;

static void addBlock(OperationState &state, TypeRange types) {
  state.addRegion()->emplaceBlock().addArguments(
      types, SmallVector<Location>(types.size(), state.location));
}

void IfOp::build(OpBuilder &builder, OperationState &state, TypeRange results, Value condition,
                 ValueRange inits) {
  state.addOperands(condition);
  state.addOperands(inits);
  state.addTypes(results);
  addBlock(state, inits.getTypes());
  addBlock(state, inits.getTypes());
}

void WhileOp::build(OpBuilder &builder, OperationState &state, TypeRange results,
                    ValueRange inits) {
  state.addOperands(inits);
  state.addTypes(results);
  addBlock(state, inits.getTypes());
  addBlock(state, results);
}

void ForOp::build(OpBuilder &builder, OperationState &state, Value lower, Value upper, Value step,
                  ValueRange inits) {
  state.addOperands({lower, upper, step});
  state.addOperands(inits);
  state.addTypes(inits.getTypes());
  SmallVector<Type> types{builder.getI64Type()};
  llvm::append_range(types, inits.getTypes());
  addBlock(state, types);
}

ParseResult ForOp::parse(OpAsmParser &parser, OperationState &state) {
  Type i64 = parser.getBuilder().getI64Type();
  OpAsmParser::Argument counter;
  counter.type = i64;
  SmallVector<OpAsmParser::UnresolvedOperand, 3> bounds(3);
  if (parser.parseArgument(counter) || parser.parseEqual() || parser.parseOperand(bounds[0]) ||
      parser.parseKeyword("to") || parser.parseOperand(bounds[1]) || parser.parseKeyword("step") ||
      parser.parseOperand(bounds[2]) || parser.resolveOperands(bounds, i64, state.operands))
    return failure();
  SmallVector<OpAsmParser::Argument> arguments;
  SmallVector<OpAsmParser::UnresolvedOperand> inits;
  SmallVector<Type> types;
  if (succeeded(parser.parseOptionalKeyword("args"))) {
    // `args(%a = %0, %b = %1 : !qc.q, i64)`
    auto parseOne = [&]() -> ParseResult {
      return failure(parser.parseArgument(arguments.emplace_back()) || parser.parseEqual() ||
                     parser.parseOperand(inits.emplace_back()));
    };
    SMLoc loc = parser.getCurrentLocation();
    if (parser.parseLParen() || parser.parseCommaSeparatedList(parseOne) ||
        parser.parseColonTypeList(types) || parser.parseRParen() ||
        parser.resolveOperands(inits, types, loc, state.operands))
      return failure();
    for (auto [argument, type] : llvm::zip(arguments, types))
      argument.type = type;
  }
  state.addTypes(types);
  arguments.insert(arguments.begin(), counter);
  return failure(parser.parseRegion(*state.addRegion(), arguments) ||
                 parser.parseOptionalAttrDict(state.attributes));
}

void ForOp::print(OpAsmPrinter &printer) {
  printer << ' ' << getCounter() << " = " << getLower() << " to " << getUpper() << " step "
          << getStep();
  if (!getInits().empty()) {
    printer << " args(";
    llvm::interleaveComma(
        llvm::zip(getBody().getArguments().drop_front(), getInits()), printer,
        [&](auto pair) { printer << std::get<0>(pair) << " = " << std::get<1>(pair); });
    printer << " : " << getInits().getTypes() << ')';
  }
  printer << ' ';
  printer.printRegion(getBody(), /*printEntryBlockArgs=*/false);
  printer.printOptionalAttrDict((*this)->getAttrs());
}

// ---- verifiers
static LogicalResult verifyTypes(Operation *op, TypeRange have, TypeRange want, StringRef what) {
  if (have == want)
    return success();
  return op->emitOpError() << what << " has types (" << have << "), expected (" << want << ")";
}

// A qubit reaches a region only as an argument, so that each path uses it once by itself.
static LogicalResult verifyNoCapture(Operation *op) {
  for (Region &region : op->getRegions()) {
    WalkResult result = region.walk([&](Operation *inner) {
      for (Value operand : inner->getOperands())
        if (isQubit(operand) && !region.isAncestor(operand.getParentRegion())) {
          inner->emitOpError() << "uses a qubit from outside of " << op->getName()
                               << "; carry it in `args`";
          return WalkResult::interrupt();
        }
      return WalkResult::advance();
    });
    if (result.wasInterrupted())
      return failure();
  }
  return success();
}

template <typename Terminator>
static LogicalResult verifyEnd(Operation *op, Block *block, TypeRange want, StringRef what) {
  auto end = dyn_cast<Terminator>(block->getTerminator());
  if (!end)
    return op->emitOpError() << what << " must end with " << Terminator::getOperationName();
  return verifyTypes(op, end.getValues().getTypes(), want, what);
}

LogicalResult IfOp::verify() {
  for (Region *region : getRegions())
    if (failed(verifyTypes(*this, region->getArgumentTypes(), getInits().getTypes(), "an arm")))
      return failure();
  return success();
}

LogicalResult IfOp::verifyRegions() {
  return failure(
      failed(verifyNoCapture(*this)) ||
      failed(verifyEnd<YieldOp>(*this, getThenBlock(), getResultTypes(), "the yield of `then`")) ||
      failed(verifyEnd<YieldOp>(*this, getElseBlock(), getResultTypes(), "the yield of `else`")));
}

LogicalResult WhileOp::verify() {
  return failure(
      failed(verifyTypes(*this, getBefore().getArgumentTypes(), getInits().getTypes(),
                         "the condition region")) ||
      failed(verifyTypes(*this, getAfter().getArgumentTypes(), getResultTypes(), "the body")));
}

LogicalResult WhileOp::verifyRegions() {
  return failure(
      failed(verifyNoCapture(*this)) ||
      failed(verifyEnd<ConditionOp>(*this, getBeforeBlock(), getResultTypes(), "the condition")) ||
      failed(verifyEnd<YieldOp>(*this, getAfterBlock(), getInits().getTypes(),
                                "the yield of the body")));
}

LogicalResult ForOp::verify() {
  SmallVector<Type> want{IntegerType::get(getContext(), 64)};
  llvm::append_range(want, getInits().getTypes());
  return failure(failed(verifyTypes(*this, getBody().getArgumentTypes(), want, "the body")) ||
                 failed(verifyTypes(*this, getResultTypes(), getInits().getTypes(), "the result")));
}

LogicalResult ForOp::verifyRegions() {
  return failure(
      failed(verifyNoCapture(*this)) ||
      failed(verifyEnd<YieldOp>(*this, getBodyBlock(), getResultTypes(), "the yield of the body")));
}
