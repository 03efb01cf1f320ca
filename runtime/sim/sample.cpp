// SPDX-License-Identifier: Apache-2.0
// Counts of outcomes from sorted random numbers.
// In: a state, a stream. Out: how often each outcome is seen.
// Why: sums of exponential numbers, divided by the last, are sorted uniform numbers (Devroye,
// Non-Uniform Random Variate Generation, 1986, chapter V.3), so that one pass over |psi|^2 merges
// with them: no table, no search, no sort.
#include "runtime/base/philox.h"
#include "runtime/sim/single.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <utility>

namespace qdo::sim {

/// -log(x) for 0 < x <= 1, within a few roundings. Only sums and products, so that the result is
/// the same on every machine; a library's logarithm is not.
[[gnu::always_inline]] static inline double minusLog(double x) {
  // x = m 2^e with m in [sqrt(1/2), sqrt(2)), log m = 2 artanh((m - 1) / (m + 1)).
  const uint64_t bits = std::bit_cast<uint64_t>(x);
  constexpr uint64_t half = 0x3FE6A09E667F3BCD; // sqrt(1/2)
  const uint64_t shifted = bits - half;
  const double m = std::bit_cast<double>((shifted & 0x000FFFFFFFFFFFFF) + half);
  // The exponent, through the low bits of a large number: vectors have no other conversion.
  const uint64_t biased = (shifted >> 52) & 0xFFF;
  constexpr uint64_t magic = 0x4330000000000000; // 2^52
  const double exponent = std::bit_cast<double>(magic | (biased ^ 0x800)) - (0x1p52 + 0x800);
  const double f = (m - 1) / (m + 1), q = f * f;
  double sum = 1.0 / 21;
  for (int k = 19; k >= 3; k -= 2)
    sum = sum * q + 1.0 / k;
  constexpr double ln2 = 0.693147180559945309417;
  return -(exponent * ln2 + 2 * f * (sum * q + 1));
}

[[gnu::always_inline]] static inline void minusLogsHere(double *x, int64_t count) {
#pragma clang fp contract(off)
  for (int64_t i = 0; i < count; ++i)
    x[i] = minusLog(1 - x[i]); // the uniform numbers may be 0 but not 1
}
#if defined(__x86_64__)
[[gnu::target("avx2")]] static void minusLogsWide(double *x, int64_t count) {
  minusLogsHere(x, count);
}
static void minusLogsNarrow(double *x, int64_t count) { minusLogsHere(x, count); }
static const auto minusLogs = __builtin_cpu_supports("avx2") ? minusLogsWide : minusLogsNarrow;
#else
static void minusLogs(double *x, int64_t count) { minusLogsHere(x, count); }
#endif

namespace {

constexpr int64_t shotTile = 1 << 14, stateTile = 1 << 14;
constexpr int lookAhead = 4; ///< points that are looked at together

/// Sums of exponential numbers, rising; divided by `last` they are sorted uniform numbers. Some
/// infinite ones follow.
struct Sorted {
  std::vector<double> sums;
  double last = 0;
};

void draw(base::Context &ctx, uint64_t stream, uint64_t first, int64_t shots, Sorted &sorted) {
  const int64_t count = shots + 1; // one more interval than points
  sorted.sums.resize(static_cast<size_t>(count));
  std::vector<double> offsets(static_cast<size_t>((count + shotTile - 1) / shotTile));
  double *sums = sorted.sums.data();
  ctx.pool().forTiles(count, shotTile, [&](int64_t begin, int64_t end) {
    base::fillUniform(ctx.seed(), stream, first + static_cast<uint64_t>(begin),
                      {sums + begin, sums + end});
    minusLogs(sums + begin, end - begin);
    double sum = 0;
    for (int64_t i = begin; i < end; ++i)
      sums[i] = sum += sums[i];
    offsets[static_cast<size_t>(begin / shotTile)] = sum;
  });
  double offset = 0;
  for (double &tile : offsets)
    offset += std::exchange(tile, offset);
  ctx.pool().forTiles(count, shotTile, [&](int64_t begin, int64_t end) {
    const double before = offsets[static_cast<size_t>(begin / shotTile)];
    for (int64_t i = begin; i < end; ++i)
      sums[i] += before;
  });
  sorted.last = sorted.sums.back();
  sorted.sums.back() = std::numeric_limits<double>::infinity();
  sorted.sums.insert(sorted.sums.end(), lookAhead, sorted.sums.back());
}

/// Outcomes of the amplitudes begin..end for the points that are theirs; returns how many. After
/// `pointsEnd` there are more points, none of them below a limit of these amplitudes.
template <class View>
size_t merge(View state, uint64_t begin, uint64_t end, double before, double scale,
             const double *point, const double *pointsEnd, Counts::Entry *out) {
  double sum = 0;
  size_t found = 0;
  for (uint64_t k = begin; k < end && point != pointsEnd; ++k) {
    sum += std::norm(Amplitude(state.amplitudes[k]));
    const double limit = (before + sum) * scale;
    // How often an outcome is seen cannot be predicted: count without branches, four at a time.
    int64_t count = 0, more;
    do {
      more = (point[0] < limit) + (point[1] < limit) + (point[2] < limit) + (point[3] < limit);
      point += more;
      count += more;
    } while (more == lookAhead);
    out[found] = {k, count};
    found += count != 0;
  }
  // Rounding may leave the last points over: they belong to the last outcome that can happen.
  if (point == pointsEnd)
    return found;
  uint64_t last = end - 1;
  while (last > begin && Amplitude(state.amplitudes[last]) == Amplitude(0))
    --last;
  if (found == 0 || out[found - 1].outcome != last)
    out[found++] = {last, 0};
  out[found - 1].count += pointsEnd - point;
  return found;
}

/// Adds entries sorted by outcome to others.
void add(std::vector<Counts::Entry> &entries, std::vector<Counts::Entry> more) {
  if (entries.empty()) {
    entries = std::move(more);
    return;
  }
  std::vector<Counts::Entry> merged;
  merged.reserve(entries.size() + more.size());
  auto a = entries.begin(), b = more.begin();
  while (a != entries.end() || b != more.end()) {
    const bool both = a != entries.end() && b != more.end() && a->outcome == b->outcome;
    if (both)
      merged.push_back({a->outcome, a++->count + b++->count});
    else if (b == more.end() || (a != entries.end() && a->outcome < b->outcome))
      merged.push_back(*a++);
    else
      merged.push_back(*b++);
  }
  entries = std::move(merged);
}

} // namespace

template <class View>
static std::vector<Counts::Entry> sampleFrom(base::Context &ctx, View state, uint64_t stream,
                                             int64_t shots) {
  // What lies before each tile of the state.
  const int64_t size = static_cast<int64_t>(state.size());
  std::vector<double> before(static_cast<size_t>((size + stateTile - 1) / stateTile));
  ctx.pool().forTiles(size, stateTile, [&](int64_t begin, int64_t end) {
    double sum = 0;
    for (int64_t k = begin; k < end; ++k)
      sum += std::norm(Amplitude(state.amplitudes[k]));
    before[static_cast<size_t>(begin / stateTile)] = sum;
  });
  double total = 0;
  size_t lastTile = 0; // the last in which something can happen
  for (size_t tile = 0; tile < before.size(); ++tile) {
    if (before[tile] > 0)
      lastTile = tile;
    total += std::exchange(before[tile], total);
  }

  std::vector<Counts::Entry> entries;
  Sorted sorted;
  std::vector<std::vector<Counts::Entry>> parts(before.size());
  // In portions, so that a billion shots take no more memory than some millions.
  constexpr int64_t portion = 1 << 22;
  for (int64_t done = 0; done < shots && !ctx.interruptRequested(); done += portion) {
    const int64_t count = std::min(portion, shots - done);
    // Each portion uses one number more than it has shots.
    draw(ctx, stream, static_cast<uint64_t>(done + done / portion), count, sorted);
    const double scale = sorted.last / total;
    const double *points = sorted.sums.data(), *end = points + count;
    auto pointsBefore = [&](size_t tile) {
      return tile == 0         ? points
             : tile > lastTile ? end
                               : std::lower_bound(points, end, before[tile] * scale);
    };
    ctx.pool().forTiles(std::ssize(parts), 1, [&](int64_t t, int64_t) {
      const size_t tile = static_cast<size_t>(t);
      parts[tile].clear();
      const double *first = pointsBefore(tile), *last = pointsBefore(tile + 1);
      if (first == last)
        return;
      thread_local std::vector<Counts::Entry> found(stateTile + 1);
      const size_t count = merge(state, static_cast<uint64_t>(t * stateTile),
                                 static_cast<uint64_t>(std::min(size, (t + 1) * stateTile)),
                                 before[tile], scale, first, last, found.data());
      parts[tile].assign(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(count));
    });
    std::vector<Counts::Entry> all;
    size_t found = 0;
    for (const auto &part : parts)
      found += part.size();
    all.reserve(found);
    for (const auto &part : parts)
      all.insert(all.end(), part.begin(), part.end());
    add(entries, std::move(all));
  }
  return entries;
}

std::vector<Counts::Entry> sampleOutcomes(base::Context &ctx, StateView state, uint64_t stream,
                                          int64_t shots) {
  return sampleFrom(ctx, state, stream, shots);
}
std::vector<Counts::Entry> sampleOutcomes(base::Context &ctx, SingleView state, uint64_t stream,
                                          int64_t shots) {
  return sampleFrom(ctx, state, stream, shots);
}

} // namespace qdo::sim
