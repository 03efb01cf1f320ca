// SPDX-License-Identifier: Apache-2.0
// Philox4x32-10, one block or many at a time.
// Why: a shot is one 32-bit word, four to a block; blocks are computed side by side so that the
// compiler can use vector multiplications, wider ones where the machine has them.
#include "runtime/base/philox.h"

#include <algorithm>
#include <cmath>

namespace qdo::base {

static constexpr uint32_t multiplier0 = 0xD2511F53, multiplier1 = 0xCD9E8D57;
static constexpr uint32_t weyl0 = 0x9E3779B9, weyl1 = 0xBB67AE85;
static constexpr int rounds = 10;

/// Counters and results of `width` blocks, word by word.
template <int width> struct Lanes {
  uint32_t word[4][width];
};

template <int width>
[[gnu::always_inline]] static inline void run(Lanes<width> &lanes, uint32_t key0, uint32_t key1) {
  for (int round = 0; round < rounds; ++round) {
    for (int i = 0; i < width; ++i) {
      uint64_t product0 = uint64_t{multiplier0} * lanes.word[0][i];
      uint64_t product1 = uint64_t{multiplier1} * lanes.word[2][i];
      uint32_t w0 = static_cast<uint32_t>(product1 >> 32) ^ lanes.word[1][i] ^ key0;
      uint32_t w2 = static_cast<uint32_t>(product0 >> 32) ^ lanes.word[3][i] ^ key1;
      lanes.word[1][i] = static_cast<uint32_t>(product1);
      lanes.word[3][i] = static_cast<uint32_t>(product0);
      lanes.word[0][i] = w0;
      lanes.word[2][i] = w2;
    }
    key0 += weyl0;
    key1 += weyl1;
  }
}

std::array<uint32_t, 4> philox(std::array<uint32_t, 4> counter, std::array<uint32_t, 2> key) {
  Lanes<1> lanes = {{{counter[0]}, {counter[1]}, {counter[2]}, {counter[3]}}};
  run(lanes, key[0], key[1]);
  return {lanes.word[0][0], lanes.word[1][0], lanes.word[2][0], lanes.word[3][0]};
}

static uint32_t lower(uint64_t x) { return static_cast<uint32_t>(x); }
static uint32_t upper(uint64_t x) { return static_cast<uint32_t>(x >> 32); }

static std::array<uint32_t, 4> blockAt(uint64_t seed, uint64_t stream, uint64_t block) {
  return philox({lower(block), upper(block), lower(stream), upper(stream)},
                {lower(seed), upper(seed)});
}

uint64_t RandomStream::next() {
  if (index_ % 2 == 0 || !kept_) {
    block_ = blockAt(seed_, stream_, index_ / 2);
    kept_ = true;
  }
  const size_t half = index_++ % 2 * 2;
  return uint64_t{block_[half + 1]} << 32 | block_[half];
}

uint64_t RandomStream::below(uint64_t bound) {
  using Wide = unsigned __int128;
  Wide product = Wide{next()} * bound;
  // The low half is biased for this many of its values: draw again there.
  uint64_t threshold = (0 - bound) % bound;
  while (static_cast<uint64_t>(product) < threshold)
    product = Wide{next()} * bound;
  return static_cast<uint64_t>(product >> 64);
}

/// The lower half of the coin of one toss, which only matters when its upper half ties with the
/// threshold (once in 2^32 tosses). Its blocks are those of the stream's complement.
static uint32_t tieBreaker(uint64_t seed, uint64_t stream, uint64_t toss) {
  return blockAt(seed, ~stream, toss / 4)[toss % 4];
}

/// Blocks that are computed side by side, and their tosses.
static constexpr int width = 16;
static constexpr uint64_t group = 4 * width;

[[gnu::always_inline]] static inline void runGroup(Lanes<width> &lanes, uint64_t seed,
                                                   uint64_t stream, uint64_t block) {
  for (int i = 0; i < width; ++i) {
    lanes.word[0][i] = lower(block + i);
    lanes.word[1][i] = upper(block + i);
    lanes.word[2][i] = lower(stream);
    lanes.word[3][i] = upper(stream);
  }
  run(lanes, lower(seed), upper(seed));
}

namespace {
struct Tally {
  int64_t below = 0, ties = 0;
};
} // namespace

/// Two uniform numbers of each block, of groups of `width` blocks.
[[gnu::always_inline]] static inline void
uniformGroups(uint64_t seed, uint64_t stream, uint64_t block, uint64_t groups, double *out) {
  Lanes<width> lanes;
  for (uint64_t g = 0; g < groups; ++g, block += width, out += 2 * width) {
    runGroup(lanes, seed, stream, block);
    for (int i = 0; i < width; ++i)
      for (int half = 0; half < 2; ++half) {
        // 53 bits as two exact conversions of 32-bit halves: there is no vector one of 64 bits.
        const uint32_t high = lanes.word[2 * half + 1][i], low = lanes.word[2 * half][i] >> 11;
        out[2 * i + half] =
            static_cast<double>(high) * 0x1p-32 + static_cast<double>(low) * 0x1p-53;
      }
  }
}

/// Coins of whole groups against the upper half of a threshold.
[[gnu::always_inline]] static inline Tally tally(uint64_t seed, uint64_t stream, uint64_t block,
                                                 uint64_t groups, uint32_t threshold) {
  Tally all;
  Lanes<width> lanes;
  for (uint64_t g = 0; g < groups; ++g, block += width) {
    runGroup(lanes, seed, stream, block);
    uint32_t below = 0, ties = 0;
    for (auto &word : lanes.word)
      for (int i = 0; i < width; ++i) {
        below += word[i] < threshold;
        ties += word[i] == threshold;
      }
    all.below += below;
    all.ties += ties;
  }
  return all;
}

#if defined(__x86_64__)
[[gnu::target("avx2")]] static Tally tallyWide(uint64_t seed, uint64_t stream, uint64_t block,
                                               uint64_t groups, uint32_t threshold) {
  return tally(seed, stream, block, groups, threshold);
}
[[gnu::target("avx2")]] static void
uniformGroupsWide(uint64_t seed, uint64_t stream, uint64_t block, uint64_t groups, double *out) {
  uniformGroups(seed, stream, block, groups, out);
}
static const bool hasWide = __builtin_cpu_supports("avx2");
#else
static constexpr bool hasWide = false;
static constexpr auto tallyWide = tally;
static constexpr auto uniformGroupsWide = uniformGroups;
#endif

void fillUniform(uint64_t seed, uint64_t stream, uint64_t first, std::span<double> out) {
  size_t done = 0;
  auto slowly = [&](size_t count) {
    RandomStream random(seed, stream, first + done);
    for (; count > 0; --count)
      out[done++] = random.uniform();
  };
  slowly(std::min<size_t>(out.size(), first % 2)); // the second half of a block
  if (const uint64_t groups = (out.size() - done) / (2 * width)) {
    (hasWide ? uniformGroupsWide : uniformGroups)(seed, stream, (first + done) / 2, groups,
                                                  out.data() + done);
    done += groups * 2 * width;
  }
  slowly(out.size() - done);
}

/// Tosses begin..end of one group, with all their bits.
static int64_t countPart(uint64_t seed, uint64_t stream, uint64_t begin, uint64_t end,
                         uint32_t threshold, uint32_t thresholdLow) {
  const uint64_t block = begin / group * width;
  Lanes<width> lanes;
  runGroup(lanes, seed, stream, block);
  int64_t successes = 0;
  for (uint64_t toss = begin; toss < end; ++toss) {
    const uint32_t coin = lanes.word[toss % 4][toss / 4 - block];
    successes +=
        coin != threshold ? coin < threshold : tieBreaker(seed, stream, toss) < thresholdLow;
  }
  return successes;
}

int64_t countSuccesses(uint64_t seed, uint64_t stream, int64_t first, int64_t last,
                       double probability) {
  if (!(probability > 0) || last <= first)
    return 0;
  if (probability >= 1)
    return last - first;
  // probability = threshold / 2^64, rounded down; a toss succeeds when its 64-bit coin is below.
  const double scaled = std::ldexp(probability, 32);
  const auto threshold = static_cast<uint32_t>(scaled);
  const auto thresholdLow =
      static_cast<uint32_t>(std::ldexp(scaled - static_cast<double>(threshold), 32));
  const uint64_t begin = static_cast<uint64_t>(first), end = static_cast<uint64_t>(last);
  auto slowly = [&](uint64_t from, uint64_t to) {
    int64_t successes = 0;
    for (uint64_t next; from < to; from = next) {
      next = std::min(to, (from / group + 1) * group);
      successes += countPart(seed, stream, from, next, threshold, thresholdLow);
    }
    return successes;
  };
  const uint64_t wholeBegin = (begin + group - 1) / group * group, wholeEnd = end / group * group;
  if (wholeBegin >= wholeEnd)
    return slowly(begin, end);
  const Tally whole = (hasWide ? tallyWide : tally)(seed, stream, wholeBegin / 4,
                                                    (wholeEnd - wholeBegin) / group, threshold);
  if (whole.ties != 0)
    return slowly(begin, end);
  return slowly(begin, wholeBegin) + whole.below + slowly(wholeEnd, end);
}

} // namespace qdo::base
