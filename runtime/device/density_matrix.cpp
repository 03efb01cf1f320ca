// SPDX-License-Identifier: Apache-2.0
// Evolving Pauli coefficients by the steps of a circuit, and reading them.
#include "runtime/device/density_matrix.h"

#include "runtime/base/hash.h"
#include "runtime/base/philox.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace qdo::device {

using sim::Coin;
using sim::PauliString;
using sim::Recipe;

namespace {

density::Maps mapsOf(const NoisyCircuit &circuit) {
  density::Maps maps(circuit.qubits);
  for (const Step &step : circuit.steps)
    switch (step.kind) {
    case Step::Kind::Gate:
      maps.gate(step.call);
      break;
    case Step::Kind::Relax:
      maps.map(step.qubit, density::relaxation(step.relaxation.gamma, step.relaxation.flip));
      break;
    case Step::Kind::Flip:
      maps.map(step.qubit, density::bitFlip(step.probability));
      break;
    case Step::Kind::Channel:
      if (step.channel == noise::Channel::Depolarizing) {
        maps.map(density::depolarisingOn(noise::qubitsOf(step.call), step.probability));
        break;
      }
      for (int q : noise::qubitsOf(step.call))
        maps.map(q, step.channel == noise::Channel::AmplitudeDamping
                        ? density::amplitudeDamping(step.probability)
                        : density::phaseDamping(step.probability));
      break;
    }
  return maps;
}

/// The product of `zero` I + `sign` Z over all qubits, as numbers to multiply coefficients with.
void setZeros(density::State &state, double one, double sign) {
  auto c = state.coefficients();
  std::ranges::fill(c, 0);
  c[0] = 1;
  for (size_t size = 1; size < c.size(); size *= 4)
    for (size_t i = 0; i < size; ++i) {
      c[3 * size + i] = sign * c[i];
      c[i] *= one;
    }
}

/// The mean of the signs that are read for a Pauli string.
double readMean(const density::State &state, const PauliString &string, const noise::Readout &r) {
  const uint64_t support = string.x | string.z;
  const double shrink = 1 - r.p01 - r.p10, shift = r.p10 - r.p01;
  const int weight = std::popcount(support);
  if (shift == 0)
    return std::pow(shrink, weight) * density::expectPauli(state, string.x, string.z);
  double sum = 0; // over the qubits whose sign is seen; the others give the shift
  for (uint64_t seen = support;; seen = (seen - 1) & support) {
    const int count = std::popcount(seen);
    sum += std::pow(shrink, count) * std::pow(shift, weight - count) *
           density::expectPauli(state, string.x & seen, string.z & seen);
    if (seen == 0)
      return sum;
  }
}

/// Of every outcome that is read along these axes.
std::vector<double> readProbabilities(const density::State &state, const PauliString &axes,
                                      const noise::Readout &readout) {
  auto outcomes = density::probabilities(state, axes.x, axes.z);
  const auto [p01, p10] = readout;
  for (size_t half = 1; half < outcomes.size(); half *= 2)
    for (size_t k = 0; k < outcomes.size(); ++k)
      if ((k & half) == 0) {
        const double zero = outcomes[k], one = outcomes[k | half];
        outcomes[k] = (1 - p01) * zero + p10 * one;
        outcomes[k | half] = p01 * zero + (1 - p10) * one;
      }
  for (double &p : outcomes)
    p = std::max(p, 0.0);
  return outcomes;
}

double unit(double probability) { return std::clamp(probability, 0.0, 1.0); }

} // namespace

