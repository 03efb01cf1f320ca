// SPDX-License-Identifier: Apache-2.0
// Extremes of estimates: what they claim holds for the true extreme, also where all are alike.
#include "runtime/estimate/extreme.h"

#include "runtime/base/philox.h"
#include "runtime/estimate/arithmetic.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

using namespace qdo::estimate;
using qdo::base::Context;

namespace {

struct Extremes : testing::Test {
  Context ctx{qdo_options{}};
  Estimate *coin(int64_t successes, int64_t shots, uint64_t stream) {
    return ctx.make<Estimate>(0.0, std::vector<Estimate::Term>{{1, successes, shots, stream}},
                              Estimate::Claim{});
  }
  Estimate *largest(std::vector<const Estimate *> all) { return extreme(ctx, all, true); }
  Estimate *smallest(std::vector<const Estimate *> all) { return extreme(ctx, all, false); }

  int64_t flips(double probability, int64_t shots, uint64_t seed, uint64_t stream) {
    qdo::base::RandomStream random(seed, stream, 0);
    int64_t successes = 0;
    for (int64_t i = 0; i < shots; ++i)
      successes += random.uniform() < probability;
    return successes;
  }
};

} // namespace

TEST_F(Extremes, HoldTheTrueOneOfManyThatAreAlike) {
  // The luckiest of ten alike is far above the truth, and its own interval misses it.
  constexpr int seeds = 1000, count = 10;
  for (double probability : {0.05, 0.5}) {
    int held = 0, own = 0, heldLeast = 0;
    for (uint64_t seed = 0; seed < seeds; ++seed) {
      std::vector<const Estimate *> all;
      for (uint64_t i = 0; i < count; ++i)
        all.push_back(coin(flips(probability, 400, seed, i), 400, i + 1));
      const Estimate *most = largest(all), *least = smallest(all);
      held += most->low <= probability && probability <= most->high;
      heldLeast += least->low <= probability && probability <= least->high;
      const auto *luckiest = *std::ranges::max_element(all, {}, &Estimate::value);
      own += luckiest->low <= probability;
    }
    RecordProperty("held", held);
    EXPECT_GE(held, 936) << probability; // 95 % less two standard errors
    EXPECT_GE(heldLeast, 936) << probability;
    EXPECT_LT(own, 900) << probability;
  }
}

TEST_F(Extremes, AreTheValueAndTheShotsOfAll) {
  const Estimate *a = coin(30, 100, 1), *b = coin(80, 200, 2), *c = coin(10, 400, 3);
  const Estimate *most = largest({a, b, c});
  EXPECT_EQ(most->value, b->value);
  EXPECT_EQ(most->standardError, b->standardError);
  EXPECT_EQ(most->shots, 700);
  EXPECT_EQ(smallest({a, b, c})->value, c->value);
  // A union of three claims: wider than the one of the largest alone.
  EXPECT_LT(most->low, b->low);
  EXPECT_GT(most->high, b->high);
  EXPECT_EQ(most->interval(0.99).high, b->interval(1 - 0.01 / 3).high);
}

TEST_F(Extremes, OfExtremesAreThoseOfAllMembers) {
  const Estimate *a = coin(30, 100, 1), *b = coin(80, 200, 2), *c = coin(39, 100, 3);
  const Estimate *atOnce = largest({a, b, c}), *nested = largest({largest({a, b}), c});
  EXPECT_EQ(nested->low, atOnce->low);
  EXPECT_EQ(nested->high, atOnce->high);
  EXPECT_EQ(nested->shots, atOnce->shots);
}

TEST_F(Extremes, MoveAsTheOneThatLeads) {
  const Estimate *a = coin(30, 100, 1), *b = coin(80, 200, 2);
  const Estimate *most = largest({a, b});
  const Estimate *zero = sum(ctx, *most, *b, -1);
  EXPECT_EQ(zero->value, 0);
  EXPECT_EQ(zero->standardError, 0);
  const Estimate *turned = affine(ctx, *most, -2, 1);
  EXPECT_DOUBLE_EQ(turned->value, 1 - 2 * most->value);
  EXPECT_DOUBLE_EQ(turned->low, 1 - 2 * most->high);
  EXPECT_DOUBLE_EQ(turned->high, 1 - 2 * most->low);
}

TEST_F(Extremes, KnowNumbersToo) {
  const Estimate *e = coin(30, 100, 1);
  const Estimate *above = largest({e, number(ctx, 0.9)});
  EXPECT_EQ(above->value, 0.9);
  EXPECT_EQ(above->low, 0.9);
  EXPECT_EQ(above->high, 0.9);
  EXPECT_EQ(above->shots, 100);
  const Estimate *close = largest({e, number(ctx, 0.31)});
  EXPECT_EQ(close->value, 0.31);
  EXPECT_EQ(close->low, 0.31);
  EXPECT_GT(close->high, 0.38); // of the coin
  const Estimate *known = largest({number(ctx, 0.1), number(ctx, 0.2)});
  EXPECT_EQ(known->value, 0.2);
  EXPECT_TRUE(known->terms.empty());
}
