// SPDX-License-Identifier: Apache-2.0
// `qc-spell-one-qubit`: one-qubit gates as rz, sx and x, constant ones as short as they can be.
// Why two sx are enough: U(a, b, c) = i e^{i(b+c)/2} Rz(b + pi) SX Rz(a + pi) SX Rz(c) (McKay,
// Wood, Sheldon, Chow, Gambetta, Phys. Rev. A 96, 022330 (2017)).
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "one_qubit.h"
#include "qdo/ir/gate_runs.h"
#include "qdo/ir/passes.h"
#include "qdo/ir/phase_gates.h"
#include <numbers>

using namespace mlir;
using namespace qdo::ir;

namespace qdo::ir {
#define GEN_PASS_DEF_SPELLONEQUBIT
#include "qdo/ir/passes.h.inc"
} // namespace qdo::ir

namespace {

constexpr double pi = std::numbers::pi;

class Speller {
public:
  explicit Speller(GateList &list) : list(list) {}

  bool run() {
    std::vector<ListedGate> old = std::move(list.gates);
    list.gates.clear();
    for (const ListedGate &gate : old) {
      bool spelled =
          gate.wires.size() != 1 || gate.is(Gate::rz) || gate.is(Gate::sx) || gate.is(Gate::x);
      if (spelled) {
        list.gates.push_back(gate);
        continue;
      }
      changed = true;
      sample = gate;
      spell(gate);
    }
    list.phase = reduced(list.phase, 2 * pi);
    return changed;
  }

private:
  void rz(const Angle &angle) {
    // Whole turns are phases.
    Angle turn = reduced(angle, 2 * pi);
    list.phase = list.phase + (turn - angle) * 0.5;
    if (!turn.isZero())
      list.gates.push_back(gateLike(sample, Gate::rz, sample.wires, turn));
  }
  void add(Gate gate) { list.gates.push_back(gateLike(sample, gate, sample.wires)); }

  void spell(const ListedGate &gate) {
    if (auto phase = parityPhase(gate)) {
      list.phase = list.phase + phase->global + phase->angle * 0.5;
      return rz(phase->angle);
    }
    if (gate.isConstant())
      return spellConstant(gate);
    ArrayRef<Angle> angles = gate.angles;
    if (gate.gate == Gate::rx)
      return spellU(angles[0], -pi / 2, pi / 2);
    if (gate.gate == Gate::ry)
      return spellU(angles[0], 0, 0);
    if (gate.inverse)
      return spellU(-angles[0], -angles[2], -angles[1]);
    spellU(angles[0], angles[1], angles[2]);
  }

  void spellU(const Angle &theta, const Angle &phi, const Angle &lambda) {
    list.phase = list.phase + (phi + lambda) * 0.5 + pi / 2;
    rz(lambda);
    add(Gate::sx);
    rz(theta + pi);
    add(Gate::sx);
    rz(phi + pi);
  }

  void spellConstant(const ListedGate &gate) {
    GateMatrix matrix = gate.matrix();
    if (std::abs(matrix[1]) <= 1e-13) {
      list.phase = list.phase + (std::arg(matrix[0]) + std::arg(matrix[3])) * 0.5;
      return rz(std::arg(matrix[3]) - std::arg(matrix[0]));
    }
    double theta = 2 * std::atan2(std::abs(matrix[2]), std::abs(matrix[0]));
    bool flips = std::abs(matrix[0]) <= 1e-13;
    // e^{i global} U(theta, phi, lambda); phi is free when the gate only flips.
    double global = std::arg(matrix[flips ? 2 : 0]);
    double phi = std::arg(matrix[2]) - global, lambda = std::arg(-matrix[1]) - global;
    list.phase = list.phase + global;
    if (flips) { // X diag(1, -e^{i lambda})
      list.phase = list.phase + (lambda + pi) * 0.5;
      rz(lambda + pi);
      return add(Gate::x);
    }
    if (std::abs(theta - pi / 2) < 1e-13) { // U = e^{i(phi + lambda)/2} Rz(phi) Ry(pi/2) Rz(lambda)
      // Ry(pi/2) = Rz(pi/2) Rx(pi/2) Rz(-pi/2), and SX = e^{i pi/4} Rx(pi/2)
      list.phase = list.phase + (phi + lambda) * 0.5 - pi / 4;
      rz(lambda - pi / 2);
      add(Gate::sx);
      return rz(phi + pi / 2);
    }
    spellU(theta, phi, lambda);
  }

  GateList &list;
  ListedGate sample;
  bool changed = false;
};

struct SpellOneQubitPass : qdo::ir::impl::SpellOneQubitBase<SpellOneQubitPass> {
  void runOnOperation() override {
    rewriteRuns(getOperation(), [](GateList &list) { return Speller(list).run(); });
  }
};

} // namespace
