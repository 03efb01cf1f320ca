// SPDX-License-Identifier: Apache-2.0
// Counting outcomes, and drawing them from state vectors and tableaus turned to their axes.
#include "runtime/sim/joint.h"

#include "runtime/base/binomial.h"
#include "runtime/base/hash.h"
#include "runtime/sim/backend.h"
#include "runtime/sim/one_by_one.h"
#include "runtime/sim/single.h"
#include "runtime/sim/stabilizer.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>
#include <numeric>
#include <optional>

namespace qdo::sim {

JointShots::~JointShots() = default;

std::vector<double> JointShots::probabilities(base::Context &, qdo_site) const { return {}; }

// ---- counts

void Histogram::add(std::vector<uint64_t> outcomes) {
  std::vector<int64_t> counts;
  if (words_ == 1) {
    std::ranges::sort(outcomes);
    size_t kept = 0;
    for (uint64_t outcome : outcomes) {
      if (kept > 0 && outcomes[kept - 1] == outcome) {
        ++counts.back();
        continue;
      }
      outcomes[kept++] = outcome;
      counts.push_back(1);
    }
    return add(std::span(outcomes).first(kept), counts);
  }
  auto at = [&](size_t shot) { return std::span(outcomes).subspan(shot * words_, words_); };
  auto less = [&](size_t a, size_t b) {
    return std::lexicographical_compare(at(a).rbegin(), at(a).rend(), at(b).rbegin(), at(b).rend());
  };
  std::vector<size_t> order(outcomes.size() / words_);
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::sort(order, less);
  std::vector<uint64_t> different;
  for (size_t i = 0; i < order.size(); ++i) {
    if (i > 0 && !less(order[i - 1], order[i])) {
      ++counts.back();
      continue;
    }
    different.insert(different.end(), at(order[i]).begin(), at(order[i]).end());
    counts.push_back(1);
  }
  add(different, counts);
}

void Histogram::add(std::span<const uint64_t> outcomes, std::span<const int64_t> counts) {
  for (int64_t count : counts)
    shots_ += count;
  std::vector<uint64_t> allOutcomes;
  std::vector<int64_t> allCounts;
  allOutcomes.reserve(outcomes_.size() + outcomes.size());
  allCounts.reserve(counts_.size() + counts.size());
  size_t mine = 0, theirs = 0;
  while (mine < counts_.size() || theirs < counts.size()) {
    const auto next = outcomes.subspan(theirs * words_, theirs < counts.size() ? words_ : 0);
    // Negative: mine is lower; an outcome that does not exist comes last.
    auto compare = [&] {
      if (mine == counts_.size() || next.empty())
        return mine == counts_.size() ? 1 : -1;
      for (size_t w = words_; w-- > 0;)
        if (outcome(mine)[w] != next[w])
          return outcome(mine)[w] < next[w] ? -1 : 1;
      return 0;
    };
    const int order = compare();
    const auto lower = order <= 0 ? outcome(mine) : next;
    allOutcomes.insert(allOutcomes.end(), lower.begin(), lower.end());
    allCounts.push_back((order <= 0 ? counts_[mine] : 0) + (order >= 0 ? counts[theirs] : 0));
    mine += order <= 0;
    theirs += order >= 0;
  }
  outcomes_ = std::move(allOutcomes);
  counts_ = std::move(allCounts);
}

// ---- known distributions

namespace {
constexpr int64_t portion = 1 << 20; ///< shots that are in memory at once
constexpr int64_t tile = 1 << 12;
} // namespace

Distribution::Distribution(std::vector<double> weights) : upTo_(std::move(weights)) {
  double sum = 0;
  for (double &weight : upTo_)
    weight = sum += std::max(weight, 0.0);
  constexpr size_t mostStarts = size_t{1} << 16;
  start_.resize(std::min(upTo_.size(), mostStarts));
  uint64_t outcome = 0;
  for (size_t part = 0; part < start_.size(); ++part) {
    const double from = sum * static_cast<double>(part) / static_cast<double>(start_.size());
    while (outcome + 1 < upTo_.size() && upTo_[outcome] <= from)
      ++outcome;
    start_[part] = outcome;
  }
}

std::vector<double> Distribution::probabilities() const {
  std::vector<double> out;
  for (size_t i = 0; i < upTo_.size(); ++i)
    out.push_back((upTo_[i] - (i == 0 ? 0 : upTo_[i - 1])) / upTo_.back());
  return out;
}

uint64_t Distribution::outcomeOf(double uniform) const {
  const double place = uniform * upTo_.back();
  uint64_t outcome = start_[static_cast<size_t>(uniform * static_cast<double>(start_.size()))];
  // The start was rounded on another way than this place was.
  while (outcome > 0 && upTo_[outcome - 1] > place)
    --outcome;
  while (outcome + 1 < upTo_.size() && upTo_[outcome] <= place)
    ++outcome;
  return outcome;
}

bool Distribution::draw(base::Context &ctx, qdo_site site, uint64_t stream, int64_t first,
                        int64_t last, Histogram &into) const {
  constexpr size_t few = size_t{1} << 16;
  std::vector<int64_t> counts(upTo_.size() <= few ? upTo_.size() : 0);
  if (last - first >= base::manyShots && (last - first) / 8 >= std::ssize(upTo_)) {
    const auto own = base::Hasher("many shots").add(stream).add(static_cast<uint64_t>(first));
    base::RandomStream random(ctx.seed(), own.value());
    counts = base::multinomial(random, last - first, upTo_);
    first = last;
  }
  for (int64_t begin = first; begin < last; begin += portion) {
    if (ctx.stopHere(site))
      return false;
    std::vector<uint64_t> outcomes(static_cast<size_t>(std::min(portion, last - begin)));
    ctx.pool().forTiles(std::ssize(outcomes), tile, [&](int64_t from, int64_t to) {
      std::vector<double> uniform(static_cast<size_t>(to - from));
      base::fillUniform(ctx.seed(), stream, static_cast<uint64_t>(begin + from), uniform);
      for (int64_t shot = from; shot < to; ++shot)
        outcomes[static_cast<size_t>(shot)] = outcomeOf(uniform[static_cast<size_t>(shot - from)]);
    });
    if (counts.empty()) {
      into.add(std::move(outcomes));
      continue;
    }
    for (uint64_t outcome : outcomes)
      ++counts[outcome];
  }
  std::vector<uint64_t> seen;
  for (size_t outcome = 0; outcome < counts.size(); ++outcome)
    if (counts[outcome] > 0)
      seen.push_back(outcome);
  std::erase(counts, 0);
  into.add(seen, counts);
  return true;
}

// ---- state vectors

namespace {

/// Turns each qubit so that measuring it along Z measures it along its axis; not normalised.
void turn(base::ThreadPool &pool, StateView state, uint64_t x, uint64_t z) {
  // `count` amplitudes from `at` on, where the qubit is 0, and their partners.
  auto pairs = [&](int qubit, uint64_t at, uint64_t count) {
    Amplitude *zeros = state.amplitudes + at, *ones = zeros + (uint64_t{1} << qubit);
    const bool alongY = (z >> qubit & 1) != 0;
    for (uint64_t i = 0; i < count; ++i) {
      const Amplitude zero = zeros[i], one = ones[i];
      const Amplitude turned = alongY ? Amplitude(one.imag(), -one.real()) : one;
      zeros[i] = zero + turned;
      ones[i] = zero - turned;
    }
  };
  // The low qubits of a block that fits into a cache, then qubit by qubit.
  constexpr int inCache = 12;
  const int low = std::min(state.qubits, inCache);
  const auto block = int64_t{1} << low, size = static_cast<int64_t>(state.size());
  pool.forTiles(size, block, [&](int64_t from, int64_t to) {
    for (int q = 0; q < low; ++q)
      for (uint64_t at = static_cast<uint64_t>(from); x >> q & 1 && at < static_cast<uint64_t>(to);
           at += uint64_t{2} << q)
        pairs(q, at, uint64_t{1} << q);
  });
  for (int q = low; q < state.qubits; ++q)
    if (x >> q & 1)
      pool.forTiles(size / 2, block, [&](int64_t from, int64_t to) {
        const auto pair = static_cast<uint64_t>(from), half = uint64_t{1} << q;
        pairs(q, (pair >> q) << (q + 1) | (pair & (half - 1)), static_cast<uint64_t>(to - from));
      });
}

class VectorShots final : public JointShots {
public:
  VectorShots(const Recipe &recipe, uint64_t x, uint64_t z) : recipe_(recipe), x_(x), z_(z) {}

