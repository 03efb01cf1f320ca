// SPDX-License-Identifier: Apache-2.0
// The walk over a recipe that looks for gates which are not Clifford.
#include "runtime/sim/clifford.h"

#include "runtime/base/format.h"
#include "runtime/base/hash.h"
#include "runtime/sim/prepare.h"
#include "runtime/sim/wide.h"

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

class Reader final : public WideSink {
public:
  Reader(Cliffords &known, CliffordCircuit &out) : known_(known), out_(out) {}

  void gate(const WideGate &gate) override {
    add({gate.gate, gate.inverse, gate.controls, gate.angles}, gate.wires);
  }
  void globalPhase(const WidePhase &phase) override {
    const auto controls = static_cast<int>(phase.controls.size());
    add({-1, phase.inverse, controls, {phase.angle}}, phase.controls);
  }
  void manyControls() override { out_.notClifford = manyControlsShown; }
  void angles(std::span<const double> slots) override {
    out_.infinite |= !std::ranges::all_of(slots, [](double a) { return std::isfinite(a); });
  }
  void refuse(const angles::Verdict &verdict) override { out_.refused = verdict; }
  bool done() const override { return !out_.clifford(); }

private:
  void add(const stabilizer::CliffordKey &key, std::span<const int> wires) {
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
    std::copy_n(wires.begin(), count, op.wires);
    for (size_t i = 0; i < count; ++i)
      for (size_t j = 0; j < i; ++j)
        out_.aliased |= op.wires[i] == op.wires[j];
    out_.ops.push_back(op);
  }

  Cliffords &known_;
  CliffordCircuit &out_;
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
    Reader reader(cliffords(ctx), *circuit);
    emitWide(recipe, reader, inverse);
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
