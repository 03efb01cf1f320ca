// SPDX-License-Identifier: Apache-2.0
// Reverse-mode differentiation of straight-line arithmetic.
// Source: Griewank and Walther, Evaluating Derivatives, 2nd ed. (2008), chapter 3.
#include "pull_back.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace {

class PullBack {
public:
  PullBack(OpBuilder &builder, LLVM::LLVMFuncOp angles, StringRef name, size_t firstSlot,
           ValueRange computed)
      : b(builder), loc(angles.getLoc()), angles(angles), firstSlot(firstSlot), computed(computed),
        pointer(LLVM::LLVMPointerType::get(builder.getContext())) {
    auto type = LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(builder.getContext()),
                                            {pointer, pointer, pointer});
    function = LLVM::LLVMFuncOp::create(b, loc, name, type, LLVM::Linkage::Internal);
    function.setNoUnwind(true);
  }

  LLVM::LLVMFuncOp run() {
    OpBuilder::InsertionGuard guard(b);
    entry = function.addEntryBlock(b);
    b.setInsertionPointToStart(entry);
    SmallVector<Operation *> steps;
    if (!again(steps)) {
      function.erase();
      return {};
    }
    for (auto [index, value] : llvm::enumerate(computed))
      give(value, load(entry->getArgument(1), firstSlot + index));
    bool known = true;
    for (Operation *step : llvm::reverse(steps))
      if (Value slope = slopes.lookup(step->getResult(0)))
        known &= back(step, slope);
    if (!known) {
      function.erase();
      return {};
    }
    LLVM::ReturnOp::create(b, loc, ValueRange());
    return function;
  }

