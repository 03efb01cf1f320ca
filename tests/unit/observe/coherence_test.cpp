// SPDX-License-Identifier: Apache-2.0
// Fits of decaying curves: what they find, how often their intervals hold, what they refuse.
#include "tests/unit/observe/simulated.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

using namespace qdo::observe;
using simulated::curve;

static constexpr double us = 1e-6, turn = 2 * std::numbers::pi;

/// T1 of 50 us read with 2 % of errors.
static double relaxing(double t) { return 0.02 + 0.96 * std::exp(-t / (50 * us)); }
static double dephasing(double t) { return 0.5 + 0.48 * std::exp(-t / (30 * us)); }

TEST(BinomialFit, FindsTheParametersOfCountsWithoutNoise) {
  std::vector<CurvePoint> points;
  for (int k = 0; k < 12; ++k) {
    const double t = k * 15 * us;
    points.push_back({t, std::llround(relaxing(t) * 1e9), 1'000'000'000});
  }
  const CurveModel model = decayModel(1 * us, 1000 * us, 1);
  const Maximum best = maximiseFrom(points, model, startsOfDecay(points, model, 1));
  EXPECT_TRUE(best.converged);
  EXPECT_NEAR(best.at[0], 0.98, 1e-7);
  EXPECT_NEAR(best.at[1], 0.02, 1e-7);
  EXPECT_NEAR(std::exp(best.at[2]), 50 * us, 1e-12);
}

// The standard error of a coin: one parameter, known in closed form.
TEST(BinomialFit, AgreesWithTheClosedFormOfOneCoin) {
  CurveModel coin;
  coin.parameters = {{"p", 0, 1}};
  coin.probability = [](const CurvePoint &, std::span<const double> at, std::span<double> slope) {
    slope[0] = 1;
    return at[0];
  };
  const std::vector<CurvePoint> points = {{0, 30, 100}, {1, 50, 100}};
  const Maximum best = maximise(points, coin, {0.9});
  EXPECT_NEAR(best.at[0], 0.4, 1e-6);
  EXPECT_NEAR(standardErrorOf(points, coin, best.at), std::sqrt(0.4 * 0.6 / 200), 1e-6);
  // 2 sum of s ln(s / np): by hand.
  const double expected = 2 * (30 * std::log(30 / 40.) + 70 * std::log(70 / 60.) +
                               50 * std::log(50 / 40.) + 50 * std::log(50 / 60.));
  EXPECT_NEAR(best.deviance, expected, 1e-9);
  // The profile of one parameter solves deviance(p) = least + 3.841.
  const ProfileInterval interval = profile(points, coin, best, chiSquaredQuantile(0.95));
  for (double end : {interval.low, interval.high})
    EXPECT_NEAR(deviance(points, coin, std::vector<double>{end}), best.deviance + 3.841459, 1e-4);
}

TEST(BinomialFit, DerivativesAgreeWithDifferences) {
  struct Case {
    CurveModel model;
    std::vector<double> at;
  };
  const Case cases[] = {{decayModel(1, 100, 1), {0.9, 0.1, 2.0}},
                        {decayModel(1, 100, 2), {0.2, 0.7, 2.5}},
                        {fringeModel(1, 100, 1, 1), {2.0, 0.13, 0.5, 0.3, -0.2}},
                        {fringeModel(1, 100, 2, 1), {2.0, 0.13, 0.5, 0.3, -0.2}},
                        {interleavedModel(1, 100), {0.97, 2.5, 0.9, 0.5, 0.95, 0.45}}};
  for (const Case &c : cases)
    for (double x : {0.0, 1.5, 7.0})
      for (int series : {0, 1}) {
        const CurvePoint point{x, 0, 1, series};
        std::vector<double> slope(c.at.size()), unused(c.at.size());
        c.model.probability(point, c.at, slope);
        for (size_t i = 0; i < c.at.size(); ++i) {
          auto moved = [&](double by) {
            std::vector<double> at = c.at;
            at[i] += by;
            return c.model.probability(point, at, unused);
          };
          EXPECT_NEAR(slope[i], (moved(1e-6) - moved(-1e-6)) / 2e-6, 1e-7) << i << " at " << x;
        }
      }
}

/// Of 200 seeds, how many intervals hold the truth; all must be identified.
template <class FitOne> static int covered(double truth, FitOne fitOne) {
  int held = 0;
  for (uint64_t seed = 0; seed < 200; ++seed) {
    const Fit fit = fitOne(seed);
    EXPECT_TRUE(fit.identified()) << seed << ": " << fit.reason;
    held += fit.quantity.low <= truth && truth <= fit.quantity.high;
    EXPECT_TRUE(fit.quantity.low <= fit.quantity.value && fit.quantity.value <= fit.quantity.high);
  }
  return held;
}

// The full study, 1,000 seeds, is `./dev bench decay`. 95 % of 200 is 190 +- 3.1: three of those.
TEST(Coherence, IntervalsOfT1HoldTheTruth) {
  const int held = covered(50 * us, [](uint64_t seed) {
    return fitRelaxation(curve(seed, 21, 10 * us, 1000, relaxing), 0.95);
  });
  EXPECT_GE(held, 181);
  EXPECT_LE(held, 199);
}

TEST(Coherence, IntervalsOfT2HoldTheTruth) {
  const int held = covered(30 * us, [](uint64_t seed) {
    return fitDephasing(curve(seed, 31, 5 * us, 1000, dephasing), 0.95);
  });
  EXPECT_GE(held, 181);
  EXPECT_LE(held, 199);
}

TEST(Coherence, ShortDelaysAreUnidentified) {
  int numbers = 0;
  for (uint64_t seed = 0; seed < 100; ++seed) {
    const Fit fit = fitRelaxation(curve(seed, 21, 1 * us, 1000, relaxing), 0.95);
    numbers += fit.identified();
    if (!fit.identified()) {
      EXPECT_FALSE(fit.reason.empty());
      EXPECT_EQ(fit.quantity.value, 0);
    }
  }
  EXPECT_EQ(numbers, 0);
  // Precise enough to know T1, yet the tail was never seen: the rule of twice the lifetime.
  const Fit precise = fitRelaxation(curve(1, 21, 4 * us, 10'000'000, relaxing), 0.95);
  EXPECT_FALSE(precise.identified());
  EXPECT_NE(precise.reason.find("longest delay"), std::string::npos) << precise.reason;
}

TEST(Coherence, FewPointsAndFlatCurvesAreUnidentified) {
  const Fit few = fitRelaxation(curve(1, 5, 40 * us, 100'000, relaxing), 0.95);
  EXPECT_FALSE(few.identified());
  EXPECT_NE(few.reason.find("too few"), std::string::npos) << few.reason;
  for (double level : {0.0, 0.3, 1.0}) {
    const Fit flat =
        fitRelaxation(curve(1, 21, 10 * us, 10'000, [&](double) { return level; }), 0.95);
    EXPECT_FALSE(flat.identified()) << level;
  }
}

TEST(Coherence, T2BeyondTwiceT1IsUnidentified) {
  const Fit t1 = fitRelaxation(
      curve(1, 21, 10 * us, 20'000, [](double t) { return std::exp(-t / (10 * us)); }), 0.95);
  ASSERT_TRUE(t1.identified()) << t1.reason;
  const auto points = curve(1, 31, 5 * us, 20'000, dephasing);
  EXPECT_TRUE(fitDephasing(points, 0.95).identified());
  const Fit against = fitDephasing(points, 0.95, {false, &t1});
  EXPECT_FALSE(against.identified());
  EXPECT_NE(against.reason.find("2 T1"), std::string::npos);
}

TEST(Coherence, FringesGiveTheDetuningAndTheEnvelope) {
  for (int power : {1, 2}) {
    const auto points = curve(3, 61, 2 * us, 4000, [&](double t) {
      return 0.5 +
             0.47 * std::exp(-std::pow(t / (30 * us), power)) * std::cos(turn * 60e3 * t + 0.4);
    });
    const Fit fit = fitDephasing(points, 0.99);
    ASSERT_TRUE(fit.identified()) << fit.reason;
    EXPECT_EQ(fit.power, power);
    EXPECT_NEAR(fit.frequency, 60e3, 500);
    EXPECT_TRUE(fit.quantity.low < 30 * us && 30 * us < fit.quantity.high) << fit.quantity.value;
    EXPECT_GT(fit.pValue, 0.001);
  }
}

TEST(Coherence, AWrongModelIsAPoorFit) {
  const auto points = curve(1, 21, 10 * us, 1'000'000, [](double t) {
    return 0.5 * std::exp(-t / (8 * us)) + 0.5 * std::exp(-t / (60 * us));
  });
  const Fit fit = fitRelaxation(points, 0.95);
  EXPECT_EQ(fit.status, FitStatus::PoorFit);
  EXPECT_LT(fit.pValue, 1e-6);
}

/// Successes of benchmarking at lengths 1, 21, 41 ..
static std::vector<CurvePoint> benchmarking(uint64_t seed, double p) {
  std::vector<CurvePoint> points =
      curve(seed, 20, 20, 2000, [&](double m) { return 0.5 + 0.45 * std::pow(p, m + 1); });
  for (CurvePoint &point : points)
    point.x += 1;
  return points;
}

TEST(Coherence, BenchmarkingCoversItsError) {
  const double p = 0.99;
  const int plain = covered(
      (1 - p) / 2, [&](uint64_t seed) { return fitBenchmarking(benchmarking(seed, p), 0.95, 2); });
  EXPECT_GE(plain, 181);
  const int gate = covered((1 - 0.985 / 0.99) / 2, [&](uint64_t seed) {
    return fitInterleaved(benchmarking(seed, p), benchmarking(seed + 1000, 0.985), 0.95, 2);
  });
  EXPECT_GE(gate, 181);
}

TEST(Coherence, MeansWithKnownErrorsAreCovered) {
  const int held = covered(50 * us, [&](uint64_t seed) {
    return fitRelaxation(simulated::extrapolated(seed, 21, 10 * us, 2000, relaxing), 0.95);
  });
  EXPECT_GE(held, 181);
  EXPECT_LE(held, 198);
}

TEST(Coherence, MeansThatDoNotFollowTheCurveAreAPoorFit) {
  auto points = simulated::extrapolated(1, 21, 10 * us, 100'000, relaxing);
  EXPECT_GT(fitRelaxation(points, 0.95).pValue, 0.001);
  for (CurvePoint &point : points)
    point.error /= 4;
  EXPECT_EQ(fitRelaxation(points, 0.95).status, FitStatus::PoorFit);
  // What never changes is not shown to decay, wherever its points lie.
  const auto flat = simulated::extrapolated(1, 21, 10 * us, 1000, [](double) { return 1.0; });
  EXPECT_FALSE(fitRelaxation(flat, 0.95).identified());
}

TEST(Coherence, OtherConfidencesComeFromTheSameProfile) {
  const Fit fit = fitRelaxation(curve(1, 21, 10 * us, 1000, relaxing), 0.95);
  ASSERT_TRUE(fit.identified());
  const Quantity same = fit.quantityAt(0.95), wide = fit.quantityAt(0.999);
  EXPECT_NEAR(same.low, fit.quantity.low, 1e-12);
  EXPECT_LT(wide.low, same.low);
  EXPECT_GT(wide.high, same.high);
}
