// SPDX-License-Identifier: Apache-2.0
// What a record answers: values, intervals, refusals, and how many snapshots are planned.
#include "tests/unit/shadow/lab.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

using namespace shadows;
using estimate::Estimate;
using sim::Observable;

/// The first `count` strings of every k-th.
template <int n> static std::vector<const Observable *> some(Lab<n> &run, size_t count, size_t k) {
  std::vector<const Observable *> observables;
  const auto strings = twoLocal(n);
  for (size_t i = 0; i < strings.size() && observables.size() < count; i += k)
    observables.push_back(run.pauli(strings[i].first, strings[i].second));
  return observables;
}

TEST(Plan, HasTheNumbersOfTheFormula) {
  Lab<4> run(1);
  const std::vector<uint64_t> masks = {1, 3, 7};
  const std::vector<int64_t> planned = {5143, 15427, 46281};
  for (size_t w = 0; w < 3; ++w) {
    const std::vector<const Observable *> hundred(100, run.pauli(0, masks[w]));
    EXPECT_EQ(shadow::snapshotsFor(*run.ctx, 0, hundred, 0.1, 0.95), planned[w]);
  }
  // A sum is bounded by what its strings can do together: Z0 + Z1 + Z0 Z1 has mean square
  // 3 + 3 + 9 and twice 1, 3 and 3; its size is 3 + 3 + 9.
  auto *sum = run.ctx->make<Observable>();
  sum->add(1, 0, 1);
  sum->add(1, 0, 2);
  sum->add(1, 0, 3);
  const std::vector<const Observable *> one = {sum};
  const double expected = std::ceil(std::log(40) * (2 * 29 / 0.01 + 2 * 15 / 0.3));
  EXPECT_EQ(shadow::snapshotsFor(*run.ctx, 0, one, 0.1, 0.95), static_cast<int64_t>(expected));
  EXPECT_EQ(shadow::snapshotsFor(*run.ctx, 0, one, 0, 0.95), 0);
  EXPECT_FALSE(run.ctx->ok());
}

