// SPDX-License-Identifier: Apache-2.0
// What each gate is made of: relabelling, phases of parities, rotations about Y, Hadamards.
// Why: neighbouring gates on one wire become one rotation before anything is applied.
#include "runtime/batch/lower.h"

#include "runtime/batch/turns.h"
#include "runtime/gates/gates.h"

#include <stdexcept>
#include <string>

namespace qdo::batch {

using std::numbers::pi;

namespace {

class Lowering {
public:
  explicit Lowering(const qdo_circuit &circuit)
      : circuit_(circuit), out_{{}, {}, {}, Frame(static_cast<int>(circuit.qubits)), 0},
        runs_(circuit.qubits) {
    out_.slots = static_cast<int32_t>(circuit.slot_count);
  }

  Lowered run() {
    for (int64_t i = 0; i < circuit_.gate_count; ++i)
      gate(circuit_.gates[i]);
    for (int wire = 0; wire < out_.wires.size(); ++wire)
      flush(wire);
    out_.layers = layers_.take();
    out_.constant = layers_.constant();
    return std::move(out_);
  }

private:
  Angle angle(const qdo_gate &gate, int i) const {
    const int32_t slot = gate.angles[i];
    if (slot < 0)
      return 0;
    return slot < circuit_.constant_count ? Angle(circuit_.constants[slot]) : Angle::slot(slot);
  }

  void gate(const qdo_gate &gate) {
    const std::vector<int> controls = wiresOf(gate.controls);
    if (gate.gate == QDO_GLOBAL_PHASE) {
      phase(controls, angle(gate, 0) * (gate.inverse ? -1 : 1));
      return;
    }
    const auto all = gates::all();
    if (gate.gate < 0 || static_cast<size_t>(gate.gate) >= all.size())
      throw std::invalid_argument("a gate that is not in the record");
    std::string_view name = all[gate.gate].name;
    const Angle a[4] = {angle(gate, 0), angle(gate, 1), angle(gate, 2), angle(gate, 3)};
    const int first = gate.target0, second = gate.target1;
    check(gate);
    if (name.ends_with("swap")) {
      swap(controls, first, second);
    } else if (second >= 0) {
      two(name, controls, first, second, gate.inverse ? -a[0] : a[0]);
    } else {
      name.remove_prefix(all[gate.gate].controls);
      // The name of cu is that of u with an angle more.
      Turn turn = turnOf(name, a);
      one(name, controls, first, gate.inverse ? inverse(turn) : turn);
    }
  }

  void check(const qdo_gate &gate) const {
    const uint64_t targets =
        uint64_t{1} << gate.target0 | (gate.target1 >= 0 ? uint64_t{1} << gate.target1 : 0);
    if (gate.target0 == gate.target1 || (gate.controls & targets) != 0 ||
        ((gate.controls | targets) >> circuit_.qubits) != 0)
      throw std::invalid_argument("a gate whose wires repeat");
  }

  static std::vector<int> wiresOf(uint64_t mask) {
    std::vector<int> wires;
    for (; mask != 0; mask &= mask - 1)
      wires.push_back(std::countr_zero(mask));
    return wires;
  }

  /// e^{i angle} where all wires are 1.
  void phase(const std::vector<int> &wires, const Angle &angle) {
    if (angle.is(0))
      return;
    for (int wire : wires)
      flush(wire);
    if (wires.size() <= 3) {
      // The product of k bits is 2^(1-k) times a sum over parities of its subsets, signs
      // alternating.
      if (wires.empty())
        layers_.phase(angle);
      for (uint32_t subset = 1; subset < 1U << wires.size(); ++subset) {
        Parity parity;
        for (size_t i = 0; i < wires.size(); ++i)
          if ((subset >> i & 1) != 0) {
            parity.mask ^= out_.wires.bits[wires[i]].mask;
            parity.flip ^= out_.wires.bits[wires[i]].flip;
          }
        const double sign = std::popcount(subset) % 2 != 0 ? 1 : -1;
        layers_.phase(parity, angle * (sign * std::ldexp(2, -static_cast<int>(wires.size()))));
      }
      return;
    }
    layers_.controlled({Controlled::Form::PhaseOnly, bitsOf(wires), {}, angle, {}, {}, {}});
  }

  std::vector<Parity> bitsOf(const std::vector<int> &wires) const {
    std::vector<Parity> bits;
    for (int wire : wires)
      bits.push_back(out_.wires.bits[wire]);
    return bits;
  }
  Axis axis(int wire) const { return {out_.wires.bits[wire], out_.wires.flips[wire]}; }

