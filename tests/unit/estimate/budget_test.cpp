// SPDX-License-Identifier: Apache-2.0
// No overspending: over random policies no purse is ever exceeded by one shot, and what is reported
// as spent is what was drawn.
#include "runtime/estimate/batch.h"

#include "runtime/base/hash.h"

#include <gtest/gtest.h>

#include <random>

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
