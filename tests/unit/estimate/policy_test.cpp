// SPDX-License-Identifier: Apache-2.0
// Looks, identities and purses of policies.
#include "runtime/estimate/policy.h"
#include "runtime/sim/device_time.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

using namespace qdo::estimate;
using qdo::base::Context;
using qdo::base::Kind;

static bool never(qdo_ctx *, void *, double, double, double, double, double, int64_t, int64_t) {
  return false;
}

static std::vector<int64_t> looks(const Policy &policy) {
  const LookPlan plan(policy);
  std::vector<int64_t> all;
  for (int64_t look = 0; (look = plan.next(look)) != 0;)
    all.push_back(look);
  EXPECT_EQ(static_cast<int64_t>(all.size()), plan.count());
  EXPECT_EQ(all.front(), plan.first());
  EXPECT_EQ(all.back(), plan.last());
  return all;
}

using Looks = std::vector<int64_t>;

TEST(LookPlan, GrowsByHalfUpToHigh) {
  Policy policy(Policy::Mode::Sequential, "p");
  policy.until = never;
  policy.low = 64;
  policy.high = 4096;
  EXPECT_EQ(looks(policy), (Looks{64, 96, 144, 216, 324, 486, 729, 1094, 1641, 2461, 3691, 4096}));
  policy.high = 64;
  EXPECT_EQ(looks(policy), Looks{64});
  policy.low = 1;
  policy.high = 6;
  EXPECT_EQ(looks(policy), (Looks{1, 2, 3, 4, 6}));
}

TEST(LookPlan, FollowsBatches) {
  Policy policy(Policy::Mode::Sequential, "p");
  policy.until = never;
  policy.low = 100;
  policy.batch = 256;
  policy.high = 700;
  EXPECT_EQ(looks(policy), (Looks{100, 356, 612, 700}));
}

TEST(LookPlan, WithoutHighTheBudgetIsTheEnd) {
  Policy policy(Policy::Mode::Sequential, "p");
  policy.until = never;
  policy.budget = 250;
  EXPECT_EQ(looks(policy), (Looks{100, 150, 225, 250}));
  policy.budget = 40; // less than the pilot: paying will fail, planning does not
  EXPECT_EQ(looks(policy), Looks{100});
  policy.budget.reset();
  EXPECT_EQ(looks(policy).back(), 1'000'000);
}

TEST(LookPlan, WithoutUntilThereIsOneLook) {
  Policy policy(Policy::Mode::Sequential, "p");
  EXPECT_EQ(looks(policy), Looks{100});
  policy.high = 900;
  EXPECT_EQ(looks(policy), Looks{900});
  policy.allocation = Allocation::Decision;
  EXPECT_EQ(looks(policy), (Looks{100, 900}));
  Policy fixed(Policy::Mode::Fixed, "shots(33)");
  fixed.low = 33;
  EXPECT_EQ(looks(fixed), Looks{33});
}

