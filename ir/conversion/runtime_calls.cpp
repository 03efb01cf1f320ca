// SPDX-License-Identifier: Apache-2.0
// The builder of runtime calls.
#include "runtime_calls.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace qdo::ir;

Value RuntimeCalls::integer(int64_t value) {
  return arith::ConstantOp::create(builder, loc, builder.getI64IntegerAttr(value));
}

Value RuntimeCalls::real(double value) {
  return arith::ConstantOp::create(builder, loc, builder.getF64FloatAttr(value));
}

Value RuntimeCalls::boolean(bool value) {
  return arith::ConstantOp::create(builder, loc, builder.getBoolAttr(value));
}

Value RuntimeCalls::text(StringRef value) { return data::TextOp::create(builder, loc, value); }

Value RuntimeCalls::function(StringRef symbol) {
  return data::FunctionOp::create(builder, loc, data::FnType::get(builder.getContext()), symbol);
}

Value RuntimeCalls::call(StringRef entry, ValueRange arguments, int64_t prepQubits) {
  return data::RtOp::create(builder, loc, entry, arguments, prepQubits).getOutput();
}

Value RuntimeCalls::recipe(qc::CircuitOp circuit, ValueRange data) {
  qc::keptContentHash(circuit);
  Value packed =
      data::PackOp::create(builder, loc, data::DataType::get(builder.getContext()), data);
  return call("recipe_new", {function(circuit.getSymName()), packed, integer(data.size())},
              circuit.getQubitCount());
}