std::shared_ptr<const DensityMatrix::Evolved> DensityMatrix::evolve(base::Context &ctx,
                                                                    qdo_site site,
                                                                    const Recipe &recipe, What what,
                                                                    const sim::Mitigation &noise) {
  if (!fits(ctx, site, recipe.qubits) || ctx.stopHere(site))
    return nullptr;
  const double excited = what == What::State ? this->excited(ctx) : 0;
  const uint64_t key = base::Hasher("evolved")
                           .add(recipe.hash)
                           .add(static_cast<uint64_t>(what))
                           .add(noise.fold)
                           .add(uint64_t{noise.waits})
                           .add(excited)
                           .value();
  if (auto found = places_.find(key); found != places_.end()) {
    entries_.splice(entries_.begin(), entries_, found->second);
    return found->second->evolved;
  }
  const int qubits = static_cast<int>(recipe.qubits);
  // 8 * 4^n bytes are half of a state vector of 2 n qubits.
  if (!sim::checkMemory(ctx, site, 2 * qubits - 1))
    return nullptr;
  auto circuit = noisyCircuit(ctx, site, recipe, noiseOrNone(), noise.fold, noise.waits, excited);
  if (!circuit)
    return nullptr;
  auto evolved = std::make_shared<Evolved>(density::State(qubits), circuit->fold);
  density::Maps maps = mapsOf(*circuit);
  if (what != What::State) {
    const noise::Readout r = what == What::ZerosRead ? noiseOrNone().readout : noise::Readout();
    setZeros(evolved->state, (1 - r.p01 + r.p10) / 2, (1 - r.p01 - r.p10) / 2);
    maps = maps.transposed();
  }
  density::run(ctx.pool(), maps, evolved->state, [&] { return ctx.interruptRequested(); });
  if (ctx.stopHere(site))
    return nullptr;
  constexpr size_t capacity = size_t{256} << 20;
  const size_t bytes = sizeof(double) << 2 * qubits;
  if (bytes <= capacity) {
    used_ += bytes;
    entries_.push_front({key, evolved});
    places_[key] = entries_.begin();
    while (used_ > capacity) {
      used_ -= sizeof(double) << 2 * entries_.back().evolved->state.qubits();
      places_.erase(entries_.back().key);
      entries_.pop_back();
    }
  }
  return evolved;
}

std::optional<std::pair<double, double>>
DensityMatrix::fidelityAndFold(base::Context &ctx, qdo_site site, const Recipe &p, const Recipe &r,
                               bool read, const sim::Mitigation &noise) {
  if (p.qubits != r.qubits) {
    ctx.fail(site, base::Kind::BadValue, "the number of qubits on the right of the bra-ket",
             r.qubits, p.qubits);
    return std::nullopt;
  }
  const Uncompute both = uncompute(ctx, p, r);
  auto state = evolve(ctx, site, *both.compute, What::State, noise);
  auto zeros = state
                   ? evolve(ctx, site, *both.uncompute, read ? What::ZerosRead : What::Zeros, noise)
                   : nullptr;
  if (!zeros)
    return std::nullopt;
  const double side = std::ldexp(1.0, static_cast<int>(p.qubits));
  return std::pair(unit(density::overlap(state->state, zeros->state) * side),
                   (state->fold + zeros->fold) / 2);
}

std::optional<double> DensityMatrix::fidelity(base::Context &ctx, qdo_site site, const Recipe &p,
                                              const Recipe &r) {
  auto both = fidelityAndFold(ctx, site, p, r, true, {});
  return both ? std::optional(both->first) : std::nullopt;
}

std::optional<Coin> DensityMatrix::fidelityCoin(base::Context &ctx, qdo_site site, const Recipe &p,
                                                const Recipe &r,
                                                const sim::Mitigation &mitigation) {
  if (!readable(ctx, site, mitigation))
    return std::nullopt;
  auto both = fidelityAndFold(ctx, site, p, r, !mitigation.readout, mitigation);
  if (!both)
    return std::nullopt;
  if (!mitigation.readout)
    return Coin{.probability = both->first, .fold = both->second};
  const auto c = noise::correctedZeros(noiseOrNone().readout, static_cast<int>(p.qubits));
  return Coin{.probability = unit((both->first - c.low) / (c.high - c.low)),
              .offset = c.low,
              .scale = c.high - c.low,
              .fold = both->second};
}

std::optional<std::vector<double>> DensityMatrix::means(base::Context &ctx, qdo_site site,
                                                        const Recipe &recipe,
                                                        std::span<const PauliString> strings) {
  auto evolved = evolve(ctx, site, recipe, What::State);
  if (!evolved)
    return std::nullopt;
  std::vector<double> values;
  for (const PauliString &string : strings)
    values.push_back(readMean(evolved->state, string, noiseOrNone().readout));
  return values;
}

std::optional<std::vector<double>> DensityMatrix::probabilities(base::Context &ctx, qdo_site site,
                                                                const Recipe &recipe) {
  auto evolved = evolve(ctx, site, recipe, What::State);
  return evolved ? std::optional(
                       readProbabilities(evolved->state, PauliString(), noiseOrNone().readout))
                 : std::nullopt;
}

namespace {
class DensityShots final : public sim::JointShots {
public:
  explicit DensityShots(std::vector<double> probabilities)
      : distribution_(std::move(probabilities)) {}
  bool draw(base::Context &ctx, qdo_site site, uint64_t stream, int64_t first, int64_t last,
            sim::Histogram &into) const override {
    return distribution_.draw(ctx, site, stream, first, last, into);
  }
  std::vector<double> probabilities(base::Context &, qdo_site) const override {
    return distribution_.probabilities();
  }

private:
  sim::Distribution distribution_;
};
} // namespace

