// SPDX-License-Identifier: Apache-2.0
// Counts gates, layers and T gates of a circuit.
// Why 7: the T count of a Toffoli gate without measurement (Amy, Maslov, Mosca and Roetteler,
// arXiv:1206.0758); a Fredkin gate is one between two CNOTs.
#include "qdo/ir/resources.h"
#include "qdo/ir/applied_gate.h"
#include <cmath>
#include <numbers>

using namespace mlir;
using namespace qdo::ir;

// How many times `unit` goes into `angle`, when that is a whole number.
static std::optional<int64_t> wholeTurns(double angle, double unit) {
  double turns = angle / unit, whole = std::nearbyint(turns);
  if (std::abs(turns) > 1e9 || std::abs(turns - whole) > 1e-12 * std::max(1.0, std::abs(turns)))
    return std::nullopt;
  return static_cast<int64_t>(whole);
}

// T gates needed exactly; nothing for a gate that Clifford+T only approximates, or that is not one
// of the usual ones.
static std::optional<int64_t> tGates(const AppliedGate &applied) {
  const GateInfo &info = applied.info();
  unsigned controls = applied.controls();
  auto angles = qc::constantAngles(applied.angles);
  if (!angles)
    return std::nullopt;
  if (info.parameters == 0) {
    if (info.matrix == gateInfo(Gate::t).matrix || info.matrix == gateInfo(Gate::tdg).matrix)
      return controls == 0 ? std::optional(1) : std::nullopt;
    bool pauli = info.matrix == gateInfo(Gate::x).matrix ||
                 info.matrix == gateInfo(Gate::y).matrix || info.matrix == gateInfo(Gate::z).matrix;
    if (controls == 0 || (pauli && controls == 1))
      return 0;
    if (info.matrix == gateInfo(Gate::h).matrix && controls == 1)
      return 2;
    if ((pauli && controls == 2) || (info.targets == 2 && controls == 1))
      return 7;
    return std::nullopt;
  }
  if (info.parameters > 1 || controls > 1)
    return std::nullopt;
  if (controls == 0) {
    auto turns = wholeTurns((*angles)[0], std::numbers::pi / 4);
    return turns ? std::optional(*turns % 2 == 0 ? 0 : 1) : std::nullopt;
  }
  // A controlled phase is half of the angle on each qubit and on both together; a controlled
  // rotation, on the target and on both together, so it is Clifford from the half turn on.
  bool phase = info.matrix == gateInfo(Gate::p).matrix;
  if (wholeTurns((*angles)[0], std::numbers::pi))
    return 0;
  if (wholeTurns((*angles)[0], std::numbers::pi / 2))
    return phase ? 3 : 2;
  return std::nullopt;
}

Resources qdo::ir::resources(Operation *op) {
  auto circuit = cast<qc::CircuitOp>(op);
  Resources found;
  found.qubits = circuit.getQubitCount();
  DenseMap<Value, int64_t> layers; // those before a qubit's next gate
  for (Operation &gate : circuit.getBodyBlock()->without_terminator()) {
    if (gate.getNumResults() == 0 || !qc::isQubit(gate.getResult(0)))
      continue;
    ++found.gates;
    found.twoQubit += gate.getNumResults() == 2;
    found.larger += gate.getNumResults() > 2;
    auto applied = appliedGate(&gate);
    auto needed = applied ? tGates(*applied) : std::nullopt;
    found.tGates += needed.value_or(0);
    found.rotations += !needed;
    int64_t layer = 0;
    for (Value input : gate.getOperands())
      layer = std::max(layer, layers.lookup(input));
    ++layer;
    for (Value output : gate.getResults())
      layers[output] = layer;
    found.depth = std::max(found.depth, layer);
  }
  return found;
}
