// SPDX-License-Identifier: Apache-2.0
// Batches: paid once, the same for any number of threads, shots where they matter.
#include "runtime/estimate/batch.h"

#include "runtime/base/hash.h"

#include <gtest/gtest.h>

#include <numeric>

using namespace qdo::estimate;
using qdo::base::Context;

static bool narrow(qdo_ctx *, void *, double, double, double halfWidth, double, double, int64_t,
                   int64_t) {
  return halfWidth <= 0.05;
}
static bool never(qdo_ctx *, void *, double, double, double, double, double, int64_t, int64_t) {
  return false;
}

namespace {
struct Batch : testing::Test {
  Policy *policy(UntilFn until, Allocation allocation = Allocation::Uniform,
                 std::optional<int64_t> budget = {}) {
    auto *made = ctx.make<Policy>(Policy::Mode::Sequential, "p");
    made->low = 64;
    made->high = 4096;
    made->until = until;
    made->allocation = allocation;
    made->budget = budget;
    return made;
  }
  static std::vector<BernoulliItem> pool(int count) {
    std::vector<BernoulliItem> items;
    for (int i = 0; i < count; ++i)
      items.push_back({i % 11 / 10.0, qdo::base::mix(static_cast<uint64_t>(i)), double(i % 3)});
    return items;
  }
  static int64_t shotsOf(const std::vector<BernoulliResult> &results) {
    return std::accumulate(results.begin(), results.end(), int64_t{0},
                           [](int64_t sum, const auto &r) { return sum + r.shots; });
  }
  Context ctx{qdo_options{}};
};
} // namespace

TEST_F(Batch, IsPaidOnce) {
  auto items = pool(50);
  items.push_back(items[7]);
  Policy *p = policy(narrow);
  auto first = estimateBatch(ctx, 0, items, *p, false);
  ASSERT_EQ(first.size(), 51u);
  EXPECT_EQ(first[50].successes, first[7].successes);
  EXPECT_EQ(ctx.spent.shots, shotsOf(first) - first[7].shots);
  EXPECT_EQ(ctx.spent.circuits, 50);
  const int64_t spent = ctx.spent.shots;
  auto again = estimateBatch(ctx, 0, items, *policy(narrow), false);
  EXPECT_EQ(ctx.spent.shots, spent);
  for (size_t i = 0; i < items.size(); ++i)
    EXPECT_EQ(again[i].successes, first[i].successes);
}

TEST_F(Batch, AnotherPolicyMeasuresIndependently) {
  const BernoulliItem item{0.5, 1, 1};
  Policy other(Policy::Mode::Fixed, "shots(2000)"), same(Policy::Mode::Fixed, "shots(2000)");
  other.low = same.low = 2000;
  Policy longer(Policy::Mode::Fixed, "shots(2001)");
  longer.low = 2001;
  auto a = estimateBatch(ctx, 0, {&item, 1}, other, false);
  auto b = estimateBatch(ctx, 0, {&item, 1}, same, false);
  auto c = estimateBatch(ctx, 0, {&item, 1}, longer, false);
  EXPECT_EQ(ctx.spent.shots, 4001);
  EXPECT_EQ(a[0].successes, b[0].successes);
  EXPECT_GT(std::abs(a[0].successes - c[0].successes), 1);
}

TEST_F(Batch, DoesNotDependOnThreads) {
  std::vector<std::vector<int64_t>> seen;
  for (int threads : {1, 2, 6}) {
    qdo_options options{};
    options.threads = threads;
    options.seed = 3;
    Context run(options);
    std::vector<int64_t> counts;
    for (auto &r : estimateBatch(run, 0, pool(1000), *policy(narrow, Allocation::Neyman), true))
      counts.insert(counts.end(), {r.successes, r.shots});
    seen.push_back(counts);
  }
  EXPECT_EQ(seen[0].size(), 2000u);
  EXPECT_EQ(seen[1], seen[0]);
  EXPECT_EQ(seen[2], seen[0]);
}

TEST_F(Batch, ResultsDoNotDependOnTheOrderOfItems) {
  auto items = pool(100);
  auto forward = estimateBatch(ctx, 0, items, *policy(narrow), false);
  std::reverse(items.begin(), items.end());
  Context other(qdo_options{});
  auto backward = estimateBatch(other, 0, items, *policy(narrow), false);
  for (size_t i = 0; i < items.size(); ++i)
    EXPECT_EQ(forward[i].successes, backward[items.size() - 1 - i].successes);
}

TEST_F(Batch, DecisionLeavesWhatDecidesNothingAtItsPilot) {
  auto items = pool(30);
  Policy *p = policy(narrow, Allocation::Decision);
  auto first = estimateBatch(ctx, 0, items, *p, true);
  int64_t more = 0;
  for (size_t i = 0; i < items.size(); ++i) {
    if (items[i].weight == 0)
      EXPECT_EQ(first[i].shots, 64);
    else
      more += first[i].shots > 64;
  }
  EXPECT_GT(more, 5);
  // A later model needs item 3 after all: it continues, and only the difference is paid.
  const int64_t spent = ctx.spent.shots;
  items[3].weight = 1;
  auto second = estimateBatch(ctx, 0, items, *p, true);
  EXPECT_GT(second[3].shots, 64);
  EXPECT_EQ(ctx.spent.shots - spent, second[3].shots - 64);
}

