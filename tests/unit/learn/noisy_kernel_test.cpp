// SPDX-License-Identifier: Apache-2.0
// Pairs of a kernel on devices with noise: the circuits of `|<a|b>|^2`, in every way that has two
// outcomes, corrected and extrapolated.
#include "runtime/device/density_matrix.h"
#include "runtime/device/trajectories.h"
#include "runtime/estimate/overlaps.h"
#include "runtime/estimate/policy.h"
#include "runtime/estimate/quantities.h"
#include "runtime/learn/measure.h"
#include "runtime/sim/ideal.h"
#include "tests/unit/data/run.h"
#include "tests/unit/learn/circuits.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace qdo;
using estimate::Estimate;
using estimate::OverlapKind;
using estimate::Policy;

namespace {

constexpr int qubits = 2;
constexpr std::array<double, qubits> blank{};
const sim::RowCircuit encoding{test::tabled<test::iqp<qubits, 2>>(qubits, "e", 78), blank, 0,
                               qubits};
const std::vector<double> points[] = {{0.3, 0.9}, {0.5, 0.6}, {1.1, -0.4}};

struct Lab {
  Lab() : run(3, 1), kernel(learn::fidelityKernel(run.ctx, "k", encoding)) {
    noise = run.ctx.make<noise::Noise>("lab");
    noise->rules.push_back({noise::Channel::Depolarizing, noise::Noise::everyGate, 0.01});
    noise->readout = {0.02, 0.05};
    policy = run.ctx.make<Policy>(Policy::Mode::Fixed, "p");
    policy->low = 20'000;
    run.ctx.part<estimate::Policies>().push(policy);
    for (const auto &point : points)
      ids.push_back(*kernel->intern(run.ctx, 0, point));
  }
  void on(sim::Backend &device) { run.ctx.part<sim::Devices>().push(&device); }
  const sim::Recipe *recipe(size_t i) {
    return sim::makeLeaf(run.ctx, encoding.circuit, points[i]);
  }
  const Estimate *pair(size_t i, size_t j) {
    return learn::kernelEstimate(run.ctx, 0, *kernel, ids[i], ids[j]);
  }
  const Estimate *byHand(size_t i, size_t j, OverlapKind way) {
    return estimate::estimateFidelityBy(run.ctx, 0, *recipe(i), *recipe(j), *policy,
                                        estimate::overlapWay(way));
  }

  test::Run run;
  learn::Kernel *kernel;
  noise::Noise *noise;
  Policy *policy;
  std::vector<learn::RowId> ids;
};

} // namespace

TEST(NoisyKernel, IsTheFidelityThatIsWrittenByHand) {
  for (OverlapKind way :
       {OverlapKind::ComputeUncompute, OverlapKind::DestructiveSwap, OverlapKind::Swap})
    for (bool readout : {false, true})
      for (bool extrapolates : {false, true}) {
        Lab lab;
        device::DensityMatrix device("dm", 2 * qubits + 1, lab.noise);
        lab.on(device);
        lab.policy->overlap = way;
        lab.policy->mitigation.readout = readout;
        if (extrapolates)
          lab.policy->mitigation.factors = {1, 3};
        const Estimate *value = lab.pair(0, 1), *hand = lab.byHand(0, 1, way);
        ASSERT_TRUE(value && hand);
        EXPECT_EQ(value->way, estimate::overlapWay(way).name);
        EXPECT_EQ(value->shots, (extrapolates ? 2 : 1) * 20'000);
        EXPECT_EQ(lab.run.ctx.spent.shots, value->shots) << "paid once";
        EXPECT_NEAR(value->value, hand->value, 1e-12);
        EXPECT_NEAR(value->standardError, hand->standardError, 1e-12);
        EXPECT_NEAR(value->low, hand->low, 1e-12);
      }
}

TEST(NoisyKernel, ExtrapolatedMatricesAreNearer) {
  Lab lab;
  lab.noise->readout = {};
  device::DensityMatrix device("dm", qubits, lab.noise);
  lab.policy->low = 400'000;
  const double truth =
      *sim::backend(lab.run.ctx).fidelity(lab.run.ctx, 0, *lab.recipe(0), *lab.recipe(2));
  lab.on(device);
  const double raw = (*learn::gramMatrix(lab.run.ctx, 0, *lab.kernel, lab.ids))[2];
  lab.policy->mitigation.factors = {1, 3, 5};
  const auto before = lab.run.ctx.spent.circuits;
  const auto gram = learn::gramMatrix(lab.run.ctx, 0, *lab.kernel, lab.ids);
  ASSERT_TRUE(gram);
  EXPECT_EQ(lab.run.ctx.spent.circuits - before, 3 * 3);
  EXPECT_LT(std::abs((*gram)[2] - truth), 0.3 * std::abs(raw - truth));
  EXPECT_EQ((*gram)[2], (*gram)[6]);
  EXPECT_EQ((*gram)[0], 1);
}

TEST(NoisyKernel, WhatNobodyKnowsIsDrawn) {
  Lab lab;
  device::DensityMatrix exact("dm", 2 * qubits + 1, lab.noise);
  device::Trajectories device("tr", 2 * qubits + 1, lab.noise);
  for (OverlapKind way : {OverlapKind::ComputeUncompute, OverlapKind::Swap}) {
    lab.policy->overlap = way;
    lab.on(exact);
    const Estimate *known = lab.pair(0, 1);
    lab.on(device);
    const Estimate *drawn = lab.pair(0, 1);
    ASSERT_TRUE(known && drawn);
    EXPECT_NEAR(drawn->value, known->value,
                4.5 * std::hypot(drawn->standardError, known->standardError));
    EXPECT_EQ(lab.pair(1, 0)->value, drawn->value);
  }
}

TEST(NoisyKernel, OtherWaysNeedTwoOutcomes) {
  Lab lab;
  for (OverlapKind way : {OverlapKind::Hadamard, OverlapKind::Shadow}) {
    lab.policy->overlap = way;
    EXPECT_FALSE(lab.pair(0, 1));
    EXPECT_EQ(lab.run.ctx.takeFailure()->kind, base::Kind::BadValue);
  }
  sim::StateVector small("small", 3);
  lab.on(small);
  lab.policy->overlap = OverlapKind::Swap;
  EXPECT_FALSE(lab.pair(0, 1));
  EXPECT_EQ(lab.run.ctx.takeFailure()->kind, base::Kind::DeviceTooSmall);
}

TEST(NoisyKernel, IdealSwapsAreUnbiased) {
  Lab lab;
  const double truth =
      *sim::backend(lab.run.ctx).fidelity(lab.run.ctx, 0, *lab.recipe(0), *lab.recipe(2));
  for (OverlapKind way : {OverlapKind::Swap, OverlapKind::DestructiveSwap}) {
    lab.policy->overlap = way;
    const Estimate *value = lab.pair(0, 2), *hand = lab.byHand(0, 2, way);
    ASSERT_TRUE(value && hand);
    EXPECT_EQ(value->value, hand->value);
    EXPECT_NEAR(value->value, truth, 4.5 * value->standardError);
    EXPECT_NEAR(value->standardError, std::sqrt((1 - truth * truth) / 20'000), 1e-3);
  }
}
