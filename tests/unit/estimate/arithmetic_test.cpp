// SPDX-License-Identifier: Apache-2.0
// Arithmetic with estimates: shared sources cancel, errors add, and what is stated is covered.
#include "runtime/estimate/arithmetic.h"

#include "runtime/base/hash.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace qdo::estimate;
using qdo::base::Context;

namespace {
struct Arithmetic : testing::Test {
  Context ctx{qdo_options{}};
  Estimate *coin(int64_t successes, int64_t shots, uint64_t stream) {
    return ctx.make<Estimate>(0.0, std::vector<Estimate::Term>{{1, successes, shots, stream}},
                              Estimate::Claim{});
  }
};
} // namespace

TEST_F(Arithmetic, TheSameSourceCancelsExactly) {
  const Estimate *e = coin(313, 1000, 7);
  const Estimate *zero = sum(ctx, *e, *e, -1);
  EXPECT_EQ(zero->value, 0);
  EXPECT_EQ(zero->standardError, 0);
  EXPECT_EQ(zero->low, 0);
  EXPECT_EQ(zero->high, 0);
  const Estimate *half = quotient(ctx, 1, *e, *sum(ctx, *e, *e, 1));
  EXPECT_NEAR(half->value, 0.5, 1e-15);
  EXPECT_NEAR(half->standardError, 0, 1e-15);
}

TEST_F(Arithmetic, IndependentErrorsAddInSquares) {
  const Estimate *a = coin(300, 1000, 1), *b = coin(600, 2000, 2);
  const Estimate *both = sum(ctx, *a, *b, -2);
  EXPECT_NEAR(both->value, 0.3 - 0.6, 1e-15);
  EXPECT_NEAR(both->standardError, std::hypot(a->standardError, 2 * b->standardError), 1e-15);
  const Estimate *ab = product(ctx, *a, *b);
  EXPECT_NEAR(ab->value, 0.09, 1e-15);
  EXPECT_NEAR(ab->standardError, 0.3 * std::hypot(a->standardError, b->standardError), 1e-15);
  EXPECT_EQ(ab->shots, 3000);
}

TEST_F(Arithmetic, AnAffineMapKeepsTheIntervalOfCounts) {
  const Estimate *e = coin(0, 64, 3), *f = affine(ctx, *e, -2, 1);
  EXPECT_EQ(f->value, 1);
  EXPECT_DOUBLE_EQ(f->low, 1 - 2 * e->high); // 0 hits in 64 shots are no certainty
  EXPECT_DOUBLE_EQ(f->high, 1 - 2 * e->low);
}

TEST_F(Arithmetic, FunctionsFollowTheirSlope) {
  const Estimate *e = coin(400, 1000, 4);
  const auto check = [&](const Estimate *r, double value, double slope) {
    ASSERT_NE(r, nullptr);
    EXPECT_NEAR(r->value, value, 1e-14);
    EXPECT_NEAR(r->standardError, std::fabs(slope) * e->standardError, 1e-14);
  };
  check(apply(ctx, 1, *e, Function::Sqrt), std::sqrt(0.4), 0.5 / std::sqrt(0.4));
  check(apply(ctx, 1, *e, Function::Sin), std::sin(0.4), std::cos(0.4));
  check(apply(ctx, 1, *e, Function::Cos), std::cos(0.4), std::sin(0.4));
  check(apply(ctx, 1, *e, Function::Tan), std::tan(0.4), 1 + std::tan(0.4) * std::tan(0.4));
  check(apply(ctx, 1, *e, Function::Exp), std::exp(0.4), std::exp(0.4));
  check(apply(ctx, 1, *e, Function::Log), std::log(0.4), 2.5);
  check(apply(ctx, 1, *affine(ctx, *e, -1, 0), Function::Abs), 0.4, 1);
  check(power(ctx, 1, *e, 3), 0.064, 3 * 0.16);
  check(power(ctx, 1, *e, -1), 2.5, -1 / 0.16);
}

TEST_F(Arithmetic, TheSizeOfAnEstimateHoldsBothSigns) {
  // A value just above 0 whose interval of counts reaches further below 0 than above.
  const Estimate *e = affine(ctx, *coin(198, 200, 8), 1, -0.985),
                 *size = apply(ctx, 1, *e, Function::Abs);
  EXPECT_GT(e->value, 0);
  EXPECT_GT(-e->low, e->high);
  EXPECT_GE(size->high, size->value);
  EXPECT_DOUBLE_EQ(size->high - size->value, size->value - size->low);
}

TEST_F(Arithmetic, WhatHasNoValueIsAFailure) {
  const Estimate *none = coin(0, 100, 5);
  EXPECT_EQ(apply(ctx, 3, *none, Function::Log), nullptr);
  EXPECT_EQ(ctx.failure()->site, 3u);
  EXPECT_EQ(apply(ctx, 3, *affine(ctx, *none, 1, -0.1), Function::Sqrt)->value, 0);
  Context other{qdo_options{}};
  EXPECT_EQ(quotient(other, 1, *coin(5, 10, 6), *none), nullptr);
  EXPECT_EQ(other.failure()->kind, qdo::base::Kind::DivisionByZero);
}

/// Measures two coins under one policy and combines them.
template <class Combine>
static double coverage(double p, double q, double confidence, double truth, Combine combine) {
  constexpr int seeds = 2000;
  Policy policy(Policy::Mode::Sequential, "derived");
  policy.low = 256;
  policy.high = 4096;
  policy.confidence = confidence;
  policy.until = [](qdo_ctx *, void *, double, double, double halfWidth, double, double, int64_t,
                    int64_t) { return halfWidth <= 0.04; };
  Context ctx{qdo_options{}};
  std::vector<BernoulliItem> items;
  for (uint64_t seed = 0; seed < seeds; ++seed)
    for (double probability : {p, q})
      items.push_back(
          {probability,
           qdo::base::Hasher("derived").add(seed).add(probability).add(p).add(q).value(), 1});
  auto results = estimateBatch(ctx, 0, items, policy, false);
  double covered = 0;
  for (size_t i = 0; i + 1 < results.size(); i += 2) {
    const Estimate *r = combine(ctx, *makeEstimate(ctx, results[i], policy),
                                *makeEstimate(ctx, results[i + 1], policy));
    const Interval interval = r->interval(confidence);
    covered += interval.low <= truth && truth <= interval.high;
  }
  return covered / seeds;
}

TEST(DerivedCoverage, HoldsUnderOptionalStopping) {
  for (double confidence : {0.8, 0.95})
    for (double p : {0.01, 0.05, 0.3, 0.9})
      for (double q : {0.02, 0.1, 0.51}) {
        const double least = confidence - 2 * std::sqrt(confidence * (1 - confidence) / 2000);
        EXPECT_GE(coverage(p, q, confidence, p - q,
                           [](auto &ctx, auto &a, auto &b) { return sum(ctx, a, b, -1); }),
                  least)
            << p << " - " << q << " at " << confidence;
        EXPECT_GE(coverage(p, q, confidence, p * q,
                           [](auto &ctx, auto &a, auto &b) { return product(ctx, a, b); }),
                  least)
            << p << " * " << q << " at " << confidence;
      }
}
