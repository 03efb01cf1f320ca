// SPDX-License-Identifier: Apache-2.0
// Overlap estimators: each measures the same number, at its own price.
#include "runtime/estimate/overlaps.h"

#include "runtime/sim/ideal.h"
#include "runtime/sim/observable.h"
#include "tests/unit/sim/circuits.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

using namespace qdo;
using estimate::Estimate;

namespace {
struct Overlaps : testing::Test {
  Overlaps() {
    p = sim::makeLeaf(ctx, circuits::zz<2, 2>, std::vector<double>{0.1, 0.2});
    r = sim::makeLeaf(ctx, circuits::zz<2, 2>, std::vector<double>{0.3, 0.4});
    policy.low = 40'000;
  }
  Estimate *by(std::string_view way) {
    const auto *named = way.empty() ? &estimate::cheapestWay(ctx, *p, *r, policy)
                                    : estimate::overlapWayNamed(ctx, 0, way);
    return named ? estimate::estimateFidelityBy(ctx, 0, *p, *r, policy, *named) : nullptr;
  }

  static qdo_options options() {
    qdo_options options{};
    options.seed = 2;
    return options;
  }
  base::Context ctx{options()};
  estimate::Policy policy{estimate::Policy::Mode::Fixed, "shots"};
  const sim::Recipe *p, *r;
};
} // namespace

TEST_F(Overlaps, EveryWayIsRightAndNamesItself) {
  const double exact = sim::exactFidelity(ctx, 0, *p, *r);
  for (const estimate::OverlapWay &way : estimate::overlapWays()) {
    if (way.kind == estimate::OverlapWay::Kind::Shadow)
      continue; // see tests/unit/shadow
    const Estimate *e = by(way.name);
    ASSERT_TRUE(e) << way.name;
    EXPECT_EQ(e->way, way.name);
    EXPECT_NEAR(e->value, exact, 4.5 * e->standardError) << way.name;
    EXPECT_LE(e->low, exact);
    EXPECT_GE(e->high, exact);
  }
  EXPECT_EQ(by("")->way, "compute-uncompute");
}

