// SPDX-License-Identifier: Apache-2.0
// Greedy sweeps under a cost model.
// Why: a letter is done in a sweep if nothing before it is left and what it mixes is local. A phase
// is done when a later letter needs it, and others join it, because a pass over a tile for one
// phase costs as much as for all.
#include "runtime/sweep/plan.h"

#include <algorithm>
#include <bit>
#include <climits>
#include <limits>

namespace qdo::sweep {

using Kind = Letter::Kind;

static uint64_t bit(int place) { return uint64_t{1} << place; }
static uint64_t below(int place) { return bit(place) - 1; }

Shape shapeFor(int qubits, size_t bytes) {
  const bool single = bytes == 8;
  Shape shape{single ? 15 : 14, single ? 11 : 10, single ? 4 : 3};
  // At least eight tiles, so that threads share the work; a small state is one tile.
  if (qubits <= 12)
    shape.tileBits = qubits;
  else
    shape.tileBits = std::min(shape.tileBits, std::max(11, qubits - 3));
  shape.blockBits = std::min(shape.blockBits, shape.tileBits);
  return shape;
}

namespace {

/// How a word is cut.
struct Cut {
  int tileBits, rowBits;
  int firstStages, stages; ///< most stages of the first sweep and of the others
};

/// Takes sweeps off the front of a word.
class Cutter {
public:
  Cutter(const std::vector<Letter> &letters, int qubits) : letters_(letters), qubits_(qubits) {
    for (const Letter &letter : letters)
      mixing_ += letter.kind != Kind::Phase;
  }

  bool done() const { return left_.empty() && next_ == letters_.size(); }

  Sweep take(const Cut &cut, int maxStages) {
    choose(cut, maxStages);
    place();
    return collect(cut);
  }

private:
  struct Done {
    size_t letter;
    int stage;
    int last; ///< a phase: the last stage it may be in
  };

  /// Finds the letters that can be done, and the earliest stage of each.
  void choose(const Cut &cut, int maxStages) {
    local_ = below(std::min(cut.rowBits, qubits_));
    done_.clear();
    rest_.clear();
    // Times are 3 stage + 0 for phases, 1 for turns, 2 for flips.
    std::vector<int> mixed(static_cast<size_t>(qubits_), -1), looked = mixed;
    auto latest = [](const std::vector<int> &times, uint64_t places) {
      int time = -1;
      for (; places != 0; places &= places - 1)
        time = std::max(time, times[static_cast<size_t>(std::countr_zero(places))]);
      return time;
    };
    auto mark = [](std::vector<int> &times, uint64_t places, int time) {
      for (; places != 0; places &= places - 1) {
        int &slot = times[static_cast<size_t>(std::countr_zero(places))];
        slot = std::max(slot, time);
      }
    };
    const uint64_t all = qubits_ == 64 ? ~uint64_t{0} : below(qubits_);
    uint64_t mixedLeft = 0, lookedLeft = 0; // by letters that stay for later
    size_t seen = 0;
    for (; (seen < left_.size() || next_ < letters_.size()) && mixedLeft != all;) {
      const size_t at = seen < left_.size() ? left_[seen++] : next_++;
      const Letter &letter = letters_[at];
      if (letter.kind == Kind::Phase) {
        if ((letter.mask & mixedLeft) != 0) {
          lookedLeft |= letter.mask;
          rest_.push_back(at);
          continue;
        }
        const int stage = (latest(mixed, letter.mask) + 3) / 3;
        mark(looked, letter.mask, 3 * stage);
        done_.push_back({at, stage, INT_MAX});
        continue;
      }
      const uint64_t target = bit(letter.target);
      const int kind = letter.kind == Kind::Turn ? 1 : 2;
      const int own = std::max(latest(mixed, target), latest(looked, target));
      const int before = std::max(own, latest(mixed, letter.mask));
      // The first time of this kind that is later; a flip may share it with earlier flips.
      const int stage = kind == 1 ? (before + 2) / 3 : std::max(before, 0) / 3;
      const bool fits = (local_ & target) != 0 || std::popcount(local_) < cut.tileBits;
      if ((target & (mixedLeft | lookedLeft)) != 0 || (letter.mask & mixedLeft) != 0 || !fits ||
          stage >= maxStages) {
        mixedLeft |= target;
        lookedLeft |= letter.mask;
        rest_.push_back(at);
        continue;
      }
      local_ |= target;
      mark(mixed, target, 3 * stage + kind);
      mark(looked, letter.mask, 3 * stage + kind);
      done_.push_back({at, stage, stage});
      --mixing_;
    }
    rest_.insert(rest_.end(), left_.begin() + static_cast<std::ptrdiff_t>(seen), left_.end());
  }

