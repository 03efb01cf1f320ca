// SPDX-License-Identifier: Apache-2.0
// The random numbers: known answers of the reference implementation, and the laws of coin tosses.
#include "runtime/base/philox.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <vector>

using namespace qdo::base;
using Block = std::array<uint32_t, 4>;

// The three rows for philox4x32 with 10 rounds of kat_vectors in Random123.
TEST(Philox, KnownAnswers) {
  EXPECT_EQ(philox({0, 0, 0, 0}, {0, 0}), (Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  const uint32_t ones = 0xffffffff;
  EXPECT_EQ(philox({ones, ones, ones, ones}, {ones, ones}),
            (Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(RandomStream, ContinuesFromAPosition) {
  RandomStream whole(7, 9);
  std::vector<uint64_t> numbers;
  for (int i = 0; i < 9; ++i)
    numbers.push_back(whole.next());
  for (uint64_t start = 0; start < 9; ++start)
    EXPECT_EQ(RandomStream(7, 9, start).next(), numbers[start]);
  EXPECT_EQ(whole.position(), 9u);
  EXPECT_NE(RandomStream(8, 9).next(), numbers[0]);
  EXPECT_NE(RandomStream(7, 10).next(), numbers[0]);
}

TEST(RandomStream, UniformHasItsMoments) {
  RandomStream random(1, 2);
  double sum = 0, squares = 0;
  constexpr int count = 200000;
  for (int i = 0; i < count; ++i) {
    const double u = random.uniform();
    ASSERT_TRUE(u >= 0 && u < 1);
    sum += u;
    squares += u * u;
  }
  EXPECT_NEAR(sum / count, 0.5, 5 * std::sqrt(1.0 / 12 / count));
  EXPECT_NEAR(squares / count, 1.0 / 3, 5 * std::sqrt(4.0 / 45 / count));
}

TEST(RandomStream, BelowReachesEveryValueEvenly) {
  RandomStream random(3, 4);
  int counts[7] = {};
  for (int i = 0; i < 70000; ++i)
    ++counts[random.below(7)];
  for (int count : counts)
    EXPECT_NEAR(count, 10000, 5 * std::sqrt(10000.0));
}

/// The law that countSuccesses has to obey, one toss at a time and without vectors.
static int64_t slowly(uint64_t seed, uint64_t stream, int64_t first, int64_t last, double p) {
  int64_t successes = 0;
  auto coin = [&](uint64_t s, uint64_t toss) {
    auto lo = [](uint64_t x) { return uint32_t(x); };
    auto hi = [](uint64_t x) { return uint32_t(x >> 32); };
    return philox({lo(toss / 4), hi(toss / 4), lo(s), hi(s)}, {lo(seed), hi(seed)})[toss % 4];
  };
  for (int64_t i = first; i < last; ++i) {
    const long double toss = std::ldexp((long double)coin(stream, i), -32) +
                             std::ldexp((long double)coin(~stream, i), -64);
    successes += toss < (long double)p;
  }
  return successes;
}

RC_GTEST_PROP(CountSuccesses, EqualsTossByToss, (uint64_t seed, uint64_t stream)) {
  const int64_t first = *rc::gen::inRange<int64_t>(0, 500);
  const int64_t last = first + *rc::gen::inRange<int64_t>(0, 500);
  const double p = *rc::gen::inRange(0, 1001) / 1000.0;
  RC_ASSERT(countSuccesses(seed, stream, first, last, p) == slowly(seed, stream, first, last, p));
}

RC_GTEST_PROP(CountSuccesses, BatchesConcatenate, (uint64_t seed, uint64_t stream)) {
  const int64_t middle = *rc::gen::inRange<int64_t>(0, 1000);
  const int64_t last = middle + *rc::gen::inRange<int64_t>(0, 1000);
  const double p = *rc::gen::inRange(0, 1001) / 1000.0;
  RC_ASSERT(countSuccesses(seed, stream, 0, middle, p) +
                countSuccesses(seed, stream, middle, last, p) ==
            countSuccesses(seed, stream, 0, last, p));
}

TEST(CountSuccesses, ImpossibleAndCertain) {
  EXPECT_EQ(countSuccesses(1, 2, 0, 5000, 0), 0);
  EXPECT_EQ(countSuccesses(1, 2, 0, 5000, -0.0), 0);
  EXPECT_EQ(countSuccesses(1, 2, 0, 5000, 1), 5000);
  EXPECT_EQ(countSuccesses(1, 2, 0, 5000, 1 + 1e-16), 5000);
}

// A probability within 2^-32 of a coin is decided by the coin's lower half, not rounded away.
TEST(CountSuccesses, TiesAreDecidedByMoreBits) {
  const uint32_t coin = philox({0, 0, 5, 0}, {11, 0})[0];
  const double below = std::ldexp(double(coin), -32), above = std::ldexp(double(coin) + 1, -32);
  EXPECT_EQ(countSuccesses(11, 5, 0, 1, below), 0);
  EXPECT_EQ(countSuccesses(11, 5, 0, 1, above), 1);
  double low = below, high = above;
  for (int i = 0; i < 18; ++i) {
    const double middle = (low + high) / 2;
    (countSuccesses(11, 5, 0, 1, middle) ? high : low) = middle;
  }
  EXPECT_GT(low, below);
  EXPECT_LT(high, above);
}

TEST(CountSuccesses, HasTheRightMeanAndSpread) {
  for (double p : {0.001, 0.1, 0.5, 0.9}) {
    double sum = 0, squares = 0;
    constexpr int streams = 2000, shots = 1000;
    for (int s = 0; s < streams; ++s) {
      const double count = countSuccesses(42, s, 0, shots, p);
      sum += count;
      squares += (count - shots * p) * (count - shots * p);
    }
    const double variance = shots * p * (1 - p);
    EXPECT_NEAR(sum / streams, shots * p, 4 * std::sqrt(variance / streams)) << p;
    EXPECT_NEAR(squares / streams / variance, 1, 0.16) << p;
  }
}

TEST(Philox, UniformNumbersManyAtATime) {
  for (uint64_t first : {0, 1, 6, 31})
    for (size_t count : {0, 1, 2, 31, 32, 33, 100}) {
      std::vector<double> out(count);
      qdo::base::fillUniform(7, 8, first, out);
      qdo::base::RandomStream random(7, 8, first);
      for (double x : out)
        ASSERT_EQ(x, random.uniform()) << first << " " << count;
    }
}
