// SPDX-License-Identifier: Apache-2.0
// What arithmetic makes of estimates holds what it states also where first order says nothing:
// squares near 0, sums of many of them, sizes, lengths, extremes in arithmetic, joint claims.
#include "runtime/base/philox.h"
#include "runtime/estimate/arithmetic.h"
#include "runtime/estimate/extreme.h"
#include "runtime/estimate/norm.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

using namespace qdo::estimate;
using qdo::base::Context;

namespace {

constexpr int seeds = 400;
constexpr int least = 372; // 95 % less two standard errors

/// Coins that are measured: `flip(probability, shots)` is a new one each time.
class Lab {
public:
  explicit Lab(uint64_t seed) : seed_(seed) {}
  const Estimate *flip(double probability, int64_t shots, int64_t joint = 1) {
    qdo::base::RandomStream random(seed_, ++stream_, 0);
    int64_t successes = 0;
    for (int64_t i = 0; i < shots; ++i)
      successes += random.uniform() < probability;
    return ctx.make<Estimate>(0.0, std::vector<Estimate::Term>{{1, successes, shots, stream_}},
                              Estimate::Claim{.joint = joint});
  }
  /// As of a Pauli string: between -1 and 1.
  const Estimate *sign(double mean, int64_t shots) {
    return affine(ctx, *flip((1 + mean) / 2, shots), 2, -1);
  }
  std::vector<const Estimate *> many(int count, const std::function<const Estimate *()> &one) {
    std::vector<const Estimate *> all;
    for (int i = 0; i < count; ++i)
      all.push_back(one());
    return all;
  }
  const Estimate *total(const std::vector<const Estimate *> &all) {
    const Estimate *sum = number(ctx, 0);
    for (const Estimate *e : all)
      sum = qdo::estimate::sum(ctx, *sum, *e, 1);
    return sum;
  }

  Context ctx{qdo_options{}};

private:
  uint64_t seed_, stream_ = 0;
};

/// How many of the seeds hold `truth`.
int held(double truth, const std::function<const Estimate *(Lab &)> &measure) {
  int count = 0;
  for (uint64_t seed = 0; seed < seeds; ++seed) {
    Lab lab(seed);
    const Estimate *e = measure(lab);
    count += e->low <= truth && truth <= e->high;
  }
  return count;
}

void expectHeld(double truth, const std::function<const Estimate *(Lab &)> &measure) {
  EXPECT_GE(held(truth, measure), least);
}

} // namespace

TEST(Derived, NoHitsSquaredAreNoCertainty) {
  Lab lab(1);
  const Estimate *none = lab.flip(0, 100);
  const Estimate *square = product(lab.ctx, *none, *none);
  EXPECT_EQ(square->value, 0);
  EXPECT_GT(square->high, 0);
  const Estimate *zero = sum(lab.ctx, *square, *product(lab.ctx, *none, *none), -1);
  EXPECT_EQ(zero->high, 0); // what is forgotten of the same square cancels
  for (double f : {0.002, 0.005, 0.02, 0.3})
    for (int64_t shots : {100, 1000}) {
      expectHeld(f * f, [&](Lab &lab) {
        const Estimate *e = lab.flip(f, shots);
        return power(lab.ctx, 0, *e, 2);
      });
      expectHeld(f * f, [&](Lab &lab) {
        const Estimate *a = lab.flip(f, shots), *b = lab.flip(f, shots);
        return product(lab.ctx, *a, *b);
      });
    }
}

TEST(Derived, SumsOfSquaresHold) {
  for (double mean : {0.0, 0.05, 0.5})
    for (int64_t shots : {50, 1000})
      expectHeld(28 * mean * mean, [&](Lab &lab) {
        return lab.total(lab.many(28, [&] {
          const Estimate *e = lab.sign(mean, shots);
          return product(lab.ctx, *e, *e);
        }));
      });
  // A projected kernel of two rows that are alike.
  for (int64_t shots : {50, 200, 1000})
    expectHeld(1, [&](Lab &lab) {
      const Estimate *apart = lab.total(lab.many(6, [&] {
        const Estimate *e = sum(lab.ctx, *lab.sign(0.3, shots), *lab.sign(0.3, shots), -1);
        return power(lab.ctx, 0, *e, 2);
      }));
      return apply(lab.ctx, 0, *affine(lab.ctx, *apart, -1, 0), Function::Exp);
    });
}