TEST_F(Overlaps, ErrorsAreThoseOfTheirVariances) {
  const double exact = sim::exactFidelity(ctx, 0, *p, *r);
  for (const char *name : {"compute-uncompute", "swap", "destructive swap"}) {
    const auto ways = estimate::overlapWays();
    const auto way = std::ranges::find(ways, std::string_view(name), &estimate::OverlapWay::name);
    EXPECT_NEAR(by(name)->standardError / std::sqrt(way->variance(exact) / 40'000), 1, 0.05)
        << name;
  }
  // (1 + F) / F times the shots for the same precision.
  const double ratio = std::pow(by("swap")->standardError / by("")->standardError, 2);
  EXPECT_NEAR(ratio / ((1 + exact) / exact), 1, 0.1);
}

TEST_F(Overlaps, TheHadamardTestSeesThePhase) {
  const auto exact = sim::exactOverlap(ctx, 0, *p, *r);
  const Estimate *re = estimate::estimateOverlapPart(ctx, 0, *p, *r, false, policy);
  const Estimate *im = estimate::estimateOverlapPart(ctx, 0, *p, *r, true, policy);
  EXPECT_NEAR(re->value, exact.real(), 4.5 * re->standardError);
  EXPECT_NEAR(im->value, exact.imag(), 4.5 * im->standardError);
}

TEST_F(Overlaps, PurityIsMeasuredOnTwoCopies) {
  for (uint64_t mask : {1u, 2u, 3u}) {
    sim::StateVector ideal("ideal", 0);
    const double exact = *ideal.purity(ctx, 0, *p, mask);
    const Estimate *e = estimate::estimatePurity(ctx, 0, *p, mask, policy);
    ASSERT_TRUE(e);
    EXPECT_NEAR(e->value, exact, 4.5 * e->standardError) << mask;
    EXPECT_LE(e->low, exact);
    EXPECT_GE(e->high, exact);
    // A coin of 1 and -1.
    EXPECT_NEAR(e->standardError, std::sqrt((1 - exact * exact) / 40'000), 1e-4) << mask;
  }
  EXPECT_EQ(estimate::estimatePurity(ctx, 0, *p, 3, policy)->value, 1); // pure as a whole
}

TEST_F(Overlaps, PurityNeedsTwiceTheQubits) {
  sim::StateVector small("small", 3);
  ctx.part<sim::Devices>().push(&small);
  EXPECT_EQ(estimate::estimatePurity(ctx, 0, *p, 1, policy), nullptr);
  ASSERT_TRUE(ctx.failure());
  EXPECT_NE(ctx.failure()->help.find("shadow"), std::string::npos);
}

TEST_F(Overlaps, TheCheapestTakesTheLeastTimeForAPrecision) {
  using estimate::cheapestWay;
  const estimate::GateTimes alike{1e-6, 1e-6, 1e-6, 50e-9, 300e-9};
  EXPECT_EQ(cheapestWay(3, 100, alike, 250e-6)->name, "compute-uncompute");
  EXPECT_EQ(cheapestWay(3, 3, alike, 0)->name, "compute-uncompute");
  EXPECT_EQ(cheapestWay(3, 2, alike, 0), nullptr);
  // Twice 1 + 2 F - F^2 against F (1 - F): eight times the shots, so r must take that long.
  for (double r : {5e-6, 14e-6, 16e-6, 50e-6}) {
    const estimate::GateTimes times{1e-6, r, 1e-6, 50e-9, 300e-9};
    EXPECT_EQ(cheapestWay(3, 100, times, 0)->name,
              r + 1e-6 > 8 * 2e-6 ? "shadow" : "compute-uncompute");
    EXPECT_EQ(cheapestWay(3, 100, times, 250e-6)->name, "compute-uncompute"); // all wait alike
  }
  for (double f : {0.001, 0.1, 0.5, 0.9}) // at every fidelity, not only at small ones
    EXPECT_LT(estimate::overlapWays()[0].variance(f), estimate::overlapWays()[1].variance(f));
}

TEST_F(Overlaps, AnAutomaticChoiceKnowsTheDeviceAndTheReset) {
  policy.reset.kind = estimate::Reset::Kind::Active; // at once: gates decide
  EXPECT_EQ(estimate::cheapestWay(ctx, *p, *r, policy).name, "compute-uncompute");
  const auto *deep = sim::makePower(ctx, r, 100);
  EXPECT_EQ(estimate::cheapestWay(ctx, *p, *deep, policy).name, "shadow");
  EXPECT_EQ(estimate::cheapestWay(ctx, *deep, *p, policy).name, "compute-uncompute");
  EXPECT_EQ(estimate::cheapestWay(ctx, *deep, *deep, policy).name, "compute-uncompute");
  policy.reset = {};
  EXPECT_EQ(estimate::cheapestWay(ctx, *p, *r, policy).name, "compute-uncompute");
}

TEST_F(Overlaps, AWayThatDoesNotFitIsRefused) {
  sim::StateVector small("small", 3);
  ctx.part<sim::Devices>().push(&small);
  EXPECT_TRUE(by("hadamard")); // 3 qubits
  EXPECT_EQ(by("destructive swap"), nullptr);
  ASSERT_TRUE(ctx.failure());
  EXPECT_EQ(ctx.takeFailure()->kind, base::Kind::DeviceTooSmall);
  EXPECT_TRUE(by("compute-uncompute"));
}

TEST_F(Overlaps, AnUnknownWayIsRefusedWithTheKnownOnes) {
  EXPECT_EQ(by("guess"), nullptr);
  ASSERT_TRUE(ctx.failure());
  EXPECT_NE(ctx.failure()->message.find("\"destructive swap\""), std::string::npos);
}
