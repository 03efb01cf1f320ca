// SPDX-License-Identifier: Apache-2.0
// Mitigated estimates: nearer to the ideal values, and inside their intervals as often as claimed.
#include "runtime/device/density_matrix.h"
#include "runtime/estimate/mitigation.h"
#include "runtime/estimate/quantities.h"
#include "runtime/sim/ideal.h"
#include "tests/unit/device/joint_mean.h"
#include "tests/unit/sim/circuits.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

using namespace qdo;
using device::DensityMatrix;
using estimate::Estimate;
using estimate::Mitigation;
using estimate::Policy;
using sim::PauliString;

namespace {

constexpr int seeds = 400;
constexpr PauliString strings[] = {{0, 0b01}, {0b11, 0b00}, {0b10, 0b11}};
constexpr double weights[] = {0.7, -0.4, 0.5};

noise::Noise *noiseOf(base::Context &ctx, double depolarizing, noise::Readout readout) {
  auto *noise = ctx.make<noise::Noise>("lab");
  if (depolarizing > 0)
    noise->rules.push_back({noise::Channel::Depolarizing, noise::Noise::everyGate, depolarizing});
  noise->readout = readout;
  return noise;
}

/// Two recipes of two qubits on a noisy device under a policy.
struct Lab {
  Lab(uint64_t seed, double depolarizing, noise::Readout readout)
      : ctx(options(seed)), device("dm", 2, noiseOf(ctx, depolarizing, readout)) {
    p = sim::makeLeaf(ctx, circuits::zz<2, 2>, std::vector{0.3, 0.9});
    r = sim::makeLeaf(ctx, circuits::zz<2, 2>, std::vector{0.5, 0.6});
    ctx.part<sim::Devices>().push(&device);
  }
  Policy *policy(Mitigation mitigation) {
    auto *policy = ctx.make<Policy>(Policy::Mode::Fixed, "p");
    policy->low = 2000;
    policy->mitigation = std::move(mitigation);
    return policy;
  }
  Estimate *expect(Mitigation mitigation) {
    auto *observable = ctx.make<sim::Observable>();
    for (size_t i = 0; i < std::size(strings); ++i)
      observable->add(weights[i], strings[i].x, strings[i].z);
    return estimate::estimateExpect(ctx, 0, *p, *observable, *policy(std::move(mitigation)));
  }
  Estimate *fidelity(Mitigation mitigation) {
    return estimate::estimateFidelity(ctx, 0, *p, *r, *policy(std::move(mitigation)));
  }
  /// What infinitely many shots would show at a fold, readout errors left out.
  double expectAt(double fold) {
    double sum = 0;
    for (size_t i = 0; i < std::size(strings); ++i)
      sum += weights[i] *
             noisy::jointMean(ctx, device, *p, strings[i], {.readout = true, .fold = fold});
    return sum;
  }
  double fidelityAt(double fold) {
    const auto coin = device.fidelityCoin(ctx, 0, *p, *r, {.readout = true, .fold = fold});
    return coin->offset + coin->scale * coin->probability;
  }

  static qdo_options options(uint64_t seed) {
    qdo_options options{};
    options.seed = seed;
    options.threads = 1;
    return options;
  }

  base::Context ctx;
  DensityMatrix device;
  const sim::Recipe *p = nullptr, *r = nullptr;
};

struct Tally {
  int covered = 0;
  double sum = 0, squares = 0;

  void add(const Estimate *e, double truth) {
    ASSERT_NE(e, nullptr);
    covered += e->low <= truth && truth <= e->high;
    sum += e->value - truth;
    squares += std::pow((e->value - truth) / e->standardError, 2);
  }
  /// Intervals of 95 % hold; the mean is right and so is the error that is stated.
  void check(const char *what, double standardError) const {
    EXPECT_GE(covered, 0.95 * seeds - 2 * std::sqrt(0.95 * 0.05 * seeds)) << what;
    EXPECT_NEAR(sum / seeds, 0, 4 * standardError / std::sqrt(double{seeds})) << what;
    EXPECT_NEAR(squares / seeds, 1, 0.35) << what;
  }
};

} // namespace

