// SPDX-License-Identifier: Apache-2.0
// Collecting, folding and scheduling gates.
#include "runtime/device/noisy_circuit.h"

#include "runtime/sim/prepare.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace qdo::device {

namespace {

/// Gates and waits in order; no global phases, which no machine applies.
class Collector final : public qdo_sink {
public:
  struct Item {
    gates::GateCall call;
    double idle; ///< seconds, or -1 for a gate
  };
  void gate(const gates::GateCall &call) override {
    aliased |= !sim::wiresDiffer(call);
    if (!aliased)
      widest = std::max(widest, static_cast<int>(noise::qubitsOf(call).size()));
    items.push_back({call, -1});
  }
  void globalPhase(double) override {}
  void idle(double seconds) override { items.push_back({{}, seconds}); }

  std::vector<Item> items;
  bool aliased = false;
  int widest = 0;
};

class Builder {
public:
  Builder(const noise::Noise &noise, NoisyCircuit &circuit)
      : noise_(noise), circuit_(circuit), clock_(noise, circuit.qubits),
        passed_([this](int qubit, double seconds) { pass(qubit, seconds); }) {}

  void gate(const gates::GateCall &call) {
    clock_.start(call, passed_);
    circuit_.steps.push_back({.kind = Step::Kind::Gate, .call = call});
    for (const auto &[channel, p] : noise::channelsAfter(noise_, call))
      circuit_.steps.push_back(
          {.kind = Step::Kind::Channel, .call = call, .channel = channel, .probability = p});
    clock_.finish(call, passed_);
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

} // namespace

std::optional<NoisyCircuit> noisyCircuit(base::Context &ctx, qdo_site site,
                                         const sim::Recipe &recipe, const noise::Noise &noise,
                                         double fold) {
  Collector collected;
  sim::emit(recipe, collected);
  if (collected.aliased) {
    ctx.fail(site, base::Kind::RuntimeAlias).note = "it happens in `" + recipe.format("") + "`";
    return std::nullopt;
  }
  if (sim::refuses(ctx, site, collected.refused()))
    return std::nullopt;
  if (collected.widest > mostGateQubits) {
    ctx.fail(site, base::Kind::DeviceGateTooWide, collected.widest, mostGateQubits).note =
        "it happens in `" + recipe.format("") + "`";
    return std::nullopt;
  }
  NoisyCircuit circuit;
  circuit.qubits = static_cast<int>(recipe.qubits);
  const int64_t gates = std::ranges::count_if(
      collected.items, [](const Collector::Item &item) { return item.idle < 0; });
  for (const auto &item : collected.items)
    if (item.idle < 0)
      for (double angle : item.call.angles)
        if (!std::isfinite(angle)) {
          ctx.fail(site, base::Kind::AngleNotFinite, "`" + recipe.format("") + "`");
          return std::nullopt;
        }
  const int64_t pairs = std::llround(static_cast<double>(gates) * (fold - 1) / 2);
  // Evenly among gates of one name on the same qubits, which have the same errors: at fold 2 every
  // second of each.
  std::vector<std::tuple<int, uint64_t, int, int, size_t>> alike;
  for (size_t i = 0; i < collected.items.size(); ++i)
    if (const auto &[call, idle] = collected.items[i]; idle < 0)
      alike.emplace_back(noise::nameOf(call), call.controls, call.target0, call.target1, i);
  std::ranges::sort(alike);
  std::vector<int64_t> repeats(collected.items.size());
  for (int64_t k = 0; k < gates; ++k)
    repeats[std::get<4>(alike[static_cast<size_t>(k)])] =
        pairs * (k + 1) / gates - pairs * k / gates;
  Builder builder(noise, circuit);
  for (size_t i = 0; i < collected.items.size(); ++i) {
    const auto &item = collected.items[i];
    if (item.idle >= 0) {
      builder.wait(item.idle);
      continue;
    }
    builder.gate(item.call);
    gates::GateCall inverse = item.call;
    inverse.inverse = !inverse.inverse;
    for (int64_t k = 0; k < repeats[i]; ++k) {
      builder.gate(inverse);
      builder.gate(item.call);
    }
  }
  builder.wait(0);
  circuit.seconds = builder.now();
  if (gates > 0)
    circuit.fold = 1 + 2 * static_cast<double>(pairs) / static_cast<double>(gates);
  return circuit;
}

Uncompute uncompute(base::Context &ctx, const sim::Recipe &p, const sim::Recipe &r) {
  const bool ordered = p.hash <= r.hash;
  return {ordered ? &p : &r, sim::makeAdjoint(ctx, ordered ? &r : &p)};
}

} // namespace qdo::device
