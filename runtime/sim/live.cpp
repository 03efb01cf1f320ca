// SPDX-License-Identifier: Apache-2.0
// The growing and shrinking state of live qubits.
#include "runtime/sim/live.h"

#include "runtime/base/hash.h"
#include "runtime/sim/backend.h"
#include "runtime/sim/device_time.h"

#include <algorithm>
#include <cmath>

namespace qdo::sim {

int64_t LiveQubits::prepare(base::Context &ctx, qdo_site site, const Recipe &recipe) {
  if (!checkMemory(ctx, site, static_cast<int64_t>(ids_.size()) + recipe.qubits))
    return -1;
  const Backend &device = backend(ctx);
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
  seconds_ += circuitSeconds(recipe, deviceTime(ctx));
  const int64_t first = nextId_;
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
  auto found = std::ranges::find(ids_, id);
  if (found != ids_.end())
    return static_cast<int>(found - ids_.begin());
  ctx.fail(site, base::Kind::BadValue, "this qubit", "already consumed", "live");
  return -1;
}

void LiveQubits::gate(base::Context &ctx, qdo_site site, int gate, bool inverse,
                      std::span<const int64_t> wires, std::span<const double, 4> angles) {
  const size_t targets = static_cast<size_t>(gates::all()[static_cast<size_t>(gate)].targets);
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
  seconds_ += deviceTime(ctx).gate(static_cast<int>(wires.size() - targets), targets > 1);
  if (const noise::Noise *noise = backend(ctx).noise())
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
  const uint64_t bit = uint64_t{1} << wire;
  double weight[2] = {0, 0};
  for (uint64_t k = 0; k < amplitudes_.size(); ++k)
    weight[(k & bit) != 0] += std::norm(amplitudes_[k]);

  const double u = draw(ctx);
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
  const noise::Noise *noise = backend(ctx).noise();
  if (!noise || noise->readout.none())
    return outcome;
  return outcome != (draw(ctx) < (outcome ? noise->readout.p10 : noise->readout.p01));
}

void LiveQubits::beginShot(uint64_t seed, uint64_t stream) {
  insideShot_ = true;
  seconds_ = 0;
  shotRandom_ = base::RandomStream(seed, stream);
}

void LiveQubits::endShot() {
  insideShot_ = false;
  clear();
}

void LiveQubits::clear() {
  ids_.clear();
  free_.clear();
  amplitudes_.clear();
}

} // namespace qdo::sim
