// SPDX-License-Identifier: Apache-2.0
// `qc-resolve-modifiers`: unfolds control, inverse and power down to single gates.
// Why it keeps phases: a control is pushed onto each gate of a body, and a controlled gate of
// gates.def is the control of exactly that gate's matrix, global phase included.
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/IRMapping.h"
#include "qdo/ir/passes.h"
#include "qdo/ir/qc.h"

using namespace mlir;
using namespace qdo::ir;
using namespace qdo::ir::qc;

namespace qdo::ir {
#define GEN_PASS_DEF_RESOLVEMODIFIERS
#include "qdo/ir/passes.h.inc"
} // namespace qdo::ir

namespace {

using Values = SmallVector<Value>;

/// More gates than this from one modifier are a mistake, not a program.
constexpr int64_t mostGates = 1'000'000;

class Unfolder {
public:
  explicit Unfolder(Operation *outermost) : outermost(outermost), builder(outermost) {}

  LogicalResult run() {
    Values controls;
    auto results = emit(outermost, Values(qubits(outermost)), controls, false);
    if (failed(results))
      return failure();
    outermost->replaceAllUsesWith(*results);
    outermost->erase();
    return success();
  }

private:
  static Values qubits(Operation *op) {
    return Values(llvm::make_filter_range(op->getOperands(), [](Value v) { return isQubit(v); }));
  }

  // Applies `op` or its inverse to `in` under `controls`, which are replaced by what comes out of
  // them.
  FailureOr<Values> emit(Operation *op, Values in, Values &controls, bool inverse) {
    if (auto gate = dyn_cast<UnitaryOpInterface>(op)) {
      if (++gates > mostGates)
        return outermost->emitOpError()
               << "unfolds to more than " << mostGates << " gates; lower its exponents";
      Values angles;
      for (Value angle : gate.getAngles())
        angles.push_back(mapping.lookupOrDefault(angle));
      return emitGate(gate.getGate(), angles, std::move(in), controls, inverse, op->getLoc());
    }
    if (auto phase = dyn_cast<GPhaseOp>(op)) {
      emitPhase(phase, controls, inverse);
      return in;
    }
    Block &body = op->getRegion(0).front();
    if (auto ctrl = dyn_cast<CtrlOp>(op)) {
      size_t own = ctrl.getControls().size(), outer = controls.size();
      controls.append(in.begin(), in.begin() + own);
      auto out = emitBody(body, Values(llvm::drop_begin(in, own)), controls, inverse);
      if (failed(out))
        return failure();
      out->insert(out->begin(), controls.begin() + outer, controls.end());
      controls.resize(outer);
      return out;
    }
    if (isa<InvOp>(op))
      return emitBody(body, std::move(in), controls, !inverse);
    return emitPower(cast<PowOp>(op), std::move(in), controls, inverse);
  }

  FailureOr<Values> emitPower(PowOp op, Values in, Values &controls, bool inverse) {
    int64_t exponent = op.getExponent();
    Block &body = *op.getBodyBlock();
    // A rotation's power is one rotation.
    auto gate = dyn_cast<UnitaryOpInterface>(body.front());
    if (gate && llvm::hasNItems(body, 2) && gate.getInfo().inverse == Inverse::Negate &&
        gate.getInfo().parameters == 1 && exponent != 0) {
      Value factor = arith::ConstantOp::create(builder, op.getLoc(),
                                               builder.getF64FloatAttr(double(exponent)));
      Value angle = builder.createOrFold<arith::MulFOp>(
          op.getLoc(), mapping.lookupOrDefault(gate.getAngles()[0]), factor);
      // The gate may name the targets in another order than the modifier does.
      Values operands, out(in.size());
      for (Value qubit : gate.getQubits())
        operands.push_back(in[cast<BlockArgument>(qubit).getArgNumber()]);
      auto made = emitGate(gate.getGate(), {angle}, operands, controls, inverse, op.getLoc());
      for (auto [index, qubit] : llvm::enumerate(gate.getQubits()))
        out[cast<BlockArgument>(qubit).getArgNumber()] = made[index];
      for (auto [index, value] : llvm::enumerate(out))
        if (!value)
          value = in[index];
      return out;
    }
    bool backwards = inverse != (exponent < 0);
    // Not -exponent: the least int64 has no opposite.
    uint64_t turns = exponent < 0 ? -static_cast<uint64_t>(exponent) : exponent;
    if (llvm::hasSingleElement(body))
      turns = 0;
    for (uint64_t turn = 0; turn < turns; ++turn) {
      auto out = emitBody(body, std::move(in), controls, backwards);
      if (failed(out))
        return failure();
      in = std::move(*out);
      if (++turnsMade > mostGates)
        return outermost->emitOpError()
               << "unfolds to more than " << mostGates << " turns; lower its exponents";
    }
    return in;
  }

