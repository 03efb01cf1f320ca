// SPDX-License-Identifier: Apache-2.0
// A race ends for who is decided, and never against its intervals.
#include "runtime/select/race.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>

using namespace qdo::select;
using qdo::base::Context;
using qdo::estimate::Estimate;

namespace {
struct Racing : testing::Test {
  Context ctx{qdo_options{}};
  const Estimate *coin(int64_t successes, int64_t shots) {
    return ctx.make<Estimate>(
        0.0, std::vector<Estimate::Term>{{1, successes, shots, static_cast<uint64_t>(successes)}},
        Estimate::Claim{});
  }
  void set(Race &race, size_t i, int64_t successes, int64_t shots) {
    const Estimate *e = coin(successes, shots);
    race.set(i, e->value, e, 0.95);
  }
};
using Places = std::vector<size_t>;
} // namespace

TEST_F(Racing, ClearWinnersAndLosersLeave) {
  Race race(4, 1);
  set(race, 0, 900, 1000);
  set(race, 1, 100, 1000);
  set(race, 2, 880, 1000);
  set(race, 3, 200, 1000);
  race.decide();
  EXPECT_EQ(race.undecided(), (Places{0, 2}));
  set(race, 0, 90'000, 100'000);
  set(race, 2, 88'000, 100'000);
  race.decide();
  EXPECT_EQ(race.undecided(), Places{});
}

TEST_F(Racing, WhenAllAreTakenNobodyRuns) {
  Race race(3, 3);
  for (size_t i = 0; i < 3; ++i)
    set(race, i, 50, 100);
  race.decide();
  EXPECT_EQ(race.undecided(), Places{});
}

TEST_F(Racing, ScoresWithoutErrorBarsDecideNothing) {
  Race race(3, 1);
  race.set(0, 0.9, nullptr, 0);
  race.set(1, 0.1, nullptr, 0);
  race.set(2, std::nan(""), nullptr, 0);
  race.decide();
  EXPECT_EQ(race.undecided(), (Places{0, 1}));
  EXPECT_FALSE(race.anyBars());
  EXPECT_EQ(race.scores()[0], 0.9);
}

// Whatever the true scores inside the intervals are, who left is placed rightly.
RC_GTEST_FIXTURE_PROP(Racing, DecisionsHoldForEveryTruthInTheIntervals, ()) {
  const auto n = *rc::gen::inRange<size_t>(2, 7);
  const auto take = *rc::gen::inRange<size_t>(1, n + 1);
  Race race(n, take);
  std::vector<qdo::estimate::Interval> intervals;
  std::vector<double> truth;
  for (size_t i = 0; i < n; ++i) {
    const Estimate *e = coin(*rc::gen::inRange<int64_t>(0, 201), 200);
    intervals.push_back(e->interval(0.8));
    truth.push_back(intervals[i].low +
                    *rc::gen::inRange(0, 101) / 100.0 * (intervals[i].high - intervals[i].low));
    race.set(i, e->value, e, 0.8);
  }
  race.decide();
  for (size_t i = 0; i < n; ++i) {
    if (std::ranges::find(race.undecided(), i) != race.undecided().end())
      continue;
    size_t better = 0, asGood = 0;
    for (size_t j = 0; j < n; ++j) {
      better += j != i && truth[j] > truth[i];
      asGood += j != i && truth[j] >= truth[i];
    }
    size_t surelyBetter = 0;
    for (size_t j = 0; j < n; ++j)
      surelyBetter += intervals[j].low > intervals[i].high;
    if (surelyBetter >= take)
      RC_ASSERT(asGood >= take); // surely out
    else
      RC_ASSERT(better < take); // surely in
  }
}
