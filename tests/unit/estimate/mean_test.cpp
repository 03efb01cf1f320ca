// SPDX-License-Identifier: Apache-2.0
// Estimates of means that are no coins: numbers, claims, and what happens in arithmetic.
#include "runtime/base/philox.h"
#include "runtime/estimate/arithmetic.h"
#include "runtime/estimate/bounded.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <functional>

using namespace qdo::estimate;
using qdo::base::Context;

static MeanSample sample(double mean, double variance, int64_t shots, uint64_t stream = 1) {
  return {mean, variance, -1, 1, shots, stream, 0};
}

namespace {
struct Means : testing::Test {
  Context ctx{qdo_options{}};
  Policy policy{Policy::Mode::Sequential, "p"};
  Estimate *mean(MeanSample s) { return makeMeanEstimate(ctx, s, policy); }
};
} // namespace

TEST_F(Means, AreTheirNumbers) {
  const Estimate *e = mean(sample(0.25, 0.5, 1000));
  EXPECT_EQ(e->value, 0.25);
  EXPECT_NEAR(e->standardError, std::sqrt(0.5 / 1000), 1e-4);
  EXPECT_EQ(e->shots, 1000);
  EXPECT_LT(e->low, 0.25);
  EXPECT_GT(e->high, 0.25);
}

TEST_F(Means, EqualOutcomesStillHaveAnError) {
  const Estimate *e = mean(sample(1, 0, 20));
  EXPECT_GT(e->standardError, 0.01);
  EXPECT_EQ(e->high, 1);
  EXPECT_LT(e->low, 0.9);
  EXPECT_LT(mean(sample(0.3, 0, 1))->low, -0.9) << "one shot says little";
}

TEST_F(Means, CancelAndMixWithCoins) {
  const Estimate *e = mean(sample(0.25, 0.5, 1000));
  const Estimate *zero = sum(ctx, *e, *e, -1);
  EXPECT_EQ(zero->value, 0);
  EXPECT_EQ(zero->standardError, 0);
  EXPECT_EQ(zero->low, 0);
  EXPECT_EQ(zero->high, 0);
  const Estimate *coin =
      ctx.make<Estimate>(0.0, std::vector<Estimate::Term>{{1, 30, 100, 9}}, claimOf(policy));
  const Estimate *both = sum(ctx, *e, *coin, -2);
  EXPECT_NEAR(both->value, 0.25 - 0.6, 1e-15);
  EXPECT_NEAR(both->standardError, std::hypot(e->standardError, 2 * coin->standardError), 1e-12);
  EXPECT_EQ(both->shots, 1100);
  EXPECT_EQ(sum(ctx, *both, *e, -1)->terms.size(), 1u);
}

TEST_F(Means, OfTheSameShotsAddTheirErrorsInTheWorstWay) {
  MeanSample a = sample(0.1, 0.5, 400, 1), b = sample(0.2, 0.7, 400, 2);
  a.record = b.record = 77;
  const Estimate *x = mean(a), *y = mean(b);
  const Estimate *difference = sum(ctx, *x, *y, -1);
  EXPECT_NEAR(difference->standardError, x->standardError + y->standardError, 1e-12);
  EXPECT_EQ(difference->shots, 400) << "they are the same shots";
  EXPECT_EQ(sum(ctx, *x, *x, -1)->standardError, 0);
}

TEST_F(Means, JointClaimsAreWider) {
  const Estimate *one = mean(sample(0.1, 0.5, 400));
  policy.joint = 50;
  const Estimate *fifty = mean(sample(0.1, 0.5, 400));
  EXPECT_LT(fifty->low, one->low);
  EXPECT_NEAR(fifty->low, one->interval(1 - 0.05 / 50).low, 1e-15);
}

// ---- the formulas, at numbers computed by hand

TEST(Bounded, AreTheirFormulas) {
  const MeanSample s = sample(0.2, 0.36, 1000);
  EXPECT_NEAR(hoeffding(s, 0.05).high, 0.2 + 2 * std::sqrt(std::log(40.0) / 2000), 1e-12);
  const double l = std::log(80.0);
  EXPECT_NEAR(empiricalBernstein(s, 0.05).low,
              0.2 - std::sqrt(0.72 * l / 1000) - 14 * l / (3 * 999.0), 1e-12);
  const Interval c = chernoff(s, 0.05);
  for (double m : {c.low, c.high}) {
    const double q = (m + 1) / 2;
    EXPECT_NEAR(1000 * (0.6 * std::log(0.6 / q) + 0.4 * std::log(0.4 / (1 - q))), std::log(40.0),
                1e-9);
  }
  const Interval a = boundedSequence(s, 0.05);
  EXPECT_LT(a.low, empiricalBernstein(s, 0.05).low) << "to hold at all times costs something";
  EXPECT_GT(a.low, hoeffding(s, 0.001).low);
}