private:
  Value element(Value memory, int64_t index) {
    return LLVM::GEPOp::create(b, loc, pointer, b.getF64Type(), memory,
                               ArrayRef<LLVM::GEPArg>(static_cast<int32_t>(index)));
  }
  Value load(Value memory, int64_t index) {
    return LLVM::LoadOp::create(b, loc, b.getF64Type(), element(memory, index));
  }
  Value number(double value) { return arith::ConstantOp::create(b, loc, b.getF64FloatAttr(value)); }

  /// The steps from data to angles once more. False when one of them is native code.
  bool again(SmallVectorImpl<Operation *> &steps) {
    for (Operation &op : angles.getBody().front()) {
      if (isa<LLVM::CallOp>(op))
        return false;
      if (isa<LLVM::StoreOp, LLVM::ReturnOp>(op))
        continue;
      if (auto place = dyn_cast<LLVM::GEPOp>(op)) {
        if (place.getBase() == angles.getBody().front().getArgument(1))
          map.map(place.getResult(), element(entry->getArgument(0), indexOf(place)));
        continue;
      }
      Operation *copy = b.clone(op, map);
      if (op.getNumResults() == 1)
        steps.push_back(&op);
      (void)copy;
    }
    return true;
  }

  static int64_t indexOf(LLVM::GEPOp place) { return place.getRawConstantIndices().front(); }

  void give(Value to, Value slope) {
    Value &sum = slopes[to];
    sum = sum ? arith::AddFOp::create(b, loc, sum, slope).getResult() : slope;
  }

  /// Hands the slope of a result to the operands. False when the step has no derivative.
  bool back(Operation *op, Value s) {
    auto in = [&](unsigned i) { return map.lookup(op->getOperand(i)); };
    auto to = [&](unsigned i, Value slope) { give(op->getOperand(i), slope); };
    auto mul = [&](Value x, Value y) -> Value { return arith::MulFOp::create(b, loc, x, y); };
    auto div = [&](Value x, Value y) -> Value { return arith::DivFOp::create(b, loc, x, y); };
    auto add = [&](Value x, Value y) -> Value { return arith::AddFOp::create(b, loc, x, y); };
    auto sub = [&](Value x, Value y) -> Value { return arith::SubFOp::create(b, loc, x, y); };
    auto neg = [&](Value x) -> Value { return arith::NegFOp::create(b, loc, x); };
    auto root = [&](Value x) -> Value { return math::SqrtOp::create(b, loc, x); };
    auto result = [&] { return map.lookup(op->getResult(0)); };
    auto where = [&](arith::CmpFPredicate predicate, unsigned i, unsigned j) {
      Value first = arith::CmpFOp::create(b, loc, predicate, in(i), in(j));
      to(i, arith::SelectOp::create(b, loc, first, s, number(0)));
      to(j, arith::SelectOp::create(b, loc, first, number(0), s));
    };
    return llvm::TypeSwitch<Operation *, bool>(op)
        .Case([&](LLVM::LoadOp load) {
          auto place = load.getAddr().getDefiningOp<LLVM::GEPOp>();
          if (!place || place.getBase() != angles.getBody().front().getArgument(1))
            return false;
          Value memory = element(entry->getArgument(2), indexOf(place));
          Value before = LLVM::LoadOp::create(b, loc, b.getF64Type(), memory);
          LLVM::StoreOp::create(b, loc, add(before, s), memory);
          return true;
        })
        .Case<arith::ConstantOp, LLVM::ConstantOp, math::FloorOp, math::CeilOp, math::RoundOp,
              math::TruncOp, arith::UIToFPOp, arith::SIToFPOp>([](auto) { return true; })
        .Case([&](arith::AddFOp) { return to(0, s), to(1, s), true; })
        .Case([&](arith::SubFOp) { return to(0, s), to(1, neg(s)), true; })
        .Case([&](arith::NegFOp) { return to(0, neg(s)), true; })
        .Case([&](arith::MulFOp) { return to(0, mul(s, in(1))), to(1, mul(s, in(0))), true; })
        .Case([&](arith::DivFOp) {
          Value share = div(s, in(1));
          return to(0, share), to(1, neg(mul(share, result()))), true;
        })
        .Case([&](arith::SelectOp) {
          to(1, arith::SelectOp::create(b, loc, in(0), s, number(0)));
          to(2, arith::SelectOp::create(b, loc, in(0), number(0), s));
          return true;
        })
        .Case([&](arith::MaximumFOp) { return where(arith::CmpFPredicate::OGE, 0, 1), true; })
        .Case([&](arith::MinimumFOp) { return where(arith::CmpFPredicate::OLE, 0, 1), true; })
        .Case([&](math::AbsFOp) {
          Value sign = math::CopySignOp::create(b, loc, number(1), in(0));
          return to(0, mul(s, sign)), true;
        })
        .Case([&](math::SqrtOp) { return to(0, div(s, mul(number(2), result()))), true; })
        .Case([&](math::SinOp) { return to(0, mul(s, math::CosOp::create(b, loc, in(0)))), true; })
        .Case([&](math::CosOp) {
          return to(0, neg(mul(s, math::SinOp::create(b, loc, in(0))))), true;
        })
        .Case([&](math::TanOp) {
          return to(0, mul(s, add(number(1), mul(result(), result())))), true;
        })
        .Case([&](math::AsinOp) {
          return to(0, div(s, root(sub(number(1), mul(in(0), in(0)))))), true;
        })
        .Case([&](math::AcosOp) {
          return to(0, neg(div(s, root(sub(number(1), mul(in(0), in(0))))))), true;
        })
        .Case([&](math::AtanOp) { return to(0, div(s, add(number(1), mul(in(0), in(0))))), true; })
        .Case([&](math::Atan2Op) {
          Value size = add(mul(in(0), in(0)), mul(in(1), in(1)));
          return to(0, div(mul(s, in(1)), size)), to(1, neg(div(mul(s, in(0)), size))), true;
        })
        .Case([&](math::ExpOp) { return to(0, mul(s, result())), true; })
        .Case([&](math::LogOp) { return to(0, div(s, in(0))), true; })
        .Case([&](math::PowFOp) {
          Value less = math::PowFOp::create(b, loc, in(0), sub(in(1), number(1)));
          to(0, mul(s, mul(in(1), less)));
          if (!op->getOperand(1).getDefiningOp<arith::ConstantOp>())
            to(1, mul(s, mul(result(), math::LogOp::create(b, loc, in(0)))));
          return true;
        })
        .Default([](Operation *) { return false; });
  }

  OpBuilder &b;
  Location loc;
  LLVM::LLVMFuncOp angles, function;
  size_t firstSlot;
  ValueRange computed;
  LLVM::LLVMPointerType pointer;
  Block *entry = nullptr;
  IRMapping map;
  DenseMap<Value, Value> slopes;
};

} // namespace

LLVM::LLVMFuncOp qdo::ir::makePullBack(OpBuilder &builder, LLVM::LLVMFuncOp angles, StringRef name,
                                       size_t firstSlot, ValueRange computed) {
  return PullBack(builder, angles, name, firstSlot, computed).run();
}
