// SPDX-License-Identifier: Apache-2.0
// Counts of outcomes from sorted random numbers.
// In: a state, a stream. Out: how often each outcome is seen.
// Why: sums of exponential numbers, divided by the last, are sorted uniform numbers (Devroye,
// Non-Uniform Random Variate Generation, 1986, chapter V.3), so that one pass over |psi|^2 merges
// with them: no table, no search, no sort.
#include "runtime/base/binomial.h"
#include "runtime/base/hash.h"
#include "runtime/batch/states.h"
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
constexpr int lookAhead = 8; ///< points that are looked at together
constexpr int together = 4;  ///< amplitudes that are
typedef double Four __attribute__((vector_size(32)));
typedef int64_t FourCounts __attribute__((vector_size(32)));

/// Sums of exponential numbers, rising; divided by `last` they are sorted uniform numbers. Some
/// infinite ones follow.
struct Sorted {
  explicit Sorted(int64_t most) : sums(most + 1 + lookAhead) {}
  batch::Memory sums;
  double last = 0;
};

void draw(base::Context &ctx, uint64_t stream, uint64_t first, int64_t shots, Sorted &sorted) {
  const int64_t count = shots + 1; // one more interval than points
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
  sorted.last = sums[shots];
  std::fill_n(sums + shots, 1 + lookAhead, std::numeric_limits<double>::infinity());
}

/// What merging a tile of amplitudes needs: limits of its amplitudes are (before + their sum so
/// far)
/// * scale, and its points are those up to `pointsEnd`. After these there are more, none of them
/// below a limit of these amplitudes.
struct Part {
  double before, scale;
  const double *point, *pointsEnd;
};

/// From `point` on, how many are below a limit.
[[gnu::always_inline]] inline int64_t countBelow(const double *point, double limit) {
  int64_t count = 0, more;
  do {
    more = 0;
    for (int j = 0; j < lookAhead; ++j)
      more += point[count + j] < limit;
    count += more;
  } while (more == lookAhead);
  return count;
}

/// Outcomes of the amplitudes begin..end for the points of a part; returns how many.
/// How often an outcome is seen cannot be predicted, so it is counted without branches: some points
/// are held to the limits of some amplitudes at a time.
template <class View>
[[gnu::always_inline]] inline size_t mergeHere(View state, uint64_t begin, uint64_t end, Part part,
                                               Counts::Entry *out) {
  const double *point = part.point;
  double sum = 0;
  size_t found = 0;
  auto nextLimit = [&](uint64_t k) __attribute__((always_inline)) {
    sum += std::norm(Amplitude(state.amplitudes[k]));
    return (part.before + sum) * part.scale;
  };
  uint64_t k = begin;
  for (; k + together <= end && point < part.pointsEnd; k += together) {
    Four limit = {};
    FourCounts below = {};
    for (int i = 0; i < together; ++i)
      limit[i] = nextLimit(k + static_cast<uint64_t>(i));
    for (int j = 0; j < lookAhead; ++j)
      below -= Four{point[j], point[j], point[j], point[j]} < limit; // true is -1
    if (below[together - 1] == lookAhead)                            // then there may be more
      for (int i = 0; i < together; ++i)
        if (below[i] == lookAhead)
          below[i] += countBelow(point + lookAhead, limit[i]);
    int64_t earlier = 0;
    for (int i = 0; i < together; ++i) {
      out[found] = {k + static_cast<uint64_t>(i), below[i] - earlier};
      found += below[i] != earlier;
      earlier = below[i];
    }
    point += earlier;
  }
  for (; k < end && point < part.pointsEnd; ++k) {
    const int64_t count = countBelow(point, nextLimit(k));
    out[found] = {k, count};
    found += count != 0;
    point += count;
  }
  // Rounding may leave the last points over: they belong to the last outcome that can happen.
  if (point == part.pointsEnd)
    return found;
  uint64_t last = end - 1;
  while (last > begin && Amplitude(state.amplitudes[last]) == Amplitude(0))
    --last;
  if (found == 0 || out[found - 1].outcome != last)
    out[found++] = {last, 0};
  out[found - 1].count += part.pointsEnd - point;
  return found;
}

