// SPDX-License-Identifier: Apache-2.0
// Sampling and printing outcomes.
// Why: a guide table over the cumulative distribution makes a shot one look-up and a short walk
// (Chen and Asau 1974), and a shot depends on its own random number alone.
#include "runtime/sim/outcomes.h"

#include "runtime/base/format.h"
#include "runtime/base/philox.h"
#include "runtime/base/quantity.h"

#include <algorithm>
#include <cmath>

namespace qdo::sim {

/// Longer lists are cut: a line is for reading.
static constexpr size_t shownCounts = 16, shownKets = 32;

std::string Counts::format(std::string_view spec) const {
  std::vector<Entry> shown = entries;
  if (shown.size() > shownCounts) {
    std::ranges::sort(shown, [](const Entry &a, const Entry &b) {
      return a.count != b.count ? a.count > b.count : a.outcome < b.outcome;
    });
    shown.resize(shownCounts);
  }
  std::string out;
  for (const Entry &entry : shown)
    out += (out.empty() ? "" : ", ") + base::bitString(entry.outcome, qubits) + ": " +
           base::formatInt(spec, entry.count);
  if (shown.size() < entries.size())
    out += ", and " + base::grouped(static_cast<int64_t>(entries.size() - shown.size())) +
           " rarer outcomes";
  return out + (out.empty() ? "(" : " (") + std::to_string(shots) +
         (shots == 1 ? " shot" : " shots") + ", qubit 0 rightmost)";
}

std::string Amplitudes::format(std::string_view spec) const {
  const std::string_view numbers = spec.empty() ? ".6g" : spec;
  std::string out;
  size_t shown = 0, left = 0;
  auto amplitudes = state->amplitudes();
  for (uint64_t k = 0; k < amplitudes.size(); ++k) {
    double re = amplitudes[k].real(), im = amplitudes[k].imag();
    // Rounding noise of the simulation is not part of the state.
    re = std::fabs(re) < 1e-14 ? 0 : re;
    im = std::fabs(im) < 1e-14 ? 0 : im;
    if (re == 0 && im == 0)
      continue;
    if (shown == shownKets) {
      ++left;
      continue;
    }
    ++shown;
    const bool bare = re == 0 || im == 0, minus = bare && (re < 0 || im < 0);
    out += out.empty() ? (minus ? "-" : "") : (minus ? " - " : " + ");
    if (im == 0)
      out += base::formatReal(numbers, std::fabs(re));
    else if (re == 0)
      out += base::formatReal(numbers, std::fabs(im)) + "i";
    else
      out += "(" + base::formatComplex(numbers, re, im) + ")";
    out += " |" + base::bitString(k, state->qubits()) + ">";
  }
  if (left > 0)
    out += " + " + base::grouped(static_cast<int64_t>(left)) + " more";
  return out + " (qubit 0 rightmost)";
}

namespace {
/// Inverts a cumulative distribution: outcome(u) is the first k with u < cumulative[k].
class Inverse {
public:
  explicit Inverse(StateView state) : cumulative_(state.size()) {
    double total = 0;
    for (uint64_t k = 0; k < state.size(); ++k)
      cumulative_[k] = total += std::norm(state.amplitudes[k]);
    // The last outcome that can happen takes what rounding left over.
    last_ = state.size() - 1;
    while (last_ > 0 && state.amplitudes[last_] == Amplitude(0))
      --last_;
    const uint64_t cells = std::min<uint64_t>(state.size(), uint64_t{1} << 20);
    guide_.resize(cells);
    for (uint64_t cell = 0, k = 0; cell < cells; ++cell) {
      while (k < last_ && cumulative_[k] <= static_cast<double>(cell) / static_cast<double>(cells))
        ++k;
      guide_[cell] = k;
    }
  }
  uint64_t outcome(double u) const {
    uint64_t k = guide_[static_cast<uint64_t>(u * static_cast<double>(guide_.size()))];
    while (k < last_ && u >= cumulative_[k])
      ++k;
    return k;
  }

private:
  std::vector<double> cumulative_;
  std::vector<uint64_t> guide_;
  uint64_t last_;
};
} // namespace

/// Adds sorted outcomes to entries sorted by outcome.
static void addSorted(std::vector<Counts::Entry> &entries, const std::vector<uint64_t> &outcomes) {
  std::vector<Counts::Entry> merged;
  auto put = [&](uint64_t outcome, int64_t count) {
    if (merged.empty() || merged.back().outcome != outcome)
      merged.push_back({outcome, 0});
    merged.back().count += count;
  };
  auto old = entries.begin();
  for (uint64_t outcome : outcomes) {
    for (; old != entries.end() && old->outcome <= outcome; ++old)
      put(old->outcome, old->count);
    put(outcome, 1);
  }
  for (; old != entries.end(); ++old)
    put(old->outcome, old->count);
  entries = std::move(merged);
}

std::vector<Counts::Entry> sampleOutcomes(base::Context &ctx, StateView state, uint64_t stream,
                                          int64_t shots) {
  const Inverse inverse(state);
  const bool dense = state.qubits <= 20;
  std::vector<int64_t> counts(dense ? state.size() : 0);
  std::vector<Counts::Entry> entries;
  std::vector<uint64_t> outcomes;
  // In portions, so that a billion shots take no more memory than a million.
  constexpr int64_t portion = 1 << 22, tile = 1 << 14;
  for (int64_t done = 0; done < shots && !ctx.interruptRequested(); done += portion) {
    outcomes.resize(static_cast<size_t>(std::min(portion, shots - done)));
    ctx.pool().forTiles(std::ssize(outcomes), tile, [&](int64_t begin, int64_t end) {
      base::RandomStream random(ctx.seed(), stream, static_cast<uint64_t>(done + begin));
      for (int64_t i = begin; i < end; ++i)
        outcomes[static_cast<size_t>(i)] = inverse.outcome(random.uniform());
    });
    if (dense) {
      for (uint64_t outcome : outcomes)
        ++counts[outcome];
    } else {
      std::ranges::sort(outcomes);
      addSorted(entries, outcomes);
    }
  }
  for (uint64_t k = 0; k < counts.size(); ++k)
    if (counts[k] != 0)
      entries.push_back({k, counts[k]});
  return entries;
}

} // namespace qdo::sim
