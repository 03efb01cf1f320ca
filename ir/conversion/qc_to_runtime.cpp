// SPDX-License-Identifier: Apache-2.0
// `qc-to-runtime`: in functions a qubit becomes its id, gates become calls, control flow becomes
// that of scf. Why the types change in place: a qubit and its id have the same single definition
// and use, so nothing else moves.
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "qdo/ir/applied_gate.h"
#include "qdo/ir/passes.h"
#include "runtime_calls.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace qdo::ir;
using namespace qdo::ir::qc;

namespace qdo::ir {
#define GEN_PASS_DEF_QCTORUNTIME
#include "qdo/ir/passes.h.inc"
} // namespace qdo::ir

namespace {

class LiveConverter {
public:
  explicit LiveConverter(ModuleOp module)
      : module(module), id(IntegerType::get(module.getContext(), 64)) {}

  LogicalResult convert(func::FuncOp function) {
    auto retype = [&](auto &&values) {
      for (Value value : values)
        if (isQubit(value))
          value.setType(id);
    };
    SmallVector<Operation *> ops;
    function.walk<WalkOrder::PostOrder>([&](Operation *op) {
      retype(op->getResults());
      for (Region &region : op->getRegions())
        for (Block &block : region)
          retype(block.getArguments());
      // The gate inside of a modifier is part of it.
      if (isa_and_nonnull<QcDialect>(op->getDialect()) && !isModifier(op->getParentOp()))
        ops.push_back(op);
    });
    auto ids = [&](ArrayRef<Type> types) {
      return llvm::map_to_vector(types, [&](Type type) { return isQubit(type) ? id : type; });
    };
    FunctionType type = function.getFunctionType();
    function.setFunctionType(
        FunctionType::get(type.getContext(), ids(type.getInputs()), ids(type.getResults())));
    function.walk([&](data::PrepareOp op) { rewrite(op); });
    for (Operation *op : ops)
      if (failed(rewrite(op)))
        return failure();
    return success();
  }

private:
  LogicalResult rewrite(Operation *op) {
    return llvm::TypeSwitch<Operation *, LogicalResult>(op)
        .Case<AllocOp, MeasureOp, DiscardOp, IfOp, WhileOp, ForOp>([&](auto op) {
          rewrite(op);
          return success();
        })
        .Case([](GPhaseOp op) { // of a state that nothing compares
          op.erase();
          return success();
        })
        .Case<AnglesOp>([&](AnglesOp op) {
          rewrite(op);
          return success();
        })
        .Case<YieldOp, ConditionOp>([](auto) { return success(); }) // with their parents
        .Default([&](Operation *op) { return rewriteGate(op); });
  }

  static void replace(Operation *op, ValueRange by) {
    op->replaceAllUsesWith(by);
    op->erase();
  }

  LogicalResult rewriteGate(Operation *op) {
    auto applied = appliedGate(op);
    if (!applied)
      return op->emitOpError("is not a single gate; run qc-resolve-modifiers first");
    RuntimeCalls calls(op);
    SmallVector<Value> inputs(applied->inputs);
    Value wires = data::PackWiresOp::create(calls.builder, calls.loc,
                                            data::WiresType::get(op->getContext()), inputs);
    SmallVector<Value> arguments{calls.integer(static_cast<int64_t>(applied->gate)),
                                 calls.boolean(applied->inverse), wires,
                                 calls.integer(inputs.size())};
    llvm::append_range(arguments, applied->angles);
    while (arguments.size() < 8)
      arguments.push_back(calls.real(0));
    calls.call("live_gate", arguments);
    replace(op, inputs);
    return success();
  }

  void rewrite(AnglesOp op) {
    RuntimeCalls calls(op);
    Value data = data::PackOp::create(calls.builder, calls.loc,
                                      data::DataType::get(op->getContext()), op.getData());
    Value angles =
        calls.call("live_angles", {calls.integer(static_cast<int64_t>(*op.getKnownRule())), data,
                                   calls.integer(op.getData().size())});
    SmallVector<Value> numbers;
    for (size_t index = 0; index < op.getNumResults(); ++index)
      numbers.push_back(calls.call("array_get", {angles, calls.integer(index)}));
    replace(op, numbers);
  }