#if defined(__x86_64__)
template <class View>
[[gnu::target("avx2")]] size_t mergeWide(View state, uint64_t begin, uint64_t end, Part part,
                                         Counts::Entry *out) {
  return mergeHere(state, begin, end, part, out);
}
#endif
template <class View>
size_t merge(View state, uint64_t begin, uint64_t end, Part part, Counts::Entry *out) {
#if defined(__x86_64__)
  static const bool wide = __builtin_cpu_supports("avx2");
  if (wide)
    return mergeWide(state, begin, end, part, out);
#endif
  return mergeHere(state, begin, end, part, out);
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

  // Many more shots than outcomes: each outcome is counted at once, from the last to the first.
  if (shots >= base::manyShots && shots / 8 >= size) {
    base::RandomStream random(ctx.seed(), base::Hasher("many shots").add(stream).value());
    std::vector<Counts::Entry> entries;
    std::vector<double> upTo;
    int64_t left = shots;
    for (size_t tile = before.size(); tile-- > 0 && left > 0 && !ctx.interruptRequested();) {
      const auto begin = static_cast<int64_t>(tile) * stateTile;
      double sum = before[tile];
      upTo.clear();
      for (int64_t k = begin; k < std::min(size, begin + stateTile); ++k)
        upTo.push_back(sum += std::norm(Amplitude(state.amplitudes[k])));
      const auto counts = base::multinomial(random, left, upTo, before[tile]);
      for (size_t k = counts.size(); k-- > 0;)
        if (counts[k] > 0) {
          entries.push_back({static_cast<uint64_t>(begin) + k, counts[k]});
          left -= counts[k];
        }
    }
    std::ranges::reverse(entries);
    return entries;
  }

  // In portions, so that a billion shots take no more memory than some millions.
  constexpr int64_t portion = 1 << 22;
  std::vector<Counts::Entry> entries;
  Sorted sorted(std::min(portion, shots));
  const size_t tiles = before.size();
  std::vector<const double *> firstPoint(tiles + 1);
  std::vector<size_t> place(tiles), found(tiles);
  for (int64_t done = 0; done < shots && !ctx.interruptRequested(); done += portion) {
    const int64_t count = std::min(portion, shots - done);
    // Each portion uses one number more than it has shots.
    draw(ctx, stream, static_cast<uint64_t>(done + done / portion), count, sorted);
    const double scale = sorted.last / total;
    const double *points = sorted.sums.data(), *end = points + count;
    for (size_t tile = 0; tile <= tiles; ++tile)
      firstPoint[tile] = tile == 0         ? points
                         : tile > lastTile ? end
                                           : std::lower_bound(points, end, before[tile] * scale);
    // A tile has no more outcomes than points, and one place more than amplitudes to write to.
    size_t room = 0;
    for (size_t tile = 0; tile < tiles; ++tile) {
      place[tile] = room;
      const int64_t own = firstPoint[tile + 1] - firstPoint[tile];
      room += own == 0 ? 0 : static_cast<size_t>(std::min(own, stateTile)) + 1;
    }
    std::vector<Counts::Entry> all(room);
    ctx.pool().forTiles(static_cast<int64_t>(tiles), 1, [&](int64_t t, int64_t) {
      const size_t tile = static_cast<size_t>(t);
      const Part part{before[tile], scale, firstPoint[tile], firstPoint[tile + 1]};
      found[tile] = part.point == part.pointsEnd
                        ? 0
                        : merge(state, static_cast<uint64_t>(t * stateTile),
                                static_cast<uint64_t>(std::min(size, (t + 1) * stateTile)), part,
                                all.data() + place[tile]);
    });
    size_t kept = 0;
    for (size_t tile = 0; tile < tiles; kept += found[tile++])
      if (found[tile] > 0 && kept != place[tile])
        std::copy_n(all.data() + place[tile], found[tile], all.data() + kept);
    all.resize(kept);
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