TEST_F(Batch, DecisionWithoutAModelIsUniform) {
  auto items = pool(30);
  auto unknown = estimateBatch(ctx, 0, items, *policy(narrow, Allocation::Decision), false);
  Context other(qdo_options{});
  for (auto &item : items)
    item.weight = 1;
  auto same = estimateBatch(other, 0, items, *policy(narrow, Allocation::Decision), true);
  for (size_t i = 0; i < items.size(); ++i)
    EXPECT_EQ(unknown[i].shots, same[i].shots);
}

// The failure is resumable: what was paid before the purse ended is kept and not paid again.
TEST_F(Batch, WhatWasMeasuredStaysWhenThePurseEnds) {
  const std::vector<BernoulliItem> items{{0.1, 1, 1}, {0.5, 2, 1}, {0.9, 3, 1}};
  Policy *p = policy(never, Allocation::Decision, 900);
  EXPECT_TRUE(estimateBatch(ctx, 0, items, *p, true).empty());
  EXPECT_EQ(ctx.takeFailure()->kind, qdo::base::Kind::BudgetExhausted);
  const int64_t spent = ctx.spent.shots;
  EXPECT_GT(spent, 600);
  int64_t kept = 0;
  for (BernoulliItem item : items) {
    item.weight = 0; // leaves with what it has
    auto one = estimateBatch(ctx, 0, {&item, 1}, *p, true);
    ASSERT_EQ(one.size(), 1u);
    kept += one[0].shots;
  }
  EXPECT_EQ(kept, spent);
  EXPECT_EQ(ctx.spent.shots, spent);
}

namespace {
/// Records which circuit was looked at: its shots tell how far it came.
struct Trace {
  std::vector<std::pair<double, int64_t>> looks;
};
} // namespace

static bool tracing(qdo_ctx *, void *env, double value, double, double, double, double,
                    int64_t shots, int64_t) {
  static_cast<Trace *>(env)->looks.push_back({value, shots});
  return false;
}

TEST_F(Batch, EachAllocationHasItsRank) {
  // 0: likely zero; 1: noisy but light; 2: certain but heavy. Values tell them apart.
  const std::vector<BernoulliItem> items{{0.0, 1, 1}, {0.5, 2, 0.01}, {1.0, 3, 50}};
  auto most = [&](Allocation allocation) {
    Context run(qdo_options{});
    Trace trace;
    Policy *p = policy(tracing, allocation, 700);
    p->untilEnv = &trace;
    estimateBatch(run, 0, items, *p, true);
    int64_t far[3] = {};
    for (auto [value, shots] : trace.looks) {
      int64_t &place = far[value == 0 ? 0 : value == 1 ? 2 : 1];
      place = std::max(place, shots);
    }
    return std::vector<int64_t>(far, far + 3);
  };
  auto uniform = most(Allocation::Uniform);
  EXPECT_EQ(uniform[0], uniform[1]);
  EXPECT_EQ(uniform[1], uniform[2]);
  auto neyman = most(Allocation::Neyman);
  EXPECT_GT(neyman[1], neyman[0]);
  EXPECT_GT(neyman[1], neyman[2]);
  auto decision = most(Allocation::Decision);
  EXPECT_GT(decision[2], decision[0]);
  EXPECT_GT(decision[2], decision[1]);
}

TEST_F(Batch, AnInterruptEndsIt) {
  ctx.requestInterrupt();
  EXPECT_TRUE(estimateBatch(ctx, 5, pool(10), *policy(narrow), false).empty());
  EXPECT_EQ(ctx.failure()->kind, qdo::base::Kind::Interrupted);
  EXPECT_EQ(ctx.spent.shots, 0);
}

TEST_F(Batch, ValuesMayBeLinearInTheFraction) {
  const std::vector<BernoulliItem> items{{0.3, 1, 1}, {0.3, 1, 1, 0, -0.1, 1.5}};
  const auto results = estimateBatch(ctx, 0, items, *policy(narrow), false);
  ASSERT_EQ(results.size(), 2u);
  EXPECT_EQ(results[0].successes, results[1].successes); // one circuit
  auto mapped = [](double value) { return -0.1 + 1.5 * value; };
  EXPECT_DOUBLE_EQ(results[1].value(), mapped(results[0].value()));
  EXPECT_NEAR(results[1].low, mapped(results[0].low), 1e-12);
  EXPECT_NEAR(results[1].high, mapped(results[0].high), 1e-12);
  EXPECT_NEAR(results[1].standardError, 1.5 * results[0].standardError, 1e-15);
}
