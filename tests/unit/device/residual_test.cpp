// SPDX-License-Identifier: Apache-2.0
// What a reset leaves excited: closed forms on the density matrix, and the same on other devices.
#include "runtime/device/density_matrix.h"
#include "runtime/device/stabilizer.h"
#include "runtime/device/trajectories.h"
#include "runtime/estimate/policy.h"
#include "runtime/estimate/quantities.h"
#include "runtime/sim/live.h"
#include "tests/unit/device/noisy_reference.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace qdo;
using device::DensityMatrix;
using estimate::Policy;
using estimate::Reset;
using gates::GateCall;
using sim::PauliString;

namespace {

GateCall gate(std::string_view name, uint64_t controls, int target) {
  return {noise::gateNamed(name), false, controls, target, -1, {}};
}

/// A noise that only reads wrongly, so that what a reset leaves is all that happens to gates.
struct Lab {
  explicit Lab(Reset reset, noise::Readout readout = {})
      : ctx(options()), noise(ctx.make<noise::Noise>("lab")),
        policy(ctx.make<Policy>(Policy::Mode::Fixed, "p")) {
    noise->readout = readout;
    policy->low = 40'000;
    policy->reset = reset;
    ctx.part<estimate::Policies>().push(policy);
  }
  static qdo_options options() {
    qdo_options options{};
    options.seed = 4;
    return options;
  }
  const sim::Recipe *recipe(const std::vector<GateCall> &calls, int qubits) {
    return noisy::recipeOf(ctx, calls, qubits);
  }

  base::Context ctx;
  noise::Noise *noise;
  Policy *policy;
};

constexpr double t1 = QdoDefaultT1Seconds;
const Reset twoT1{Reset::Kind::Passive, 0, 2, 0};

} // namespace

TEST(Residual, IsWhatThePolicyStates) {
  struct Case {
    Reset reset;
    double excited;
  };
  const noise::Readout readout{0.01, 0.06};
  for (const auto &[reset, excited] :
       {Case{{}, 0}, Case{twoT1, std::exp(-2.0)},
        Case{{Reset::Kind::Passive, t1, 1, 0}, std::exp(-2.0)},
        Case{{Reset::Kind::Active, 1e-6, 0, 0}, 0.06},
        Case{{Reset::Kind::Cheapest, 1e-6, 0, 0.02}, 0.06 * 0.06 + 0.94 * 0.01},
        Case{{Reset::Kind::Cheapest, 1, 0, 0.02}, 0.02}}) {
    Lab lab(reset, readout);
    DensityMatrix device("dm", 1, lab.noise);
    lab.ctx.part<sim::Devices>().push(&device);
    EXPECT_NEAR(device.excited(lab.ctx), excited, 1e-12);
  }
}

TEST(Residual, MeansAreThoseOfFlippedQubits) {
  const double p = std::exp(-2.0), f = 1 - 2 * p;
  Lab lab(twoT1, {0.03, 0.03});
  DensityMatrix device("dm", 2, lab.noise);
  lab.ctx.part<sim::Devices>().push(&device);
  const double read = 1 - 0.06; // of a sign
  const auto *flipped = lab.recipe({gate("x", 0, 0)}, 2);
  const PauliString strings[] = {{0, 1}, {0, 2}, {0, 3}};
  const auto means = device.means(lab.ctx, 0, *flipped, strings);
  ASSERT_TRUE(means);
  EXPECT_NEAR((*means)[0], -f * read, 1e-12);
  EXPECT_NEAR((*means)[1], f * read, 1e-12);
  EXPECT_NEAR((*means)[2], -f * f * read * read, 1e-12);
  // H and CX: XX is a product of both flips' signs, ZZ only knows the second qubit.
  const auto *bell = lab.recipe({gate("h", 0, 0), gate("cx", 1, 1)}, 2);
  const PauliString pair[] = {{3, 0}, {0, 3}};
  const auto both = device.means(lab.ctx, 0, *bell, pair);
  EXPECT_NEAR((*both)[0], f * read * read, 1e-12);
  EXPECT_NEAR((*both)[1], f * read * read, 1e-12);
  EXPECT_NEAR(*device.purity(lab.ctx, 0, *bell, 1), 0.5, 1e-12);
  EXPECT_NEAR(*device.purity(lab.ctx, 0, *bell, 3), std::pow((1 + f * f) / 2, 2), 1e-12);
  // A fidelity begins once: the qubits that wait between both circuits are not reset.
  const double zero = (1 - p) * 0.97 + p * 0.03;
  EXPECT_NEAR(*device.fidelity(lab.ctx, 0, *bell, *bell), zero * zero, 1e-12);
  // Under a policy that states nothing, and under `exact`, shots begin in 0.
  Policy plain(Policy::Mode::Fixed, "plain"), exact(Policy::Mode::Exact, "exact");
  for (Policy *other : {&plain, &exact}) {
    lab.ctx.part<estimate::Policies>().push(other);
    EXPECT_NEAR((*device.means(lab.ctx, 0, *flipped, strings))[0], -read, 1e-12);
    lab.ctx.part<estimate::Policies>().pop();
  }
}

