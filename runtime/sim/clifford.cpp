// SPDX-License-Identifier: Apache-2.0
// The walk over a recipe that looks for gates which are not Clifford.
#include "runtime/sim/clifford.h"

#include "runtime/base/format.h"
#include "runtime/base/hash.h"
#include "runtime/sim/circuit.h"
#include "runtime/sim/prepare.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace qdo::sim {

using stabilizer::Cliffords;

Cliffords &cliffords(base::Context &ctx) { return ctx.part<Cliffords>(); }

std::string shownGate(int gate, bool inverse, int controls, std::span<const double> angles) {
  std::string out = inverse ? "adj " : "";
  const auto &info = gates::all()[static_cast<size_t>(gate)];
  if (const int more = controls - info.controls; more > 0)
    out += more == 1 ? "ctrl " : "ctrl(" + std::to_string(more) + ") ";
  out += info.name;
  for (int i = 0; i < info.parameters; ++i)
    out += (i ? ", " : "(") + base::formatReal("", angles[static_cast<size_t>(i)]);
  return out + (info.parameters > 0 ? ")" : "");
}

namespace {

class Reader {
public:
  Reader(Cliffords &known, CliffordCircuit &out) : known_(known), out_(out) {}

  /// The recipe on the wires from `shift` on, where `controls` are 1.
  void read(const Recipe &recipe, int shift, bool inverse, std::vector<int> &controls) {
    if (!out_.clifford())
      return;
    switch (recipe.form) {
    case Recipe::Form::Idle: // nothing happens to a qubit that waits without noise
      return read(*recipe.left, shift, inverse, controls);
    case Recipe::Form::Moved: // one angle is moved by less than a quarter turn at will
      out_.notClifford = "a gate whose angle is moved for a gradient";
      return;
    case Recipe::Form::Leaf:
      return leaf(recipe, shift, inverse, controls);
    case Recipe::Form::Then:
      read(inverse ? *recipe.right : *recipe.left, shift, inverse, controls);
      return read(inverse ? *recipe.left : *recipe.right, shift, inverse, controls);
    case Recipe::Form::Tensor:
      read(*recipe.left, shift, inverse, controls);
      return read(*recipe.right, shift + static_cast<int>(recipe.left->qubits), inverse, controls);
    case Recipe::Form::Adjoint:
      return read(*recipe.left, shift, !inverse, controls);
    case Recipe::Form::Power:
      for (int64_t i = 0; i < recipe.exponent && out_.clifford(); ++i)
        read(*recipe.left, shift, inverse, controls);
      return;
    case Recipe::Form::Control: {
      const int more = static_cast<int>(recipe.exponent);
      for (int i = 0; i < more; ++i)
        controls.push_back(shift + i);
      read(*recipe.left, shift + more, inverse, controls);
      controls.resize(controls.size() - static_cast<size_t>(more));
      return;
    }
    }
  }

private:
  void leaf(const Recipe &recipe, int shift, bool inverse, const std::vector<int> &controls) {
    const qdo_circuit &circuit = *recipe.circuit;
    CheckSink check;
    const std::vector<double> slots = anglesOf(circuit, recipe.data.data(), check);
    out_.refused = check.refused();
    out_.infinite |= !std::ranges::all_of(slots, [](double a) { return std::isfinite(a); });
    const std::span gates(circuit.gates, static_cast<size_t>(circuit.gate_count));
    for (size_t i = 0; i < gates.size() && out_.clifford(); ++i)
      gate(circuit, gates[inverse ? gates.size() - 1 - i : i], slots, shift, inverse, controls);
  }

  void gate(const qdo_circuit &circuit, const qdo_gate &gate, const std::vector<double> &slots,
            int shift, bool inverse, const std::vector<int> &controls) {
    stabilizer::CliffordKey key{gate.gate, (gate.inverse != 0) != inverse, 0, {}};
    for (size_t i = 0; i < 4 && gate.angles[i] >= 0; ++i)
      key.angles[i] = slots[static_cast<size_t>(gate.angles[i])];
    wires_ = controls;
    if (circuit.qubits > QDO_MASK_QUBITS && gate.controls >> 48 == QDO_MORE_CONTROLS) {
      out_.notClifford = "a gate with more than four controls";
      return;
    }
    if (gate.gate != QDO_GLOBAL_PHASE) {
      for (int wire : controlsOf(circuit, gate))
        wires_.push_back(shift + wire);
      key.controls = static_cast<int>(wires_.size());
      wires_.push_back(shift + gate.target0);
      if (gate.target1 >= 0)
        wires_.push_back(shift + gate.target1);
    } else {
      key.gate = -1;
      key.controls = static_cast<int>(wires_.size());
    }
    const auto found = known_.find(key);
    if (found.nothing)
      return;
    if (!found.gate) {
      out_.notClifford =
          key.gate < 0 ? "a controlled phase"
                       : "`" + shownGate(key.gate, key.inverse, key.controls, key.angles) + "`";
      return;
    }
    CliffordOp op{found.gate, {}};
    const size_t count = static_cast<size_t>(found.gate->wires);
    std::copy_n(wires_.begin(), count, op.wires);
    for (size_t i = 0; i < count; ++i)
      for (size_t j = 0; j < i; ++j)
        out_.aliased |= op.wires[i] == op.wires[j];
    out_.ops.push_back(op);
  }

  Cliffords &known_;
  CliffordCircuit &out_;
  std::vector<int> wires_;
};

/// Circuits that were read, by hash.
struct Read {
  std::unordered_map<uint64_t, std::shared_ptr<const CliffordCircuit>> circuits;
  size_t ops = 0;
};

} // namespace

std::shared_ptr<const CliffordCircuit> cliffordCircuit(base::Context &ctx, const Recipe &recipe,
                                                       bool inverse) {
  auto &kept = ctx.part<Read>();
  constexpr size_t most = size_t{1} << 22; // operations, 100 MB
  if (kept.ops > most || kept.circuits.size() > 4096)
    kept = {};
  auto &known =
      kept.circuits[base::Hasher("clifford").add(recipe.hash).add(uint64_t{inverse}).value()];
  if (!known) {
    auto circuit = std::make_shared<CliffordCircuit>();
    std::vector<int> controls;
    Reader(cliffords(ctx), *circuit).read(recipe, 0, inverse, controls);
    if (!circuit->clifford())
      circuit->ops = {};
    kept.ops += circuit->ops.size();
    known = std::move(circuit);
  }
  return known;
}

std::string whyAmplitudes(base::Context &ctx, const Recipe &recipe) {
  const auto circuit = cliffordCircuit(ctx, recipe);
  if (!circuit->notClifford.empty())
    return "Clifford circuits are simulated without amplitudes, but " + circuit->notClifford +
           " is not Clifford";
  return circuit->clifford() ? "of a Clifford circuit, means, samples and |<p|r>|^2 need no "
                               "amplitudes; amplitudes and the phase of <p|r> do"
                             : "";
}

bool failsAnyway(base::Context &ctx, qdo_site site, const Recipe &recipe,
                 const CliffordCircuit &circuit) {
  if (refuses(ctx, site, circuit.refused))
    return true;
  const std::string shown = "`" + recipe.format("") + "`";
  if (circuit.infinite)
    ctx.fail(site, base::Kind::AngleNotFinite, shown);
  else if (circuit.aliased)
    ctx.fail(site, base::Kind::RuntimeAlias).note = "it happens in " + shown;
  return !ctx.ok();
}

} // namespace qdo::sim
