// SPDX-License-Identifier: Apache-2.0
// `qc-lower-to-basis`: every gate as cx and one-qubit gates, global phase included.
// After: Barenco et al., Phys. Rev. A 52, 3457 (1995) for controlled gates; a phase under controls
// is a sum of phases of parities, visited in the order of a Gray code.
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "qdo/ir/gate_runs.h"
#include "qdo/ir/passes.h"
#include "qdo/ir/phase_gates.h"
#include "qdo/ir/qc.h"
#include <bit>
#include <numbers>

using namespace mlir;
using namespace qdo::ir;

namespace qdo::ir {
#define GEN_PASS_DEF_LOWERTOBASIS
#include "qdo/ir/passes.h.inc"
} // namespace qdo::ir

namespace {

constexpr double pi = std::numbers::pi;
constexpr unsigned mostControls = 12;

using Wires = SmallVector<unsigned, 4>;

class Speller {
public:
  explicit Speller(GateList &list) : list(list) {}

  bool run() {
    std::vector<ListedGate> old = std::move(list.gates);
    list.gates.clear();
    for (const ListedGate &given : old) {
      bool plain = given.is(Gate::cx) || (given.wires.size() == 1 && !given.inverse);
      if (plain) {
        list.gates.push_back(given);
        continue;
      }
      sample = given;
      changed = true;
      ListedGate gate = withoutInverse(given);
      if (gate.gate == Gate::cu) // controlled e^{id} U(a, b, c)
        phase(gate.angles[3], Wires(gate.controlWires()));
      spell(base(gate.gate), gate.angles, Wires(gate.controlWires()), Wires(gate.targetWires()));
    }
    return changed;
  }

private:
  // The row without controls that has the same matrix.
  static Gate base(Gate gate) {
    if (gate == Gate::cu)
      return Gate::u;
    for (auto [index, info] : llvm::enumerate(allGates()))
      if (info.controls == 0 && info.matrix == gateInfo(gate).matrix)
        return static_cast<Gate>(index);
    llvm_unreachable("each controlled row of gates.def has its row without controls");
  }

  // A gate under qc.inv as a gate: sx is H S H, and S has a named inverse.
  ListedGate withoutInverse(const ListedGate &given) {
    ListedGate gate(given);
    if (!gate.inverse)
      return gate;
    gate.inverse = false;
    if (gate.angles.size() < 3) {
      inverseSx = gate.gate == Gate::sx;
      return gate;
    }
    std::swap(gate.angles[1], gate.angles[2]);
    for (Angle &angle : gate.angles)
      angle = -angle;
    return gate;
  }

  void add(Gate gate, ArrayRef<unsigned> wires, ArrayRef<Angle> angles = {}) {
    list.gates.push_back(gateLike(sample, gate, wires, angles));
  }

  // e^{ia} when all of `wires` are 1. The product of m bits is the sum over their parities with
  // weights +-1/2^{m-1}.
  void phase(const Angle &angle, const Wires &wires) {
    if (wires.empty()) {
      list.phase = list.phase + angle;
      return;
    }
    Angle part = angle * std::ldexp(1, 1 - static_cast<int>(wires.size()));
    for (unsigned last = 0; last < wires.size(); ++last) {
      // Parities whose highest bit is `last` are made on that wire.
      unsigned count = 1u << last, code = 0;
      for (unsigned step = 0; step < count; ++step) {
        Angle own = std::popcount(code) % 2 == 0 ? part : -part;
        if (auto gate = phaseGate(sample, wires[last], own, false, list.phase))
          list.gates.push_back(*gate);
        if (last == 0)
          break;
        unsigned bit = step + 1 == count ? last - 1 : std::countr_zero(step + 1);
        code ^= 1u << bit;
        add(Gate::cx, {wires[bit], wires[last]});
      }
    }
  }

  // e^{-ia/2} or e^{ia/2} by the parity of `target`, under controls.
  void rotation(const Angle &angle, const Wires &controls, unsigned target) {
    if (controls.empty()) {
      add(Gate::rz, target, angle);
      return;
    }
    if (controls.size() == 1) { // without a phase of the control
      add(Gate::rz, target, angle * 0.5);
      add(Gate::cx, {controls[0], target});
      add(Gate::rz, target, angle * -0.5);
      add(Gate::cx, {controls[0], target});
      return;
    }
    Wires all(controls);
    all.push_back(target);
    phase(angle, all);
    phase(angle * -0.5, controls);
  }

