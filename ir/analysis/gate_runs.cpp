// SPDX-License-Identifier: Apache-2.0
// Reads runs of gates into lists and writes lists as ops, angles included.
// Why new gates come last in their run: every number of the run is known there.
#include "qdo/ir/gate_runs.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "qdo/ir/applied_gate.h"
#include <map>

using namespace mlir;
using namespace qdo::ir;

namespace {

/// Numbers of the program as linear forms, and linear forms as numbers.
class Angles {
public:
  Angle read(Value value, unsigned depth = 0) {
    if (auto known = forms.find(value); known != forms.end())
      return known->second;
    std::optional<Angle> form = decompose(value, depth);
    if (!form || form->terms().size() > mostTerms) {
      form = Angle::unknown(atoms.size());
      atoms.push_back(value);
    }
    forms.try_emplace(value, *form);
    return *form;
  }

  /// What a gate takes already is taken again instead of computed anew.
  void isUsed(const Angle &form, Value value) { values.try_emplace(form, value); }

  Value write(const Angle &form, OpBuilder &builder, Location loc) {
    auto [known, isNew] = values.try_emplace(form, Value());
    if (isNew)
      known->second = compute(form, builder, loc);
    return known->second;
  }

private:
  static constexpr unsigned mostTerms = 32, mostDepth = 256;

  static std::optional<double> constant(Value value) {
    auto found = qc::constantAngles(value);
    return found && std::isfinite((*found)[0]) ? std::optional((*found)[0]) : std::nullopt;
  }

  std::optional<Angle> decompose(Value value, unsigned depth) {
    if (auto number = constant(value))
      return Angle(*number);
    Operation *op = value.getDefiningOp();
    if (!op || depth > mostDepth)
      return std::nullopt;
    if (isa<arith::NegFOp>(op))
      return -read(op->getOperand(0), depth + 1);
    if (isa<arith::AddFOp>(op))
      return read(op->getOperand(0), depth + 1) + read(op->getOperand(1), depth + 1);
    if (isa<arith::SubFOp>(op))
      return read(op->getOperand(0), depth + 1) - read(op->getOperand(1), depth + 1);
    if (isa<arith::MulFOp>(op))
      for (unsigned side : {0, 1})
        if (auto factor = constant(op->getOperand(side)))
          return read(op->getOperand(1 - side), depth + 1) * *factor;
    if (isa<arith::DivFOp>(op))
      if (auto divisor = constant(op->getOperand(1)); divisor && std::isfinite(1 / *divisor))
        return read(op->getOperand(0), depth + 1) * (1 / *divisor);
    return std::nullopt;
  }

  Value compute(const Angle &form, OpBuilder &builder, Location loc) {
    auto number = [&](double value) -> Value {
      return arith::ConstantOp::create(builder, loc, builder.getF64FloatAttr(value));
    };
    Value sum;
    for (auto [id, factor] : form.terms()) {
      Value part = atoms[id];
      bool minus = sum && factor < 0;
      if (minus)
        factor = -factor;
      if (factor == -1)
        part = arith::NegFOp::create(builder, loc, part);
      else if (factor != 1)
        part = arith::MulFOp::create(builder, loc, part, number(factor));
      if (!sum)
        sum = part;
      else if (minus)
        sum = arith::SubFOp::create(builder, loc, sum, part);
      else
        sum = arith::AddFOp::create(builder, loc, sum, part);
    }
    if (!sum)
      return number(form.constant());
    if (form.constant() != 0)
      sum = arith::AddFOp::create(builder, loc, sum, number(form.constant()));
    return sum;
  }

  DenseMap<Value, Angle> forms;
  SmallVector<Value> atoms;
  std::map<Angle, Value> values;
};

class Run {
public:
  bool empty() const { return ops.empty(); }

  void add(const AppliedGate &applied) {
    ListedGate gate;
    gate.gate = applied.gate;
    gate.inverse = applied.inverse;
    gate.moreControls = applied.moreControls;
    gate.place = ops.size();
    for (Value angle : applied.angles) {
      gate.angles.push_back(angles.read(angle));
      angles.isUsed(gate.angles.back(), angle);
    }
    for (auto [input, output] : llvm::zip(applied.inputs, applied.outputs)) {
      auto [known, isNew] = wireOf.try_emplace(input, inputs.size());
      unsigned wire = known->second;
      if (isNew) {
        inputs.push_back(input);
        outputs.push_back(output);
      }
      wireOf.try_emplace(output, wire);
      outputs[wire] = output;
      gate.wires.push_back(wire);
    }
    list.gates.push_back(std::move(gate));
    ops.push_back(applied.op);
  }

