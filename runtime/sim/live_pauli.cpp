// SPDX-License-Identifier: Apache-2.0
// Noise on live qubits of a device that is a tableau: Pauli errors as they happen.
// Why: they change signs of rows and nothing else, so that live qubits stay as cheap as without.
#include "runtime/sim/backend.h"
#include "runtime/sim/live.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace qdo::sim {

namespace {
/// The gates of a recipe, moved to the places of new qubits.
class Placed final : public WideSink {
public:
  Placed(std::span<const int> places, std::function<void(const WideGate &)> gate,
         std::function<void(double)> idle)
      : places_(places), gate_(std::move(gate)), idle_(std::move(idle)) {}
  void gate(const WideGate &gate) override {
    wires_.clear();
    for (int wire : gate.wires)
      wires_.push_back(places_[static_cast<size_t>(wire)]);
    WideGate moved = gate;
    moved.wires = wires_;
    gate_(moved);
  }
  // What is wrong with a recipe was found when it was read as a Clifford circuit.
  void manyControls() override {}
  void refuse(const angles::Verdict &) override {}
  void idle(double seconds) override { idle_(seconds); }

private:
  std::span<const int> places_;
  std::function<void(const WideGate &)> gate_;
  std::function<void(double)> idle_;
  std::vector<int> wires_;
};
} // namespace

bool LiveQubits::prepareOnTableau(base::Context &ctx, qdo_site site, const Recipe &recipe,
                                  const noise::Noise &noise) {
  // As on a state vector: new qubits begin when the last gate is done.
  const double now = tableau_.size() == 0 || free_.empty() ? 0 : *std::ranges::max_element(free_);
  tableau_.prepare(CliffordCircuit(), nextId_, recipe.qubits);
  const double excited = backend(ctx).excited(ctx);
  std::vector<int> places;
  for (int64_t i = 0; i < recipe.qubits; ++i) {
    const int place = tableau_.placeOf(nextId_ + i);
    places.push_back(place);
    free_.resize(std::max(free_.size(), static_cast<size_t>(place) + 1));
    free_[static_cast<size_t>(place)] = now;
    errors(ctx, place, {.x = excited});
  }
  Placed sink(
      places, [&](const WideGate &gate) { noisyClifford(ctx, gate, noise); },
      [&](double seconds) {
        double end = 0;
        for (int place : places)
          end = std::max(end, free_[static_cast<size_t>(place)] + seconds);
        for (int place : places) {
          double &free = free_[static_cast<size_t>(place)];
          passOnTableau(ctx, place, noise, end - free);
          free = end;
        }
      });
  emitWide(recipe, sink);
  return !ctx.stopHere(site);
}

void LiveQubits::noisyClifford(base::Context &ctx, const WideGate &gate,
                               const noise::Noise &noise) {
  double begin = 0;
  for (int wire : gate.wires)
    begin = std::max(begin, free_[static_cast<size_t>(wire)]);
  for (int wire : gate.wires)
    passOnTableau(ctx, wire, noise, begin - free_[static_cast<size_t>(wire)]);
  if (const auto found = cliffords(ctx).find({gate.gate, gate.inverse, gate.controls, gate.angles});
      found.gate)
    tableau_.gate(*found.gate, gate.wires.data());
  const int name = noise::nameOf(gate.gate, gate.inverse, gate.controls);
  const auto count = static_cast<int>(gate.wires.size());
  for (const auto &[channel, p] : noise::channelsAfter(noise, name)) {
    if (channel != noise::Channel::Depolarizing) {
      for (int wire : gate.wires)
        errors(ctx, wire,
               channel == noise::Channel::AmplitudeDamping ? noise::twirledDecay(p)
                                                           : noise::phaseErrors(p));
      continue;
    }
    if (draw(ctx) >= p)
      continue;
    // One of the 4^k Pauli strings, the identity among them.
    const double strings = std::ldexp(1.0, 2 * count);
    auto letters = static_cast<uint64_t>(draw(ctx) * strings);
    for (int wire : gate.wires) {
      tableau_.pauli(wire, (letters & 1) != 0, (letters & 2) != 0);
      letters >>= 2;
    }
  }
  const double seconds = noise.duration(name, count);
  for (int wire : gate.wires) {
    passOnTableau(ctx, wire, noise, seconds);
    free_[static_cast<size_t>(wire)] = begin + seconds;
  }
}

void LiveQubits::passOnTableau(base::Context &ctx, int place, const noise::Noise &noise,
                               double seconds) {
  const noise::Relaxation relaxation = noise.after(seconds);
  errors(ctx, place, noise::twirledDecay(relaxation.gamma));
  errors(ctx, place, {.z = relaxation.flip});
}

void LiveQubits::errors(base::Context &ctx, int place, const noise::PauliErrors &errors) {
  if (errors.x + errors.y + errors.z <= 0)
    return;
  const double u = draw(ctx);
  const bool x = u < errors.x, y = !x && u < errors.x + errors.y,
             z = !x && !y && u < errors.x + errors.y + errors.z;
  tableau_.pauli(place, x || y, y || z);
}

} // namespace qdo::sim