  bool draw(base::Context &ctx, qdo_site site, uint64_t stream, int64_t first, int64_t last,
            Histogram &into) const override {
    return (distribution_ || make(ctx, site)) &&
           distribution_->draw(ctx, site, stream, first, last, into);
  }
  std::vector<double> probabilities(base::Context &ctx, qdo_site site) const override {
    return distribution_ || make(ctx, site) ? distribution_->probabilities()
                                            : std::vector<double>();
  }

private:
  bool make(base::Context &ctx, qdo_site site) const {
    const bool single = isSingle(ctx, recipe_.qubits);
    const auto narrow = single ? prepareSingle(ctx, site, recipe_) : nullptr;
    const auto state = single ? nullptr : prepare(ctx, site, recipe_);
    if (!narrow && !state)
      return false;
    // The weights, and a turned copy.
    const double size = std::ldexp(1.0, static_cast<int>(recipe_.qubits));
    if (!checkBytes(ctx, site, std::to_string(recipe_.qubits),
                    size * (sizeof(double) + (x_ == 0 ? 0 : sizeof(Amplitude)))))
      return false;
    std::vector<double> weights(static_cast<size_t>(size));
    auto weigh = [&](const auto *amplitudes) {
      for (size_t i = 0; i < weights.size(); ++i)
        weights[i] = std::norm(Amplitude(amplitudes[i]));
    };
    if (x_ != 0) {
      const State copy(static_cast<int>(recipe_.qubits));
      if (single)
        std::copy_n(narrow->view().amplitudes, weights.size(), copy.view().amplitudes);
      else
        std::ranges::copy(state->amplitudes(), copy.view().amplitudes);
      turn(ctx.pool(), copy.view(), x_, z_);
      weigh(copy.view().amplitudes);
    } else if (single) {
      weigh(narrow->view().amplitudes);
    } else {
      weigh(state->view().amplitudes);
    }
    distribution_.emplace(std::move(weights));
    return true;
  }

