// SPDX-License-Identifier: Apache-2.0
// Expectation values: what is read together, what is never paid twice, and that intervals hold.
#include "runtime/estimate/arithmetic.h"
#include "runtime/estimate/measure.h"
#include "runtime/estimate/quantities.h"
#include "tests/unit/sim/circuits.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace qdo;
using estimate::Estimate;
using estimate::Method;
using estimate::Policy;

namespace {

struct Pauli {
  double weight;
  uint64_t x, z;
};

/// Three qubits under a policy of its own.
struct Lab {
  explicit Lab(uint64_t seed, int threads = 1) : ctx(options(seed, threads)) {
    p = sim::makeLeaf(ctx, circuits::zz<3, 2>, std::vector{0.4, 1.1, 0.7});
  }
  static qdo_options options(uint64_t seed, int threads) {
    qdo_options options{};
    options.seed = seed;
    options.threads = threads;
    return options;
  }
  Policy *shots(int64_t count) {
    auto *policy = ctx.make<Policy>(Policy::Mode::Fixed, "p");
    policy->low = count;
    return policy;
  }
  const sim::Observable &sumOf(std::initializer_list<Pauli> terms) {
    auto *sum = ctx.make<sim::Observable>();
    for (const Pauli &term : terms)
      sum->add(term.weight, term.x, term.z);
    return *sum;
  }
  const Estimate *of(std::initializer_list<Pauli> terms, const Policy &policy) {
    return estimate::estimateExpect(ctx, 0, *p, sumOf(terms), policy);
  }
  double exact(std::initializer_list<Pauli> terms) {
    return sim::exactExpect(ctx, 0, *p, sumOf(terms));
  }

  base::Context ctx;
  const sim::Recipe *p = nullptr;
};

bool narrow(qdo_ctx *, void *env, double, double, double halfWidth, double, double, int64_t,
            int64_t) {
  return halfWidth <= *static_cast<double *>(env);
}

} // namespace

TEST(Expectation, StringsThatAgreeAreReadTogether) {
  Lab run(1);
  const Policy &policy = *run.shots(1000);
  // Ising with a field: two settings.
  const Estimate *e =
      run.of({{1, 0, 0b011}, {1, 0, 0b110}, {0.5, 0b001, 0}, {0.5, 0b100, 0}, {3, 0, 0}}, policy);
  EXPECT_EQ(run.ctx.spent.circuits, 2);
  EXPECT_EQ(run.ctx.spent.shots, 2000);
  EXPECT_EQ(e->shots, 2000);
  EXPECT_EQ(e->terms.size(), 2u);
  const double exact =
      run.exact({{1, 0, 0b011}, {1, 0, 0b110}, {0.5, 0b001, 0}, {0.5, 0b100, 0}, {3, 0, 0}});
  EXPECT_NEAR(e->value, exact, 4 * e->standardError);
}

TEST(Expectation, WhatWasReadAnswersWhateverItReads) {
  Lab run(2);
  const Policy &policy = *run.shots(500);
  // Every letter on every qubit: nine quantities, three circuits, whatever comes first.
  std::vector<const Estimate *> all;
  for (uint64_t q : {1, 2, 4})
    for (int letter = 0; letter < 3; ++letter)
      all.push_back(run.of({{1, letter < 2 ? q : 0, letter > 0 ? q : 0}}, policy));
  EXPECT_EQ(run.ctx.spent.circuits, 3);
  EXPECT_EQ(run.ctx.spent.shots, 1500);
  for (const Estimate *e : all)
    EXPECT_EQ(e->shots, 500);
  // And so do products of them, from the same shots.
  const Estimate *zz = run.of({{1, 0, 0b101}}, policy);
  EXPECT_EQ(run.ctx.spent.shots, 1500);
  EXPECT_NEAR(zz->value, run.exact({{1, 0, 0b101}}), 4.5 * zz->standardError);
  // Another policy measures anew; so does `fresh`, once.
  run.of({{1, 0, 1}}, *run.shots(400));
  EXPECT_EQ(run.ctx.spent.shots, 1900);
  auto &freshness = run.ctx.part<estimate::Freshness>();
  freshness.begin();
  const Estimate *again = run.of({{1, 0, 1}}, policy);
  run.of({{1, 0, 2}}, policy);
  freshness.end();
  EXPECT_EQ(run.ctx.spent.shots, 2400);
  EXPECT_NE(again->terms[0].stream, all[2]->terms[0].stream);
}

