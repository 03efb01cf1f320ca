// SPDX-License-Identifier: Apache-2.0
// Registration of the dialect `qdo`, the generated bodies of its ops, and how its types meet those
// of the ABI.
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "qdo/ir/qdo.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace qdo::ir;
using namespace qdo::ir::data;

#include "qdo/ir/qdo_dialect.cpp.inc"
#include "qdo/ir/qdo_enums.cpp.inc"

#define GET_TYPEDEF_CLASSES
#include "qdo/ir/qdo_types.cpp.inc"

// `!qdo.prep<2>` says how many qubits come out.
static ParseResult parsePreparedQubits(OpAsmParser &parser, Type &prep,
                                       SmallVectorImpl<Type> &qubits) {
  PrepType type;
  if (parser.parseType(type))
    return failure();
  prep = type;
  qubits.append(type.getQubits(), qc::QubitType::get(parser.getContext()));
  return success();
}

static void printPreparedQubits(OpAsmPrinter &printer, Operation *, Type prep, TypeRange) {
  printer << prep;
}

#define GET_OP_CLASSES
#include "qdo/ir/qdo_ops.cpp.inc"

void QdoDialect::initialize() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "qdo/ir/qdo_types.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "qdo/ir/qdo_ops.cpp.inc"
      >();
}

LogicalResult PrepType::verify(function_ref<InFlightDiagnostic()> emitError, int64_t qubits) {
  if (qubits < 0)
    return emitError() << "a recipe has at least 0 qubits, not " << qubits;
  return success();
}

Type data::typeOf(MLIRContext *context, AbiType type) {
  switch (type) {
  case AbiType::Void:
  case AbiType::Object:
  case AbiType::Prep:
    return {};
  case AbiType::Bool:
    return IntegerType::get(context, 1);
  case AbiType::Int64:
    return IntegerType::get(context, 64);
  case AbiType::Double:
    return Float64Type::get(context);
#define QDO_HANDLE(name)                                                                           \
  case AbiType::name:                                                                              \
    return name##Type::get(context);
    QDO_HANDLE(Text)
    QDO_HANDLE(Data)
    QDO_HANDLE(Wires)
    QDO_HANDLE(Fn)
    QDO_HANDLE(Env)
    QDO_HANDLE(String)
    QDO_HANDLE(Array)
    QDO_HANDLE(List)
    QDO_HANDLE(Amplitudes)
    QDO_HANDLE(Observable)
    QDO_HANDLE(Policy)
    QDO_HANDLE(Estimate)
    QDO_HANDLE(Counts)
    QDO_HANDLE(Dataset)
    QDO_HANDLE(Row)
    QDO_HANDLE(Kernel)
    QDO_HANDLE(Model)
    QDO_HANDLE(Selection)
    QDO_HANDLE(Noise)
    QDO_HANDLE(Device)
    QDO_HANDLE(Optimizer)
    QDO_HANDLE(Fit)
#undef QDO_HANDLE
  }
  return {};
}

bool data::isObject(Type type) {
  return isa<QdoDialect>(type.getDialect()) &&
         !isa<TextType, FnType, EnvType, DataType, WiresType>(type);
}

bool data::accepts(AbiType parameter, Type type) {
  if (parameter == AbiType::Object)
    return isObject(type);
  if (parameter == AbiType::Prep)
    return isa<PrepType>(type);
  return type == typeOf(type.getContext(), parameter);
}
