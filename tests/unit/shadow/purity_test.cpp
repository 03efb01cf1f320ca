// SPDX-License-Identifier: Apache-2.0
// Purities and entropies against those of the state.
#include "runtime/device/density_matrix.h"
#include "runtime/sim/ideal.h"
#include "tests/unit/shadow/lab.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>

using namespace shadows;
using estimate::Estimate;

TEST(Purity, IsUnbiasedAndItsIntervalsHold) {
  for (uint64_t mask : {0b0001, 0b0110, 0b1011}) {
    constexpr int seeds = 150;
    int covered = 0, entropies = 0;
    double mean = 0, square = 0, said = 0, exact = 0;
    for (uint64_t seed = 0; seed < seeds; ++seed) {
      Lab<4> lab(seed);
      lab.policy->confidence = 0.9;
      sim::StateVector ideal("sv");
      exact = *ideal.purity(*lab.ctx, 0, *lab.recipe, mask);
      auto *record = lab.record(3000);
      const Estimate *e = shadow::purity(*lab.ctx, 0, *record, mask, false);
      const Estimate *bits = shadow::purity(*lab.ctx, 0, *record, mask, true);
      ASSERT_TRUE(e && bits);
      EXPECT_LE(e->low, e->value);
      EXPECT_GE(e->high, e->value);
      covered += e->low <= exact && exact <= e->high;
      entropies += bits->low <= -std::log2(exact) && -std::log2(exact) <= bits->high;
      mean += (e->value - exact) / seeds;
      square += (e->value - exact) * (e->value - exact) / seeds;
      said += e->standardError / seeds;
    }
    const double error = std::sqrt(square);
    EXPECT_LT(std::fabs(mean), 3.5 * error / std::sqrt(seeds)) << mask;
    EXPECT_GT(said / error, 0.8) << mask;
    EXPECT_LT(said / error, 1.5) << mask;
    EXPECT_GE(covered, 0.9 * seeds - 2 * std::sqrt(0.09 * seeds)) << mask;
    EXPECT_EQ(entropies, covered);
  }
}

TEST(Purity, OfAPureStateHasAnErrorThatShrinksWithTheShots) {
  // |0>: Z is certain, X and Y are coins whose squares are near 0.
  Lab<2> lab(1);
  const sim::Appended zeros(nullptr, 2, {});
  auto width = [&](int64_t snapshots) {
    auto *record =
        shadow::acquire(*lab.ctx, 0, zeros.recipe(), {.snapshots = snapshots}, *lab.policy);
    const Estimate *e = shadow::purity(*lab.ctx, 0, *record, 0b01, false);
    EXPECT_LE(e->low, 1);
    EXPECT_GE(e->high, 1);
    EXPECT_NEAR(e->value, 1, 12.0 / static_cast<double>(snapshots));
    return e->high - e->low;
  };
  EXPECT_NEAR(width(1000) / width(16'000), 16, 6); // and not 4
}

TEST(Purity, FromCliffordBasesIsThatOfTheState) {
  Lab<2> lab(5);
  sim::StateVector ideal("sv");
  auto *record = shadow::acquire(*lab.ctx, 0, *lab.recipe, {.snapshots = 20'000, .clifford = true},
                                 *lab.policy);
  for (uint64_t mask : {1, 3}) {
    const double exact = *ideal.purity(*lab.ctx, 0, *lab.recipe, mask);
    const Estimate *e = shadow::purity(*lab.ctx, 0, *record, mask, false);
    EXPECT_NEAR(e->value, exact, 4 * e->standardError + 1e-3);
    EXPECT_LE(e->low, exact);
    EXPECT_GE(e->high, exact);
  }
}

TEST(Purity, OfAMixedStateIsThatOfTheDevice) {
  Lab<3> lab(2);
  auto *noise = lab.ctx->make<noise::Noise>("lab");
  noise->rules.push_back({noise::Channel::Depolarizing, noise::Noise::everyGate, 0.03});
  device::DensityMatrix device("dm", 3, noise);
  lab.ctx->part<sim::Devices>().push(&device);
  auto *record = lab.record(20'000);
  for (uint64_t mask : {0b111, 0b101}) {
    const double exact = *device.purity(*lab.ctx, 0, *lab.recipe, mask);
    EXPECT_LT(exact, 0.9);
    const Estimate *e = shadow::purity(*lab.ctx, 0, *record, mask, false);
    EXPECT_NEAR(e->value, exact, 4 * e->standardError);
    EXPECT_LE(e->low, exact);
    EXPECT_GE(e->high, exact);
    EXPECT_GT(e->low, std::ldexp(1.0, -std::popcount(mask)));
  }
}

TEST(Purity, IsRefusedWhereTheRecordSaysNothing) {
  Lab<8> lab(1);
  auto *record = lab.record(300);
  EXPECT_EQ(shadow::purity(*lab.ctx, 0, *record, 0b1111111, false), nullptr);
  EXPECT_EQ(lab.ctx->takeFailure()->message,
            "the number of qubits whose purity is asked of a shadow is 7, it must be from 1 to 6: "
            "its interval grows fivefold with each qubit");
  EXPECT_EQ(shadow::purity(*lab.ctx, 0, *record, 1u << 8, false), nullptr);
  EXPECT_EQ(lab.ctx->takeFailure()->kind, base::Kind::IndexOutOfRange);
  EXPECT_EQ(shadow::purity(*lab.ctx, 0, *record, 0b111111, false), nullptr);
  EXPECT_EQ(lab.ctx->takeFailure()->kind, base::Kind::ShadowNeverMeasured);
}
