// SPDX-License-Identifier: Apache-2.0
// Registration of the dialect `qc` and the generated bodies of its ops.
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "qdo/ir/qc.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace qdo::ir::qc;

#include "qdo/ir/qc_dialect.cpp.inc"

#define GET_TYPEDEF_CLASSES
#include "qdo/ir/qc_types.cpp.inc"

static ParseResult parseTargets(OpAsmParser &parser,
                                SmallVectorImpl<OpAsmParser::UnresolvedOperand> &targets,
                                Region &body) {
  SmallVector<OpAsmParser::Argument> arguments;
  if (parser.parseAssignmentList(arguments, targets))
    return failure();
  for (OpAsmParser::Argument &argument : arguments)
    argument.type = QubitType::get(parser.getContext());
  return parser.parseRegion(body, arguments);
}

static void printTargets(OpAsmPrinter &printer, Operation *, OperandRange targets, Region &body) {
  printer << '(';
  llvm::interleaveComma(llvm::zip(body.getArguments(), targets), printer, [&](auto pair) {
    printer << std::get<0>(pair) << " = " << std::get<1>(pair);
  });
  printer << ") ";
  printer.printRegion(body, /*printEntryBlockArgs=*/false);
}

// Results are as many qubits as the operands; nothing is written.
static ParseResult parseTargetTypes(OpAsmParser &parser,
                                    ArrayRef<OpAsmParser::UnresolvedOperand> targets,
                                    SmallVectorImpl<Type> &outputs) {
  outputs.append(targets.size(), QubitType::get(parser.getContext()));
  return success();
}

static void printTargetTypes(OpAsmPrinter &, Operation *, OperandRange, TypeRange) {}

static ParseResult parseQubitTypes(OpAsmParser &parser,
                                   ArrayRef<OpAsmParser::UnresolvedOperand> controls,
                                   ArrayRef<OpAsmParser::UnresolvedOperand> targets,
                                   SmallVectorImpl<Type> &outputs) {
  outputs.append(controls.size() + targets.size(), QubitType::get(parser.getContext()));
  return success();
}

static void printQubitTypes(OpAsmPrinter &, Operation *, OperandRange, OperandRange, TypeRange) {}

#define GET_OP_CLASSES
#include "qdo/ir/qc_ops.cpp.inc"

void QcDialect::initialize() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "qdo/ir/qc_types.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "qdo/ir/qc_ops.cpp.inc"
      >();
}