RC_GTEST_PROP(LookPlan, ContinuesFromAnyNumberOfShots, ()) {
  Policy policy(Policy::Mode::Sequential, "p");
  policy.until = never;
  policy.low = *rc::gen::inRange<int64_t>(1, 500);
  policy.high = policy.low + *rc::gen::inRange<int64_t>(0, 100'000);
  if (*rc::gen::arbitrary<bool>())
    policy.batch = *rc::gen::inRange<int64_t>(1, 5000);
  const Looks all = looks(policy);
  const LookPlan plan(policy);
  const int64_t shots = *rc::gen::inRange<int64_t>(0, *policy.high + 10);
  auto after = std::upper_bound(all.begin(), all.end(), shots);
  RC_ASSERT(plan.next(shots) == (after == all.end() ? 0 : *after));
}

TEST(Policy, IdentityIsItsMeaning) {
  Context ctx(qdo_options{});
  auto make = [] {
    auto policy = std::make_unique<Policy>(Policy::Mode::Sequential, "thrifty");
    policy->budget = 1000;
    return policy;
  };
  auto a = make(), b = make();
  EXPECT_EQ(a->identity(ctx), b->identity(ctx));
  EXPECT_EQ(a->streamKey(), b->streamKey());
  auto *one = static_cast<uint64_t *>(ctx.makeEnv(1)),
       *two = static_cast<uint64_t *>(ctx.makeEnv(1));
  a->until = b->until = never;
  a->untilEnv = one;
  b->untilEnv = two;
  EXPECT_EQ(a->identity(ctx), b->identity(ctx)) << "captures with equal contents";
  *two = 1;
  EXPECT_NE(a->identity(ctx), b->identity(ctx));
  EXPECT_EQ(a->streamKey(), b->streamKey()) << "streams must not depend on addresses";
  b->budget = 1001;
  EXPECT_NE(a->streamKey(), b->streamKey());
}

namespace {
struct Purses : testing::Test {
  Policy *policy(const char *name, std::optional<int64_t> budget) {
    auto *made = ctx.make<Policy>(Policy::Mode::Sequential, name);
    made->budget = budget;
    return made;
  }
  Context ctx{qdo_options{}};
  Policies policies;
};
} // namespace

TEST_F(Purses, OneForEachPolicyOfARun) {
  Policy *first = policy("thrifty", 1000), *again = policy("thrifty", 1000);
  EXPECT_TRUE(policies.pay(ctx, 0, *first, 600, 1, 0));
  EXPECT_EQ(policies.remaining(*again), 400);
  EXPECT_EQ(policies.remaining(*policy("other", 1000)), 1000);
  EXPECT_EQ(policies.remaining(*policy("free", std::nullopt)), INT64_MAX);
  EXPECT_TRUE(policies.pay(ctx, 0, *again, 400, 0, 0));
  EXPECT_FALSE(policies.pay(ctx, 17, *first, 1, 0, 0));
  EXPECT_EQ(ctx.spent.shots, 1000);
  EXPECT_EQ(ctx.spent.circuits, 1);
  EXPECT_EQ(ctx.failure()->kind, Kind::BudgetExhausted);
  EXPECT_EQ(ctx.failure()->site, 17u);
  EXPECT_EQ(ctx.failure()->message, "the budget of `thrifty` ended: 1,000 of 1,000 shots are spent "
                                    "and the next measurement needs 1");
  EXPECT_NE(ctx.failure()->help.find("`thrifty`"), std::string::npos);
}

TEST_F(Purses, OuterOnesPayToo) {
  Policy *outer = policy("outer", 500), *inner = policy("inner", 1000);
  policies.push(outer);
  policies.push(inner);
  EXPECT_EQ(policies.innermost(), inner);
  EXPECT_EQ(policies.remaining(*inner), 500);
  EXPECT_TRUE(policies.pay(ctx, 0, *inner, 450, 1, 0));
  EXPECT_EQ(policies.spentFrom(*outer), 450);
  EXPECT_EQ(policies.spentFrom(*inner), 450);
  EXPECT_FALSE(policies.pay(ctx, 0, *inner, 51, 1, 0));
  EXPECT_EQ(policies.spentFrom(*inner), 450) << "a refused payment takes nothing";
  EXPECT_NE(ctx.failure()->message.find("`outer`"), std::string::npos);
  policies.pop();
  policies.pop();
  policies.pop();
  EXPECT_EQ(policies.innermost(), nullptr);
}

// ---- time

TEST_F(Purses, DeadlinesEndLikeBudgets) {
  Policy *hasty = policy("hasty", std::nullopt);
  hasty->deadline = 0.5;
  Policy *outer = policy("outer", 1000);
  outer->deadline = 0.7;
  policies.push(outer);
  EXPECT_TRUE(policies.pay(ctx, 0, *hasty, 400, 1, 0.4));
  EXPECT_EQ(ctx.spent.seconds, 0.4);
  EXPECT_EQ(policies.remaining(*hasty), 600);
  EXPECT_FALSE(policies.pay(ctx, 9, *hasty, 200, 0, 0.2));
  EXPECT_EQ(ctx.failure()->kind, Kind::BudgetExhausted);
  EXPECT_EQ(ctx.failure()->site, 9u);
  EXPECT_EQ(ctx.failure()->message,
            "the deadline of `hasty` passed: 400ms of 500ms are spent and the next measurement "
            "needs 200ms");
  EXPECT_EQ(ctx.spent.shots, 400) << "a refused payment takes nothing";
  ctx.takeFailure();
  EXPECT_TRUE(policies.pay(ctx, 0, *policy("free", std::nullopt), 100, 0, 0.25));
  EXPECT_FALSE(policies.pay(ctx, 0, *policy("free", std::nullopt), 100, 0, 0.1));
  EXPECT_NE(ctx.failure()->message.find("`outer`"), std::string::npos);
}

TEST_F(Purses, ResetsTakeTheirTime) {
  Policy *p = policy("p", std::nullopt);
  qdo::sim::DeviceTime &device = ctx.part<qdo::sim::DeviceTime>();
  device.measurement = 1;
  device.reset = 10;
  device.t1 = 4;
  EXPECT_EQ(shotSeconds(ctx, *p, 0.5), 11.5);
  p->reset = {Reset::Kind::Passive, 0.25, 5};
  EXPECT_EQ(shotSeconds(ctx, *p, 0.5), 1.5 + 0.25 + 20);
  p->reset = {Reset::Kind::Active, 2, 0};
  EXPECT_EQ(shotSeconds(ctx, *p, 0.5), 3.5);
}

RC_GTEST_FIXTURE_PROP(Purses, NeverPayMoreThanTheyHold, ()) {
  Policy *outer = policy("outer", *rc::gen::inRange<int64_t>(0, 5000));
  Policy *inner = policy("inner", *rc::gen::inRange<int64_t>(0, 5000));
  inner->deadline = *rc::gen::inRange(1, 100) / 10.0;
  policies.push(outer);
  int64_t sum = 0;
  double seconds = 0;
  for (int64_t shots :
       *rc::gen::container<std::vector<int64_t>>(rc::gen::inRange<int64_t>(1, 800))) {
    const double time = static_cast<double>(shots) * 1e-3;
    const bool can = shots <= policies.remaining(*inner) && time <= *inner->deadline - seconds;
    RC_ASSERT(policies.pay(ctx, 0, *inner, shots, 0, time) == can);
    if (!can) {
      ctx.takeFailure();
      continue;
    }
    sum += shots;
    seconds += time;
  }
  RC_ASSERT(ctx.spent.shots == sum);
  RC_ASSERT(policies.spentFrom(*inner) == sum);
  RC_ASSERT(policies.spentFrom(*outer) == sum);
  RC_ASSERT(sum <= std::min(*outer->budget, *inner->budget));
  RC_ASSERT(seconds <= *inner->deadline);
}

TEST(LookPlan, ARaceGoesLookByLookUpToItsCap) {
  Policy policy(Policy::Mode::Sequential, "p");
  policy.allocation = Allocation::Race;
  policy.low = 64;
  policy.high = 300;
  EXPECT_EQ(looks(policy), (Looks{64, 96, 144, 216, 300}));
  const LookPlan capped(policy, 144);
  EXPECT_EQ(capped.count(), 5);
  EXPECT_EQ(capped.next(96), 144);
  EXPECT_EQ(capped.next(144), 0);
}

TEST(Policy, EveryClauseIsPartOfItsStreams) {
  Policy plain(Policy::Mode::Sequential, "p");
  auto differs = [&](auto change) {
    Policy other(Policy::Mode::Sequential, "p");
    change(other);
    return other.streamKey() != plain.streamKey();
  };
  EXPECT_TRUE(differs([](Policy &p) { p.method = Method::Anytime; }));
  EXPECT_TRUE(differs([](Policy &p) { p.joint = 2; }));
  EXPECT_TRUE(differs([](Policy &p) { p.reset = {Reset::Kind::Passive, 1e-3, 0}; }));
  EXPECT_TRUE(differs([](Policy &p) { p.combine = {8}; }));
  EXPECT_TRUE(differs([](Policy &p) { p.mitigation.readout = true; }));
  EXPECT_TRUE(differs([](Policy &p) { p.overlap = OverlapKind::ComputeUncompute; }));
  EXPECT_TRUE(differs([](Policy &p) { p.overlap = OverlapKind::Swap; }));
  EXPECT_TRUE(differs([](Policy &p) { p.gradient = {Gradient::Kind::Spsa, 0.1}; }));
  EXPECT_TRUE(differs([](Policy &p) { p.deadline = 30; }));
  EXPECT_FALSE(differs([](Policy &) {}));
}

TEST(Reset, CheapestIsTheShorterOfBoth) {
  const double t1 = 100e-6, wait = t1 * std::log(1000.0);
  EXPECT_DOUBLE_EQ(cheapestReset(1e-3, t1, 1e-6, 0, 0).seconds, 1e-6)
      << "one round that never errs";
  // 0.1^k <= 1e-3 after three rounds.
  EXPECT_DOUBLE_EQ(cheapestReset(1e-3, t1, 1e-6, 0.0999, 0).seconds, 3e-6);
  EXPECT_DOUBLE_EQ(cheapestReset(1e-3, t1, 300e-6, 0.0999, 0).seconds, wait)
      << "rounds that take longer";
  EXPECT_DOUBLE_EQ(cheapestReset(1e-3, t1, 1e-6, 0.01, 0.01).seconds, wait)
      << "a round leaves 1 % excited, however many there are";
  EXPECT_DOUBLE_EQ(cheapestReset(2e-2, t1, 1e-6, 0.01, 0.01).seconds, 1e-6);
}

TEST(Policies, AnotherRuleIsPaidFromTheSamePurse) {
  Policy policy(Policy::Mode::Sequential, "p");
  policy.budget = 300;
  policy.reset = {Reset::Kind::Cheapest, 1e-6, 0, 0.01};
  policy.confidence = 0.9;
  const auto other = policy.withUntil(never, nullptr);
  EXPECT_EQ(other->streamKey(), policy.streamKey()) << "every number is the same";
  Context ctx(qdo_options{});
  EXPECT_NE(other->identity(ctx), policy.identity(ctx));
  auto &policies = ctx.part<Policies>();
  EXPECT_TRUE(policies.pay(ctx, 0, policy, 200, 1, 0));
  EXPECT_TRUE(policies.pay(ctx, 0, *other, 100, 1, 0));
  EXPECT_FALSE(policies.pay(ctx, 0, *other, 1, 1, 0));
}
