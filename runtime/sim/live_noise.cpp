// SPDX-License-Identifier: Apache-2.0
// Noise on live qubits: one quantum trajectory for each shot.
// Why: a live state is one pure state, so that errors are drawn as they happen.
#include "runtime/noise/clock.h"
#include "runtime/sim/backend.h"
#include "runtime/sim/live.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace qdo::sim {

namespace {
/// The gates of a recipe, moved to the wires of new qubits.
class Forward final : public qdo_sink {
public:
  explicit Forward(std::function<void(const GateCall &)> gate, std::function<void(double)> idle)
      : gate_(std::move(gate)), idle_(std::move(idle)) {}
  void gate(const GateCall &call) override {
    if (wiresDiffer(call))
      gate_(call);
    else
      aliased = true;
  }
  void globalPhase(double) override {}
  void idle(double seconds) override { idle_(seconds); }
  bool aliased = false;

private:
  std::function<void(const GateCall &)> gate_;
  std::function<void(double)> idle_;
};
} // namespace

bool LiveQubits::prepareNoisy(base::Context &ctx, qdo_site site, const Recipe &recipe,
                              const noise::Noise &noise) {
  if (ids_.empty())
    amplitudes_.assign(1, 1);
  amplitudes_.resize(amplitudes_.size() << recipe.qubits); // the new qubits are 0 and the highest
  const int first = static_cast<int>(ids_.size());
  const double excited = backend(ctx).excited(ctx);
  // Quantum memory that exists waits for nobody: new qubits begin when the last gate is done.
  const double now = free_.empty() ? 0 : *std::ranges::max_element(free_);
  for (int64_t i = 0; i < recipe.qubits; ++i) {
    ids_.push_back(nextId_++);
    free_.push_back(now);
    if (excited > 0 && draw(ctx) < excited)
      pauli(static_cast<int>(ids_.size()) - 1, 1);
  }
  Forward forward([&](const GateCall &call) { noisyGate(ctx, call, noise); },
                  [&](double seconds) {
                    double end = seconds;
                    for (size_t q = static_cast<size_t>(first); q < free_.size(); ++q)
                      end = std::max(end, free_[q] + seconds);
                    for (size_t q = static_cast<size_t>(first); q < free_.size(); ++q) {
                      relax(ctx, static_cast<int>(q), noise.after(end - free_[q]));
                      free_[q] = end;
                    }
                  });
  ShiftedSink shifted(forward, first);
  emit(recipe, shifted);
  if (forward.aliased) {
    ctx.fail(site, base::Kind::RuntimeAlias).note = "it happens in `" + recipe.format("") + "`";
    return false;
  }
  return !refuses(ctx, site, forward.refused());
}

void LiveQubits::noisyGate(base::Context &ctx, const GateCall &call, const noise::Noise &noise) {
  const auto wires = noise::qubitsOf(call);
  double begin = 0;
  for (int wire : wires)
    begin = std::max(begin, free_[static_cast<size_t>(wire)]);
  for (int wire : wires)
    relax(ctx, wire, noise.after(begin - free_[static_cast<size_t>(wire)]));
  apply({amplitudes_.data(), static_cast<int>(ids_.size())}, call);
  for (const auto &[channel, p] : noise::channelsAfter(noise, call))
    switch (channel) {
    case noise::Channel::Depolarizing:
      if (draw(ctx) < p) {
        // One of the 4^k Pauli strings, the identity among them.
        auto letters =
            static_cast<uint64_t>(draw(ctx) * static_cast<double>(uint64_t{1} << 2 * wires.size()));
        for (int wire : wires) {
          pauli(wire, static_cast<int>(letters & 3));
          letters >>= 2;
        }
      }
      break;
    case noise::Channel::AmplitudeDamping:
      for (int wire : wires)
        damp(ctx, wire, p);
      break;
    case noise::Channel::PhaseDamping:
      for (int wire : wires)
        if (draw(ctx) < (1 - std::sqrt(1 - p)) / 2)
          pauli(wire, 3);
      break;
    }
  const double seconds = noise.duration(noise::nameOf(call), static_cast<int>(wires.size()));
  for (int wire : wires) {
    relax(ctx, wire, noise.after(seconds));
    free_[static_cast<size_t>(wire)] = begin + seconds;
  }
}

void LiveQubits::relax(base::Context &ctx, int wire, const noise::Relaxation &relaxation) {
  if (relaxation.gamma > 0)
    damp(ctx, wire, relaxation.gamma);
  if (relaxation.flip > 0 && draw(ctx) < relaxation.flip)
    pauli(wire, 3);
}

/// I X Y Z, up to a phase of the whole state.
void LiveQubits::pauli(int wire, int letter) {
  const uint64_t bit = uint64_t{1} << wire;
  for (uint64_t k = 0; k < amplitudes_.size() && letter != 0; ++k) {
    if (k & bit)
      continue;
    if (letter >= 2)
      amplitudes_[k | bit] = -amplitudes_[k | bit];
    if (letter <= 2)
      std::swap(amplitudes_[k], amplitudes_[k | bit]);
  }
}

/// Decay to 0 with probability gamma: the state jumps, or learns that it did not.
void LiveQubits::damp(base::Context &ctx, int wire, double gamma) {
  const uint64_t bit = uint64_t{1} << wire;
  double weight[2] = {0, 0};
  for (uint64_t k = 0; k < amplitudes_.size(); ++k)
    weight[(k & bit) != 0] += std::norm(amplitudes_[k]);
  const bool jumps = draw(ctx) * (weight[0] + weight[1]) < gamma * weight[1];
  const double scale = 1 / std::sqrt(jumps ? weight[1] : weight[0] + (1 - gamma) * weight[1]);
  const double kept = scale * std::sqrt(1 - gamma);
  for (uint64_t k = 0; k < amplitudes_.size(); ++k) {
    if (k & bit)
      continue;
    amplitudes_[k] = scale * (jumps ? amplitudes_[k | bit] : amplitudes_[k]);
    amplitudes_[k | bit] = jumps ? 0 : kept * amplitudes_[k | bit];
  }
}

} // namespace qdo::sim