  // |0> is the recipe of an empty circuit on one qubit.
  void rewrite(AllocOp op) {
    RuntimeCalls calls(op);
    if (!zero) {
      OpBuilder builder(op.getContext());
      zero = CircuitOp::create(builder, op.getLoc(), "qdo.zero", "zero", 0, 1);
      builder.setInsertionPointToStart(zero.getBodyBlock());
      ReturnOp::create(builder, op.getLoc(), zero.getQubits());
      zero.setPrivate();
      SymbolTable(module).insert(zero);
    }
    Value prep = calls.recipe(zero, {});
    replace(op, calls.call("live_prepare", prep));
  }

  void rewrite(data::PrepareOp op) {
    RuntimeCalls calls(op);
    Value first = calls.call("live_prepare", op.getPrep());
    SmallVector<Value> qubits;
    for (int64_t index = 0, count = op.getNumResults(); index < count; ++index)
      qubits.push_back(
          calls.builder.createOrFold<arith::AddIOp>(calls.loc, first, calls.integer(index)));
    replace(op, qubits);
  }

  void rewrite(MeasureOp op) {
    replace(op, RuntimeCalls(op).call("live_measure", op->getOperands()));
  }

  void rewrite(DiscardOp op) {
    RuntimeCalls(op).call("live_discard", op->getOperands());
    op.erase();
  }

  // ---- control flow: on ids the ops of scf are safe
  static void convertEnd(Block *block) {
    Operation *end = block->getTerminator();
    OpBuilder builder(end);
    if (auto op = dyn_cast<ConditionOp>(end))
      scf::ConditionOp::create(builder, end->getLoc(), op.getCondition(), op.getValues());
    else
      scf::YieldOp::create(builder, end->getLoc(), end->getOperands());
    end->erase();
  }

  void rewrite(IfOp op) {
    OpBuilder builder(op);
    auto made = scf::IfOp::create(builder, op.getLoc(), op.getResultTypes(), op.getCondition(),
                                  /*withElseRegion=*/true);
    for (auto [from, to] : llvm::zip(op->getRegions(), made->getRegions())) {
      Block &block = from.front();
      for (auto [argument, init] : llvm::zip(block.getArguments(), op.getInits()))
        argument.replaceAllUsesWith(init);
      block.eraseArguments(0, block.getNumArguments());
      convertEnd(&block);
      to.takeBody(from);
    }
    replace(op, made.getResults());
  }

  void rewrite(WhileOp op) {
    OpBuilder builder(op);
    auto made = scf::WhileOp::create(builder, op.getLoc(), op.getResultTypes(), op.getInits());
    convertEnd(op.getBeforeBlock());
    convertEnd(op.getAfterBlock());
    made.getBefore().takeBody(op.getBefore());
    made.getAfter().takeBody(op.getAfter());
    replace(op, made.getResults());
  }

  void rewrite(ForOp op) {
    OpBuilder builder(op);
    auto made = scf::ForOp::create(builder, op.getLoc(), op.getLower(), op.getUpper(), op.getStep(),
                                   op.getInits());
    convertEnd(op.getBodyBlock());
    made.getRegion().takeBody(op.getBody());
    replace(op, made.getResults());
  }

  ModuleOp module;
  Type id;
  CircuitOp zero;
};

struct QcToRuntimePass : qdo::ir::impl::QcToRuntimeBase<QcToRuntimePass> {
  void runOnOperation() override {
    LiveConverter converter(getOperation());
    for (auto function : llvm::to_vector(getOperation().getOps<func::FuncOp>()))
      if (failed(converter.convert(function)))
        return signalPassFailure();
  }
};

} // namespace