TEST(Expectation, TheSameShotsAreTheSameData) {
  Lab run(3);
  const Policy &policy = *run.shots(800);
  const Estimate *sum = run.of({{1, 0, 1}, {1, 0, 2}}, policy), *z0 = run.of({{1, 0, 1}}, policy),
                 *z1 = run.of({{1, 0, 2}}, policy);
  EXPECT_EQ(run.ctx.spent.shots, 800);
  EXPECT_NEAR(sum->value, z0->value + z1->value, 1e-12);
  EXPECT_EQ(estimate::sum(run.ctx, *z0, *z0, -1)->standardError, 0);
  // What they do together is known: the sum of two is that of the observable.
  const Estimate *both = estimate::sum(run.ctx, *z0, *z1, 1);
  EXPECT_NEAR(both->standardError, sum->standardError, 1e-9);
  EXPECT_EQ(both->shots, 800);
  const Estimate *third = estimate::sum(run.ctx, *both, *run.of({{1, 0, 4}}, policy), -2);
  const Estimate *whole = run.of({{1, 0, 1}, {1, 0, 2}, {-2, 0, 4}}, policy);
  EXPECT_NEAR(third->value, whole->value, 1e-12);
  EXPECT_NEAR(third->standardError, whole->standardError, 1e-9);
  EXPECT_EQ(run.ctx.spent.shots, 800);
}

TEST(Expectation, IsTheSameForAnyNumberOfThreads) {
  auto value = [](int threads) {
    Lab run(4, threads);
    const Estimate *e =
        run.of({{1, 0, 0b011}, {0.7, 0b110, 0b100}, {0.2, 0, 0b100}}, *run.shots(20'000));
    return std::tuple(e->value, e->standardError, e->low, e->high);
  };
  EXPECT_EQ(value(1), value(2));
}

/// What one circuit tells may move together: a sum whose parts always cancel has no spread.
TEST(Expectation, KnowsHowStringsOfACircuitMoveTogether) {
  Lab run(5);
  run.p = sim::makeLeaf(run.ctx, circuits::cat<3>, {});
  const Policy &policy = *run.shots(4000);
  const Estimate *difference = run.of({{1, 0, 0b001}, {-1, 0, 0b010}}, policy);
  EXPECT_EQ(difference->value, 0);
  EXPECT_LT(difference->standardError, 0.002); // by two coins it would be 0.022
  const Estimate *sum = run.of({{1, 0, 0b001}, {1, 0, 0b010}}, policy);
  EXPECT_NEAR(sum->standardError, 2 / std::sqrt(4000.0), 0.001); // and not sqrt(2 / 4000)
}

/// N_g ~ sqrt(Var_g): the part that moves more gets more.
TEST(Expectation, ShotsGoWhereTheSpreadIs) {
  Lab run(6);
  Policy policy(Policy::Mode::Sequential, "p");
  policy.low = 100;
  policy.high = 1'000'000;
  double target = 0.05;
  policy.until = narrow;
  policy.untilEnv = &target;
  const Estimate *e = run.of({{1, 0, 0b001}, {1, 0, 0b010}, {0.1, 0b001, 0}}, policy);
  ASSERT_EQ(e->terms.size(), 2u);
  double spread[2], shots[2];
  for (int i = 0; i < 2; ++i) {
    const auto &term = e->terms[static_cast<size_t>(i)];
    shots[i] = static_cast<double>(term.shots);
    spread[i] = std::fabs(term.coefficient) * term.standardError() * std::sqrt(shots[i]);
  }
  const double ratio = (shots[0] / shots[1]) / (spread[0] / spread[1]);
  EXPECT_GT(ratio, 1 / 2.3); // looks are half as many shots again
  EXPECT_LT(ratio, 2.3);
  EXPECT_LE(e->high - e->low, 2 * target);
}

TEST(Expectation, IntervalsHoldUnderOptionalStopping) {
  constexpr int seeds = 1000;
  const std::initializer_list<Pauli> terms{{1, 0, 0b011},   {-0.6, 0, 0b110},    {0.5, 0b001, 0},
                                           {0.5, 0b010, 0}, {0.3, 0b111, 0b111}, {0.2, 0, 0b100}};
  for (Method method : {Method::Sequential, Method::Bernstein, Method::Anytime}) {
    int covered = 0;
    for (int seed = 0; seed < seeds; ++seed) {
      Lab run(static_cast<uint64_t>(seed) + 1);
      Policy policy(Policy::Mode::Sequential, "p");
      policy.low = 50;
      policy.high = 3000;
      policy.method = method;
      double target = 0.3;
      policy.until = narrow;
      policy.untilEnv = &target;
      const Estimate *e = run.of(terms, policy);
      const double exact = run.exact(terms);
      covered += e->low <= exact && exact <= e->high;
    }
    EXPECT_GE(covered, 0.95 * seeds - 2 * std::sqrt(0.95 * 0.05 * seeds));
  }
}

TEST(Expectation, ABudgetThatEndsKeepsWhatWasPaid) {
  Lab run(7);
  Policy policy(Policy::Mode::Sequential, "p");
  policy.low = 100;
  policy.budget = 150;
  EXPECT_EQ(run.of({{1, 0, 1}, {1, 1, 0}}, policy), nullptr);
  EXPECT_EQ(run.ctx.failure()->kind, base::Kind::BudgetExhausted);
  EXPECT_EQ(run.ctx.spent.shots, 100);
}
