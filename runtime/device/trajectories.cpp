// SPDX-License-Identifier: Apache-2.0
// Shots of trajectories as coins, counts and snapshots.
// Why: a corrected value takes more than two values; rounding it at random to the ends of its range
// keeps its mean, so that it is a coin whose interval is as honest as any other.
#include "runtime/device/trajectories.h"

#include "runtime/base/hash.h"
#include "runtime/device/trajectory_batch.h"

#include <algorithm>
#include <bit>
#include <map>

namespace qdo::device {

using sim::Coin;
using sim::PauliString;
using sim::Recipe;

namespace {

/// Shots of one circuit: success is what `succeeds` makes of what was read.
class Source final : public sim::ShotSource {
public:
  Source(std::shared_ptr<const NoisyCircuit> circuit, noise::Readout readout, PauliString basis,
         std::optional<noise::Corrected> corrected)
      : circuit_(std::move(circuit)), readout_(readout), basis_(basis), corrected_(corrected) {}

  int64_t successes(base::Context &ctx, qdo_site site, uint64_t stream, int64_t first,
                    int64_t last) const override {
    std::vector<uint8_t> success(static_cast<size_t>(last - first));
    runShots(
        ctx, site, *circuit_, readout_, stream, first, last - first,
        [&](int64_t) { return basis_; },
        [&](int64_t place, uint64_t read, base::RandomStream &random) {
          success[static_cast<size_t>(place)] = succeeds(read, random);
        });
    return std::count(success.begin(), success.end(), 1);
  }

private:
  bool succeeds(uint64_t read, base::RandomStream &random) const {
    const uint64_t support = basis_.x | basis_.z;
    const bool zeros = support == 0;
    const int qubits = zeros ? circuit_->qubits : std::popcount(support),
              ones = std::popcount(zeros ? read : read & support);
    if (!corrected_)
      return zeros ? ones == 0 : ones % 2 == 0;
    return random.uniform() < (corrected_->value(qubits, ones) - corrected_->low) /
                                  (corrected_->high - corrected_->low);
  }

  std::shared_ptr<const NoisyCircuit> circuit_;
  noise::Readout readout_;
  PauliString basis_; ///< nothing: success is 0..0
  std::optional<noise::Corrected> corrected_;
};

} // namespace

uint64_t Trajectories::identity() const {
  return base::Hasher("trajectories").add(noiseOrNone().hash()).value() | 1;
}

static std::nullopt_t noExact(base::Context &ctx, qdo_site site, const Trajectories &device,
                              const char *what) {
  ctx.fail(site, base::Kind::DeviceNoExact, device.name, what).help =
      "ask `density_matrix(..)` with the same noise, or put it under a policy with shots";
  return std::nullopt;
}

std::optional<double> Trajectories::fidelity(base::Context &ctx, qdo_site site, const Recipe &,
                                             const Recipe &) {
  return noExact(ctx, site, *this, "fidelity");
}
std::optional<std::vector<double>> Trajectories::means(base::Context &ctx, qdo_site site,
                                                       const Recipe &,
                                                       std::span<const PauliString>) {
  return noExact(ctx, site, *this, "expectation value");
}
std::optional<std::vector<double>> Trajectories::probabilities(base::Context &ctx, qdo_site site,
                                                               const Recipe &) {
  return noExact(ctx, site, *this, "probabilities");
}
std::optional<double> Trajectories::purity(base::Context &ctx, qdo_site site, const Recipe &,
                                           uint64_t) {
  return noExact(ctx, site, *this, "purity");
}

std::optional<Coin> Trajectories::fidelityCoin(base::Context &ctx, qdo_site site, const Recipe &p,
                                               const Recipe &r, const sim::Mitigation &mitigation) {
  if (!fits(ctx, site, p.qubits) || (mitigation.readout && !readoutInvertible(ctx, site)))
    return std::nullopt;
  if (p.qubits != r.qubits) {
    ctx.fail(site, base::Kind::BadValue, "the number of qubits on the right of the bra-ket",
             r.qubits, p.qubits);
    return std::nullopt;
  }
  const Uncompute both = uncompute(ctx, p, r);
  auto first = noisyCircuit(ctx, site, *both.compute, noiseOrNone(), mitigation.fold);
  auto second = first ? noisyCircuit(ctx, site, *both.uncompute, noiseOrNone(), mitigation.fold)
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
  coin.shots = std::make_shared<Source>(std::make_shared<NoisyCircuit>(std::move(*first)),
                                        noiseOrNone().readout, PauliString(), corrected);
  return coin;
}

std::optional<std::vector<Coin>> Trajectories::pauliCoins(base::Context &ctx, qdo_site site,
                                                          const Recipe &recipe,
                                                          std::span<const PauliString> strings,
                                                          const sim::Mitigation &mitigation) {
  if (!fits(ctx, site, recipe.qubits) || (mitigation.readout && !readoutInvertible(ctx, site)))
    return std::nullopt;
  auto built = noisyCircuit(ctx, site, recipe, noiseOrNone(), mitigation.fold);
  if (!built)
    return std::nullopt;
  auto circuit = std::make_shared<const NoisyCircuit>(std::move(*built));
  std::vector<Coin> coins;
  for (const PauliString &string : strings) {
    Coin coin{.offset = -1, .scale = 2, .fold = circuit->fold};
    std::optional<noise::Corrected> corrected;
    if (mitigation.readout) {
      corrected = noise::correctedSign(noiseOrNone().readout, std::popcount(string.x | string.z));
      coin.offset = corrected->low;
      coin.scale = corrected->high - corrected->low;
    }
    coin.shots = std::make_shared<Source>(circuit, noiseOrNone().readout, string, corrected);
    coins.push_back(std::move(coin));
  }
  return coins;
}

std::optional<std::vector<uint64_t>> Trajectories::snapshots(base::Context &ctx, qdo_site site,
                                                             const Recipe &recipe,
                                                             std::span<const PauliString> bases,
                                                             uint64_t stream, uint64_t first) {
  return flippedSnapshots(ctx, site, recipe, bases, {}, stream, first);
}

std::optional<std::vector<uint64_t>>
Trajectories::flippedSnapshots(base::Context &ctx, qdo_site site, const Recipe &recipe,
                               std::span<const PauliString> bases, std::span<const uint64_t> flips,
                               uint64_t stream, uint64_t first) {
  if (!fits(ctx, site, recipe.qubits))
    return std::nullopt;
  auto circuit = noisyCircuit(ctx, site, recipe, noiseOrNone());
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
  auto circuit = noisyCircuit(ctx, site, recipe, noiseOrNone());
  if (!circuit)
    return std::nullopt;
  std::map<uint64_t, int64_t> counts;
  constexpr int64_t portion = 1 << 20;
  for (int64_t done = 0; done < shots; done += portion) {
    const int64_t count = std::min(portion, shots - done);
    std::vector<uint64_t> outcomes(static_cast<size_t>(count));
    if (!runShots(
            ctx, site, *circuit, noiseOrNone().readout, stream, done, count,
            [](int64_t) { return PauliString(); },
            [&](int64_t place, uint64_t read, base::RandomStream &) {
              outcomes[static_cast<size_t>(place)] = read;
            }))
      return std::nullopt;
    for (uint64_t outcome : outcomes)
      ++counts[outcome];
  }
  std::vector<sim::Counts::Entry> entries;
  for (auto [outcome, count] : counts)
    entries.push_back({outcome, count});
  return sim::Sampled{std::move(entries)};
}

} // namespace qdo::device
