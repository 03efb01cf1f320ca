// SPDX-License-Identifier: Apache-2.0
// No overspending: over random policies no purse is ever exceeded by one shot, and what is reported
// as spent is what was drawn.
#include "qdo/runtime/abi.h"
#include "tests/unit/sim/circuits.h"

#include "runtime/base/hash.h"
#include "runtime/estimate/batch.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <tuple>

using namespace qdo::estimate;
using qdo::base::Context;

static bool narrow(qdo_ctx *, void *env, double, double, double halfWidth, double, double, int64_t,
                   int64_t) {
  return halfWidth <= *static_cast<double *>(env);
}

TEST(Budget, IsNeverExceeded) {
  std::mt19937_64 engine(2026);
  auto between = [&](int64_t low, int64_t high) {
    return std::uniform_int_distribution<int64_t>(low, high)(engine);
  };
  int exhausted = 0, finished = 0;
  for (int round = 0; round < 1000; ++round) {
    qdo_options options{};
    options.seed = static_cast<uint64_t>(round);
    options.threads = 1;
    Context ctx(options);
    auto &policies = ctx.part<Policies>();
    double target = static_cast<double>(between(1, 200)) / 1000;

    Policy outer(Policy::Mode::Sequential, "outer");
    outer.budget = between(0, 40'000);
    Policy policy(Policy::Mode::Sequential, "policy");
    policy.budget = between(0, 40'000);
    policy.low = between(1, 300);
    if (between(0, 3) != 0)
      policy.high = policy.low + between(0, 5000);
    if (between(0, 1) != 0)
      policy.batch = between(1, 700);
    if (between(0, 3) != 0) {
      policy.until = narrow;
      policy.untilEnv = &target;
    }
    policy.allocation = static_cast<Allocation>(between(0, 2));
    if (between(0, 1) != 0)
      policies.push(&outer);
    const int64_t cap = policies.depth() ? std::min(*policy.budget, *outer.budget) : *policy.budget;

    std::vector<BernoulliItem> items;
    for (int64_t i = 0, count = between(1, 40); i < count; ++i)
      items.push_back({static_cast<double>(between(0, 100)) / 100,
                       static_cast<uint64_t>(between(1, 30)), static_cast<double>(between(0, 2))});
    for (int request = 0; request < 3 && ctx.ok(); ++request) {
      auto results = estimateBatch(ctx, 0, items, policy, between(0, 1) != 0);
      ASSERT_LE(policies.spentFrom(policy), *policy.budget);
      ASSERT_LE(ctx.spent.shots, cap) << "round " << round;
      ASSERT_EQ(results.empty(), !ctx.ok());
      for (const BernoulliResult &r : results) {
        ASSERT_GE(r.shots, LookPlan(policy).first());
        ASSERT_LE(r.shots, LookPlan(policy).last());
        ASSERT_LE(r.successes, r.shots);
      }
    }
    ctx.ok() ? ++finished : ++exhausted;
    if (!ctx.ok()) {
      ASSERT_EQ(ctx.failure()->kind, qdo::base::Kind::BudgetExhausted);
    }
  }
  // Both ends were tested.
  EXPECT_GT(exhausted, 100);
  EXPECT_GT(finished, 100);
}

/// `settled(value, halfwidth, shots) or low > 0.5 or high < 0.5` of examples/adaptive_shots.qdo.
static bool settledOrDecided(qdo_ctx *, void *, double value, double, double halfWidth, double low,
                             double high, int64_t shots, int64_t) {
  const bool settled = shots >= 512 && halfWidth <= 0.05 * std::max(std::abs(value), 0.1);
  return settled || low > 0.5 || high < 0.5;
}

static void makeRelative(Policy &policy, int64_t budget) {
  policy.budget = budget;
  policy.low = policy.batch.emplace(128);
  policy.high = 100'000;
  policy.until = settledOrDecided;
  policy.method = Method::Anytime;
  policy.confidence = 0.99;
  policy.allocation = Allocation::Neyman;
}

TEST(Budget, AnAdaptiveRuleStaysWithinNestedBudgets) {
  int outerEnded = 0, innerEnded = 0, finished = 0;
  for (uint64_t seed = 0; seed < 1000; ++seed) {
    std::mt19937_64 engine(seed);
    auto between = [&](int64_t low, int64_t high) {
      return std::uniform_int_distribution<int64_t>(low, high)(engine);
    };
    qdo_options options{};
    options.seed = seed;
    options.threads = 1;
    qdo_ctx *handle = qdo_rt_open(&options);
    Context &ctx = Context::of(handle);
    auto &policies = ctx.part<Policies>();
    Policy outer(Policy::Mode::Sequential, "relative"), inner(Policy::Mode::Sequential, "relative");
    makeRelative(outer, between(100, 12'000));
    makeRelative(inner, between(100, 6'000));
    if (outer.budget == inner.budget)
      ++*inner.budget; // one name and budget would be one purse
    auto angle = [&] { return static_cast<double>(between(0, 3141)) / 1000; };
    const std::vector<double> data{angle(), angle()};
    qdo_prep prep = qdo_rt_recipe_new(handle, 1, const_cast<qdo_circuit *>(circuits::zz<2, 2>),
                                      data.data(), std::ssize(data));
    auto observable = [&](std::vector<std::tuple<double, int64_t, int64_t>> terms) {
      qdo_observable sum = qdo_rt_observable_new(handle);
      for (auto [weight, x, z] : terms)
        qdo_rt_observable_term(handle, 0, sum, weight, x, z);
      return sum;
    };
    // 0.5 Z0 Z1 - 0.3 X0 + 0.1 Y1, and then Z0, which is no part of it
    qdo_observable whole = observable({{0.5, 0, 3}, {-0.3, 1, 0}, {0.1, 2, 2}});
    qdo_observable part = observable({{1, 0, 1}});

    policies.push(&outer);
    qdo_estimate first = qdo_rt_estimate_expect(handle, 1, prep, whole);
    const int64_t outside = ctx.spent.shots;
    ASSERT_LE(outside, *outer.budget) << "seed " << seed;
    ASSERT_EQ(policies.spentFrom(outer), outside);
    if (ctx.ok()) {
      ASSERT_EQ(qdo_rt_estimate_shots(handle, first), outside);
      policies.push(&inner);
      qdo_estimate second = qdo_rt_estimate_expect(handle, 2, prep, part);
      const int64_t inside = policies.spentFrom(inner);
      ASSERT_LE(inside, *inner.budget) << "seed " << seed;
      ASSERT_LE(ctx.spent.shots, *outer.budget) << "seed " << seed;
      ASSERT_EQ(ctx.spent.shots, outside + inside) << "to the shot";
      ASSERT_EQ(policies.spentFrom(outer), outside + inside);
      if (ctx.ok()) {
        ASSERT_EQ(qdo_rt_estimate_shots(handle, second), inside);
        ++finished;
      } else {
        // What ended could not have paid one more look.
        const int64_t left = std::min(*inner.budget - inside, *outer.budget - ctx.spent.shots);
        ASSERT_LT(left, 128);
        ++innerEnded;
      }
    } else {
      ASSERT_LT(*outer.budget - outside, 128);
      ++outerEnded;
    }
    qdo_rt_close(handle);
  }
  EXPECT_GT(outerEnded, 50);
  EXPECT_GT(innerEnded, 50);
  EXPECT_GT(finished, 50);
}
