// SPDX-License-Identifier: Apache-2.0
// Gradients and optimisers: building and rules.
#include "qdo/ir/qdo.h"
#include "regions.h"

using namespace mlir;
using namespace qdo::ir::data;

void GradOp::build(OpBuilder &builder, OperationState &state, Value at, bool exact) {
  MLIRContext *context = builder.getContext();
  if (exact)
    state.getOrAddProperties<Properties>().setExact(builder.getUnitAttr());
  state.addOperands(at);
  state.addTypes(exact ? Type(ArrayType::get(context)) : ListType::get(context));
  addRegion(state, true, ListType::get(context));
}

static LogicalResult verifyObjective(Operation *op, Region &region) {
  MLIRContext *context = op->getContext();
  return verifyRegion(op, region, "function", ListType::get(context), EstimateType::get(context));
}

LogicalResult GradOp::verifyRegions() { return verifyObjective(*this, getFunction()); }

void MinimizeOp::build(OpBuilder &builder, OperationState &state, Value from, Value by) {
  state.addOperands({from, by});
  state.addTypes(FitType::get(builder.getContext()));
  addRegion(state, true, ListType::get(builder.getContext()));
}

LogicalResult MinimizeOp::verifyRegions() { return verifyObjective(*this, getFunction()); }
