// SPDX-License-Identifier: Apache-2.0
// `qc.angles`: building, text form, and how many angles a rule gives.
#include "qdo/ir/qc.h"

using namespace mlir;
using namespace qdo::ir::qc;
using qdo::angles::Rule;

static constexpr llvm::StringLiteral ruleNames[] = {
#define QDO_ANGLES(name, help) #name,
#include "qdo/runtime/angles.def"
};

std::optional<Rule> AnglesOp::getKnownRule() {
  const auto *found = llvm::find(ruleNames, getRule());
  if (found == std::end(ruleNames))
    return std::nullopt;
  return static_cast<Rule>(found - std::begin(ruleNames));
}

void AnglesOp::build(OpBuilder &builder, OperationState &state, Rule rule, ValueRange data) {
  state.getOrAddProperties<Properties>().setRule(
      builder.getStringAttr(ruleNames[static_cast<size_t>(rule)]));
  state.addOperands(data);
  state.types.append(static_cast<size_t>(qdo::angles::angleCount(rule, data.size())),
                     builder.getF64Type());
}

ParseResult AnglesOp::parse(OpAsmParser &parser, OperationState &state) {
  StringAttr rule;
  SmallVector<OpAsmParser::UnresolvedOperand> data;
  int64_t count = 0;
  Type real = parser.getBuilder().getF64Type();
  if (parser.parseAttribute(rule, "rule", state.attributes) ||
      parser.parseOperandList(data, OpAsmParser::Delimiter::Paren) || parser.parseArrow() ||
      parser.parseInteger(count) || parser.parseOptionalAttrDict(state.attributes))
    return failure();
  if (count < 0)
    return parser.emitError(parser.getNameLoc(), "gives a number of angles");
  state.types.append(count, real);
  return parser.resolveOperands(data, real, state.operands);
}

void AnglesOp::print(OpAsmPrinter &printer) {
  printer << ' ' << getRuleAttr() << '(' << getData() << ") -> " << getNumResults();
  printer.printOptionalAttrDict((*this)->getAttrs(), {"rule"});
}

LogicalResult AnglesOp::verify() {
  auto rule = getKnownRule();
  if (!rule)
    return emitOpError() << "has the rule \"" << getRule() << "\", which angles.def does not";
  int64_t data = getData().size();
  if (data == 0)
    return emitOpError("needs data");
  if (qdo::angles::isComplex(*rule) && data % 2 != 0)
    return emitOpError() << "takes complex numbers as pairs, not " << data << " reals";
  if (*rule == Rule::matrix) {
    int64_t side = 2;
    while (2 * side * side < data)
      side *= 2;
    if (2 * side * side != data)
      return emitOpError() << "takes a square matrix whose side is a power of 2, not " << data
                           << " reals";
  }
  int64_t wanted = qdo::angles::angleCount(*rule, data);
  if (int64_t given = getNumResults(); given != wanted)
    return emitOpError() << "gives " << wanted << " angles, not " << given;
  return success();
}
