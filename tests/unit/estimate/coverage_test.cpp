// SPDX-License-Identifier: Apache-2.0
// The promise of a stated confidence, kept under optional stopping.
// Why: a rule on a plug-in standard error covers 19 % instead of 95 % at fidelity 0.003.
#include "runtime/estimate/batch.h"

#include "runtime/base/hash.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace qdo::estimate;
using qdo::base::Context;

/// Stops by the width of the interval, or (second rule) as soon as it excludes what is tested.
static bool narrow(qdo_ctx *, void *, double, double, double halfWidth, double, double, int64_t,
                   int64_t) {
  return halfWidth <= 0.04;
}
static bool greedy(qdo_ctx *, void *, double value, double, double, double low, double high,
                   int64_t, int64_t) {
  return low > 0.05 || high < 0.002 || value == 0.5;
}

static constexpr int seeds = 2000;

/// Fraction of seeds whose interval holds the truth, and shots on average.
static std::pair<double, double> coverage(double p, UntilFn until, double confidence) {
  Policy policy(Policy::Mode::Sequential, "honest");
  policy.low = 64;
  policy.high = 4096;
  policy.until = until;
  policy.confidence = confidence;
  Context ctx(qdo_options{});
  std::vector<BernoulliItem> items;
  for (uint64_t seed = 0; seed < seeds; ++seed)
    items.push_back({p, qdo::base::Hasher("coverage").add(seed).add(p).value(), 1});
  auto results = estimateBatch(ctx, 0, items, policy, false);
  EXPECT_EQ(results.size(), items.size());
  double covered = 0, shots = 0;
  for (const BernoulliResult &result : results) {
    covered += result.low <= p && p <= result.high;
    shots += static_cast<double>(result.shots);
    EXPECT_TRUE(result.low <= result.value() && result.value() <= result.high);
  }
  return {covered / seeds, shots / seeds};
}

TEST(Coverage, HoldsAtEveryFidelity) {
  for (UntilFn until : {narrow, greedy})
    for (double confidence : {0.8, 0.95})
      for (double p : {0.0, 0.001, 0.003, 0.01, 0.05, 0.1, 0.3, 0.5, 0.9, 1.0}) {
        auto [covered, shots] = coverage(p, until, confidence);
        const double spread = std::sqrt(confidence * (1 - confidence) / seeds);
        EXPECT_GE(covered, confidence - 2 * spread) << p << " at " << confidence;
        EXPECT_LE(shots, 4096);
      }
}

// The same test must see that the dishonest rule is dishonest, or it could not fail.
TEST(Coverage, OfAPlugInRuleFails) {
  auto plugIn = [](qdo_ctx *, void *, double value, double, double, double, double, int64_t shots,
                   int64_t) {
    const double n = static_cast<double>(shots);
    return 1.96 * std::sqrt(value * (1 - value) / n) <= 0.003;
  };
  Policy policy(Policy::Mode::Sequential, "plug-in");
  policy.low = 64;
  policy.high = 4096;
  policy.until = plugIn;
  Context ctx(qdo_options{});
  std::vector<BernoulliItem> items;
  for (uint64_t seed = 0; seed < seeds; ++seed)
    items.push_back({0.003, seed, 1});
  double covered = 0;
  for (const BernoulliResult &r : estimateBatch(ctx, 0, items, policy, false)) {
    const double n = static_cast<double>(r.shots);
    covered += std::fabs(r.value() - 0.003) <= 1.96 * std::sqrt(r.value() * (1 - r.value()) / n);
  }
  EXPECT_LT(covered / seeds, 0.5);
}

TEST(Coverage, EasyFidelitiesStopEarly) {
  auto shots = [](double p) { return coverage(p, narrow, 0.95).second; };
  EXPECT_LT(shots(0.0), 110);
  EXPECT_LT(shots(0.01), 250);
  EXPECT_GT(shots(0.5), 800);
  EXPECT_LT(shots(0.5), 2000);
}
