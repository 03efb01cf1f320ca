// SPDX-License-Identifier: Apache-2.0
// Circuits from choices.
#include "random_circuit.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace qdo::ir;
using namespace qdo::tests;

namespace {

class Maker {
public:
  Maker(OpBuilder &builder, const Choices &choices, bool flat)
      : builder(builder), loc(builder.getUnknownLoc()), choices(choices), flat(flat) {}

  SmallVector<Value> angles; // to choose from

  // Adds ops on `wires`, which then hold the newest values.
  void fill(SmallVectorImpl<Value> &wires, unsigned depth) {
    unsigned known = angles.size();
    while (at < choices.size()) {
      unsigned kind = pick(flat || depth > 2 ? 8 : 12);
      if (depth > 0 && kind == 0)
        break;
      if (kind < 8)
        addGate(wires);
      else
        addModifier(wires, depth, kind);
    }
    angles.resize(known); // those of this region end with it
  }

private:
  unsigned pick(unsigned bound) { return at < choices.size() ? choices[at++] % bound : 0; }

  Value angle() {
    switch (pick(6)) {
    case 0: {
      constexpr double special[] = {0, 1.5707963267948966, 3.141592653589793, -0.25, 0.25};
      return arith::ConstantOp::create(builder, loc, builder.getF64FloatAttr(special[pick(5)]));
    }
    case 1:
      angles.push_back(arith::NegFOp::create(builder, loc, angles[pick(angles.size())]));
      return angles.back();
    case 2: {
      Value left = angles[pick(angles.size())], right = angles[pick(angles.size())];
      angles.push_back(arith::AddFOp::create(builder, loc, left, right));
      return angles.back();
    }
    default:
      return angles[pick(angles.size())];
    }
  }

  // So many different wires, in any order.
  SmallVector<unsigned> someWires(unsigned count, unsigned of) {
    SmallVector<unsigned> all = llvm::to_vector(llvm::seq(0u, of));
    for (unsigned i = 0; i < count; ++i)
      std::swap(all[i], all[i + pick(of - i)]);
    all.truncate(count);
    return all;
  }

  static SmallVector<Value> take(ArrayRef<Value> wires, ArrayRef<unsigned> on) {
    return llvm::map_to_vector(on, [&](unsigned wire) { return wires[wire]; });
  }

  static void put(SmallVectorImpl<Value> &wires, ArrayRef<unsigned> on, ValueRange values) {
    for (auto [wire, value] : llvm::zip(on, values))
      wires[wire] = value;
  }

  void addGate(SmallVectorImpl<Value> &wires) {
    // The last gate once more, or its inverse, so that passes find work.
    unsigned repeat = pick(4);
    if (repeat >= 2 && !lastOn.empty() &&
        llvm::all_of(lastOn, [&](unsigned wire) { return wire < wires.size(); })) {
      Gate gate = lastGate;
      SmallVector<Value> operands = lastAngles;
      if (repeat == 3 && gateInfo(gate).inverse == Inverse::Named)
        gate = gateInfo(gate).named;
      if (repeat == 3 && gateInfo(gate).inverse == Inverse::Negate)
        for (Value &operand : operands)
          operand = arith::NegFOp::create(builder, loc, operand);
      put(wires, lastOn,
          qc::createGate(builder, loc, gate, operands, take(wires, lastOn))->getResults());
      return;
    }
    Gate gate = static_cast<Gate>(pick(allGates().size()));
    const GateInfo &info = gateInfo(gate);
    if (info.qubits() > wires.size())
      return;
    SmallVector<Value> operands;
    for (unsigned i = 0; i < info.parameters; ++i)
      operands.push_back(angle());
    SmallVector<unsigned> on = someWires(info.qubits(), wires.size());
    put(wires, on, qc::createGate(builder, loc, gate, operands, take(wires, on))->getResults());
    lastGate = gate;
    lastAngles = operands;
    lastOn = on;
  }

  void addModifier(SmallVectorImpl<Value> &wires, unsigned depth, unsigned kind) {
    unsigned count = 1 + pick(wires.size());
    SmallVector<unsigned> on = someWires(count, wires.size());
    SmallVector<Value> operands = take(wires, on);
    Operation *op = nullptr;
    if (kind == 8 || kind == 9) {
      unsigned controls = 1 + pick(std::min(2u, count));
      if (controls == count)
        return;
      op = qc::CtrlOp::create(builder, loc, ArrayRef(operands).take_front(controls),
                              ArrayRef(operands).drop_front(controls));
    } else if (kind == 10) {
      op = qc::InvOp::create(builder, loc, operands);
    } else {
      op = qc::PowOp::create(builder, loc, int64_t(pick(7)) - 3, operands);
    }
    {
      OpBuilder::InsertionGuard guard(builder);
      Block &body = op->getRegion(0).front();
      builder.setInsertionPointToStart(&body);
      SmallVector<Value> inner(body.getArguments());
      lastOn.clear();
      fill(inner, depth + 1);
      lastOn.clear();
      qc::YieldOp::create(builder, loc, inner);
    }
    put(wires, on, op->getResults());
  }

  OpBuilder &builder;
  Location loc;
  const Choices &choices;
  bool flat;
  size_t at = 0;
  Gate lastGate{};
  SmallVector<Value> lastAngles;
  SmallVector<unsigned> lastOn;
};

OwningOpRef<ModuleOp> make(MLIRContext &context, const Choices &choices, bool flat, bool back) {
  OpBuilder builder(&context);
  Location loc = builder.getUnknownLoc();
  OwningOpRef<ModuleOp> module = ModuleOp::create(builder, loc);
  builder.setInsertionPointToStart(module->getBody());
  auto circuit = qc::CircuitOp::create(builder, loc, "c", "c", randomData, randomQubits);
  builder.setInsertionPointToStart(circuit.getBodyBlock());
  Maker maker(builder, choices, flat);
  maker.angles.append(circuit.getData().begin(), circuit.getData().end());
  SmallVector<Value> wires(circuit.getQubits());
  maker.fill(wires, 0);
  if (back) {
    SmallVector<Operation *> made;
    for (Operation &op : *circuit.getBodyBlock())
      made.push_back(&op);
    auto inv = qc::InvOp::create(builder, loc, wires);
    builder.setInsertionPointToStart(inv.getBodyBlock());
    IRMapping mapping;
    mapping.map(ValueRange(circuit.getQubits()), ValueRange(inv.getBodyBlock()->getArguments()));
    for (Operation *op : made)
      builder.clone(*op, mapping);
    SmallVector<Value> ends;
    for (Value wire : wires)
      ends.push_back(mapping.lookup(wire));
    qc::YieldOp::create(builder, loc, ends);
    builder.setInsertionPointToEnd(circuit.getBodyBlock());
    wires.assign(inv.getResults().begin(), inv.getResults().end());
  }
  qc::ReturnOp::create(builder, loc, wires);
  return module;
}

} // namespace

OwningOpRef<ModuleOp> qdo::tests::randomCircuit(MLIRContext &context, const Choices &choices,
                                                bool flat) {
  return make(context, choices, flat, false);
}

OwningOpRef<ModuleOp> qdo::tests::thereAndBack(MLIRContext &context, const Choices &choices) {
  return make(context, choices, true, true);
}

qc::CircuitOp qdo::tests::circuitOf(ModuleOp module) {
  return *module.getOps<qc::CircuitOp>().begin();
}