TEST(Derived, SizesHold) {
  for (double mean : {0.0, 0.02, 0.4})
    for (int count : {1, 5, 20})
      expectHeld(count * std::fabs(mean), [&](Lab &lab) {
        return lab.total(lab.many(
            count, [&] { return apply(lab.ctx, 0, *lab.sign(mean, 400), Function::Abs); }));
      });
}

TEST(Derived, LengthsHold) {
  for (double mean : {0.0, 0.03, 0.4})
    for (int count : {1, 5, 60})
      for (bool twice : {false, true}) { // as of a symmetric matrix
        const double truth = std::sqrt(count * (twice ? 2 : 1)) * std::fabs(mean);
        expectHeld(truth, [&](Lab &lab) {
          auto all = lab.many(count, [&] { return lab.sign(mean, 400); });
          if (twice)
            all.insert(all.end(), all.begin(), all.end());
          const Estimate *e = normOf(lab.ctx, all);
          EXPECT_LE(e->low, e->value);
          EXPECT_GE(e->high, e->value);
          return e;
        });
      }
  Lab lab(3);
  const Estimate *e = lab.sign(0.2, 100);
  const Estimate *nothing[] = {sum(lab.ctx, *e, *e, -1), number(lab.ctx, 0)};
  EXPECT_EQ(normOf(lab.ctx, nothing)->high, 0);
  const Estimate *known[] = {number(lab.ctx, 3), number(lab.ctx, 4)};
  EXPECT_EQ(normOf(lab.ctx, known)->value, 5);
}

TEST(Derived, ExtremesHoldInArithmetic) {
  const auto coins = [](Lab &lab) { return lab.many(10, [&] { return lab.flip(0.5, 400); }); };
  expectHeld(0, [&](Lab &lab) {
    const auto all = coins(lab);
    return sum(lab.ctx, *extreme(lab.ctx, all, true), *extreme(lab.ctx, all, false), -1);
  });
  expectHeld(1, [&](Lab &lab) {
    return sum(lab.ctx, *extreme(lab.ctx, coins(lab), true), *extreme(lab.ctx, coins(lab), true),
               1);
  });
  expectHeld(std::exp(0.5), [&](Lab &lab) {
    return apply(lab.ctx, 0, *extreme(lab.ctx, coins(lab), true), Function::Exp);
  });
  expectHeld(0.5, [&](Lab &lab) {
    return apply(lab.ctx, 0, *extreme(lab.ctx, coins(lab), true), Function::Abs);
  });
}

TEST(Derived, JointClaimsHoldTogether) {
  constexpr int together = 20;
  int all = 0;
  for (uint64_t seed = 0; seed < seeds; ++seed) {
    Lab lab(seed);
    bool each = true;
    for (int i = 0; i < together; ++i) {
      const Estimate *e =
          extreme(lab.ctx, lab.many(10, [&] { return lab.flip(0.5, 200, together); }), true);
      each &= e->low <= 0.5 && 0.5 <= e->high;
    }
    all += each;
  }
  EXPECT_GE(all, least);
  // No more certain than its leader alone.
  Lab lab(9);
  const Estimate *a = lab.flip(0.2, 100, 100), *b = lab.flip(0.7, 100, 100);
  const Estimate *const both[] = {a, b};
  EXPECT_LT(extreme(lab.ctx, both, true)->low, b->low);
}

TEST(Derived, WhatIsApproximateStaysSo) {
  Lab lab(2);
  Estimate::Claim wilson;
  wilson.method = Method::Wilson;
  const auto *e = lab.ctx.make<Estimate>(0.0, std::vector<Estimate::Term>{{1, 30, 100, 1}}, wilson);
  const Estimate *f = lab.flip(0.5, 100);
  const Estimate *const both[] = {e, f};
  EXPECT_TRUE(sum(lab.ctx, *e, *f, 1)->approximate());
  EXPECT_TRUE(extreme(lab.ctx, both, true)->approximate());
  EXPECT_TRUE(normOf(lab.ctx, both)->approximate());
  EXPECT_FALSE(sum(lab.ctx, *f, *f, 1)->approximate());
}