RC_GTEST_PROP(Bounded, IntervalsHoldTheMeanAndShrink, ()) {
  const double p = *rc::gen::inRange(0, 1001) / 1000.0;
  const int64_t n = *rc::gen::inRange<int64_t>(2, 100'000);
  MeanSample few{p, p * (1 - p), 0, 1, n, 1, 0}, many = few;
  many.shots = 4 * n;
  for (Method method :
       {Method::Sequential, Method::Hoeffding, Method::Bernstein, Method::Anytime}) {
    const Interval wide = meanInterval(method, few, 0.05),
                   narrow = meanInterval(method, many, 0.05);
    RC_ASSERT(wide.low <= p && p <= wide.high);
    RC_ASSERT(0 <= wide.low && wide.high <= 1);
    RC_ASSERT(narrow.halfWidth() <= wide.halfWidth());
    const Interval surer = meanInterval(method, few, 0.01);
    RC_ASSERT(surer.low <= wide.low && wide.high <= surer.high);
  }
}

// ---- the sequence that bets, against outcomes one by one

namespace {
/// Outcomes of a bounded variable, as a sum of what any number of them says.
struct Stream {
  double low, high, mean;
  std::function<double(qdo::base::RandomStream &)> next;
};

Stream twoValues(double a, double b, double p) {
  return {0, 1, a + (b - a) * p,
          [=](qdo::base::RandomStream &random) { return random.uniform() < p ? b : a; }};
}
} // namespace

/// Share of runs whose interval held the mean at every one of many looks, and the last half-width.
static std::pair<double, double> heldAlways(const Stream &stream, int64_t most, int runs) {
  int held = 0;
  double width = 0;
  for (int run = 0; run < runs; ++run) {
    qdo::base::RandomStream random(7, static_cast<uint64_t>(run));
    double mean = 0, squares = 0;
    bool all = true;
    for (int64_t n = 1; n <= most; ++n) {
      const double x = stream.next(random), before = x - mean;
      mean += before / static_cast<double>(n);
      squares += before * (x - mean);
      if (n < 2 || (n > 20 && n % (1 + n / 20) != 0))
        continue; // looks: all of the first, then about 5 % apart
      const Interval interval =
          boundedSequence({mean, squares / static_cast<double>(n - 1), 0, 1, n, 1, 0}, 0.05);
      all &= interval.low <= stream.mean && stream.mean <= interval.high;
      width = interval.halfWidth();
    }
    held += all;
  }
  return {static_cast<double>(held) / runs, width};
}

TEST(BoundedSequence, HoldsAtAllLooksAtOnce) {
  const Stream streams[] = {
      twoValues(0, 1, 0.5),
      twoValues(0, 1, 0.02),
      twoValues(0.4, 0.6, 0.3),
      twoValues(0, 0.05, 0.5),
      twoValues(0.5, 1, 0.01),
      {0, 1, 0.5, [](qdo::base::RandomStream &random) { return random.uniform(); }}};
  for (const Stream &stream : streams)
    EXPECT_GE(heldAlways(stream, 1000, 1000).first, 0.95 - 2 * std::sqrt(0.95 * 0.05 / 1000))
        << stream.mean;
}

TEST(BoundedSequence, IsNarrowWhereTheVarianceIsSmall) {
  for (double spread : {0.01, 0.05, 0.1})
    for (int64_t n : {1000, 10'000, 100'000}) {
      const MeanSample s{0.5, spread * spread, 0, 1, n, 1, 0};
      const Interval coins =
          betaMixture(0.5 * static_cast<double>(n), 0.5 * static_cast<double>(n), 0.05);
      EXPECT_LT(boundedSequence(s, 0.05).halfWidth(), 0.5 * coins.halfWidth())
          << spread << " in " << n;
    }
  // What it costs where only coins are seen: a factor of 2 in the error.
  const MeanSample coin{0.5, 0.25, 0, 1, 10'000, 1, 0};
  EXPECT_LT(boundedSequence(coin, 0.05).halfWidth(), betaMixture(5000, 5000, 0.025).halfWidth());
  EXPECT_EQ(boundedSequence({1, 0, 1, 1, 10, 1, 0}, 0.05).low, 1) << "no range, no doubt";
}
