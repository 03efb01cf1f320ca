// SPDX-License-Identifier: Apache-2.0
// Walking a recipe as sim::emit does.
#include "runtime/gradient/sequence.h"

#include "runtime/sim/circuit.h"

#include <algorithm>

namespace qdo::gradient {

using sim::Recipe;

namespace {

int rowOf(std::string_view name) {
  auto found = std::ranges::find(gates::all(), name, &gates::GateInfo::name);
  return static_cast<int>(found - gates::all().begin());
}

class Walk {
public:
  explicit Walk(Sequence &out) : out_(out) {}

  std::vector<SourcedGate> of(const Recipe &recipe) {
    switch (recipe.form) {
    case Recipe::Form::Leaf:
      return leaf(recipe);
    case Recipe::Form::Idle: // nothing happens to a qubit that waits without noise
      return of(*recipe.left);
    case Recipe::Form::Then: {
      std::vector<SourcedGate> gates = of(*recipe.left);
      std::vector<SourcedGate> after = of(*recipe.right);
      gates.insert(gates.end(), after.begin(), after.end());
      return gates;
    }
    case Recipe::Form::Tensor: {
      std::vector<SourcedGate> gates = of(*recipe.left);
      for (SourcedGate &gate : shifted(of(*recipe.right), static_cast<int>(recipe.left->qubits)))
        gates.push_back(gate);
      return gates;
    }
    case Recipe::Form::Adjoint: {
      std::vector<SourcedGate> gates = of(*recipe.left);
      std::ranges::reverse(gates);
      for (SourcedGate &gate : gates)
        if (gate.isPhase()) {
          gate.call.angles[0] = -gate.call.angles[0];
          gate.angles[0].factor = -gate.angles[0].factor;
        } else {
          gate.call.inverse = !gate.call.inverse;
        }
      return gates;
    }
    case Recipe::Form::Control: {
      const auto controls = static_cast<int>(recipe.exponent);
      std::vector<SourcedGate> gates = shifted(onWires(of(*recipe.left)), controls);
      for (SourcedGate &gate : gates)
        gate.call.controls |= (uint64_t{1} << controls) - 1;
      return gates;
    }
    case Recipe::Form::Power: {
      const std::vector<SourcedGate> once = of(*recipe.left);
      std::vector<SourcedGate> gates;
      for (int64_t i = 0; i < recipe.exponent; ++i)
        gates.insert(gates.end(), once.begin(), once.end());
      return gates;
    }
    case Recipe::Form::Moved: {
      std::vector<SourcedGate> gates = of(*recipe.left);
      const auto at = static_cast<size_t>(recipe.exponent);
      gates[at].call.angles[recipe.angle] += recipe.shift;
      return gates;
    }
    }
    return {};
  }

private:
  /// Phases as the gates that qdo_sink::globalPhase makes of them: under controls they are no
  /// longer global.
  static std::vector<SourcedGate> onWires(const std::vector<SourcedGate> &gates) {
    static const int p = rowOf("p"), rz = rowOf("rz");
    std::vector<SourcedGate> made;
    for (const SourcedGate &gate : gates) {
      if (!gate.isPhase()) {
        made.push_back(gate);
        continue;
      }
      for (const auto &[row, factor] : {std::pair(p, 2.0), std::pair(rz, -2.0)}) {
        SourcedGate turned = gate;
        turned.call.gate = row;
        turned.call.angles[0] *= factor;
        turned.angles[0].factor *= factor;
        made.push_back(turned);
      }
    }
    return made;
  }

  static std::vector<SourcedGate> shifted(std::vector<SourcedGate> gates, int by) {
    for (SourcedGate &gate : gates) {
      if (gate.isPhase())
        continue;
      gate.call.controls <<= by;
      gate.call.target0 += by;
      if (gate.call.target1 >= 0)
        gate.call.target1 += by;
    }
    return gates;
  }

  std::vector<SourcedGate> leaf(const Recipe &recipe) {
    const qdo_circuit &circuit = *recipe.circuit;
    auto known = std::ranges::find(out_.leaves, &recipe, &Sequence::Leaf::recipe);
    const auto place = static_cast<int32_t>(known - out_.leaves.begin());
    if (known == out_.leaves.end()) {
      sim::CheckSink sink;
      out_.leaves.push_back({&recipe, sim::anglesOf(circuit, recipe.data.data(), sink)});
      if (out_.refused.problem == angles::Problem::None)
        out_.refused = sink.refused();
    }
    const std::vector<double> &slots = out_.leaves[static_cast<size_t>(place)].slots;
    std::vector<SourcedGate> gates;
    gates.reserve(static_cast<size_t>(circuit.gate_count));
    auto add = [&](gates::GateCall call, const int32_t *angles, double factor) {
      SourcedGate gate{call, {}};
      for (int i = 0; i < 4 && angles[i] >= 0; ++i) {
        gate.call.angles[i] = factor * slots[static_cast<size_t>(angles[i])];
        if (angles[i] >= circuit.constant_count)
          gate.angles[i] = {place, angles[i], factor};
      }
      gates.push_back(gate);
    };
    for (const qdo_gate &gate : std::span(circuit.gates, static_cast<size_t>(circuit.gate_count)))
      if (gate.gate == QDO_GLOBAL_PHASE)
        add({QDO_GLOBAL_PHASE, false, 0, 0, -1, {}}, gate.angles, 1);
      else
        add({gate.gate, gate.inverse != 0, gate.controls, gate.target0, gate.target1, {}},
            gate.angles, 1);
    return gates;
  }

  Sequence &out_;
};

} // namespace

Sequence sequenceOf(const Recipe &recipe) {
  Sequence sequence;
  sequence.qubits = static_cast<int>(recipe.qubits);
  sequence.gates = Walk(sequence).of(recipe);
  return sequence;
}

bool Sequence::sameShape(const Sequence &other) const {
  if (qubits != other.qubits || gates.size() != other.gates.size() ||
      leaves.size() != other.leaves.size())
    return false;
  for (size_t i = 0; i < leaves.size(); ++i)
    if (leaves[i].recipe->circuit != other.leaves[i].recipe->circuit)
      return false;
  return std::ranges::equal(gates, other.gates, [](const SourcedGate &a, const SourcedGate &b) {
    return a.call.gate == b.call.gate && a.call.inverse == b.call.inverse &&
           a.call.controls == b.call.controls && a.call.target0 == b.call.target0 &&
           a.call.target1 == b.call.target1 &&
           std::ranges::equal(a.angles, b.angles, [](const auto &x, const auto &y) {
             return x.leaf == y.leaf && x.slot == y.slot && x.factor == y.factor;
           });
  });
}

} // namespace qdo::gradient
