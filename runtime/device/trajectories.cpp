// SPDX-License-Identifier: Apache-2.0
// Shots of trajectories as coins, counts and snapshots.
// Why: a corrected value takes more than two values; rounding it at random to the ends of its range
// keeps its mean, so that it is a coin whose interval is as honest as any other.
#include "runtime/device/trajectories.h"

#include "runtime/base/hash.h"
#include "runtime/device/trajectory_batch.h"
#include "runtime/sim/one_by_one.h"

#include <algorithm>
#include <bit>

namespace qdo::device {

using sim::Coin;
using sim::PauliString;
using sim::Recipe;

namespace {

/// Shots of a circuit and the inverse of another: success is 0..0.
class Uncomputed final : public sim::ShotSource {
public:
  Uncomputed(NoisyCircuit circuit, noise::Readout readout,
             std::optional<noise::Corrected> corrected)
      : circuit_(std::move(circuit)), readout_(readout), corrected_(corrected) {}

  int64_t successes(base::Context &ctx, qdo_site site, uint64_t stream, int64_t first,
                    int64_t last) const override {
    std::vector<uint8_t> success(static_cast<size_t>(last - first));
    runShots(
        ctx, site, circuit_, readout_, stream, first, last - first,
        [](int64_t) { return PauliString(); },
        [&](int64_t place, uint64_t read, base::RandomStream &random) {
          success[static_cast<size_t>(place)] = succeeds(read, random);
        });
    return std::count(success.begin(), success.end(), 1);
  }

private:
  bool succeeds(uint64_t read, base::RandomStream &random) const {
    if (!corrected_)
      return read == 0;
    return random.uniform() <
           (corrected_->value(circuit_.qubits, std::popcount(read)) - corrected_->low) /
               (corrected_->high - corrected_->low);
  }

  const NoisyCircuit circuit_;
  const noise::Readout readout_;
  const std::optional<noise::Corrected> corrected_;
};

/// Runs shots of a circuit, read along one basis; `seen(outcomes)` gets them by portions.
template <class Seen>
bool readShots(base::Context &ctx, qdo_site site, const NoisyCircuit &circuit,
               const noise::Readout &readout, const PauliString &axes, uint64_t stream,
               int64_t first, int64_t last, Seen seen) {
  if (!sim::fewEnough(ctx, site, last - first))
    return false;
  constexpr int64_t portion = 1 << 20;
  for (int64_t begin = first; begin < last; begin += portion) {
    std::vector<uint64_t> outcomes(static_cast<size_t>(std::min(portion, last - begin)));
    if (!runShots(
            ctx, site, circuit, readout, stream, begin, std::ssize(outcomes),
            [&](int64_t) { return axes; },
            [&](int64_t place, uint64_t read, base::RandomStream &) {
              outcomes[static_cast<size_t>(place)] = read;
            }))
      return false;
    seen(std::move(outcomes));
  }
  return true;
}

class TrajectoryShots final : public sim::JointShots {
public:
  TrajectoryShots(NoisyCircuit circuit, noise::Readout readout, PauliString axes)
      : circuit_(std::move(circuit)), readout_(readout), axes_(std::move(axes)) {
    fold = circuit_.fold;
  }