  const Recipe &recipe_;
  const uint64_t x_, z_;
  mutable std::optional<Distribution> distribution_; ///< made for the first shot
};

class TableauShots final : public JointShots {
public:
  explicit TableauShots(stabilizer::Outcomes outcomes) : outcomes_(std::move(outcomes)) {}

  bool draw(base::Context &ctx, qdo_site site, uint64_t stream, int64_t first, int64_t last,
            Histogram &into) const override {
    if (!fewEnough(ctx, site, last - first))
      return false;
    const size_t coins = outcomes_.bitWords(), words = outcomes_.words();
    const int spare = outcomes_.rank() % 64;
    const uint64_t used = spare == 0 ? ~uint64_t{0} : (uint64_t{1} << spare) - 1;
    const int64_t most = std::max<int64_t>(1, portion / static_cast<int64_t>(words + coins));
    for (int64_t begin = first; begin < last; begin += most) {
      if (ctx.stopHere(site))
        return false;
      const int64_t count = std::min(most, last - begin);
      std::vector<uint64_t> bits(static_cast<size_t>(count) * coins),
          seen(static_cast<size_t>(count) * words);
      ctx.pool().forTiles(count, tile, [&](int64_t from, int64_t to) {
        base::RandomStream random(ctx.seed(), stream, static_cast<uint64_t>(begin + from) * coins);
        for (size_t i = static_cast<size_t>(from) * coins; i < static_cast<size_t>(to) * coins; ++i)
          bits[i] = random.next() & ((i + 1) % coins == 0 ? used : ~uint64_t{0});
        outcomes_.outcomes(to - from, bits.data() + static_cast<size_t>(from) * coins,
                           seen.data() + static_cast<size_t>(from) * words);
      });
      into.add(std::move(seen));
    }
    return true;
  }

private:
  const stabilizer::Outcomes outcomes_;
};

} // namespace

std::shared_ptr<const JointShots> pureJoint(base::Context &ctx, qdo_site site, const Recipe &recipe,
                                            const PauliString &axes) {
  if (!choosesTableau(ctx, recipe))
    return std::make_shared<VectorShots>(recipe, axes.x, axes.z);
  const auto state = stabilizerState(ctx, site, recipe);
  if (!state)
    return nullptr;
  const stabilizer::Tableau &tableau = state->tableau();
  return std::make_shared<TableauShots>(
      BasisTurns(ctx).outcomes(tableau, WideBasis(axes, tableau.words())));
}

} // namespace qdo::sim
