// SPDX-License-Identifier: Apache-2.0
// Walking states in the order of a stabiliser basis.
// Why exact: the amplitudes of an outcome's bits c come from a Walsh-Hadamard transform over the
// terms of the basis, and the outcome is drawn from their squares.
#include "runtime/sim/stabilizer_bases.h"

#include "runtime/base/hash.h"
#include "runtime/base/philox.h"
#include "runtime/sim/bits.h"
#include "runtime/sim/ideal.h"
#include "runtime/sim/stabilizer.h"

#include <cmath>

namespace qdo::sim {

using stabilizer::Basis;
using stabilizer::Scramble;
using Kind = Basis::Gate::Kind;

static int16_t rowOf(Kind kind) {
  static const int16_t rows[] = {
      static_cast<int16_t>(noise::gateNamed("cx")), static_cast<int16_t>(noise::gateNamed("cz")),
      static_cast<int16_t>(noise::gateNamed("s")), static_cast<int16_t>(noise::gateNamed("h")),
      static_cast<int16_t>(noise::gateNamed("x"))};
  return rows[static_cast<size_t>(kind)];
}

static bool isControlled(Kind kind) { return kind == Kind::Cx || kind == Kind::Cz; }

Appended::Appended(const Recipe *recipe, int64_t qubits, std::span<const Basis::Gate> gates) {
  base::Hasher content("stabiliser circuit");
  for (const auto &[kind, a, b] : gates) {
    const bool two = isControlled(kind);
    // Beyond masks, wires have numbers: qdo_gate.
    const uint64_t control =
        qubits <= QDO_MASK_QUBITS ? uint64_t{1} << a : static_cast<uint64_t>(a) + 1;
    gates_.push_back({two ? control : 0,
                      rowOf(kind),
                      kind == Kind::AdjointS,
                      static_cast<int16_t>(two ? b : a),
                      -1,
                      {-1, -1, -1, -1}});
    content.add(static_cast<uint64_t>(kind))
        .add(static_cast<uint64_t>(a))
        .add(static_cast<uint64_t>(b));
  }
  circuit_ = {};
  circuit_.name = "clifford";
  circuit_.content = static_cast<int64_t>(content.value());
  circuit_.qubits = qubits;
  circuit_.gates = gates_.data();
  circuit_.gate_count = std::ssize(gates_);
  circuit_.angles = [](qdo_sink *, const double *, double *) {};
  leaf_ = std::make_unique<Recipe>(Recipe::Form::Leaf, qubits, leafHash(circuit_, {}));
  leaf_->circuit = &circuit_;
  whole_ = leaf_.get();
  if (recipe) {
    both_ = composed(Recipe::Form::Then, recipe, leaf_.get(), 1);
    whole_ = both_.get();
  }
}

std::shared_ptr<const Appended> reading(const Recipe &recipe, std::span<const pauli::Gate> gates) {
  std::vector<Basis::Gate> made;
  for (const auto &[kind, a, b] : gates)
    made.push_back({kind == pauli::Gate::Kind::Cx         ? Kind::Cx
                    : kind == pauli::Gate::Kind::AdjointS ? Kind::AdjointS
                                                          : Kind::H,
                    a, b});
  return std::make_shared<Appended>(&recipe, recipe.qubits, made);
}

Appended measuring(const Recipe *recipe, int64_t qubits, const Basis &basis,
                   const Scramble *scramble) {
  std::vector<Basis::Gate> gates = basis.circuit();
  if (scramble)
    gates.insert(gates.end(), scramble->gates.begin(), scramble->gates.end());
  return {recipe, qubits, gates};
}

/// i^-power times an amplitude.
static Amplitude turnedBack(Amplitude a, unsigned power) {
  switch (power) {
  case 0:
    return a;
  case 1:
    return {a.imag(), -a.real()};
  case 2:
    return -a;
  default:
    return {-a.imag(), a.real()};
  }
}

/// Draws from a state; `work` is room for as many amplitudes.
static uint64_t drawIn(const Basis &basis, StateView state, std::vector<Amplitude> &work,
                       double uniform) {
  const size_t k = basis.rank();
  const uint64_t pivots = basis.pivots()[0], others = (state.size() - 1) & ~pivots;
  const uint64_t side = uint64_t{1} << k, offsets = state.size() >> k;
  work.resize(state.size());
  for (uint64_t t = 0; t < offsets; ++t) {
    const uint64_t offset = deposit(t, others);
    basis.forEach([&](uint64_t a, uint64_t index, unsigned phase) {
      work[t * side + a] = turnedBack(state.amplitudes[index ^ offset], phase);
    });
  }
  for (uint64_t half = 1; half < side; half *= 2) // over c; the norm is taken care of below
    for (uint64_t i = 0; i < work.size(); ++i)
      if (!(i & half)) {
        const Amplitude zero = work[i], one = work[i | half];
        work[i] = zero + one;
        work[i | half] = zero - one;
      }
  double total = 0;
  for (Amplitude a : work)
    total += std::norm(a);
  double place = uniform * total;
  uint64_t drawn = 0;
  for (uint64_t i = 0; i < work.size(); ++i)
    if (const double p = std::norm(work[i]); p > 0) {
      drawn = i;
      if (place < p)
        break;
      place -= p;
    }
  return deposit(drawn & (side - 1), pivots) | deposit(drawn >> k, others);
}

static void apply(base::Context &ctx, stabilizer::Tableau &tableau, const Basis &basis) {
  for (const auto &[kind, a, b] : basis.circuit()) {
    const int controls = isControlled(kind);
    const auto found = cliffords(ctx).find({rowOf(kind), kind == Kind::AdjointS, controls, {}});
    const int wires[] = {a, b};
    tableau.apply(*found.gate, wires);
  }
}

std::optional<std::vector<uint64_t>> measureInStabilizerBases(base::Context &ctx, qdo_site site,
                                                              const Recipe *recipe, int64_t qubits,
                                                              std::span<const Basis> bases,
                                                              std::span<const Scramble> scrambles,
                                                              uint64_t stream, uint64_t first) {
  Backend &device = backend(ctx);
  const size_t words = static_cast<size_t>(qubits + 63) / 64;
  std::vector<uint64_t> outcomes(bases.size() * words);
  auto outcomeOf = [&](size_t t) { return std::span(outcomes).subspan(t * words, words); };
  auto streamOf = [&](size_t t) { return base::mix(stream ^ base::mix(first + t)); };
  if (!device.ideal()) {
    for (size_t t = 0; t < bases.size(); ++t) {
      const Scramble *scramble = scrambles.empty() ? nullptr : &scrambles[t];
      const Appended circuit = measuring(recipe, qubits, bases[t], scramble);
      const auto read = device.sample(ctx, site, circuit.recipe(), streamOf(t), 1);
      if (!read)
        return std::nullopt;
      if (words == 1)
        outcomes[t] = read->entries.front().outcome;
      else
        std::ranges::copy(std::span(read->wide).first(words), outcomeOf(t).begin());
      if (scramble)
        scramble->undo(outcomeOf(t));
    }
    return outcomes;
  }
  if (!device.fits(ctx, site, qubits))
    return std::nullopt;
  const Appended zeros(nullptr, qubits, {});
  const Recipe &measured = recipe ? *recipe : zeros.recipe();
  if (choosesTableau(ctx, measured)) {
    const auto state = stabilizerState(ctx, site, measured);
    if (!state)
      return std::nullopt;
    for (size_t t = 0; t < bases.size() && !ctx.interruptRequested(); ++t) {
      base::RandomStream random(ctx.seed(), streamOf(t));
      stabilizer::Tableau tableau = state->tableau();
      apply(ctx, tableau, bases[t]);
      for (int q = 0; q < qubits; ++q)
        outcomeOf(t)[static_cast<size_t>(q / 64)] |=
            uint64_t{tableau.measure(q, (random.next() & 1) != 0)} << q % 64;
    }
    return ctx.stopHere(site) ? std::nullopt : std::optional(std::move(outcomes));
  }
  const auto state = device.state(ctx, site, measured);
  if (!state || !checkMemory(ctx, site, static_cast<int>(qubits), ctx.pool().threads()))
    return std::nullopt;
  ctx.pool().forTiles(std::ssize(bases), 16, [&](int64_t begin, int64_t end) {
    std::vector<Amplitude> work;
    for (int64_t i = begin; i < end && !ctx.interruptRequested(); ++i) {
      const auto t = static_cast<size_t>(i);
      outcomes[t] = drawIn(bases[t], state->view(), work,
                           base::RandomStream(ctx.seed(), streamOf(t)).uniform());
    }
  });
  return ctx.stopHere(site) ? std::nullopt : std::optional(std::move(outcomes));
}

std::optional<std::vector<double>> overlapsWith(base::Context &ctx, qdo_site site, const Recipe &r,
                                                std::span<const Basis> bases,
                                                std::span<const uint64_t> outcomes) {
  std::vector<double> overlaps(bases.size());
  if (choosesTableau(ctx, r)) {
    const auto state = stabilizerState(ctx, site, r);
    if (!state)
      return std::nullopt;
    for (size_t t = 0; t < bases.size() && !ctx.interruptRequested(); ++t) {
      stabilizer::Tableau tableau = state->tableau();
      apply(ctx, tableau, bases[t]);
      double &probability = overlaps[t] = 1;
      for (int q = 0; q < r.qubits && probability > 0; ++q) {
        const bool bit = stabilizer::bitOf(outcomes.subspan(t * bases[t].words()), q);
        if (const auto certain = tableau.certain(q)) {
          probability *= *certain == bit;
          continue;
        }
        tableau.measure(q, bit);
        probability /= 2;
      }
    }
    return ctx.stopHere(site) ? std::nullopt : std::optional(std::move(overlaps));
  }
  const auto state = prepare(ctx, site, r);
  if (!state)
    return std::nullopt;
  const auto amplitudes = state->amplitudes();
  ctx.pool().forTiles(std::ssize(bases), 16, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end && !ctx.interruptRequested(); ++i) {
      const auto t = static_cast<size_t>(i);
      const uint64_t c = outcomes[t] & bases[t].pivots()[0], offset = outcomes[t] & ~c;
      Amplitude sum = 0;
      bases[t].forEach([&](uint64_t, uint64_t index, unsigned phase) {
        const bool minus = (std::popcount(index & c) & 1) != 0; // of index, the pivots are a
        const Amplitude a = turnedBack(amplitudes[index ^ offset], phase);
        sum += minus ? -a : a;
      });
      overlaps[t] = std::ldexp(std::norm(sum), -static_cast<int>(bases[t].rank()));
    }
  });
  return ctx.stopHere(site) ? std::nullopt : std::optional(std::move(overlaps));
}

} // namespace qdo::sim
