// SPDX-License-Identifier: Apache-2.0
// Calibrated records on devices that err: what they undo, and how often their intervals hold.
#include "runtime/device/density_matrix.h"
#include "runtime/device/trajectories.h"
#include "runtime/sim/ideal.h"
#include "tests/unit/shadow/lab.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace shadows;
using estimate::Estimate;
using sim::Observable;

namespace {
/// Reads 0 as 1 seldom and 1 as 0 often; gates that measuring alone uses may err, too.
noise::Noise *unfair(base::Context &ctx, double ofGates = 0) {
  auto *noise = ctx.make<noise::Noise>("unfair");
  noise->readout = {0.02, 0.12};
  if (ofGates > 0)
    for (const char *gate : {"cz", "s"})
      noise->rules.push_back({noise::Channel::Depolarizing, noise::gateNamed(gate), ofGates});
  return noise;
}

/// The state without noise: the gates of zz do not err.
double ideal(Lab<3> &lab, const Observable &observable) {
  return sim::exactExpect(*lab.ctx, 0, *lab.recipe, observable);
}
} // namespace

TEST(Calibration, UndoesErrorsOfReadingAndItsIntervalsHold) {
  constexpr int seeds = 120;
  int covered = 0, plainCovered = 0, asked = 0;
  for (uint64_t seed = 0; seed < seeds; ++seed) {
    Lab<3> lab(seed);
    lab.policy->confidence = 0.9;
    device::DensityMatrix device("dm", 3, unfair(*lab.ctx));
    lab.ctx->part<sim::Devices>().push(&device);
    const std::vector<const Observable *> observables = {
        lab.pauli(0, 0b001), lab.pauli(0b011, 0b001), lab.pauli(0b100, 0b110)};
    auto *record = shadow::acquire(*lab.ctx, 0, *lab.recipe,
                                   {.snapshots = 6000, .calibration = 1500}, *lab.policy);
    ASSERT_TRUE(record);
    EXPECT_EQ(lab.ctx->spent.shots, 7500);
    auto *plain = lab.record(6000);
    const auto es = shadow::expect(*lab.ctx, 0, *record, observables, {});
    const auto raw = shadow::expect(*lab.ctx, 0, *plain, observables, {});
    for (size_t i = 0; i < observables.size(); ++i) {
      const double exact = ideal(lab, *observables[i]);
      EXPECT_EQ(es[i]->way, "calibrated classical shadow");
      covered += es[i]->low <= exact && exact <= es[i]->high;
      plainCovered += raw[i]->low <= exact && exact <= raw[i]->high;
      ++asked;
    }
  }
  EXPECT_GE(covered, 0.9 * asked - 2 * std::sqrt(0.09 * asked));
  EXPECT_LT(plainCovered, 0.75 * asked); // what is undone is no small thing
}

TEST(Calibration, ErrorsOfSumsAreThoseOfRepetitions) {
  constexpr int seeds = 150;
  double mean = 0, square = 0, said = 0;
  int covered = 0;
  for (uint64_t seed = 0; seed < seeds; ++seed) {
    Lab<3> lab(seed);
    device::Trajectories device("tr", 3, unfair(*lab.ctx));
    lab.ctx->part<sim::Devices>().push(&device);
    auto *sum = lab.ctx->make<Observable>();
    sum->add(1, 0, 1);
    sum->add(-1, 0, 3);
    sum->add(0.5, 0, 2);
    auto *record = shadow::acquire(*lab.ctx, 0, *lab.recipe, {.snapshots = 900, .calibration = 300},
                                   *lab.policy);
    const std::vector<const Observable *> one = {sum};
    const Estimate *e = shadow::expect(*lab.ctx, 0, *record, one, {})[0];
    const double exact = ideal(lab, *sum);
    mean += (e->value - exact) / seeds;
    square += (e->value - exact) * (e->value - exact) / seeds;
    said += e->standardError / seeds;
    covered += e->low <= exact && exact <= e->high;
  }
  const double error = std::sqrt(square);
  EXPECT_LT(std::fabs(mean), 3.5 * error / std::sqrt(seeds));
  EXPECT_NEAR(said / error, 1, 0.2);
  EXPECT_GE(covered, 0.95 * seeds - 2 * std::sqrt(0.0475 * seeds));
}

