// SPDX-License-Identifier: Apache-2.0
// Sums of many tosses: their distribution against exact probabilities, and moments where tosses
// themselves would take hours.
#include "runtime/base/binomial.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <vector>

using namespace qdo::base;

/// Probabilities of 0 .. n successes, by recurrence from the most likely one on.
static std::vector<double> exactly(int n, double p) {
  std::vector<double> f(static_cast<size_t>(n) + 1, 0.0);
  const int mode = std::min(n, static_cast<int>((n + 1) * p));
  f[static_cast<size_t>(mode)] = 1;
  for (int k = mode; k < n; ++k)
    f[static_cast<size_t>(k) + 1] = f[static_cast<size_t>(k)] * (n - k) / (k + 1) * p / (1 - p);
  for (int k = mode; k > 0; --k)
    f[static_cast<size_t>(k) - 1] = f[static_cast<size_t>(k)] * k / (n - k + 1) * (1 - p) / p;
  const double sum = std::accumulate(f.begin(), f.end(), 0.0);
  for (double &v : f)
    v /= sum;
  return f;
}

// A chi-square of the counts, whose deviation from its mean is that of a normal number.
TEST(Binomial, HasItsDistribution) {
  struct Case {
    int n;
    double p;
  };
  for (const auto [n, p] : {Case{30, 0.1},
                            {40, 0.4},
                            {60, 0.97},
                            {1000, 0.003},
                            {1000, 0.3},
                            {20000, 0.5},
                            {20000, 0.9}}) {
    const auto f = exactly(n, p);
    constexpr int draws = 200000;
    std::vector<int> seen(f.size());
    RandomStream random(3, static_cast<uint64_t>(n));
    for (int i = 0; i < draws; ++i) {
      const int64_t k = binomial(random, n, p);
      ASSERT_TRUE(k >= 0 && k <= n);
      ++seen[static_cast<size_t>(k)];
    }
    double chi = 0, expected = 0;
    int cells = 0, count = 0;
    for (size_t k = 0; k < f.size(); ++k) { // cells of 20 and more
      expected += f[k] * draws;
      count += seen[k];
      if (expected < 20)
        continue;
      chi += std::pow(count - expected, 2) / expected;
      expected = count = 0;
      ++cells;
    }
    EXPECT_LT(std::fabs(chi - cells) / std::sqrt(2.0 * cells), 5) << n << " " << p;
  }
}

TEST(Binomial, OfManyShotsHasItsMoments) {
  for (double p : {1e-13, 0.003, 0.5, 0.8}) {
    constexpr int64_t n = 1'000'000'000'000'000;
    constexpr int draws = 4000;
    const double mean = n * p, deviation = std::sqrt(n * p * (1 - p));
    RandomStream random(5, 6);
    double sum = 0, squares = 0;
    for (int i = 0; i < draws; ++i) {
      const double z = (static_cast<double>(binomial(random, n, p)) - mean) / deviation;
      sum += z;
      squares += z * z;
    }
    EXPECT_LT(std::fabs(sum), 5 * std::sqrt(draws)) << p;
    EXPECT_LT(std::fabs(squares - draws), 5 * std::sqrt(2.0 * draws)) << p;
  }
}

TEST(Binomial, OfSureThingsDrawsNothing) {
  RandomStream random(1, 1);
  EXPECT_EQ(binomial(random, 1000, 0), 0);
  EXPECT_EQ(binomial(random, 1000, 1), 1000);
  EXPECT_EQ(binomial(random, 0, 0.5), 0);
  EXPECT_EQ(random.position(), 0u);
}

TEST(Multinomial, CountsAllShotsAndNoneOfWhatCannotBe) {
  RandomStream random(2, 2);
  const std::vector<double> upTo{0.0, 0.25, 0.25, 1.5, 2.0, 2.0}; // weights 0, 1/4, 0, 5/4, 1/2, 0
  constexpr int64_t shots = 1'000'000'000'000;
  const auto counts = multinomial(random, shots, upTo);
  EXPECT_EQ(std::accumulate(counts.begin(), counts.end(), int64_t{0}), shots);
  // The same in two parts.
  const auto upper = multinomial(random, shots, std::span(upTo).subspan(3), upTo[2]);
  const int64_t left = shots - std::accumulate(upper.begin(), upper.end(), int64_t{0});
  EXPECT_LT(std::fabs(static_cast<double>(left) - 0.125 * shots),
            5 * std::sqrt(shots * 0.125 * 0.875));
  const std::vector<double> shares{0, 0.125, 0, 0.625, 0.25, 0};
  for (size_t i = 0; i < shares.size(); ++i) {
    const double expected = shares[i] * shots;
    if (expected == 0)
      EXPECT_EQ(counts[i], 0);
    else
      EXPECT_LT(std::fabs(static_cast<double>(counts[i]) - expected),
                5 * std::sqrt(expected * (1 - shares[i])));
  }
}