  bool draw(base::Context &ctx, qdo_site site, uint64_t stream, int64_t first, int64_t last,
            sim::Histogram &into) const override {
    return readShots(ctx, site, circuit_, readout_, axes_, stream, first, last,
                     [&](std::vector<uint64_t> outcomes) { into.add(std::move(outcomes)); });
  }

private:
  const NoisyCircuit circuit_;
  const noise::Readout readout_;
  const PauliString axes_;
};

} // namespace

uint64_t Trajectories::identity() const {
  return base::Hasher("trajectories").add(noiseOrNone().hash()).value() | 1;
}

std::optional<Coin> Trajectories::fidelityCoin(base::Context &ctx, qdo_site site, const Recipe &p,
                                               const Recipe &r, const sim::Mitigation &mitigation) {
  if (!fits(ctx, site, p.qubits) || !readable(ctx, site, mitigation))
    return std::nullopt;
  if (p.qubits != r.qubits) {
    ctx.fail(site, base::Kind::BadValue, "the number of qubits on the right of the bra-ket",
             r.qubits, p.qubits);
    return std::nullopt;
  }
  const Uncompute both = uncompute(ctx, p, r);
  auto first = noisyCircuit(ctx, site, *both.compute, noiseOrNone(), mitigation.fold,
                            mitigation.waits, excited(ctx));
  auto second = first ? noisyCircuit(ctx, site, *both.uncompute, noiseOrNone(), mitigation.fold,
                                     mitigation.waits)
                      : std::nullopt;
  if (!second)
    return std::nullopt;
  first->steps.insert(first->steps.end(), second->steps.begin(), second->steps.end());
  first->fold = (first->fold + second->fold) / 2;
  Coin coin{.fold = first->fold};
  std::optional<noise::Corrected> corrected;
  if (mitigation.readout) {
    corrected = noise::correctedZeros(noiseOrNone().readout, first->qubits);
    coin.offset = corrected->low;
    coin.scale = corrected->high - corrected->low;
  }
  coin.shots = std::make_shared<Uncomputed>(std::move(*first), noiseOrNone().readout, corrected);
  return coin;
}

std::shared_ptr<const sim::JointShots> Trajectories::joint(base::Context &ctx, qdo_site site,
                                                           const Recipe &recipe,
                                                           const PauliString &axes,
                                                           const sim::Mitigation &mitigation) {
  if (!fits(ctx, site, recipe.qubits) || !readable(ctx, site, mitigation))
    return nullptr;
  auto circuit = noisyCircuit(ctx, site, recipe, noiseOrNone(), mitigation.fold, mitigation.waits,
                              excited(ctx));
  if (!circuit)
    return nullptr;
  auto shots = std::make_shared<TrajectoryShots>(std::move(*circuit), noiseOrNone().readout, axes);
  correct(*shots, mitigation);
  return shots;
}

std::optional<std::vector<uint64_t>>
Trajectories::flippedSnapshots(base::Context &ctx, qdo_site site, const Recipe &recipe,
                               std::span<const PauliString> bases, std::span<const uint64_t> flips,
                               uint64_t stream, uint64_t first) {
  if (!fits(ctx, site, recipe.qubits))
    return std::nullopt;
  auto circuit = noisyCircuit(ctx, site, recipe, noiseOrNone(), 1, true, excited(ctx));
  if (!circuit)
    return std::nullopt;
  std::vector<uint64_t> outcomes(bases.size());
  const bool done = runShots(
      ctx, site, *circuit, noiseOrNone().readout, stream, static_cast<int64_t>(first),
      std::ssize(bases), [&](int64_t place) { return bases[static_cast<size_t>(place)]; },
      [&](int64_t place, uint64_t read, base::RandomStream &) {
        outcomes[static_cast<size_t>(place)] = read;
      },
      flips);
  return done ? std::optional(std::move(outcomes)) : std::nullopt;
}

std::optional<sim::Sampled> Trajectories::sample(base::Context &ctx, qdo_site site,
                                                 const Recipe &recipe, uint64_t stream,
                                                 int64_t shots) {
  if (!fits(ctx, site, recipe.qubits))
    return std::nullopt;
  auto circuit = noisyCircuit(ctx, site, recipe, noiseOrNone(), 1, true, excited(ctx));
  if (!circuit)
    return std::nullopt;
  sim::Histogram counts(recipe.qubits);
  if (!readShots(ctx, site, *circuit, noiseOrNone().readout, PauliString(), stream, 0, shots,
                 [&](std::vector<uint64_t> outcomes) { counts.add(std::move(outcomes)); }))
    return std::nullopt;
  sim::Sampled sampled;
  for (size_t i = 0; i < counts.size(); ++i)
    sampled.entries.push_back({counts.outcome(i)[0], counts.count(i)});
  return sampled;
}

} // namespace qdo::device