TEST(MitigateReadout, GivesWhatPerfectReadingWouldShow) {
  constexpr noise::Readout readout{0.03, 0.06};
  Tally means, fidelities;
  double meanError = 0, fidelityError = 0;
  for (int seed = 0; seed < seeds; ++seed) {
    Lab run(static_cast<uint64_t>(seed) + 1, 0, readout);
    Lab ideal(1, 0, {});
    const Estimate *e = run.expect({.readout = true});
    means.add(e, ideal.expectAt(1));
    meanError = e->standardError;
    const Estimate *f = run.fidelity({.readout = true});
    fidelities.add(f, ideal.fidelityAt(1));
    fidelityError = f->standardError;
  }
  means.check("means", meanError);
  fidelities.check("fidelities", fidelityError);
  // Without it they are far off, compared with what two thousand shots tell.
  Lab raw(7, 0, readout);
  Lab ideal(1, 0, {});
  EXPECT_FALSE(raw.fidelity({})->low <= ideal.fidelityAt(1) &&
               ideal.fidelityAt(1) <= raw.fidelity({})->high);
}

TEST(MitigateZeroNoise, ExtrapolatesWithHonestErrors) {
  constexpr double depolarizing = 0.004;
  const Mitigation zne{.factors = {1, 3, 5}};
  Lab exact(1, depolarizing, {}), ideal(1, 0, {});
  // Richardson's weights of the folds 1, 3 and 5.
  auto extrapolated = [](auto at) { return (15 * at(1) - 10 * at(3) + 3 * at(5)) / 8; };
  const double mean = extrapolated([&](double fold) { return exact.expectAt(fold); });
  const double fidelity = extrapolated([&](double fold) { return exact.fidelityAt(fold); });
  EXPECT_LT(std::abs(mean - ideal.expectAt(1)),
            0.1 * std::abs(exact.expectAt(1) - ideal.expectAt(1)));
  EXPECT_LT(std::abs(fidelity - ideal.fidelityAt(1)),
            0.1 * std::abs(exact.fidelityAt(1) - ideal.fidelityAt(1)));
  Tally means, fidelities;
  double meanError = 0, fidelityError = 0;
  for (int seed = 0; seed < seeds; ++seed) {
    Lab run(static_cast<uint64_t>(seed) + 1, depolarizing, {});
    const Estimate *e = run.expect(zne);
    means.add(e, mean);
    meanError = e->standardError;
    EXPECT_EQ(e->shots,
              3 * 2 * 2000); // three levels of two settings: Z on 0 with Y on 1 and Z on 0; XX
    const Estimate *f = run.fidelity(zne);
    fidelities.add(f, fidelity);
    fidelityError = f->standardError;
  }
  means.check("means", meanError);
  fidelities.check("fidelities", fidelityError);
}

/// Every level is corrected for its readings, and then the levels are extrapolated.
TEST(MitigateBoth, GivesWhatPerfectReadingWouldExtrapolateTo) {
  constexpr double depolarizing = 0.004;
  constexpr noise::Readout readout{0.03, 0.06};
  const Mitigation both{.readout = true, .factors = {1, 3, 5}};
  Lab exact(1, depolarizing, {}), ideal(1, 0, {});
  auto extrapolated = [](auto at) { return (15 * at(1) - 10 * at(3) + 3 * at(5)) / 8; };
  const double mean = extrapolated([&](double fold) { return exact.expectAt(fold); });
  const double fidelity = extrapolated([&](double fold) { return exact.fidelityAt(fold); });
  Tally means, fidelities;
  double meanError = 0, fidelityError = 0;
  for (int seed = 0; seed < seeds; ++seed) {
    Lab run(static_cast<uint64_t>(seed) + 1, depolarizing, readout);
    const Estimate *e = run.expect(both);
    means.add(e, mean);
    meanError = e->standardError;
    EXPECT_EQ(e->shots, 3 * 2 * 2000); // three folds of two settings
    const Estimate *f = run.fidelity(both);
    fidelities.add(f, fidelity);
    fidelityError = f->standardError;
  }
  means.check("means", meanError);
  fidelities.check("fidelities", fidelityError);
  // Without the correction of readings the extrapolation is far off.
  Lab raw(1, depolarizing, readout);
  const double misread = extrapolated([&](double fold) {
    return raw.device.fidelityCoin(raw.ctx, 0, *raw.p, *raw.r, {.fold = fold})->probability;
  });
  EXPECT_GT(std::abs(misread - ideal.fidelityAt(1)), 20 * std::abs(fidelity - ideal.fidelityAt(1)));
}

