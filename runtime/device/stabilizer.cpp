// SPDX-License-Identifier: Apache-2.0
// Clifford recipes with Pauli errors: means, fidelities, outcomes.
#include "runtime/device/stabilizer.h"

#include "runtime/base/hash.h"
#include "runtime/base/quantity.h"
#include "runtime/device/pauli_shots.h"
#include "runtime/device/pauli_strings.h"
#include "runtime/sim/one_by_one.h"
#include "runtime/sim/state.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cmath>

namespace qdo::device {

using sim::Coin;
using sim::PauliString;
using sim::Recipe;
using stabilizer::NoisyClifford;
using stabilizer::Outcomes;
using stabilizer::PauliView;

namespace {

/// Sums of up to 2^soon terms take no longer than thousands of shots.
constexpr int soon = 14;

double unit(double probability) { return std::clamp(probability, 0.0, 1.0); }

bool lopsided(const noise::Readout &r) { return r.p01 != r.p10; }

/// The means of the signs that are read. Where zeros and ones are misread differently, a string of
/// w letters is a sum of 2^w others.
std::optional<std::vector<double>> readMeans(base::Context &ctx, qdo_site site,
                                             const NoisyClifford &circuit,
                                             const stabilizer::Tableau &ideal,
                                             std::span<const PauliString> strings,
                                             const noise::Readout &r) {
  const double shrink = 1 - r.p01 - r.p10, shift = r.p10 - r.p01;
  PauliStrings all(ideal.words());
  std::vector<double> weights;
  std::vector<size_t> of; // which string each belongs to
  for (size_t s = 0; s < strings.size(); ++s) {
    PauliStrings one(all.words);
    one.add(strings[s]);
    const int weight = weightOf(one[0]);
    auto add = [&](const PauliView &string, int letters) {
      all.x.insert(all.x.end(), string.x.begin(), string.x.end());
      all.z.insert(all.z.end(), string.z.begin(), string.z.end());
      weights.push_back(std::pow(shrink, letters) * std::pow(shift, weight - letters));
      of.push_back(s);
    };
    if (shift == 0) {
      add(one[0], weight);
      continue;
    }
    std::vector<int> places;
    for (int q = 0; q < ideal.qubits(); ++q)
      if (stabilizer::bitOf(one.x, q) || stabilizer::bitOf(one.z, q))
        places.push_back(q);
    // The letters whose sign is seen; the others give the shift.
    for (uint64_t seen = 0; seen < uint64_t{1} << weight; ++seen) {
      PauliStrings part = one;
      for (int i = 0; i < weight; ++i)
        if (!(seen >> i & 1)) {
          const auto q = static_cast<size_t>(places[static_cast<size_t>(i)]);
          part.x[q / 64] &= ~(uint64_t{1} << (q % 64));
          part.z[q / 64] &= ~(uint64_t{1} << (q % 64));
        }
      add(part[0], std::popcount(seen));
    }
  }
  const auto means = noisyMeans(ctx, site, circuit, ideal, all);
  if (!means)
    return std::nullopt;
  std::vector<double> values(strings.size());
  for (size_t i = 0; i < of.size(); ++i)
    values[of[i]] += weights[i] * (*means)[i];
  return values;
}

/// Letters of a string.
int lettersOf(const PauliString &string) {
  int letters = std::popcount(string.x | string.z);
  for (const auto &[x, z] : string.more)
    letters += std::popcount(x | z);
  return letters;
}

/// Calls seen(first shot, outcomes, random numbers that go on) for the blocks that hold the shots
/// first..last, from several threads.
template <class Seen>
bool readBlocks(base::Context &ctx, qdo_site site, const PauliShots &shots, uint64_t stream,
                int64_t first, int64_t last, Seen seen) {
  constexpr int64_t size = PauliShots::blockShots;
  const int64_t from = first / size, blocks = last > first ? (last - 1) / size + 1 - from : 0;
  ctx.pool().forTiles(blocks, 1, [&](int64_t begin, int64_t) {
    if (ctx.interruptRequested())
      return;
    std::vector<uint64_t> read(static_cast<size_t>(size) * shots.words());
    auto random = shots.block(ctx.seed(), stream, from + begin, read.data());
    seen((from + begin) * size, read, random);
  });
  return !ctx.stopHere(site);
}

/// Shots of a circuit and the inverse of another: success is 0..0.
class Uncomputed final : public sim::ShotSource {
public:
  Uncomputed(std::shared_ptr<const NoisyClifford> circuit, Outcomes outcomes,
             noise::Readout readout, std::optional<noise::Corrected> corrected)
      : circuit_(std::move(circuit)), outcomes_(std::move(outcomes)),
        basis_(PauliString(), outcomes_.words()), readout_(readout), corrected_(corrected) {}