TEST(Calibration, OfCliffordBasesUndoesErrorsOfTheirGates) {
  constexpr int seeds = 30;
  int covered = 0, plainCovered = 0;
  double mean = 0, square = 0;
  for (uint64_t seed = 0; seed < seeds; ++seed) {
    Lab<3> lab(seed, 2);
    lab.policy->confidence = 0.9;
    device::DensityMatrix device("dm", 3, unfair(*lab.ctx, 0.05));
    lab.ctx->part<sim::Devices>().push(&device);
    auto *record =
        shadow::acquire(*lab.ctx, 0, *lab.recipe,
                        {.snapshots = 800, .clifford = true, .calibration = 800}, *lab.policy);
    auto *plain = shadow::acquire(*lab.ctx, 0, *lab.recipe, {.snapshots = 800, .clifford = true},
                                  *lab.policy);
    ASSERT_TRUE(record && plain);
    const Estimate *e = shadow::fidelity(*lab.ctx, 0, *record, *lab.recipe, {});
    const Estimate *raw = shadow::fidelity(*lab.ctx, 0, *plain, *lab.recipe, {});
    covered += e->low <= 1 && 1 <= e->high;
    plainCovered += raw->high >= 1;
    mean += (e->value - 1) / seeds;
    square += (e->value - 1) * (e->value - 1) / seeds;
  }
  EXPECT_GE(covered, 0.9 * seeds - 2 * std::sqrt(0.09 * seeds));
  EXPECT_LT(plainCovered, seeds / 4);
  EXPECT_LT(std::fabs(mean), 3.5 * std::sqrt(square / seeds));
}

TEST(Calibration, OfPuritiesUndoesErrorsOfReading) {
  Lab<3> lab(3);
  device::DensityMatrix device("dm", 3, unfair(*lab.ctx));
  lab.ctx->part<sim::Devices>().push(&device);
  sim::StateVector sv("sv");
  const double exact = *sv.purity(*lab.ctx, 0, *lab.recipe, 0b111);
  auto *record = shadow::acquire(*lab.ctx, 0, *lab.recipe,
                                 {.snapshots = 30'000, .calibration = 30'000}, *lab.policy);
  const Estimate *e = shadow::purity(*lab.ctx, 0, *record, 0b111, false);
  EXPECT_NEAR(e->value, exact, 4 * e->standardError);
  EXPECT_GE(e->high, exact);
  const Estimate *raw = shadow::purity(*lab.ctx, 0, *lab.record(30'000), 0b111, false);
  EXPECT_LT(raw->value, exact - 10 * raw->standardError);
}

TEST(Calibration, OnADeviceThatDoesNotErrCostsLittle) {
  Lab<3> lab(1);
  auto *record = shadow::acquire(*lab.ctx, 0, *lab.recipe, {.snapshots = 2000, .calibration = 2000},
                                 *lab.policy);
  const std::vector<const Observable *> one = {lab.pauli(0, 0b011)};
  const Estimate *e = shadow::expect(*lab.ctx, 0, *record, one, {})[0];
  const Estimate *raw = shadow::expect(*lab.ctx, 0, *lab.record(2000), one, {})[0];
  EXPECT_EQ(record->format(""),
            "shadow of 3 qubits, 2,000 snapshots in random Pauli bases, 2,000 of |0..0>");
  EXPECT_NEAR(e->value, ideal(lab, *one[0]), 4 * e->standardError);
  EXPECT_LT(e->high - e->low, 1.4 * (raw->high - raw->low));
}

TEST(Calibration, ThatIsTooSmallIsSaid) {
  Lab<3> lab(1);
  auto *record = shadow::acquire(*lab.ctx, 0, *lab.recipe,
                                 {.snapshots = 200'000, .calibration = 50}, *lab.policy);
  const std::vector<const Observable *> one = {lab.pauli(0, 0b011)};
  EXPECT_TRUE(shadow::expect(*lab.ctx, 0, *record, one, std::vector{0.05}).empty());
  EXPECT_EQ(lab.ctx->takeFailure()->message,
            "the calibration of this shadow is 50 shots, it must be more to answer within 0.05");
  auto *enough = shadow::acquire(*lab.ctx, 0, *lab.recipe,
                                 {.snapshots = 200'000, .calibration = 2000}, *lab.policy);
  EXPECT_EQ(shadow::expect(*lab.ctx, 0, *enough, one, std::vector{0.05}).size(), 1u);
}