  FailureOr<Values> emitBody(Block &body, Values in, Values &controls, bool inverse) {
    // Angles do not depend on qubits, so they come first and only once, whatever the direction.
    for (Operation &op : body.without_terminator())
      if (!isUnitary(&op) &&
          llvm::none_of(op.getResults(), [&](Value v) { return mapping.contains(v); }))
        builder.clone(op, mapping);
    // What each wire of the body carries now, by its newest value forwards, its oldest backwards.
    DenseMap<Value, Value> wires;
    Operation *end = body.getTerminator();
    ValueRange entry = inverse ? ValueRange(end->getOperands()) : ValueRange(body.getArguments());
    ValueRange exit = inverse ? ValueRange(body.getArguments()) : ValueRange(end->getOperands());
    for (auto [name, value] : llvm::zip(entry, in))
      wires[name] = value;
    SmallVector<Operation *> order;
    for (Operation &op : body.without_terminator())
      if (isUnitary(&op))
        order.push_back(&op);
    if (inverse)
      std::reverse(order.begin(), order.end());
    for (Operation *op : order) {
      Values before = qubits(op), after(op->getResults());
      if (inverse)
        std::swap(before, after);
      Values now;
      for (Value name : before)
        now.push_back(wires.lookup(name));
      auto out = emit(op, now, controls, inverse);
      if (failed(out))
        return failure();
      for (auto [name, value] : llvm::zip(after, *out))
        wires[name] = value;
    }
    Values out;
    for (Value name : exit)
      out.push_back(wires.lookup(name));
    return out;
  }

  // Under controls, a phase of the last control when the others are |1>.
  void emitPhase(GPhaseOp op, Values &controls, bool inverse) {
    Value angle = mapping.lookupOrDefault(op.getAngle());
    if (controls.empty()) {
      if (inverse)
        angle = builder.createOrFold<arith::NegFOp>(op.getLoc(), angle);
      GPhaseOp::create(builder, op.getLoc(), angle);
      return;
    }
    Values rest(ArrayRef(controls).drop_back());
    Values out = emitGate(Gate::p, {angle}, {controls.back()}, rest, inverse, op.getLoc());
    controls = std::move(rest);
    controls.push_back(out.front());
  }

  Values emitGate(Gate gate, Values angles, Values in, Values &controls, bool inverse,
                  Location loc) {
    switch (gateInfo(gate).inverse) {
    case Inverse::Self:
      inverse = false;
      break;
    case Inverse::Named:
      gate = inverse ? gateInfo(gate).named : gate;
      inverse = false;
      break;
    case Inverse::Negate:
      if (inverse)
        for (Value &angle : angles)
          angle = builder.createOrFold<arith::NegFOp>(loc, angle);
      inverse = false;
      break;
    case Inverse::Adjoint:
      break;
    }
    // As many controls as gates.def knows become part of the gate.
    size_t more = controls.size();
    while (!controlledGate(gate, more))
      --more;
    gate = *controlledGate(gate, more);
    size_t left = controls.size() - more;
    in.insert(in.begin(), controls.begin() + left, controls.end());
    Values outer(controls.begin(), controls.begin() + left);
    Values out = wrap(outer, in, inverse, gate, angles, loc);
    std::copy(out.begin(), out.begin() + controls.size(), controls.begin());
    return Values(llvm::drop_begin(out, controls.size()));
  }

  Values wrap(Values &outer, Values &in, bool inverse, Gate gate, Values &angles, Location loc) {
    OpBuilder::InsertionGuard guard(builder);
    if (!outer.empty()) {
      auto ctrl = CtrlOp::create(builder, loc, outer, in);
      fill(ctrl.getBodyBlock(), inverse, gate, angles, loc);
      return Values(ctrl.getResults());
    }
    if (inverse) {
      auto inv = InvOp::create(builder, loc, in);
      fill(inv.getBodyBlock(), false, gate, angles, loc);
      return Values(inv.getResults());
    }
    return Values(createGate(builder, loc, gate, angles, in)->getResults());
  }

  void fill(Block *body, bool inverse, Gate gate, Values &angles, Location loc) {
    builder.setInsertionPointToStart(body);
    Values in(body->getArguments()), none;
    Values out = wrap(none, in, inverse, gate, angles, loc);
    builder.setInsertionPointToEnd(body);
    YieldOp::create(builder, loc, out);
  }

  Operation *outermost;
  OpBuilder builder;
  IRMapping mapping; // angles computed inside bodies
  int64_t gates = 0, turnsMade = 0;
};

struct ResolveModifiersPass : qdo::ir::impl::ResolveModifiersBase<ResolveModifiersPass> {
  void runOnOperation() override {
    SmallVector<Operation *> outermost;
    getOperation()->walk<WalkOrder::PreOrder>([&](Operation *op) {
      if (!isModifier(op))
        return WalkResult::advance();
      outermost.push_back(op);
      return WalkResult::skip();
    });
    for (Operation *op : outermost)
      if (failed(Unfolder(op).run()))
        return signalPassFailure();
  }
};

} // namespace
