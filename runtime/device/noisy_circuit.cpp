// SPDX-License-Identifier: Apache-2.0
// Collecting, folding and scheduling gates.
#include "runtime/device/noisy_circuit.h"

#include "runtime/sim/prepare.h"
#include "runtime/sim/wide.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace qdo::device {

namespace {

/// Gates and waits in order; no global phases, which no machine applies.
class Collector final : public sim::WideSink {
public:
  struct Item {
    Step step;
    int name;    ///< of the gate
    double idle; ///< seconds, or -1 for a gate
  };
  void gate(const sim::WideGate &gate) override {
    for (size_t i = 0; i < gate.wires.size(); ++i)
      for (size_t j = 0; j < i; ++j)
        aliased |= gate.wires[i] == gate.wires[j];
    widest = std::max(widest, std::ssize(gate.wires));
    if (done())
      return;
    Step step{.kind = Step::Kind::Gate};
    step.controls = static_cast<uint8_t>(gate.controls);
    step.wireCount = static_cast<uint8_t>(gate.wires.size());
    std::ranges::copy(gate.wires, step.wires.begin());
    const auto targets = gate.wires.subspan(static_cast<size_t>(gate.controls));
    step.call = {gate.gate, gate.inverse, 0, targets[0], targets.size() > 1 ? targets[1] : -1, {}};
    std::ranges::copy(gate.angles, step.call.angles);
    for (int wire : gate.wires.first(static_cast<size_t>(gate.controls)))
      if (wire < QDO_MASK_QUBITS)
        step.call.controls |= uint64_t{1} << wire;
    items.push_back({step, noise::nameOf(gate.gate, gate.inverse, gate.controls), -1});
    ++gates;
  }
  void manyControls() override { widest = std::max<int64_t>(widest, mostGateQubits + 1); }
  void idle(double seconds) override { items.push_back({{}, -1, seconds}); }
  void refuse(const angles::Verdict &verdict) override {
    if (refused.problem == angles::Problem::None)
      refused = verdict;
  }
  bool done() const override { return aliased || widest > mostGateQubits; }

  std::vector<Item> items;
  angles::Verdict refused;
  bool aliased = false;
  int64_t widest = 0, gates = 0;
};

class Builder {
public:
  Builder(const noise::Noise &noise, NoisyCircuit &circuit)
      : noise_(noise), circuit_(circuit), clock_(noise, circuit.qubits),
        passed_([this](int qubit, double seconds) { pass(qubit, seconds); }) {}

  void gate(Step step, int name) {
    auto qubits = step.wires;
    const std::span sorted(qubits.data(), step.wireCount);
    std::ranges::sort(sorted);
    clock_.start(sorted, passed_);
    step.kind = Step::Kind::Gate;
    circuit_.steps.push_back(step);
    step.kind = Step::Kind::Channel;
    for (const auto &[channel, p] : noise::channelsAfter(noise_, name)) {
      step.channel = channel;
      step.probability = p;
      circuit_.steps.push_back(step);
    }
    clock_.finish(name, sorted, passed_);
  }
  void wait(double seconds) { clock_.all(seconds, passed_); }
  double now() const { return clock_.now(); }

private:
  void pass(int qubit, double seconds) {
    const noise::Relaxation relaxation = noise_.after(seconds);
    if (!relaxation.none())
      circuit_.steps.push_back(
          {.kind = Step::Kind::Relax, .qubit = qubit, .relaxation = relaxation});
  }

  const noise::Noise &noise_;
  NoisyCircuit &circuit_;
  noise::Clock clock_;
  noise::Clock::Passed passed_;
};

/// How often each gate is repeated, `pairs` times in all: evenly among gates of one name on the
/// same qubits, which have the same errors. At fold 2 it is every second of each.
std::vector<int64_t> repeatsOf(const Collector &collected, int64_t pairs) {
  using Wires = std::array<int, mostGateQubits>;
  std::vector<std::tuple<int, Wires, size_t>> alike;
  for (size_t i = 0; i < collected.items.size(); ++i)
    if (const auto &[step, name, idle] = collected.items[i]; idle < 0) {
      Wires wires = step.wires; // which control is which does not matter
      std::sort(wires.begin(), wires.begin() + step.controls);
      alike.emplace_back(name, wires, i);
    }
  std::ranges::sort(alike);
  std::vector<int64_t> repeats(collected.items.size());
  for (int64_t k = 0; k < collected.gates; ++k)
    repeats[std::get<2>(alike[static_cast<size_t>(k)])] =
        pairs * (k + 1) / collected.gates - pairs * k / collected.gates;
  return repeats;
}

} // namespace

std::optional<NoisyCircuit> noisyCircuit(base::Context &ctx, qdo_site site,
                                         const sim::Recipe &recipe, const noise::Noise &noise,
                                         double fold, bool waits, double excited) {
  Collector collected;
  sim::emitWide(recipe, collected);
  if (collected.aliased) {
    ctx.fail(site, base::Kind::RuntimeAlias).note = "it happens in `" + recipe.format("") + "`";
    return std::nullopt;
  }
  if (sim::refuses(ctx, site, collected.refused))
    return std::nullopt;
  if (collected.widest > mostGateQubits) {
    ctx.fail(site, base::Kind::DeviceGateTooWide, collected.widest, mostGateQubits).note =
        "it happens in `" + recipe.format("") + "`";
    return std::nullopt;
  }
  for (const auto &item : collected.items)
    for (double angle : item.step.call.angles)
      if (!std::isfinite(angle)) {
        ctx.fail(site, base::Kind::AngleNotFinite, "`" + recipe.format("") + "`");
        return std::nullopt;
      }
  NoisyCircuit circuit;
  circuit.qubits = static_cast<int>(recipe.qubits);
  const auto gates = static_cast<double>(collected.gates);
  const int64_t pairs = std::llround(gates * (fold - 1) / 2);
  // Without gates there is only waiting, which folds at will.
  if (collected.gates > 0)
    circuit.fold = 1 + 2 * static_cast<double>(pairs) / gates;
  else if (waits && !collected.items.empty())
    circuit.fold = fold;
  for (int q = 0; excited > 0 && q < circuit.qubits; ++q)
    circuit.steps.push_back({.kind = Step::Kind::Flip, .probability = excited, .qubit = q});
  const std::vector<int64_t> repeats = repeatsOf(collected, pairs);
  Builder builder(noise, circuit);
  for (size_t i = 0; i < collected.items.size(); ++i) {
    const auto &[step, name, idle] = collected.items[i];
    if (idle >= 0) {
      builder.wait(waits ? circuit.fold * idle : idle);
      continue;
    }
    builder.gate(step, name);
    Step inverse = step;
    inverse.call.inverse = !inverse.call.inverse;
    const int inverseName = noise::nameOf(step.call.gate, inverse.call.inverse, step.controls);
    for (int64_t k = 0; k < repeats[i]; ++k) {
      builder.gate(inverse, inverseName);
      builder.gate(step, name);
    }
  }
  builder.wait(0);
  circuit.seconds = builder.now();
  return circuit;
}

Uncompute uncompute(base::Context &ctx, const sim::Recipe &p, const sim::Recipe &r) {
  const bool ordered = p.hash <= r.hash;
  return {ordered ? &p : &r, sim::makeAdjoint(ctx, ordered ? &r : &p)};
}

} // namespace qdo::device