TEST(Expect, HundredObservablesAreWithinTheirPrecisionTogether) {
  int held = 0;
  double worst = 0;
  for (uint64_t seed = 0; seed < 5; ++seed) {
    Lab<12> run(seed, 2);
    const auto observables = some(run, 100, 5);
    ASSERT_EQ(observables.size(), 100u);
    auto *record = run.record(15'427);
    ASSERT_TRUE(record);
    EXPECT_EQ(run.ctx->spent.shots, 15'427);
    const auto estimates = shadow::expect(*run.ctx, 0, *record, observables, std::vector{0.1});
    ASSERT_EQ(estimates.size(), observables.size());
    double error = 0;
    for (size_t i = 0; i < observables.size(); ++i) {
      const double exact = sim::exactExpect(*run.ctx, 0, *run.recipe, *observables[i]);
      error = std::max(error, std::fabs(estimates[i]->value - exact));
    }
    EXPECT_EQ(run.ctx->spent.shots, 15'427); // questions cost nothing
    held += error <= 0.1;
    worst = std::max(worst, error);
  }
  EXPECT_EQ(held, 5);
  EXPECT_GT(worst, 0.03); // they are estimates after all
}

TEST(Expect, IntervalsHoldAsOftenAsTheySay) {
  int covered = 0, asked = 0;
  for (uint64_t seed = 0; seed < 300; ++seed) {
    Lab<3> run(seed);
    run.policy->confidence = 0.9;
    const auto observables = some(run, 5, 5);
    auto *record = run.record(600);
    for (size_t i = 0; auto *e : shadow::expect(*run.ctx, 0, *record, observables, {})) {
      const double exact = sim::exactExpect(*run.ctx, 0, *run.recipe, *observables[i++]);
      covered += e->low <= exact && exact <= e->high;
      EXPECT_LE(e->low, e->value);
      EXPECT_GE(e->high, e->value);
      ++asked;
    }
  }
  const double share = static_cast<double>(covered) / asked;
  EXPECT_GE(share, 0.9 - 2 * std::sqrt(0.09 / asked));
  EXPECT_LE(share, 0.97); // an interval that always holds says nothing
}

TEST(Expect, FollowsTheClausesOfThePolicy) {
  Lab<3> run(7);
  const auto *string = run.pauli(0, 0b011);
  auto *record = run.record(2000);
  const std::vector<const Observable *> one = {string};
  auto ask = [&] { return shadow::expect(*run.ctx, 0, *record, one, {}).front(); };
  const auto *plain = ask();
  const auto &coin = plain->terms.at(0);
  // One string: 2 p - 1 of a coin, with the interval of the method at a share of the error.
  auto expectInterval = [&](const estimate::Estimate &e, estimate::Method method, double error) {
    const auto of = estimate::coinInterval(method, coin.successes, coin.shots, error);
    EXPECT_NEAR(e.low, 2 * of.low - 1, 1e-12);
    EXPECT_NEAR(e.high, 2 * of.high - 1, 1e-12);
  };
  expectInterval(*plain, estimate::Method::Sequential, 0.05);
  run.policy->method = estimate::Method::Bernstein;
  run.policy->joint = 50;
  run.policy->confidence = 0.99;
  expectInterval(*ask(), estimate::Method::Bernstein, 0.01 / 50);

  // The median of the means of ten groups of snapshots, counted by hand.
  run.policy->combine.groups = 10;
  std::vector<double> means;
  const auto all = record->snapshots.all();
  for (size_t g = 0; g < 10; ++g) {
    double hits = 0, sum = 0;
    for (size_t i = 200 * g; i < 200 * (g + 1); ++i)
      if ((all[3 * i + 1] & 0b011) == 0b011 && (all[3 * i] & 0b011) == 0) { // along Z on both
        ++hits;
        const uint64_t outcome = all[3 * i + 2];
        sum += (outcome & 1) == (outcome >> 1 & 1) ? 1 : -1;
      }
    means.push_back(sum / hits);
  }
  std::ranges::sort(means);
  EXPECT_NEAR(ask()->value, (means[4] + means[5]) / 2, 1e-12);
  EXPECT_NE(ask()->value, plain->value);
}

TEST(Expect, ALaterQuestionIsRefusedWithItsNumber) {
  Lab<6> run(1);
  auto *record = run.record(15'427);
  const std::vector<const Observable *> four = {run.pauli(0, 0b1111)};
  EXPECT_TRUE(shadow::expect(*run.ctx, 0, *record, four, std::vector{0.1}).empty());
  ASSERT_TRUE(run.ctx->failure());
  // ln(40) (2 81 / 0.01 + 2 81 / 0.3)
  EXPECT_EQ(run.ctx->failure()->message,
            "`Z[0] * Z[1] * Z[2] * Z[3]` within 0.1 at 95 % takes 61,752 snapshots, and this "
            "shadow has 15,427");
  run.ctx->takeFailure();
  EXPECT_EQ(shadow::expect(*run.ctx, 0, *record, four, std::vector{0.25}).size(), 1u);
}

TEST(Expect, JointClaimsShareTheErrorOfAPrecisionToo) {
  Lab<6> lab(1);
  auto *record = lab.record(5'000);
  const std::vector<const Observable *> two = {lab.pauli(0, 0b11)};
  // ln(2 / 0.05) (2 9 / 0.01 + 2 9 / 0.3), and ln(2 50 / 0.05) of it: one of fifty claims.
  lab.policy->joint = 50;
  EXPECT_TRUE(shadow::expect(*lab.ctx, 0, *record, two, std::vector{0.1}).empty());
  EXPECT_EQ(lab.ctx->failure()->message,
            "`Z[0] * Z[1]` within 0.1 at 95 % takes 14,138 snapshots, and this shadow has 5,000");
  EXPECT_EQ(lab.ctx->takeFailure()->note, "the policy makes 50 claims hold together");
  lab.policy->joint = 1;
  EXPECT_TRUE(shadow::expect(*lab.ctx, 0, *record, two, std::vector{0.1}).empty());
  lab.ctx->takeFailure();
  EXPECT_EQ(shadow::expect(*lab.ctx, 0, *record, two, std::vector{0.14}).size(), 1u);
  // More at once than the policy says: those at once.
  lab.policy->joint = 2;
  const std::vector<const Observable *> many(50, two[0]);
  EXPECT_TRUE(shadow::expect(*lab.ctx, 0, *record, many, std::vector{0.1}).empty());
  EXPECT_NE(lab.ctx->takeFailure()->message.find("14,138"), std::string::npos);

  // Chosen bases are planned for the same share.
  auto planned = [&](int64_t joint) {
    lab.policy->joint = joint;
    return shadow::acquire(*lab.ctx, 0, *lab.recipe, {.observables = two, .within = 0.1},
                           *lab.policy)
        ->size();
  };
  EXPECT_EQ(planned(1), static_cast<int64_t>(std::ceil(200 * std::log(2 / 0.05))));
  EXPECT_EQ(planned(50), static_cast<int64_t>(std::ceil(200 * std::log(2 * 50 / 0.05))));
}

TEST(Expect, WhatWasNeverMeasuredHasNoValue) {
  Lab<6> run(1);
  auto *record = run.record(3);
  const std::vector<const Observable *> six = {run.pauli(0b111111, 0)};
  EXPECT_TRUE(shadow::expect(*run.ctx, 0, *record, six, {}).empty());
  ASSERT_TRUE(run.ctx->failure());
  EXPECT_NE(run.ctx->failure()->message.find("none of the 3 snapshots"), std::string::npos);
}

TEST(Expect, ErrorsOfSumsAreThoseOfRepetitions) {
  // Z0 and Z0 Z1 are measured by the same snapshots half of the time: their errors are correlated.
  constexpr int seeds = 300;
  double mean = 0, square = 0, said = 0;
  int covered = 0;
  for (uint64_t seed = 0; seed < seeds; ++seed) {
    Lab<2> lab(seed);
    auto *sum = lab.ctx->make<Observable>();
    sum->add(1, 0, 1);
    sum->add(-1, 0, 3);
    sum->add(0.5, 0, 2);
    const std::vector<const Observable *> one = {sum};
    const auto *e = shadow::expect(*lab.ctx, 0, *lab.record(900), one, {})[0];
    const double exact = sim::exactExpect(*lab.ctx, 0, *lab.recipe, *sum);
    mean += (e->value - exact) / seeds;
    square += (e->value - exact) * (e->value - exact) / seeds;
    said += e->standardError / seeds;
    covered += e->low <= exact && exact <= e->high;
  }
  const double error = std::sqrt(square);
  EXPECT_LT(std::fabs(mean), 3 * error / std::sqrt(seeds));
  EXPECT_NEAR(said / error, 1, 0.13); // the spread of a standard deviation from 300
  EXPECT_GE(covered, 0.95 * seeds - 2 * std::sqrt(0.0475 * seeds));
}

TEST(Expect, ChosenBasesNeedFewerSnapshots) {
  Lab<8> run(1);
  const auto observables = some(run, 50, 5);
  auto *record = shadow::acquire(*run.ctx, 0, *run.recipe,
                                 {.observables = observables, .within = 0.1}, *run.policy);
  ASSERT_TRUE(record);
  EXPECT_LT(record->snapshots.size(),
            shadow::snapshotsFor(*run.ctx, 0, observables, 0.1, 0.95) * 2 / 3);
  size_t i = 0;
  for (auto *e : shadow::expect(*run.ctx, 0, *record, observables, {})) {
    const double exact = sim::exactExpect(*run.ctx, 0, *run.recipe, *observables[i++]);
    EXPECT_NEAR(e->value, exact, 0.1);
  }
  EXPECT_EQ(i, observables.size());
}

TEST(RandomPaulis, AreDifferentAndHaveTheirWeights) {
  Lab<2> run(1);
  const auto strings = shadow::randomPaulis(*run.ctx, 0, 693, 6, 1, 3); // 18 + 135 + 540: all
  std::set<std::pair<uint64_t, uint64_t>> seen;
  for (auto *o : strings) {
    ASSERT_EQ(o->terms.size(), 1u);
    seen.emplace(o->terms[0].x, o->terms[0].z);
    const int weight = std::popcount(o->terms[0].x | o->terms[0].z);
    EXPECT_TRUE(weight >= 1 && weight <= 3);
  }
  EXPECT_EQ(seen.size(), 693u);
  EXPECT_TRUE(shadow::randomPaulis(*run.ctx, 0, 694, 6, 1, 3).empty());
  EXPECT_FALSE(run.ctx->ok());
}
