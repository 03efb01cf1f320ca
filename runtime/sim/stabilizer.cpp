// SPDX-License-Identifier: Apache-2.0
// Choosing the tableau, keeping states, drawing shots.
#include "runtime/sim/stabilizer.h"

#include "runtime/base/hash.h"
#include "runtime/base/philox.h"
#include "runtime/base/quantity.h"
#include "runtime/sim/state.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <tuple>
#include <unordered_map>

namespace qdo::sim {

using stabilizer::Outcomes;
using stabilizer::Tableau;

const Outcomes &StabilizerState::outcomes() const {
  if (!outcomes_)
    outcomes_ = std::make_unique<Outcomes>(tableau_);
  return *outcomes_;
}

bool choosesTableau(base::Context &ctx, const Recipe &recipe) {
  return recipe.qubits >= tableauQubits && cliffordCircuit(ctx, recipe)->clifford();
}

namespace {
/// The newest states by recipe hash; a tableau of 1,000 qubits is half a megabyte.
struct Kept {
  std::unordered_map<uint64_t, std::shared_ptr<const StabilizerState>> states;
  size_t bytes = 0;
};
} // namespace

static bool run(base::Context &ctx, qdo_site site, const CliffordCircuit &circuit,
                Tableau &tableau) {
  constexpr size_t portion = 1 << 16;
  for (size_t i = 0; i < circuit.ops.size(); ++i) {
    if (i % portion == 0 && ctx.stopHere(site))
      return false;
    tableau.apply(*circuit.ops[i].gate, circuit.ops[i].wires);
  }
  return true;
}

std::shared_ptr<const StabilizerState> stabilizerState(base::Context &ctx, qdo_site site,
                                                       const Recipe &recipe) {
  auto &kept = ctx.part<Kept>();
  if (auto found = kept.states.find(recipe.hash); found != kept.states.end())
    return found->second;
  const auto circuit = cliffordCircuit(ctx, recipe);
  Tableau tableau(static_cast<int>(recipe.qubits));
  if (ctx.stopHere(site) || !run(ctx, site, *circuit, tableau))
    return nullptr;
  auto state = std::make_shared<const StabilizerState>(std::move(tableau));
  constexpr size_t most = size_t{128} << 20;
  if (kept.bytes > most)
    kept = {};
  kept.bytes += 2 * state->tableau().bytes();
  kept.states[recipe.hash] = state;
  return state;
}

double stabilizerFidelity(base::Context &ctx, qdo_site site, const Recipe &p, const Recipe &r) {
  // The probability of 0..0 after one and the adjoint of the other.
  const auto ket = stabilizerState(ctx, site, r);
  if (!ket)
    return 0;
  const auto bra = cliffordCircuit(ctx, p, true);
  Tableau tableau = ket->tableau();
  if (!run(ctx, site, *bra, tableau))
    return 0;
  const Outcomes outcomes(tableau);
  return outcomes.hasZero() ? std::ldexp(1.0, -outcomes.rank()) : 0;
}

double stabilizerPurity(const Tableau &state, uint64_t qubits) {
  // The entropy is the rank of the generators on these qubits alone, less their number (Fattal et
  // al., quant-ph/0406168). Whether a generator has X or Z on a qubit, its two rows say for all.
  std::vector<std::vector<uint64_t>> pivots;
  int kept = 0;
  auto reduce = [&](std::span<const uint64_t> row) {
    std::vector<uint64_t> bits(row.begin(), row.end());
    for (const auto &pivot : pivots) {
      const auto word = static_cast<size_t>(
          std::ranges::find_if(pivot, [](uint64_t w) { return w != 0; }) - pivot.begin());
      if (bits[word] & pivot[word] & -pivot[word])
        std::ranges::transform(bits, pivot, bits.begin(), std::bit_xor());
    }
    if (stabilizer::any(bits))
      pivots.push_back(std::move(bits));
  };
  for (int q = 0; q < std::min(state.qubits(), 64); ++q)
    if (qubits >> q & 1) {
      ++kept;
      reduce(state.xOfX(q));
      reduce(state.xOfZ(q));
    }
  return std::ldexp(1.0, kept - static_cast<int>(pivots.size()));
}

double Prepared::mean(const Observable::Term &pauli) const {
  if (pauli.identity())
    return 1;
  if (vector)
    return vector.expectPauli(pauli.x, pauli.z);
  std::vector<uint64_t> x{pauli.x}, z{pauli.z};
  for (const auto &[xs, zs] : pauli.more) {
    x.push_back(xs);
    z.push_back(zs);
  }
  return tableau->tableau().mean({x, z});
}

Prepared prepareAny(base::Context &ctx, qdo_site site, const Recipe &recipe) {
  if (choosesTableau(ctx, recipe))
    return {{}, stabilizerState(ctx, site, recipe)};
  return {ready(ctx, site, recipe), nullptr};
}

/// Outcomes that differ, with their counts, from those of shots in rising order.
static Sampled counted(const Outcomes &outcomes, const std::vector<uint64_t> &bits,
                       const std::vector<int64_t> &counts) {
  const size_t words = outcomes.words();
  std::vector<uint64_t> all(counts.size() * words);
  outcomes.outcomes(std::ssize(counts), bits.data(), all.data());
  Sampled sampled;
  for (size_t i = 0; i < counts.size(); ++i)
    sampled.entries.push_back({words == 1 ? all[i] : i, counts[i]});
  if (words > 1)
    sampled.wide = std::move(all);
  return sampled;
}

Sampled sampleStabilizer(base::Context &ctx, qdo_site site, const StabilizerState &state,
                         uint64_t stream, int64_t shots) {
  const Outcomes &outcomes = state.outcomes();
  const int rank = outcomes.rank();
  std::vector<uint64_t> bits;
  std::vector<int64_t> counts;
  // Few outcomes: as the state vector draws them, without a number for each shot.
  constexpr int fewCoins = 16;
  if (rank <= fewCoins) {
    State coins(rank);
    std::ranges::fill(coins.view().span(), std::sqrt(std::ldexp(1.0, -rank)));
    for (const Counts::Entry &entry : sampleOutcomes(ctx, coins.view(), stream, shots)) {
      bits.push_back(entry.outcome);
      counts.push_back(entry.count);
    }
    if (rank == 0)
      bits.clear();
    return counted(outcomes, bits, counts);
  }
  const size_t words = outcomes.bitWords();
  // A shot and its outcome, and room to sort: what is drawn has to fit.
  const double bytes =
      static_cast<double>(shots) * 8 * static_cast<double>(2 * words + 2 * outcomes.words() + 4);
  if (!checkBytes(ctx, site,
                  base::grouped(shots) + " outcomes of " + std::to_string(outcomes.qubits()),
                  bytes))
    return {};
  const uint64_t last = rank % 64 == 0 ? ~uint64_t{0} : (uint64_t{1} << (rank % 64)) - 1;
  std::vector<uint64_t> drawn(static_cast<size_t>(shots) * words);
  constexpr int64_t portion = 1 << 12;
  ctx.pool().forTiles(shots, portion, [&](int64_t begin, int64_t end) {
    base::RandomStream random(ctx.seed(), stream, static_cast<uint64_t>(begin) * words);
    for (int64_t shot = begin; shot < end; ++shot)
      for (size_t w = 0; w < words; ++w)
        drawn[static_cast<size_t>(shot) * words + w] =
            random.next() & (w + 1 == words ? last : ~uint64_t{0});
  });
  // Outcomes rise with their bits.
  std::vector<int64_t> order(static_cast<size_t>(shots));
  std::iota(order.begin(), order.end(), 0);
  auto bitsOf = [&](int64_t shot) { return &drawn[static_cast<size_t>(shot) * words]; };
  auto compare = [&](int64_t a, int64_t b) {
    for (size_t w = words; w-- > 0;)
      if (bitsOf(a)[w] != bitsOf(b)[w])
        return bitsOf(a)[w] < bitsOf(b)[w] ? -1 : 1;
    return 0;
  };
  std::ranges::sort(order, [&](int64_t a, int64_t b) { return compare(a, b) < 0; });
  for (size_t i = 0; i < order.size(); ++i) {
    if (i > 0 && compare(order[i - 1], order[i]) == 0) {
      ++counts.back();
      continue;
    }
    counts.push_back(1);
    bits.insert(bits.end(), bitsOf(order[i]), bitsOf(order[i]) + words);
  }
  return counted(outcomes, bits, counts);
}

WideBasis::WideBasis(const PauliString &string, size_t words) : x(words), z(words) {
  x[0] = string.x;
  z[0] = string.z;
  for (size_t w = 1; w < words && w <= string.more.size(); ++w)
    std::tie(x[w], z[w]) = string.more[w - 1];
}

BasisTurns::BasisTurns(base::Context &ctx)
    : h_(cliffords(ctx).find({noise::gateNamed("h"), false, 0, {}}).gate),
      sdg_(cliffords(ctx).find({noise::gateNamed("sdg"), false, 0, {}}).gate) {}

Outcomes BasisTurns::outcomes(const Tableau &state, const WideBasis &basis) const {
  if (!stabilizer::any(basis.x))
    return Outcomes(state);
  // Z after h is X, and after sdg and h it is Y.
  Tableau turned = state;
  for (int q = 0; q < state.qubits(); ++q) {
    if (!stabilizer::bitOf(basis.x, q))
      continue;
    if (stabilizer::bitOf(basis.z, q))
      turned.apply(*sdg_, &q);
    turned.apply(*h_, &q);
  }
  return Outcomes(turned);
}

std::optional<std::vector<uint64_t>> measureInBases(base::Context &ctx, qdo_site site,
                                                    const StabilizerState &state,
                                                    std::span<const PauliString> bases,
                                                    uint64_t stream, uint64_t first) {
  const Tableau &tableau = state.tableau();
  const size_t words = tableau.words();
  std::vector<uint64_t> all(bases.size() * words);
  // The numbers of a shot, one for each qubit, are those of the tree in pauli_bases.cpp.
  const uint64_t numbers = words == 1 ? 64 : QDO_MOST_QUBITS;
  const BasisTurns turns(ctx);
  ctx.pool().forTiles(std::ssize(bases), 16, [&](int64_t begin, int64_t end) {
    std::optional<WideBasis> last;
    std::optional<Outcomes> outcomes;
    for (int64_t i = begin; i < end && !ctx.interruptRequested(); ++i) {
      const auto at = static_cast<size_t>(i);
      if (WideBasis basis(bases[at], words); !last || *last != basis) {
        outcomes.emplace(turns.outcomes(tableau, basis));
        last = std::move(basis);
      }
      std::vector<uint64_t> bits(outcomes->bitWords());
      for (int bit = 0; bit < outcomes->rank(); ++bit) {
        const auto qubit = static_cast<uint64_t>(outcomes->qubitOf(bit));
        base::RandomStream random(ctx.seed(), stream, (first + at) * numbers + qubit);
        bits[static_cast<size_t>(bit) / 64] |= uint64_t{random.uniform() < 0.5} << (bit % 64);
      }
      outcomes->outcome(bits, {&all[at * words], words});
    }
  });
  return ctx.stopHere(site) ? std::nullopt : std::optional(std::move(all));
}

Sampled sample(base::Context &ctx, qdo_site site, const Prepared &state, uint64_t stream,
               int64_t shots) {
  return state.tableau ? sampleStabilizer(ctx, site, *state.tableau, stream, shots)
                       : Sampled{state.vector.sample(ctx, stream, shots)};
}

} // namespace qdo::sim