std::shared_ptr<const sim::JointShots> DensityMatrix::joint(base::Context &ctx, qdo_site site,
                                                            const Recipe &recipe,
                                                            const PauliString &axes,
                                                            const sim::Mitigation &mitigation) {
  auto evolved = readable(ctx, site, mitigation)
                     ? evolve(ctx, site, recipe, What::State, mitigation)
                     : nullptr;
  if (!evolved)
    return nullptr;
  auto shots = std::make_shared<DensityShots>(
      readProbabilities(evolved->state, axes, noiseOrNone().readout));
  shots->fold = evolved->fold;
  correct(*shots, mitigation);
  return shots;
}

std::optional<double> DensityMatrix::purity(base::Context &ctx, qdo_site site, const Recipe &recipe,
                                            uint64_t qubits) {
  auto evolved = evolve(ctx, site, recipe, What::State);
  if (!evolved)
    return std::nullopt;
  qubits &= (uint64_t{1} << recipe.qubits) - 1;
  uint64_t outside = 0; // bits of an index that must be 0
  for (int q = 0; q < recipe.qubits; ++q)
    if (!(qubits >> q & 1))
      outside |= uint64_t{3} << 2 * q;
  double sum = 0;
  const auto c = evolved->state.coefficients();
  for (uint64_t i = 0; i < c.size(); ++i)
    if ((i & outside) == 0)
      sum += c[i] * c[i];
  return std::min(1.0, std::ldexp(sum, -std::popcount(qubits)));
}

std::optional<sim::Sampled> DensityMatrix::sample(base::Context &ctx, qdo_site site,
                                                  const Recipe &recipe, uint64_t stream,
                                                  int64_t shots) {
  auto outcomes = probabilities(ctx, site, recipe);
  if (!outcomes)
    return std::nullopt;
  sim::State roots(static_cast<int>(recipe.qubits)); // a state with this distribution
  for (size_t k = 0; k < outcomes->size(); ++k)
    roots.view().amplitudes[k] = std::sqrt((*outcomes)[k]);
  return sim::Sampled{sim::sampleOutcomes(ctx, roots.view(), stream, shots)};
}

/// Measures qubit after qubit from the highest: what is left of the others is the average of the
/// coefficients without and with the letter that was measured. Qubits of `flips` are read turned
/// over.
static uint64_t measureAlong(std::vector<double> &left, int qubits, const PauliString &basis,
                             uint64_t flips, const noise::Readout &readout,
                             base::RandomStream &random) {
  uint64_t outcome = 0;
  for (int q = qubits - 1; q >= 0; --q) {
    const size_t rest = size_t{1} << 2 * q;
    const bool x = basis.x >> q & 1, z = basis.z >> q & 1;
    const size_t letter = (x ? (z ? 2 : 1) : 3) * rest;
    const double one = std::clamp((left[0] - left[letter]) / (2 * left[0]), 0.0, 1.0);
    const bool is = random.uniform() < one;
    const double sign = is ? -0.5 : 0.5;
    for (size_t i = 0; i < rest; ++i)
      left[i] = 0.5 * left[i] + sign * left[letter + i];
    const bool turned = is != ((flips >> q & 1) != 0);
    const bool wrong = random.uniform() < (turned ? readout.p10 : readout.p01);
    outcome |= uint64_t{is != wrong} << q;
  }
  return outcome;
}

std::optional<std::vector<uint64_t>>
DensityMatrix::flippedSnapshots(base::Context &ctx, qdo_site site, const Recipe &recipe,
                                std::span<const PauliString> bases, std::span<const uint64_t> flips,
                                uint64_t stream, uint64_t first) {
  auto evolved = evolve(ctx, site, recipe, What::State);
  if (!evolved)
    return std::nullopt;
  std::vector<uint64_t> outcomes(bases.size());
  ctx.pool().forTiles(std::ssize(bases), 16, [&](int64_t begin, int64_t end) {
    std::vector<double> left;
    for (int64_t i = begin; i < end && !ctx.interruptRequested(); ++i) {
      const size_t at = static_cast<size_t>(i);
      left.assign(evolved->state.coefficients().begin(), evolved->state.coefficients().end());
      base::RandomStream random(ctx.seed(), stream, (first + at) * 64);
      outcomes[at] = measureAlong(left, evolved->state.qubits(), bases[at],
                                  flips.empty() ? 0 : flips[at], noiseOrNone().readout, random);
    }
  });
  if (ctx.stopHere(site))
    return std::nullopt;
  return outcomes;
}

} // namespace qdo::device