  void add(qc::GPhaseOp phase) {
    list.phase = list.phase + angles.read(phase.getAngle());
    ops.push_back(phase);
  }

  /// `end` is the op after the run.
  void rewrite(Operation *end, function_ref<bool(GateList &)> change) {
    list.wires = inputs.size();
    bool inCircuit = isa<qc::CircuitOp>(end->getParentOp());
    list.mayMove = !inCircuit;
    if (!change(list))
      return;
    OpBuilder builder(end);
    SmallVector<Value> values(inputs);
    for (const ListedGate &gate : list.gates) {
      Location loc = ops[gate.place]->getLoc();
      SmallVector<Value> numbers, on;
      for (const Angle &angle : gate.angles)
        numbers.push_back(angles.write(angle, builder, loc));
      for (unsigned wire : gate.wires)
        on.push_back(values[wire]);
      SmallVector<Value> out = createApplied(builder, loc, gate, numbers, on);
      for (auto [wire, value] : llvm::zip(gate.wires, out))
        values[wire] = value;
    }
    // Nothing compares the phases of live states.
    if (!list.phase.isZero() && inCircuit)
      qc::GPhaseOp::create(builder, ops.back()->getLoc(),
                           angles.write(list.phase, builder, ops.back()->getLoc()));
    for (auto [wire, output] : llvm::enumerate(outputs))
      output.replaceAllUsesWith(values[list.ends.empty() ? wire : list.ends[wire]]);
    for (Operation *op : llvm::reverse(ops))
      op->erase();
  }

private:
  static SmallVector<Value> createApplied(OpBuilder &builder, Location loc, const ListedGate &gate,
                                          ValueRange numbers, ArrayRef<Value> on) {
    OpBuilder::InsertionGuard guard(builder);
    Operation *modifier = nullptr;
    ListedGate inner(gate);
    if (gate.moreControls != 0) {
      modifier = qc::CtrlOp::create(builder, loc, on.take_front(gate.moreControls),
                                    on.drop_front(gate.moreControls));
      inner.moreControls = 0;
    } else if (gate.inverse) {
      modifier = qc::InvOp::create(builder, loc, on);
      inner.inverse = false;
    } else {
      return SmallVector<Value>(qc::createGate(builder, loc, gate.gate, numbers, on)->getResults());
    }
    Block &body = modifier->getRegion(0).front();
    builder.setInsertionPointToStart(&body);
    SmallVector<Value> arguments(body.getArguments());
    SmallVector<Value> out = createApplied(builder, loc, inner, numbers, arguments);
    builder.setInsertionPointToEnd(&body);
    qc::YieldOp::create(builder, loc, out);
    return SmallVector<Value>(modifier->getResults());
  }

  GateList list;
  SmallVector<Operation *> ops;
  SmallVector<Value> inputs, outputs;
  DenseMap<Value, unsigned> wireOf;
  Angles angles;
};

} // namespace

static bool isArithmetic(Operation &op) {
  return op.getNumRegions() == 0 && isMemoryEffectFree(&op) &&
         !op.hasTrait<OpTrait::IsTerminator>();
}

void qdo::ir::rewriteRuns(Operation *root, function_ref<bool(GateList &)> change) {
  SmallVector<Block *> blocks;
  root->walk([&](Block *block) {
    if (!qc::isModifier(block->getParentOp()))
      blocks.push_back(block);
  });
  for (Block *block : blocks) {
    auto run = std::make_unique<Run>();
    for (Operation &op : llvm::make_early_inc_range(*block)) {
      if (auto applied = appliedGate(&op)) {
        run->add(*applied);
      } else if (auto phase = dyn_cast<qc::GPhaseOp>(op)) {
        run->add(phase);
      } else if (!isArithmetic(op) && !run->empty()) {
        run->rewrite(&op, change);
        run = std::make_unique<Run>();
      }
    }
  }
}
