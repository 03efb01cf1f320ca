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

static uint32_t lower(uint64_t x) { return static_cast<uint32_t>(x); }
static uint32_t upper(uint64_t x) { return static_cast<uint32_t>(x >> 32); }

namespace {
/// Blocks that are computed side by side, and their tosses.
constexpr int width = 8;
constexpr uint64_t group = 4 * width;

/// Words in the lower halves of numbers that are as wide as their products: so nothing is packed
/// and unpacked around each. The upper halves are left as they come.
typedef uint64_t Words __attribute__((vector_size(32)));
constexpr int inWords = 4, parts = width / inWords;
constexpr uint64_t lowerHalf = 0xFFFFFFFF;

/// Counters and results of `width` blocks, word by word.
struct Lanes {
  Words word[4][parts];
  uint32_t at(int which, int block) const {
    return static_cast<uint32_t>(word[which][block / inWords][block % inWords]);
  }
};
} // namespace

/// A round on one word of each kind, of one block or some.
template <class Word>
[[gnu::always_inline]] static inline void turn(Word &w0, Word &w1, Word &w2, Word &w3,
                                               uint64_t key0, uint64_t key1) {
  const Word product0 = multiplier0 * (w0 & lowerHalf), product1 = multiplier1 * (w2 & lowerHalf);
  w0 = (product1 >> 32) ^ w1 ^ key0;
  w2 = (product0 >> 32) ^ w3 ^ key1;
  w1 = product1;
  w3 = product0;
}

std::array<uint32_t, 4> philox(std::array<uint32_t, 4> counter, std::array<uint32_t, 2> key) {
  uint64_t words[4] = {counter[0], counter[1], counter[2], counter[3]};
  for (int round = 0; round < rounds; ++round, key[0] += weyl0, key[1] += weyl1)
    turn(words[0], words[1], words[2], words[3], key[0], key[1]);
  return {lower(words[0]), lower(words[1]), lower(words[2]), lower(words[3])};
}

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

[[gnu::always_inline]] static inline void runGroup(Lanes &lanes, uint64_t seed, uint64_t stream,
                                                   uint64_t block) {
  for (int part = 0; part < parts; ++part) {
    const Words number = Words{0, 1, 2, 3} + block + static_cast<uint64_t>(inWords * part);
    lanes.word[0][part] = number;
    lanes.word[1][part] = number >> 32;
    lanes.word[2][part] = Words{} + stream;
    lanes.word[3][part] = Words{} + (stream >> 32);
  }
  uint32_t key0 = lower(seed), key1 = upper(seed);
  for (int round = 0; round < rounds; ++round, key0 += weyl0, key1 += weyl1)
    for (int part = 0; part < parts; ++part)
      turn(lanes.word[0][part], lanes.word[1][part], lanes.word[2][part], lanes.word[3][part], key0,
           key1);
}

namespace {
struct Tally {
  int64_t below = 0, ties = 0;
};
} // namespace

/// Uniform numbers from the upper 53 bits of (high, low). As two exact conversions of 32-bit
/// halves, each through the low bits of a large number: there is no vector conversion of 64 bits.
[[gnu::always_inline]] static inline auto uniform(Words high, Words low) {
  typedef double Numbers __attribute__((vector_size(32)));
  constexpr uint64_t magic = 0x4330000000000000; // 2^52
  const auto asNumbers = [](Words halves) __attribute__((always_inline)) {
    return reinterpret_cast<Numbers>(halves | magic) - 0x1p52;
  };
  return asNumbers(high & lowerHalf) * 0x1p-32 + asNumbers((low & lowerHalf) >> 11) * 0x1p-53;
}

/// Two uniform numbers of each block, of groups of `width` blocks.
[[gnu::always_inline]] static inline void
uniformGroups(uint64_t seed, uint64_t stream, uint64_t block, uint64_t groups, double *out) {
  Lanes lanes;
  for (uint64_t g = 0; g < groups; ++g, block += width) {
    runGroup(lanes, seed, stream, block);
    for (int part = 0; part < parts; ++part) {
      const auto first = uniform(lanes.word[1][part], lanes.word[0][part]),
                 second = uniform(lanes.word[3][part], lanes.word[2][part]);
      for (int i = 0; i < inWords; ++i, out += 2) {
        out[0] = first[i];
        out[1] = second[i];
      }
    }
  }
}

/// Coins of whole groups against the upper half of a threshold.
[[gnu::always_inline]] static inline Tally tally(uint64_t seed, uint64_t stream, uint64_t block,
                                                 uint64_t groups, uint32_t threshold) {
  Tally all;
  Lanes lanes;
  for (uint64_t g = 0; g < groups; ++g, block += width) {
    runGroup(lanes, seed, stream, block);
    Words below = {}, ties = {};
    for (const auto &word : lanes.word)
      for (const Words &coins : word) {
        below -= reinterpret_cast<Words>((coins & lowerHalf) < (Words{} + threshold)); // true is -1
        ties -= reinterpret_cast<Words>((coins & lowerHalf) == (Words{} + threshold));
      }
    all.below += static_cast<int64_t>(below[0] + below[1] + below[2] + below[3]);
    all.ties += static_cast<int64_t>(ties[0] + ties[1] + ties[2] + ties[3]);
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
  Lanes lanes;
  runGroup(lanes, seed, stream, block);
  int64_t successes = 0;
  for (uint64_t toss = begin; toss < end; ++toss) {
    const uint32_t coin = lanes.at(static_cast<int>(toss % 4), static_cast<int>(toss / 4 - block));
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