  int64_t successes(base::Context &ctx, qdo_site site, uint64_t stream, int64_t first,
                    int64_t last) const override {
    const PauliShots shots(*circuit_, outcomes_, basis_, readout_);
    std::atomic<int64_t> count = 0;
    const bool done = readBlocks(
        ctx, site, shots, stream, first, last, [&](int64_t start, const auto &read, auto &random) {
          for (int64_t i = 0; i < PauliShots::blockShots; ++i) {
            const bool success = succeeds(&read[static_cast<size_t>(i) * shots.words()], random);
            count += success && first <= start + i && start + i < last;
          }
        });
    return done ? count.load() : 0;
  }

private:
  bool succeeds(const uint64_t *read, base::RandomStream &random) const {
    int ones = 0;
    for (size_t w = 0; w < outcomes_.words(); ++w)
      ones += std::popcount(read[w]);
    if (!corrected_)
      return ones == 0;
    return random.uniform() < (corrected_->value(circuit_->qubits(), ones) - corrected_->low) /
                                  (corrected_->high - corrected_->low);
  }

  const std::shared_ptr<const NoisyClifford> circuit_;
  const Outcomes outcomes_;
  const sim::WideBasis basis_;
  const noise::Readout readout_;
  const std::optional<noise::Corrected> corrected_;
};

class FrameShots final : public sim::JointShots {
public:
  FrameShots(std::shared_ptr<const NoisyClifford> circuit, Outcomes outcomes, sim::WideBasis basis,
             noise::Readout readout)
      : circuit_(std::move(circuit)), outcomes_(std::move(outcomes)), basis_(std::move(basis)),
        readout_(readout) {}

