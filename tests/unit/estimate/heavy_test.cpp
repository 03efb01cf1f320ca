// SPDX-License-Identifier: Apache-2.0
// Catoni's mean and its interval on a variable with a heavy tail; tables of intervals.
#include "runtime/estimate/heavy.h"

#include "runtime/base/philox.h"
#include "runtime/estimate/tabled.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace qdo;
using estimate::HeavyKind;
using estimate::HeavyMean;
using estimate::Interval;
using estimate::Method;

namespace {
constexpr double tail = 200; ///< far above the mean of 1, and seldom

/// `tail` with probability rare / tail, so `rare` on average, or 0.
std::vector<double> draw(uint64_t seed, int count, double rare) {
  base::RandomStream random(seed, 1);
  std::vector<double> values;
  for (int i = 0; i < count; ++i)
    values.push_back(random.uniform() < rare / tail ? tail : 0);
  return values;
}

HeavyKind kindOf(double mean = 10) {
  return {.variance = [](double m) { return std::max(m, 0.01) * (tail - m); },
          .most = std::max(mean, 0.01) * tail,
          .low = 0,
          .high = 10,
          .lowest = 0,
          .highest = tail};
}
} // namespace

TEST(Heavy, IntervalsHoldAndThePlanKeepsItsPromise) {
  for (double mean : {0.0, 0.5, 1.0, 4.0}) {
    constexpr int seeds = 400;
    constexpr double error = 0.1, within = 1;
    const auto count =
        static_cast<int>(estimate::catoniShots(std::max(mean, 0.01) * tail, within, error));
    int covered = 0, near = 0;
    double width = 0;
    for (uint64_t seed = 0; seed < seeds; ++seed) {
      const auto values = draw(seed, count, mean);
      const Interval e = estimate::catoni(values, kindOf(), error);
      const double centre = estimate::catoniMean(values, kindOf(mean), error);
      covered += e.low <= mean && mean <= e.high;
      near += std::fabs(centre - mean) <= within;
      width += (e.high - e.low) / 2 / seeds;
    }
    const double least = (1 - error) * seeds - 2 * std::sqrt(error * (1 - error) * seeds);
    EXPECT_GE(covered, least) << mean;
    EXPECT_GE(near, least) << mean;
    if (mean > 0) // a few zeros say little where there may be 200
      EXPECT_LT(width, 1.7 * within) << mean;
  }
}

TEST(Heavy, OtherMethodsKnowTheRangeAndAreWider) {
  const HeavyMean mean(draw(1, 4000, 2), kindOf(), 0.05);
  const auto width = [&](Method method) {
    const Interval e = mean.interval(method, 0.05);
    EXPECT_LE(e.low, mean.mean);
    EXPECT_GE(e.high, mean.mean);
    return e.high - e.low;
  };
  EXPECT_LT(width(Method::Sequential), width(Method::Bernstein));
  EXPECT_LT(width(Method::Sequential), width(Method::Hoeffding));
  EXPECT_LT(width(Method::Sequential), width(Method::Anytime));
  EXPECT_GT(mean.standardError, 0);
}

TEST(Heavy, GroupsGiveTheMedianOfTheirMeans) {
  std::vector<double> values;
  for (int g = 0; g < 5; ++g)
    for (int i = 0; i < 10; ++i)
      values.push_back(g == 4 ? 9 : g + (i % 2 ? 0.5 : -0.5));
  const HeavyMean median(values, kindOf(), 0.05, 5);
  EXPECT_NEAR(median.mean, 2, 1e-12);
  const Interval e = median.interval(Method::Sequential, 0.05);
  EXPECT_LE(e.low, 2);
  EXPECT_GE(e.high, 2);
}

TEST(Heavy, AMeanOfEqualValuesHasAnError) {
  const HeavyMean one({1}, kindOf(), 0.05);
  EXPECT_GT(one.standardError, 1);
  const HeavyMean many(std::vector<double>(100, 1.0), kindOf(), 0.05);
  EXPECT_GT(many.standardError, 0);
  EXPECT_NEAR(many.mean, 1, 1e-6);
}

TEST(Tabled, HoldsWhatTheSourceHolds) {
  const HeavyMean mean(draw(3, 2000, 2), kindOf(), 0.05);
  const auto table = estimate::tabled(mean, Method::Sequential, 0.05);
  EXPECT_EQ(table->mean, mean.mean);
  const auto same = [](Interval a, Interval b) { return a.low == b.low && a.high == b.high; };
  EXPECT_TRUE(
      same(table->interval(Method::Sequential, 0.05), mean.interval(Method::Sequential, 0.05)));
  for (double error : {0.3, 0.04, 0.0123, 1e-6}) {
    const Interval kept = table->interval(Method::Sequential, error),
                   own = mean.interval(Method::Sequential, error);
    EXPECT_LE(kept.low, own.low + 1e-9);
    EXPECT_GE(kept.high, own.high - 1e-9);
    EXPECT_LT(kept.high - kept.low, 1.2 * (own.high - own.low));
  }
  EXPECT_EQ(table->interval(Method::Sequential, 1e-30).high, INFINITY);
}
