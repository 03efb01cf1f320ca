// SPDX-License-Identifier: Apache-2.0
// The promise of a stated confidence, kept under optional stopping.
// Why: a rule on a plug-in standard error covers 19 % instead of 95 % at fidelity 0.003.
#include "runtime/estimate/batch.h"

#include "runtime/base/hash.h"

#include <gtest/gtest.h>

#include <algorithm>
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

/// Fraction of seeds whose interval holds the truth, and shots on average.
static std::pair<double, double> coverage(double p, UntilFn until, double confidence,
                                          Method method = Method::Sequential, int seeds = 2000) {
  Policy policy(Policy::Mode::Sequential, "honest");
  policy.low = 64;
  policy.high = 4096;
  policy.until = until;
  policy.confidence = confidence;
  policy.method = method;
  Context ctx(qdo_options{});
  std::vector<BernoulliItem> items;
  for (uint64_t seed = 0; seed < static_cast<uint64_t>(seeds); ++seed)
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
        const double spread = std::sqrt(confidence * (1 - confidence) / 2000);
        EXPECT_GE(covered, confidence - 2 * spread) << p << " at " << confidence;
        EXPECT_LE(shots, 4096);
      }
}

// bench/bench_coverage.cpp is the whole study.
TEST(Coverage, HoldsForEveryMethodThatPromisesIt) {
  constexpr int seeds = 500;
  const double spread = std::sqrt(0.9 * 0.1 / seeds);
  for (Method method : {Method::Hoeffding, Method::Bernstein, Method::Anytime})
    for (double p : {0.0, 0.003, 0.05, 0.5, 1.0})
      EXPECT_GE(coverage(p, greedy, 0.9, method, seeds).first, 0.9 - 2 * spread)
          << methodName(method) << " at " << p;
  // Wilson is approximate, and this rule shows it.
  double least = 1;
  for (double p : {0.003, 0.01, 0.05})
    least = std::min(least, coverage(p, greedy, 0.9, Method::Wilson, seeds).first);
  EXPECT_LT(least, 0.9 - 2 * spread);
}

TEST(Coverage, JointClaimsShareTheError) {
  Policy policy(Policy::Mode::Sequential, "joint");
  policy.low = policy.joint = 50;
  policy.high = 400;
  policy.until = greedy;
  int all = 0;
  constexpr int rounds = 200;
  for (uint64_t seed = 0; seed < rounds; ++seed) {
    Context ctx(qdo_options{});
    std::vector<BernoulliItem> items;
    for (uint64_t i = 0; i < 50; ++i)
      items.push_back({0.02 * static_cast<double>(i), 50 * seed + i, 1});
    const auto results = estimateBatch(ctx, 0, items, policy, false);
    bool hold = true;
    for (size_t i = 0; i < items.size(); ++i)
      hold &= results[i].low <= items[i].probability && items[i].probability <= results[i].high;
    all += hold;
  }
  EXPECT_GE(all, rounds * 0.95 - 2 * std::sqrt(rounds * 0.95 * 0.05));
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
  for (uint64_t seed = 0; seed < 2000; ++seed)
    items.push_back({0.003, seed, 1});
  double covered = 0;
  for (const BernoulliResult &r : estimateBatch(ctx, 0, items, policy, false)) {
    const double n = static_cast<double>(r.shots);
    covered += std::fabs(r.value() - 0.003) <= 1.96 * std::sqrt(r.value() * (1 - r.value()) / n);
  }
  EXPECT_LT(covered / 2000, 0.5);
}

TEST(Coverage, EasyFidelitiesStopEarly) {
  auto shots = [](double p) { return coverage(p, narrow, 0.95).second; };
  EXPECT_LT(shots(0.0), 110);
  EXPECT_LT(shots(0.01), 250);
  EXPECT_GT(shots(0.5), 800);
  EXPECT_LT(shots(0.5), 2000);
}