  void spell(Gate gate, ArrayRef<Angle> angles, const Wires &controls, const Wires &targets) {
    unsigned target = targets[0];
    Wires all(controls);
    all.push_back(target);
    auto under = [&](Gate inner, ArrayRef<Angle> own = {}) {
      spell(inner, own, controls, targets);
    };
    switch (gate) {
    case Gate::x:
      if (controls.empty())
        return add(Gate::x, target);
      if (controls.size() == 1)
        return add(Gate::cx, {controls[0], target});
      add(Gate::h, target);
      phase(pi, all);
      return add(Gate::h, target);
    case Gate::y:
      add(Gate::sdg, target);
      under(Gate::x);
      return add(Gate::s, target);
    case Gate::z:
      if (controls.size() != 1)
        return phase(pi, all);
      add(Gate::h, target);
      add(Gate::cx, all);
      return add(Gate::h, target);
    case Gate::h: // Ry(pi/4) Z Ry(-pi/4)
      add(Gate::ry, target, Angle(-pi / 4));
      under(Gate::z);
      return add(Gate::ry, target, Angle(pi / 4));
    case Gate::sx:
      add(Gate::h, target);
      phase(inverseSx ? -pi / 2 : pi / 2, all);
      inverseSx = false;
      return add(Gate::h, target);
    case Gate::s:
    case Gate::sdg:
    case Gate::t:
    case Gate::tdg:
      return phase(parityPhase(gateLike(sample, gate, target))->angle, all);
    case Gate::p:
      return phase(angles[0], all);
    case Gate::rz:
      return rotation(angles[0], controls, target);
    case Gate::rx:
      add(Gate::h, target);
      rotation(angles[0], controls, target);
      return add(Gate::h, target);
    case Gate::ry:
      for (Gate turn : {Gate::sdg, Gate::h})
        add(turn, target);
      rotation(angles[0], controls, target);
      for (Gate turn : {Gate::h, Gate::s})
        add(turn, target);
      return;
    case Gate::u: {
      // e^{i(b+c)/2} Rz(b) Ry(a) Rz(c) = A X B X C with A B C = 1
      Angle sum = (angles[1] + angles[2]) * 0.5;
      if (controls.empty())
        return add(Gate::u, target, angles);
      phase(sum, controls);
      add(Gate::rz, target, (angles[2] - angles[1]) * 0.5);
      under(Gate::x);
      add(Gate::rz, target, -sum);
      add(Gate::ry, target, angles[0] * -0.5);
      under(Gate::x);
      add(Gate::ry, target, angles[0] * 0.5);
      return add(Gate::rz, target, angles[1]);
    }
    case Gate::swap: {
      add(Gate::cx, {targets[1], targets[0]});
      Wires inner(controls);
      inner.push_back(targets[0]);
      spell(Gate::x, {}, inner, {targets[1]});
      return add(Gate::cx, {targets[1], targets[0]});
    }
    case Gate::rzz:
      add(Gate::cx, targets);
      rotation(angles[0], controls, targets[1]);
      return add(Gate::cx, targets);
    case Gate::rxx:
      for (unsigned wire : targets)
        add(Gate::h, wire);
      under(Gate::rzz, angles);
      for (unsigned wire : targets)
        add(Gate::h, wire);
      return;
    case Gate::ryy:
      for (unsigned wire : targets)
        add(Gate::rx, wire, Angle(pi / 2));
      under(Gate::rzz, angles);
      for (unsigned wire : targets)
        add(Gate::rx, wire, Angle(-pi / 2));
      return;
    default:
      llvm_unreachable("`base` gives rows without controls only");
    }
  }

  GateList &list;
  ListedGate sample;
  bool inverseSx = false, changed = false;
};

struct LowerToBasisPass : qdo::ir::impl::LowerToBasisBase<LowerToBasisPass> {
  void runOnOperation() override {
    auto refused = getOperation()->walk([](qc::CtrlOp op) -> WalkResult {
      if (op.getControls().size() <= mostControls)
        return WalkResult::advance();
      return op.emitOpError() << "has " << op.getControls().size()
                              << " controls; gates under more than " << mostControls
                              << " have no spelling of bearable length";
    });
    if (refused.wasInterrupted())
      return signalPassFailure();
    rewriteRuns(getOperation(), [](GateList &list) { return Speller(list).run(); });
  }
};

} // namespace
