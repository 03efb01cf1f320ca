// SPDX-License-Identifier: Apache-2.0
// `qdo-check-status`: after a call that has failed, the function is left with zeros; mistakes of
// users are values.
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "qdo/ir/entry_points.h"
#include "qdo/ir/passes.h"

#include <limits>

using namespace mlir;
using namespace qdo::ir;

namespace qdo::ir {
#define GEN_PASS_DEF_CHECKSTATUS
#include "qdo/ir/passes.h.inc"
} // namespace qdo::ir

namespace {

using Names = llvm::DenseSet<StringAttr>;

bool isFallible(LLVM::CallOp call, const Names &functions) {
  auto callee = call.getCalleeAttr();
  return callee && functions.contains(callee.getAttr());
}

// Entry points that take a site, and whatever calls something fallible, until nothing is added.
Names fallibleFunctions(ModuleOp module) {
  Names names;
  for (auto function : module.getOps<LLVM::LLVMFuncOp>()) {
    StringRef name = function.getName();
    const EntryPoint *entry = name.consume_front("qdo_rt_") ? entryPointNamed(name) : nullptr;
    if (entry && entry->fallible)
      names.insert(function.getSymNameAttr());
  }
  for (bool grown = true; grown;) {
    grown = false;
    for (auto function : module.getOps<LLVM::LLVMFuncOp>()) {
      if (names.contains(function.getSymNameAttr()))
        continue;
      WalkResult result = function.walk([&](LLVM::CallOp call) {
        return isFallible(call, names) ? WalkResult::interrupt() : WalkResult::advance();
      });
      if (result.wasInterrupted())
        grown |= names.insert(function.getSymNameAttr()).second;
    }
  }
  return names;
}

// Made once a function, when first needed.
Block *failureExit(LLVM::LLVMFuncOp function) {
  Block *exit = &function.getBody().emplaceBlock();
  OpBuilder builder = OpBuilder::atBlockEnd(exit);
  Type result = function.getFunctionType().getReturnType();
  SmallVector<Value, 1> values;
  if (!isa<LLVM::LLVMVoidType>(result))
    values.push_back(LLVM::ZeroOp::create(builder, function.getLoc(), result));
  LLVM::ReturnOp::create(builder, function.getLoc(), values);
  return exit;
}

// `qdo_rt_real_check` is there for results that are not finite, which are rare: others go past it.
void skipUnlessBroken(LLVM::CallOp call, Block *next, Block *exit) {
  OpBuilder builder(call);
  Location loc = call.getLoc();
  Value result = call.getArgOperands()[2];
  Value size = LLVM::FAbsOp::create(builder, loc, result);
  Value limit = LLVM::ConstantOp::create(
      builder, loc, builder.getF64FloatAttr(std::numeric_limits<double>::infinity()));
  Value finite = LLVM::FCmpOp::create(builder, loc, LLVM::FCmpPredicate::olt, size, limit);
  Block *block = call->getBlock();
  Block *broken = block->splitBlock(call);
  broken->moveBefore(exit);
  builder.setInsertionPointToEnd(block);
  LLVM::CondBrOp::create(builder, loc, finite, next, broken);
  builder.setInsertionPointToEnd(broken);
  LLVM::BrOp::create(builder, loc, exit);
}

void check(LLVM::LLVMFuncOp function, const Names &fallible) {
  SmallVector<LLVM::CallOp> calls;
  function.walk([&](LLVM::CallOp call) {
    // Nothing happens between the call and the return that follows it anyway.
    if (isFallible(call, fallible) && !isa<LLVM::ReturnOp>(call->getNextNode()))
      calls.push_back(call);
  });
  if (calls.empty())
    return;
  Block *exit = failureExit(function);
  // From the last to the first: splitting a block takes time in what lies behind the place.
  for (LLVM::CallOp call : llvm::reverse(calls)) {
    Block *block = call->getBlock();
    Block *next = block->splitBlock(call->getNextNode());
    if (call.getCallee() == "qdo_rt_real_check") {
      skipUnlessBroken(call, next, exit);
      continue;
    }
    OpBuilder builder = OpBuilder::atBlockEnd(block);
    Location loc = call.getLoc();
    // The status is the context's first field.
    Value status =
        LLVM::LoadOp::create(builder, loc, builder.getI32Type(), function.getArgument(0));
    Value well = LLVM::ConstantOp::create(builder, loc, builder.getI32IntegerAttr(0));
    Value broken = LLVM::ICmpOp::create(builder, loc, LLVM::ICmpPredicate::ne, status, well);
    LLVM::CondBrOp::create(builder, loc, broken, exit, next);
  }
}

struct CheckStatusPass : qdo::ir::impl::CheckStatusBase<CheckStatusPass> {
  void runOnOperation() override {
    Names fallible = fallibleFunctions(getOperation());
    for (auto function : getOperation().getOps<LLVM::LLVMFuncOp>())
      if (!function.isExternal())
        check(function, fallible);
  }
};

} // namespace
