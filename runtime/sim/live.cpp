// SPDX-License-Identifier: Apache-2.0
// The growing and shrinking state of live qubits.
#include "runtime/sim/live.h"

#include "runtime/base/hash.h"
#include "runtime/sim/backend.h"
#include "runtime/sim/device_time.h"

#include <algorithm>
#include <cmath>

namespace qdo::sim {

bool LiveQubits::toVector(base::Context &ctx, qdo_site site, int64_t more,
                          const std::string &notClifford) {
  if (!vector_)
    notClifford_ = notClifford.empty() ? "a noisy gate" : notClifford;
  if (!checkMemory(ctx, site, size() + more, 1,
                   "as long as all gates are Clifford, live qubits have no amplitudes, but " +
                       notClifford_ + " is not Clifford"))
    return false;
  if (!vector_) {
    amplitudes_ = tableau_.amplitudes(ids_);
    tableau_.clear();
    free_.assign(ids_.size(), 0);
    vector_ = true;
  }
  return true;
}

static void notOnTableau(base::Context &ctx, qdo_site site, const Backend &device,
                         const std::string &gate) {
  ctx.fail(site, base::Kind::DeviceNotClifford, device.name, gate).help =
      device.noise() ? "ask `density_matrix(..)` or `trajectories(..)` with the same noise"
                     : "ask `state_vector()`";
}

int64_t LiveQubits::prepare(base::Context &ctx, qdo_site site, const Recipe &recipe) {
  const int64_t first = nextId_;
  const auto circuit = cliffordCircuit(ctx, recipe);
  const Backend &device = backend(ctx);
  seconds_ += circuitSeconds(ctx, recipe);
  if (device.tableau() && !circuit->clifford()) {
    if (!failsAnyway(ctx, site, recipe, *circuit))
      notOnTableau(ctx, site, device, circuit->notClifford);
    return -1;
  }
  if (!vector_ && circuit->clifford() && (!device.noise() || device.tableau())) {
    if (device.tableau() && !device.fits(ctx, site, size() + recipe.qubits))
      return -1;
    if (size() > QDO_MOST_QUBITS - recipe.qubits) {
      ctx.fail(site, base::Kind::BadValue, "the number of live qubits", size() + recipe.qubits,
               fmt::format("at most {}", int{QDO_MOST_QUBITS}));
      return -1;
    }
    if (const noise::Noise *noise = device.noise()) {
      if (!prepareOnTableau(ctx, site, recipe, *noise))
        return -1;
    } else {
      tableau_.prepare(*circuit, first, recipe.qubits);
    }
    nextId_ += recipe.qubits;
    return first;
  }
  if (!toVector(ctx, site, recipe.qubits, circuit->notClifford))
    return -1;
  if (!device.fits(ctx, site, static_cast<int64_t>(ids_.size()) + recipe.qubits))
    return -1;
  if (const noise::Noise *noise = device.noise())
    return prepareNoisy(ctx, site, recipe, *noise) ? nextId_ - recipe.qubits : -1;
  auto fresh = sim::prepare(ctx, site, recipe);
  if (!fresh)
    return -1;
  auto upper = fresh->amplitudes();
  if (ids_.empty()) {
    amplitudes_.assign(upper.begin(), upper.end());
  } else {
    std::vector<Amplitude> joint(amplitudes_.size() * upper.size());
    auto out = joint.begin();
    for (Amplitude factor : upper)
      for (Amplitude amplitude : amplitudes_)
        *out++ = factor * amplitude;
    amplitudes_ = std::move(joint);
  }
  for (int64_t i = 0; i < recipe.qubits; ++i)
    ids_.push_back(nextId_++);
  free_.resize(ids_.size());
  return first;
}

double LiveQubits::draw(base::Context &ctx) {
  return insideShot_ ? shotRandom_.uniform()
                     : base::RandomStream(ctx.seed(), base::Hasher("live").value(), outsideDraws_++)
                           .uniform();
}

int LiveQubits::wireOf(base::Context &ctx, qdo_site site, int64_t id) const {
  if (!vector_) {
    if (const int place = tableau_.placeOf(id); place >= 0)
      return place;
  } else if (auto found = std::ranges::find(ids_, id); found != ids_.end()) {
    return static_cast<int>(found - ids_.begin());
  }
  ctx.fail(site, base::Kind::BadValue, "this qubit", "already consumed", "live");
  return -1;
}

void LiveQubits::gate(base::Context &ctx, qdo_site site, int gate, bool inverse,
                      std::span<const int64_t> wires, std::span<const double, 4> angles) {
  const size_t targets = static_cast<size_t>(gates::all()[static_cast<size_t>(gate)].targets);
  const Backend &device = backend(ctx);
  const noise::Noise *noise = device.noise(), *times = device.times();
  const auto controls = static_cast<int>(wires.size() - targets);
  if (times)
    seconds_ +=
        times->duration(noise::nameOf(gate, inverse, controls), static_cast<int>(wires.size()));
  else
    seconds_ += deviceTime(ctx).gate(controls, targets > 1);
  if (!vector_ && (!noise || device.tableau())) {
    std::vector<int> places;
    for (int64_t wire : wires) {
      const int place = wireOf(ctx, site, wire);
      if (place < 0)
        return;
      if (std::ranges::count(places, place) > 0) {
        ctx.fail(site, base::Kind::RuntimeAlias);
        return;
      }
      places.push_back(place);
    }
    const auto found = cliffords(ctx).find(
        {gate, inverse, controls, {angles[0], angles[1], angles[2], angles[3]}});
    if (device.tableau() && !found.gate && !found.nothing)
      return notOnTableau(ctx, site, device,
                          "`" + shownGate(gate, inverse, controls, angles) + "`");
    if (noise)
      return noisyClifford(
          ctx, {gate, inverse, controls, places, {angles[0], angles[1], angles[2], angles[3]}},
          *noise);
    if (found.gate)
      tableau_.gate(*found.gate, places.data());
    if (found.gate || found.nothing ||
        !toVector(ctx, site, 0, "`" + shownGate(gate, inverse, controls, angles) + "`"))
      return;
  }
  GateCall call{gate, inverse, 0, -1, -1, {angles[0], angles[1], angles[2], angles[3]}};
  uint64_t seen = 0;
  for (size_t i = 0; i < wires.size(); ++i) {
    const int wire = wireOf(ctx, site, wires[i]);
    if (wire < 0)
      return;
    const uint64_t bit = uint64_t{1} << wire;
    if (seen & bit) {
      ctx.fail(site, base::Kind::RuntimeAlias);
      return;
    }
    seen |= bit;
    if (i + targets < wires.size())
      call.controls |= bit;
    else if (call.target0 < 0)
      call.target0 = wire;
    else
      call.target1 = wire;
  }
  if (noise)
    noisyGate(ctx, call, *noise);
  else
    apply({amplitudes_.data(), static_cast<int>(ids_.size())}, call);
}

bool LiveQubits::measure(base::Context &ctx, qdo_site site, int64_t id) {
  if (ctx.stopHere(site))
    return false;
  const int wire = wireOf(ctx, site, id);
  if (wire < 0)
    return false;
  const double u = draw(ctx);
  const noise::Noise *noise = backend(ctx).noise();
  auto read = [&](bool outcome) {
    if (!noise || noise->readout.none())
      return outcome;
    return outcome != (draw(ctx) < (outcome ? noise->readout.p10 : noise->readout.p01));
  };
  if (!vector_)
    return read(tableau_.measure(id, u));
  const uint64_t bit = uint64_t{1} << wire;
  double weight[2] = {0, 0};
  for (uint64_t k = 0; k < amplitudes_.size(); ++k)
    weight[(k & bit) != 0] += std::norm(amplitudes_[k]);

  const bool outcome = u * (weight[0] + weight[1]) < weight[1];
  const double scale = 1 / std::sqrt(weight[outcome]);
  // What is kept moves down over the bit that goes; no amplitude is overwritten before it is read.
  const uint64_t half = amplitudes_.size() / 2;
  for (uint64_t k = 0; k < half; ++k) {
    const uint64_t from = (k & ~(bit - 1)) << 1 | (k & (bit - 1)) | (outcome ? bit : 0);
    amplitudes_[k] = scale * amplitudes_[from];
  }
  amplitudes_.resize(half);
  ids_.erase(ids_.begin() + wire);
  free_.erase(free_.begin() + wire);
  vector_ = !ids_.empty(); // whatever comes next may be Clifford
  return read(outcome);
}

void LiveQubits::beginShot(uint64_t seed, uint64_t stream) {
  insideShot_ = true;
  firstId_ = nextId_;
  seconds_ = 0;
  shotRandom_ = base::RandomStream(seed, stream);
}

void LiveQubits::endShot() {
  insideShot_ = false;
  clear();
}

void LiveQubits::clear() {
  tableau_.clear();
  vector_ = false;
  ids_.clear();
  free_.clear();
  amplitudes_.clear();
}

} // namespace qdo::sim