  bool draw(base::Context &ctx, qdo_site site, uint64_t stream, int64_t first, int64_t last,
            sim::Histogram &into) const override {
    if (!sim::fewEnough(ctx, site, last - first))
      return false;
    const PauliShots shots(*circuit_, outcomes_, basis_, readout_);
    const size_t words = shots.words();
    const int64_t portion = std::max<int64_t>(1, (1 << 20) / static_cast<int64_t>(words));
    for (int64_t begin = first; begin < last; begin += portion) {
      const int64_t end = std::min(last, begin + portion);
      std::vector<uint64_t> seen(static_cast<size_t>(end - begin) * words);
      const bool done = readBlocks(
          ctx, site, shots, stream, begin, end, [&](int64_t start, const auto &read, auto &) {
            const int64_t low = std::max(start, begin),
                          high = std::min(start + PauliShots::blockShots, end);
            std::copy_n(read.begin() + (low - start) * static_cast<int64_t>(words),
                        (high - low) * static_cast<int64_t>(words),
                        seen.begin() + (low - begin) * static_cast<int64_t>(words));
          });
      if (!done)
        return false;
      into.add(std::move(seen));
    }
    return true;
  }

private:
  const std::shared_ptr<const NoisyClifford> circuit_;
  const Outcomes outcomes_;
  const sim::WideBasis basis_;
  const noise::Readout readout_;
};

/// Fails: the exact number is a sum that is too long.
std::nullopt_t tooLong(base::Context &ctx, qdo_site site, const Stabilizer &device,
                       const char *what, int bits) {
  ctx.fail(site, base::Kind::DeviceSumTooLong, what, device.name, bits, Stabilizer::mostBits).help =
      "put it under a policy with shots, which are fast";
  return std::nullopt;
}

/// The certain parities of outcomes as strings of Z.
PauliStrings paritiesOf(const Outcomes &outcomes) {
  PauliStrings strings(outcomes.words());
  for (const auto &parity : outcomes.certainParities()) {
    strings.x.insert(strings.x.end(), parity.size(), 0);
    strings.z.insert(strings.z.end(), parity.begin(), parity.end());
  }
  return strings;
}

/// The sign of a product of Z that is certain.
double signOf(const PauliView &string, const Outcomes &outcomes) {
  int ones = 0;
  for (size_t w = 0; w < string.z.size(); ++w)
    ones += std::popcount(string.z[w] & outcomes.first()[w]);
  return ones % 2 ? -1 : 1;
}

int certainBits(const Outcomes &outcomes) { return outcomes.qubits() - outcomes.rank(); }

/// The probability of reading 0..0: the sum over strings of Z of their means.
std::optional<double> zeros(base::Context &ctx, qdo_site site, const NoisyClifford &circuit,
                            const Outcomes &outcomes, const noise::Readout &r) {
  if (!circuit.noisy() && r.none())
    return outcomes.hasZero() ? std::ldexp(1.0, -outcomes.rank()) : 0;
  const double one = (1 - r.p01 + r.p10) / 2, z = (1 - r.p01 - r.p10) / 2;
  return sumOverGroup(ctx, site, circuit, paritiesOf(outcomes),
                      [&](const PauliView &string, double factor) {
                        const int weight = weightOf(string);
                        return std::pow(one, outcomes.qubits() - weight) * std::pow(z, weight) *
                               signOf(string, outcomes) * factor;
                      });
}

} // namespace

uint64_t Stabilizer::identity() const {
  return base::Hasher("stabilizer").add(noiseOrNone().hash()).add(uint64_t{twirl_}).value() | 1;
}

std::shared_ptr<const sim::State> Stabilizer::state(base::Context &ctx, qdo_site site,
                                                    const Recipe &) {
  ctx.fail(site, base::Kind::DeviceTableau, name).help =
      "look at it on `state_vector()`, or measure what you want to know";
  return nullptr;
}

bool Stabilizer::extend(base::Context &ctx, qdo_site site, const Recipe &recipe,
                        const sim::Mitigation &mitigation, double excited, Run &run) const {
  if (!fits(ctx, site, recipe.qubits) || ctx.stopHere(site))
    return false;
  const auto ideal = sim::cliffordCircuit(ctx, recipe);
  if (!ideal->clifford()) {
    if (!sim::failsAnyway(ctx, site, recipe, *ideal)) {
      auto &failure = ctx.fail(site, base::Kind::DeviceNotClifford, name, ideal->notClifford);
      failure.note = "it happens in `" + recipe.format("") + "`";
      failure.help = noise() ? "ask `density_matrix(..)` or `trajectories(..)` with the same noise"
                             : "ask `state_vector()`";
    }
    return false;
  }
  if (!noise())
    return true;
  const auto steps =
      noisyCircuit(ctx, site, recipe, *noise(), mitigation.fold, mitigation.waits, excited);
  if (!steps)
    return false;
  run.fold = steps->fold;
  auto pauli = [&](int wire, const noise::PauliErrors &p) {
    run.circuit.pauli(wire, p.x, p.y, p.z);
  };
  for (const Step &step : steps->steps)
    switch (step.kind) {
    case Step::Kind::Gate: {
      stabilizer::CliffordKey key{step.call.gate, step.call.inverse, step.controls, {}};
      std::ranges::copy(step.call.angles, key.angles.begin());
      if (const auto *gate = sim::cliffords(ctx).find(key).gate)
        run.circuit.gate(*gate, step.gateWires());
      break;
    }
    case Step::Kind::Flip:
      run.circuit.pauli(step.qubit, step.probability, 0, 0);
      break;
    case Step::Kind::Relax:
      pauli(step.qubit, noise::twirledDecay(step.relaxation.gamma));
      run.circuit.pauli(step.qubit, 0, 0, step.relaxation.flip);
      break;
    case Step::Kind::Channel:
      if (step.channel == noise::Channel::Depolarizing) {
        run.circuit.depolarizing(step.gateWires(), step.probability);
        break;
      }
      for (int wire : step.gateWires())
        pauli(wire, step.channel == noise::Channel::AmplitudeDamping
                        ? noise::twirledDecay(step.probability)
                        : noise::phaseErrors(step.probability));
      break;
    }
  return !ctx.stopHere(site);
}

std::shared_ptr<const Stabilizer::Run> Stabilizer::keep(uint64_t key, std::shared_ptr<Run> run) {
  constexpr size_t most = size_t{1} << 22; // operations, 400 MB
  if (kept_ > most || runs_.size() > 4096) {
    kept_ = 0;
    runs_.clear();
  }
  kept_ += run->circuit.size();
  return runs_[key] = std::move(run);
}

std::shared_ptr<const Stabilizer::Run> Stabilizer::run(base::Context &ctx, qdo_site site,
                                                       const Recipe &recipe,
                                                       const sim::Mitigation &mitigation) {
  const double flipped = excited(ctx);
  const uint64_t key = base::Hasher("run")
                           .add(recipe.hash)
                           .add(mitigation.fold)
                           .add(uint64_t{mitigation.waits})
                           .add(flipped)
                           .value();
  if (auto found = runs_.find(key); found != runs_.end())
    return found->second;
  auto made =
      std::make_shared<Run>(Run{nullptr, NoisyClifford(static_cast<int>(recipe.qubits)), 1});
  if (!extend(ctx, site, recipe, mitigation, flipped, *made))
    return nullptr;
  made->ideal = sim::stabilizerState(ctx, site, recipe);
  return made->ideal ? keep(key, std::move(made)) : nullptr;
}

std::shared_ptr<const Stabilizer::Run> Stabilizer::runBoth(base::Context &ctx, qdo_site site,
                                                           const Recipe &p, const Recipe &r,
                                                           const sim::Mitigation &mitigation) {
  if (p.qubits != r.qubits) {
    ctx.fail(site, base::Kind::BadValue, "the number of qubits on the right of the bra-ket",
             r.qubits, p.qubits);
    return nullptr;
  }
  const Uncompute both = uncompute(ctx, p, r);
  const double flipped = excited(ctx);
  const uint64_t key = base::Hasher("both")
                           .add(both.compute->hash)
                           .add(both.uncompute->hash)
                           .add(mitigation.fold)
                           .add(uint64_t{mitigation.waits})
                           .add(flipped)
                           .value();
  if (auto found = runs_.find(key); found != runs_.end())
    return found->second;
  auto made = std::make_shared<Run>(Run{nullptr, NoisyClifford(static_cast<int>(p.qubits)), 1});
  if (!extend(ctx, site, *both.compute, mitigation, flipped, *made))
    return nullptr;
  const double first = made->fold;
  if (!extend(ctx, site, *both.uncompute, mitigation, 0, *made))
    return nullptr;
  made->fold = (first + made->fold) / 2;
  const Recipe *whole = sim::makeThen(ctx, site, both.compute, both.uncompute);
  made->ideal = whole ? sim::stabilizerState(ctx, site, *whole) : nullptr;
  return made->ideal ? keep(key, std::move(made)) : nullptr;
}

std::optional<double> Stabilizer::fidelity(base::Context &ctx, qdo_site site, const Recipe &p,
                                           const Recipe &r) {
  const auto both = runBoth(ctx, site, p, r);
  if (!both)
    return std::nullopt;
  const noise::Readout &readout = noiseOrNone().readout;
  const Outcomes &outcomes = both->ideal->outcomes();
  if ((both->circuit.noisy() || !readout.none()) && certainBits(outcomes) > mostBits)
    return tooLong(ctx, site, *this, "fidelity", certainBits(outcomes));
  const auto value = zeros(ctx, site, both->circuit, outcomes, readout);
  return value ? std::optional(unit(*value)) : std::nullopt;
}

std::optional<Coin> Stabilizer::fidelityCoin(base::Context &ctx, qdo_site site, const Recipe &p,
                                             const Recipe &r, const sim::Mitigation &mitigation) {
  if (!readable(ctx, site, mitigation))
    return std::nullopt;
  const auto both = runBoth(ctx, site, p, r, mitigation);
  if (!both)
    return std::nullopt;
  const noise::Readout &readout = noiseOrNone().readout;
  const Outcomes &outcomes = both->ideal->outcomes();
  Coin coin{.fold = both->fold};
  std::optional<noise::Corrected> corrected;
  if (mitigation.readout) {
    corrected = noise::correctedZeros(readout, static_cast<int>(p.qubits));
    coin.offset = corrected->low;
    coin.scale = corrected->high - corrected->low;
  }
  const noise::Readout seen = mitigation.readout ? noise::Readout() : readout;
  if (certainBits(outcomes) > soon && (both->circuit.noisy() || !readout.none())) {
    coin.shots = std::make_shared<Uncomputed>(
        std::shared_ptr<const NoisyClifford>(both, &both->circuit), outcomes, readout, corrected);
    return coin;
  }
  const auto value = zeros(ctx, site, both->circuit, outcomes, seen);
  if (!value)
    return std::nullopt;
  coin.probability = unit((*value - coin.offset) / coin.scale);
  return coin;
}

std::optional<std::vector<double>> Stabilizer::means(base::Context &ctx, qdo_site site,
                                                     const Recipe &recipe,
                                                     std::span<const PauliString> strings) {
  const auto one = run(ctx, site, recipe);
  if (!one)
    return std::nullopt;
  for (const PauliString &string : strings)
    if (const int bits = lettersOf(string); lopsided(noiseOrNone().readout) && bits > mostBits)
      return tooLong(ctx, site, *this, "expectation value", bits);
  return readMeans(ctx, site, one->circuit, one->ideal->tableau(), strings, noiseOrNone().readout);
}

std::shared_ptr<const sim::JointShots> Stabilizer::joint(base::Context &ctx, qdo_site site,
                                                         const Recipe &recipe,
                                                         const PauliString &axes,
                                                         const sim::Mitigation &mitigation) {
  const auto one = readable(ctx, site, mitigation) ? run(ctx, site, recipe, mitigation) : nullptr;
  if (!one)
    return nullptr;
  const stabilizer::Tableau &tableau = one->ideal->tableau();
  const sim::WideBasis basis(axes, tableau.words());
  auto shots = std::make_shared<FrameShots>(
      std::shared_ptr<const NoisyClifford>(one, &one->circuit),
      sim::BasisTurns(ctx).outcomes(tableau, basis), basis, noiseOrNone().readout);
  shots->fold = one->fold;
  correct(*shots, mitigation);
  return shots;
}

std::optional<std::vector<double>> Stabilizer::probabilities(base::Context &ctx, qdo_site site,
                                                             const Recipe &recipe) {
  const auto one = run(ctx, site, recipe);
  if (!one)
    return std::nullopt;
  if (recipe.qubits > mostBits)
    return tooLong(ctx, site, *this, "probabilities", static_cast<int>(recipe.qubits));
  const Outcomes &outcomes = one->ideal->outcomes();
  // The transform of Walsh and Hadamard of the means of all strings of Z.
  std::vector<double> values(size_t{1} << recipe.qubits);
  const auto &[p01, p10] = noiseOrNone().readout;
  if (!sumOverGroup(ctx, site, one->circuit, paritiesOf(outcomes),
                    [&](const PauliView &string, double factor) {
                      values[string.z[0]] = std::ldexp(signOf(string, outcomes) * factor,
                                                       -static_cast<int>(recipe.qubits));
                      return 0.0;
                    }))
    return std::nullopt;
  for (size_t half = 1; half < values.size(); half *= 2)
    for (size_t k = 0; k < values.size(); ++k)
      if ((k & half) == 0) {
        const double zero = values[k] + values[k | half], last = values[k] - values[k | half];
        values[k] = (1 - p01) * zero + p10 * last;
        values[k | half] = p01 * zero + (1 - p10) * last;
      }
  for (double &p : values)
    p = std::max(p, 0.0);
  return values;
}

std::optional<double> Stabilizer::purity(base::Context &ctx, qdo_site site, const Recipe &recipe,
                                         uint64_t qubits) {
  const auto one = run(ctx, site, recipe);
  if (!one)
    return std::nullopt;
  if (!one->circuit.noisy())
    return sim::stabilizerPurity(one->ideal->tableau(), qubits);
  if (recipe.qubits < 64)
    qubits &= (uint64_t{1} << recipe.qubits) - 1;
  // Tr(rho^2) = 2^-k times the sum of the squares of all means.
  const PauliStrings group = stabilisersOn(one->ideal->tableau(), qubits);
  const int kept = std::popcount(qubits), bits = static_cast<int>(group.size());
  if (bits > mostBits)
    return tooLong(ctx, site, *this, "purity", bits);
  const auto sum = sumOverGroup(ctx, site, one->circuit, group,
                                [](const PauliView &, double f) { return f * f; });
  return sum ? std::optional(std::min(1.0, std::ldexp(*sum, -kept))) : std::nullopt;
}

std::optional<sim::Sampled> Stabilizer::sample(base::Context &ctx, qdo_site site,
                                               const Recipe &recipe, uint64_t stream,
                                               int64_t shots) {
  const auto one = run(ctx, site, recipe);
  if (!one)
    return std::nullopt;
  if (!noise())
    return sim::sampleStabilizer(ctx, site, *one->ideal, stream, shots);
  const Outcomes &outcomes = one->ideal->outcomes();
  const size_t words = outcomes.words();
  if (!sim::checkBytes(ctx, site,
                       base::grouped(shots) + " outcomes of " + std::to_string(recipe.qubits),
                       static_cast<double>(shots) * 8 * static_cast<double>(2 * words + 2)))
    return std::nullopt;
  const sim::WideBasis basis(PauliString(), words);
  const PauliShots source(one->circuit, outcomes, basis, noiseOrNone().readout);
  constexpr int64_t size = PauliShots::blockShots;
  const int64_t blocks = (shots + size - 1) / size;
  std::vector<uint64_t> all(static_cast<size_t>(blocks * size) * words);
  ctx.pool().forTiles(blocks, 1, [&](int64_t block, int64_t) {
    if (!ctx.interruptRequested())
      source.block(ctx.seed(), stream, block, &all[static_cast<size_t>(block * size) * words]);
  });
  if (ctx.stopHere(site))
    return std::nullopt;
  all.resize(static_cast<size_t>(shots) * words); // the last block has more
  sim::Histogram counts(recipe.qubits);
  counts.add(std::move(all));
  sim::Sampled sampled;
  for (size_t i = 0; i < counts.size(); ++i) {
    const auto outcome = counts.outcome(i);
    sampled.entries.push_back({words == 1 ? outcome[0] : i, counts.count(i)});
    if (words > 1)
      sampled.wide.insert(sampled.wide.end(), outcome.begin(), outcome.end());
  }
  return sampled;
}

std::optional<std::vector<uint64_t>>
Stabilizer::flippedSnapshots(base::Context &ctx, qdo_site site, const Recipe &recipe,
                             std::span<const PauliString> bases, std::span<const uint64_t> flips,
                             uint64_t stream, uint64_t first) {
  const auto one = run(ctx, site, recipe);
  if (!one)
    return std::nullopt;
  auto all = sim::measureInBases(ctx, site, *one->ideal, bases, stream, first);
  if (!all || !noise())
    return all;
  // Errors come in blocks of shots by their numbers, whichever of them are asked for.
  constexpr auto size = static_cast<uint64_t>(PauliShots::blockShots);
  const size_t words = one->ideal->tableau().words();
  const uint64_t last = first + bases.size(), from = first / size;
  const auto blocks = bases.empty() ? 0 : static_cast<int64_t>((last - 1) / size + 1 - from);
  ctx.pool().forTiles(blocks, 1, [&](int64_t begin, int64_t) {
    if (ctx.interruptRequested())
      return;
    const uint64_t number = from + static_cast<uint64_t>(begin), start = number * size;
    const uint64_t low = std::max(first, start), high = std::min(last, start + size);
    std::vector<uint64_t> block(size * words);
    std::vector<sim::WideBasis> axes(size, sim::WideBasis(PauliString(), words));
    for (uint64_t shot = low; shot < high; ++shot)
      axes[shot - start] = sim::WideBasis(bases[shot - first], words);
    const auto copied = static_cast<std::ptrdiff_t>((high - low) * words);
    const auto mine = all->begin() + static_cast<std::ptrdiff_t>((low - first) * words);
    const auto inBlock = block.begin() + static_cast<std::ptrdiff_t>((low - start) * words);
    std::copy_n(mine, copied, inBlock);
    base::RandomStream random = blockRandom(ctx.seed(), stream, static_cast<int64_t>(number));
    NoisyClifford::Block errors(one->circuit.qubits());
    one->circuit.errors(random, errors);
    flipOutcomes(
        errors, one->circuit.qubits(), words, PauliShots::blockShots, block.data(),
        [&](int64_t shot) -> const sim::WideBasis & { return axes[static_cast<size_t>(shot)]; });
    auto turnOver = [&] {
      for (uint64_t i = low * words; !flips.empty() && i < high * words; ++i)
        block[i - start * words] ^= flips[i - first * words];
    };
    turnOver();
    misread(noiseOrNone().readout, one->circuit.qubits(), words, PauliShots::blockShots,
            block.data(), random);
    turnOver();
    std::copy_n(inBlock, copied, mine);
  });
  return ctx.stopHere(site) ? std::nullopt : std::move(all);
}

} // namespace qdo::device