/// Waiting takes as long as many times, so that its errors are extrapolated as well; where it is
/// what is measured, it stays.
TEST(MitigateZeroNoise, WaitingFoldsWithTheGates) {
  base::Context ctx(Lab::options(1));
  auto *noise = ctx.make<noise::Noise>("lab");
  noise->t1 = 50e-6;
  noise->t2 = 40e-6;
  DensityMatrix device("dm", 1, noise);
  const auto *one = sim::makeLeaf(ctx, circuits::ring<1>, std::vector{std::numbers::pi});
  const auto *waiting = sim::makeIdle(ctx, 0, one, 5e-6);
  const PauliString z{0, 1};
  auto at = [&](double fold, bool waits) {
    const sim::Mitigation mitigation{.fold = fold, .waits = waits};
    EXPECT_EQ(device.joint(ctx, 0, *waiting, z, mitigation)->fold, fold);
    return -noisy::jointMean(ctx, device, *waiting, z, mitigation);
  };
  // |1> decays for so long: <-Z> = 2 e^(-t/T1) - 1, gates of 50 ns included.
  auto decayed = [](double seconds) { return 2 * std::exp(-seconds / 50e-6) - 1; };
  EXPECT_NEAR(at(1, true), decayed(5.05e-6), 1e-12);
  EXPECT_NEAR(at(1, false), decayed(5.05e-6), 1e-12);
  EXPECT_LT(at(3, true), at(3, false) - 0.2);
  const double folded = (15 * at(1, true) - 10 * at(3, true) + 3 * at(5, true)) / 8;
  EXPECT_NEAR(folded, 1, 0.02); // and 0.81 as it is
  const auto *only = sim::makeIdle(ctx, 0, sim::makePower(ctx, one, 0), 5e-6);
  EXPECT_EQ(device.joint(ctx, 0, *only, z, {.fold = 2.5})->fold, 2.5); // without gates at will
}

/// A fold that is not odd repeats a part of the gates: nearer, and no more is claimed.
TEST(MitigateZeroNoise, OtherFoldsComeNearer) {
  Lab exact(1, 0.004, {}), ideal(1, 0, {});
  auto extrapolated = [](auto at) { return 3 * at(1) - 3 * at(2) + at(3); };
  const double mean = extrapolated([&](double fold) { return exact.expectAt(fold); });
  const double fidelity = extrapolated([&](double fold) { return exact.fidelityAt(fold); });
  EXPECT_LT(std::abs(mean - ideal.expectAt(1)), std::abs(exact.expectAt(1) - ideal.expectAt(1)));
  EXPECT_LT(std::abs(fidelity - ideal.fidelityAt(1)),
            std::abs(exact.fidelityAt(1) - ideal.fidelityAt(1)));
  RecordProperty(
      "mean", std::to_string((mean - ideal.expectAt(1)) / (exact.expectAt(1) - ideal.expectAt(1))));
}

TEST(MitigateZeroNoise, WeightsAreLagranges) {
  const double three[] = {1, 2, 3}, two[] = {1, 3};
  EXPECT_EQ(estimate::extrapolation(three), (std::vector<double>{3, -3, 1}));
  EXPECT_EQ(estimate::extrapolation(two), (std::vector<double>{1.5, -0.5}));
}

TEST(MitigateZeroNoise, FoldsThatAreTheSameAreMeasuredOnce) {
  Lab run(1, 0.01, {});
  Policy *policy = run.policy({.factors = {1, 1.01, 3}});
  const sim::Recipe *recipes[] = {run.p};
  auto levelsOf = [&](Policy *policy) {
    return estimate::noiseLevels(
        run.ctx, 0, *policy, recipes, estimate::Waits::Fold, [&](const sim::Mitigation &m) {
          return std::optional(run.device.joint(run.ctx, 0, *run.p, strings[0], m)->fold);
        });
  };
  const auto levels = levelsOf(policy);
  ASSERT_TRUE(levels);
  ASSERT_EQ(levels->size(), 2u);
  EXPECT_EQ(levels->front().fold, 1);
  EXPECT_NEAR(levels->back().fold, 3, 0.2);
  EXPECT_EQ(levels->back().asked, 2u);
  EXPECT_NE(levels->front().stream(5), levels->back().stream(5));
  EXPECT_FALSE(levelsOf(run.policy({.factors = {1, 1.01}})));
  EXPECT_EQ(run.ctx.failure()->kind, base::Kind::BadValue);
}

TEST(Mitigation, ChangesNothingWithoutNoise) {
  Lab run(3, 0, {});
  sim::StateVector ideal("ideal");
  run.ctx.part<sim::Devices>().push(&ideal);
  for (Mitigation mitigation : {Mitigation{.readout = true}, Mitigation{.factors = {1, 2, 3}}}) {
    const Estimate *e = run.fidelity(mitigation);
    ASSERT_NE(e, nullptr);
    EXPECT_EQ(e->shots, 2000);
    EXPECT_LE(e->low, run.fidelityAt(1));
    EXPECT_GE(e->high, run.fidelityAt(1));
  }
}