  /// Decides in which stages phases are done: as few as possible, each as late as possible.
  void place() {
    std::vector<int> next(static_cast<size_t>(qubits_), INT_MAX);
    std::vector<Done *> phases;
    int end = 0;
    for (auto done = done_.rbegin(); done != done_.rend(); ++done) {
      const Letter &letter = letters_[done->letter];
      if (letter.kind != Kind::Phase) {
        int &slot = next[static_cast<size_t>(letter.target)];
        slot = std::min(slot, done->stage);
        end = std::max(end, done->stage + 1);
        continue;
      }
      for (uint64_t places = letter.mask; places != 0; places &= places - 1)
        done->last = std::min(done->last, next[static_cast<size_t>(std::countr_zero(places))]);
      phases.push_back(&*done);
    }
    std::ranges::stable_sort(phases, {}, &Done::last);
    std::vector<int> used; // rising
    for (Done *phase : phases) {
      int last = phase->last;
      if (last == INT_MAX) {
        if (mixing_ > 0)
          break; // a later sweep needs them
        last = std::max(end, phase->stage);
        end = last;
      }
      if (used.empty() || used.back() < phase->stage)
        used.push_back(last);
    }
    for (Done *phase : phases) {
      auto stage = std::ranges::lower_bound(used, phase->stage);
      const bool fits = stage != used.end() && *stage <= phase->last;
      phase->stage = fits ? *stage : -1;
      if (!fits)
        rest_.push_back(phase->letter);
    }
    std::ranges::sort(rest_);
    left_ = rest_;
  }

  Sweep collect(const Cut &cut) {
    Sweep sweep;
    for (const Done &done : done_) {
      if (done.stage < 0)
        continue;
      const size_t stage = static_cast<size_t>(done.stage);
      if (sweep.stages.size() <= stage)
        sweep.stages.resize(stage + 1);
      const Letter &letter = letters_[done.letter];
      (letter.kind == Kind::Phase  ? sweep.stages[stage].phases
       : letter.kind == Kind::Turn ? sweep.stages[stage].turns
                                   : sweep.stages[stage].flips)
          .push_back(letter);
    }
    // Room that is left makes rows longer.
    for (int q = 0; q < qubits_ && std::popcount(local_) < std::min(cut.tileBits, qubits_); ++q)
      local_ |= bit(q);
    for (int q = 0; q < qubits_; ++q)
      if (local_ & bit(q))
        sweep.local.push_back(q);
    sweep.rowBits = std::countr_one(local_);
    return sweep;
  }

  const std::vector<Letter> &letters_;
  int qubits_;
  size_t next_ = 0;                 ///< letters from here on have not been seen
  std::vector<size_t> left_, rest_; ///< seen and not done, rising
  std::vector<Done> done_;
  uint64_t local_ = 0;
  int64_t mixing_ = 0; ///< turns and flips that are left
};

/// What a sweep costs for each amplitude, in turns of all amplitudes (measured on Zen 4).
double costOf(const Sweep &sweep, const Shape &shape, int qubits, size_t bytes) {
  const bool outOfCache = qubits + std::countr_zero(bytes) > 24;
  double cost = outOfCache ? 10 : 4;
  if (!sweep.inPlace()) {
    const size_t row = bytes << sweep.rowBits;
    cost += row >= 256 ? 4 : row >= 128 ? 6 : 12;
  }
  if (shape.tileBits > (bytes == 8 ? 15 : 14))
    cost += 4;
  for (const Stage &stage : sweep.stages) {
    cost += 1.2 * static_cast<double>(stage.turns.size());
    for (const Letter &flip : stage.flips)
      cost += 2.0 / static_cast<double>(uint64_t{1} << std::popcount(flip.mask));
    if (!stage.phases.empty())
      cost += 5;
  }
  return cost;
}

} // namespace

Plan makePlan(NormalForm form, int qubits, size_t bytes) {
  const Shape shape = shapeFor(qubits, bytes);
  std::vector<Cut> cuts;
  if (shape.tileBits == qubits)
    cuts.push_back({qubits, qubits, INT_MAX, INT_MAX});
  else
    for (int wider : {0, 1})
      for (int rowBits : {shape.rowBits - 1, shape.rowBits, shape.rowBits + 1})
        for (auto [first, others] : {std::pair{1, 2}, {4, 4}, {INT_MAX, INT_MAX}})
          if (wider == 0 || qubits >= 25)
            cuts.push_back({shape.tileBits + wider, rowBits, first, others});
  Plan best;
  best.cost = std::numeric_limits<double>::infinity();
  for (const Cut &cut : cuts) {
    Plan plan;
    Cutter cutter(form.letters, qubits);
    while (!cutter.done() && plan.cost < best.cost) {
      plan.sweeps.push_back(cutter.take(cut, plan.sweeps.empty() ? cut.firstStages : cut.stages));
      plan.cost +=
          costOf(plan.sweeps.back(), {cut.tileBits, shape.blockBits, cut.rowBits}, qubits, bytes);
    }
    if (plan.cost < best.cost)
      best = std::move(plan);
  }
  best.qubits = qubits;
  best.place = std::move(form.place);
  return best;
}

} // namespace qdo::sweep