TEST(Residual, ShotsOfEveryDeviceAgree) {
  const noise::Readout readout{0.02, 0.05};
  const std::vector<GateCall> calls{gate("h", 0, 0), gate("cx", 1, 1), gate("x", 0, 2),
                                    gate("cx", 4, 1)};
  constexpr int64_t shots = 40'000;
  Lab lab(twoT1, readout);
  DensityMatrix exact("dm", 3, lab.noise);
  device::Trajectories trajectories("tr", 3, lab.noise);
  device::Stabilizer tableau("tab", 3, lab.noise, false);
  const auto *recipe = lab.recipe(calls, 3);
  const auto *other = lab.recipe({gate("h", 0, 0), gate("cx", 1, 2)}, 3);
  lab.ctx.part<sim::Devices>().push(&exact);
  const auto expected = *exact.probabilities(lab.ctx, 0, *recipe);
  const double fidelity = *exact.fidelity(lab.ctx, 0, *recipe, *other);
  for (sim::Backend *device :
       {static_cast<sim::Backend *>(&trajectories), static_cast<sim::Backend *>(&tableau),
        static_cast<sim::Backend *>(&exact)}) {
    lab.ctx.part<sim::Devices>().push(device);
    const auto seen = device->sample(lab.ctx, 0, *recipe, 3, shots);
    ASSERT_TRUE(seen);
    std::vector<double> counts(8);
    for (const auto &[outcome, count] : seen->entries)
      counts[outcome] = static_cast<double>(count);
    for (size_t k = 0; k < 8; ++k)
      EXPECT_NEAR(counts[k] / shots, expected[k],
                  4.5 * std::sqrt(expected[k] * (1 - expected[k]) / shots));
    const auto *e = estimate::estimateFidelity(lab.ctx, 0, *recipe, *other, *lab.policy);
    ASSERT_TRUE(e);
    EXPECT_NEAR(e->value, fidelity, 4.5 * e->standardError);
  }
  EXPECT_NEAR(*tableau.fidelity(lab.ctx, 0, *recipe, *other), fidelity, 1e-12);
}

TEST(Residual, LiveQubitsBeginSoToo) {
  for (bool onTableau : {false, true}) {
    Lab lab(twoT1);
    lab.noise->readout = {0.1, 0.1};
    device::Trajectories trajectories("tr", 2, lab.noise);
    device::Stabilizer tableau("tab", 2, lab.noise, false);
    lab.ctx.part<sim::Devices>().push(onTableau ? static_cast<sim::Backend *>(&tableau)
                                                : &trajectories);
    const auto *recipe = lab.recipe({gate("x", 0, 1)}, 2);
    auto &live = lab.ctx.part<sim::LiveQubits>();
    const auto *e = estimate::estimateBlock(
        lab.ctx, 0,
        [&] {
          const int64_t first = live.prepare(lab.ctx, 0, *recipe);
          const bool a = live.measure(lab.ctx, 0, first), b = live.measure(lab.ctx, 0, first + 1);
          return !a && b;
        },
        1, *lab.policy);
    ASSERT_TRUE(e);
    const double right = (1 - std::exp(-2.0)) * 0.9 + std::exp(-2.0) * 0.1;
    EXPECT_NEAR(e->value, right * right, 4.5 * e->standardError);
  }
}
