// SPDX-License-Identifier: Apache-2.0
// Clopper-Pearson intervals: published values, and their definition by binomial tails.
#include "runtime/estimate/confidence.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

using namespace qdo::estimate;

TEST(ClopperPearson, KnownValues) {
  struct Row {
    int64_t successes, shots;
    double low, high;
  };
  // Tables of 95 % limits, to four digits.
  for (auto [s, n, low, high] :
       {Row{0, 10, 0, 0.3085}, Row{1, 10, 0.0025, 0.4450}, Row{5, 10, 0.1871, 0.8129},
        Row{10, 10, 0.6915, 1}, Row{1, 20, 0.0013, 0.2487}, Row{81, 263, 0.2527, 0.3676}}) {
    const Interval interval = clopperPearson(s, n, 0.05);
    EXPECT_NEAR(interval.low, low, 5e-5) << s << "/" << n;
    EXPECT_NEAR(interval.high, high, 5e-5) << s << "/" << n;
  }
}

TEST(ClopperPearson, NoSuccessesIsTheRuleOfThree) {
  EXPECT_NEAR(clopperPearson(0, 1000, 0.1).high, 1 - std::pow(0.05, 1.0 / 1000), 1e-15);
  EXPECT_EQ(clopperPearson(0, 1000, 0.1).low, 0);
  EXPECT_EQ(clopperPearson(1000, 1000, 0.1).high, 1);
}

/// Probability of at most s successes, by summing.
static double atMost(int64_t s, int64_t n, double p) {
  double sum = 0;
  for (int64_t k = 0; k <= s; ++k)
    sum += std::exp(std::lgamma(n + 1.0) - std::lgamma(k + 1.0) - std::lgamma(n - k + 1.0) +
                    k * std::log(p) + (n - k) * std::log1p(-p));
  return sum;
}

RC_GTEST_PROP(ClopperPearson, TailsHaveHalfTheErrorEach, ()) {
  const int64_t n = *rc::gen::inRange<int64_t>(2, 300);
  const int64_t s = *rc::gen::inRange<int64_t>(1, n);
  const double error = *rc::gen::inRange(1, 500) / 1000.0;
  const Interval interval = clopperPearson(s, n, error);
  RC_ASSERT(std::fabs(1 - atMost(s - 1, n, interval.low) - error / 2) < 1e-9);
  RC_ASSERT(std::fabs(atMost(s, n, interval.high) - error / 2) < 1e-9);
}

RC_GTEST_PROP(ClopperPearson, ManyShotsAndTinyErrors, ()) {
  const int64_t n = *rc::gen::inRange<int64_t>(1000, 50'000'000);
  const int64_t s = *rc::gen::inRange<int64_t>(0, n + 1);
  const Interval interval = clopperPearson(s, n, 1e-9);
  const double p = static_cast<double>(s) / static_cast<double>(n);
  RC_ASSERT(interval.low >= 0 && interval.low <= p && p <= interval.high && interval.high <= 1);
  // Six standard deviations, and the width of a Poisson limit at the ends.
  RC_ASSERT(interval.high - interval.low < 14 * standardError(s, n) + 45 / static_cast<double>(n));
}

TEST(StandardError, IsNeverZero) {
  EXPECT_NEAR(standardError(0, 64), 0.0205, 5e-5);
  EXPECT_NEAR(standardError(64, 64), standardError(0, 64), 1e-15);
  EXPECT_NEAR(standardError(500, 1000), std::sqrt(0.25 / 1004), 1e-15);
}

TEST(IntervalCache, ReturnsWhatItComputed) {
  IntervalCache cache;
  for (int round = 0; round < 2; ++round)
    for (int64_t s = 0; s <= 20; ++s) {
      EXPECT_EQ(cache.get(Method::Sequential, s, 20, 0.05).low, clopperPearson(s, 20, 0.05).low);
      EXPECT_EQ(cache.get(Method::Sequential, s, 20, 0.01).high, clopperPearson(s, 20, 0.01).high);
    }
}
