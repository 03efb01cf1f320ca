// SPDX-License-Identifier: Apache-2.0
// Policies, regions under one, and blocks that run once a shot: building and rules.
#include "qdo/ir/qdo.h"
#include "regions.h"

using namespace mlir;
using namespace qdo::ir;
using namespace qdo::ir::data;

static SmallVector<Type> untilTypes(MLIRContext *context) {
  SmallVector<Type> types(5, Float64Type::get(context));
  types.append(2, IntegerType::get(context, 64));
  return types;
}

void PolicyOp::build(OpBuilder &builder, OperationState &state, StringRef name, Value budget,
                     Value low, Value high, Value batch, Value confidence,
                     std::optional<Allocate> allocate, bool withUntil) {
  Properties &properties = state.getOrAddProperties<Properties>();
  properties.setName(builder.getStringAttr(name));
  if (allocate)
    properties.setAllocate(AllocateAttr::get(builder.getContext(), *allocate));
  Value clauses[] = {budget, low, high, batch, confidence};
  for (auto [size, clause] : llvm::zip(properties.operandSegmentSizes, clauses)) {
    size = clause ? 1 : 0;
    if (clause)
      state.addOperands(clause);
  }
  state.addTypes(PolicyType::get(builder.getContext()));
  addRegion(state, withUntil, untilTypes(builder.getContext()));
}

LogicalResult PolicyOp::verify() {
  if (getHigh() && !getLow())
    return emitOpError("has `high` without `low`");
  return success();
}

LogicalResult PolicyOp::verifyRegions() {
  return verifyRegion(*this, getUntil(), "until", untilTypes(getContext()),
                      IntegerType::get(getContext(), 1));
}

void WithOp::build(OpBuilder &builder, OperationState &state, TypeRange results, Value policy) {
  state.addOperands(policy);
  state.addTypes(results);
  addRegion(state, true, {});
}

LogicalResult WithOp::verifyRegions() {
  return verifyRegion(*this, getBody(), "with", {}, getResultTypes(), /*qubitsFromAbove=*/true);
}

void EstimateOp::build(OpBuilder &builder, OperationState &state) {
  state.addTypes(EstimateType::get(builder.getContext()));
  addRegion(state, true, {});
}

LogicalResult EstimateOp::verifyRegions() {
  return verifyRegion(*this, getBody(), "estimate", {}, IntegerType::get(getContext(), 1));
}