  void one(std::string_view name, const std::vector<int> &controls, int target, const Turn &turn) {
    if (controls.empty()) {
      runs_[target].push(turn);
      return;
    }
    if (name == "y") { // S X S-adjoint
      runs_[target].push({0, 0, 0, -pi / 2});
      controlledX(controls, target);
      runs_[target].push({0, 0, 0, pi / 2});
    } else if (name == "x") {
      controlledX(controls, target);
    } else if (turn.turn.isConstant() && turn.turn.constant == 0) {
      phase(controls, turn.phase);
      std::vector<int> wires = controls;
      wires.push_back(target);
      phase(wires, turn.before + turn.after);
    } else {
      for (int wire : controls)
        flush(wire);
      flush(target);
      layers_.controlled({Controlled::Form::Rotation, bitsOf(controls), axis(target), turn.phase,
                          turn.before, turn.turn, turn.after});
    }
  }

  void controlledX(const std::vector<int> &controls, int target) {
    for (int wire : controls)
      flush(wire);
    flush(target);
    if (controls.size() == 1)
      out_.wires.add(controls[0], target);
    else if (controls.empty())
      out_.wires.bits[target].flip ^= true;
    else
      layers_.controlled(
          {Controlled::Form::Exchange, bitsOf(controls), axis(target), {}, {}, {}, {}});
  }

  void swap(std::vector<int> controls, int a, int b) {
    if (controls.empty()) {
      out_.wires.exchange(a, b);
      std::swap(runs_[a], runs_[b]);
      return;
    }
    controlledX({b}, a);
    controls.push_back(a);
    controlledX(controls, b);
    controlledX({b}, a);
  }

  /// e^{-i angle PP / 2} for the Pauli matrix P of the name.
  void two(std::string_view name, const std::vector<int> &controls, int a, int b,
           const Angle &angle) {
    Angle none[4] = {angle, 0, 0, 0};
    if (name == "rzz") {
      controlledX({a}, b);
      one("rz", controls, b, turnOf("rz", none));
      flush(b);
      controlledX({a}, b);
      return;
    }
    const bool y = name == "ryy";
    if (!y && name != "rxx")
      throw std::invalid_argument("no rule for the gate `" + std::string(name) + "`");
    auto turnBoth = [&](double by) { // Y = S X S-adjoint on both wires
      if (y)
        for (int wire : {a, b})
          runs_[wire].push({0, 0, 0, by});
    };
    turnBoth(-pi / 2);
    controlledX({a}, b); // takes X on a to XX
    one("rx", controls, a, turnOf("rx", none));
    flush(a);
    controlledX({a}, b);
    turnBoth(pi / 2);
  }

  void flush(int wire) {
    Run run = std::exchange(runs_[wire], {});
    if (run.empty())
      return;
    run.simplify();
    layers_.phase(run.phase);
    auto phaseHere = [&](const Angle &angle) { layers_.phase(out_.wires.bits[wire], angle); };
    if (run.steps.size() > 1) {
      Fusion fusion{run.alternating(), out_.slots};
      out_.slots += 4;
      layers_.phase(Angle::slot(fusion.into + 3));
      phaseHere(Angle::slot(fusion.into + 1));
      layers_.mix({axis(wire), Angle::slot(fusion.into)});
      phaseHere(Angle::slot(fusion.into + 2));
      out_.fusions.push_back(std::move(fusion));
      return;
    }
    if (run.steps.empty()) {
      phaseHere(run.first);
      return;
    }
    const Angle &turn = run.steps[0].turn;
    Angle before = run.first, after = run.steps[0].after;
    // Rotations by quarters have names. By whole turns more, their sign changes.
    double quarter = 0;
    if (turn.is(pi) || turn.is(pi / 2)) { // X after P(pi), or a Hadamard after P(pi)
      quarter = turn.is(pi) ? pi : pi / 2;
      before += pi;
    } else if (turn.is(-pi / 2)) { // P(pi) after a Hadamard
      quarter = -pi / 2;
      after += pi;
    }
    const bool named = quarter != 0 || turn.is(0);
    if (named && !turn.is(quarter, 4 * pi))
      layers_.phase(Angle(pi));
    phaseHere(before);
    if (quarter == pi)
      out_.wires.bits[wire].flip ^= true;
    else if (quarter != 0)
      layers_.mix({axis(wire), std::nullopt});
    else if (!named)
      layers_.mix({axis(wire), turn});
    phaseHere(after);
  }

  const qdo_circuit &circuit_;
  Lowered out_;
  Layers layers_;
  std::vector<Run> runs_; ///< gates of one wire that wait for a neighbour
};

} // namespace

Lowered lower(const qdo_circuit &circuit) { return Lowering(circuit).run(); }

} // namespace qdo::batch
