// SPDX-License-Identifier: Apache-2.0
// The description of noise: what gates are called, which rule holds, folding, corrected readout.
#include "runtime/device/noisy_circuit.h"
#include "runtime/noise/clock.h"
#include "tests/unit/device/noisy_reference.h"

#include <gtest/gtest.h>

using namespace qdo;
using noise::gateNamed;
using noise::Noise;

static gates::GateCall call(const char *name, uint64_t controls = 0, bool inverse = false) {
  return {gateNamed(name), inverse, controls, 3, -1, {}};
}

TEST(Noise, GatesAreKnownByTheirNames) {
  EXPECT_EQ(noise::nameOf(call("x")), gateNamed("x"));
  EXPECT_EQ(noise::nameOf(call("x", 1)), gateNamed("cx"));
  EXPECT_EQ(noise::nameOf(call("x", 3)), gateNamed("ccx"));
  EXPECT_EQ(noise::nameOf(call("cx", 1)), gateNamed("cx"));
  EXPECT_EQ(noise::nameOf(call("cx", 3)), gateNamed("ccx"));
  EXPECT_EQ(noise::nameOf(call("x", 7)), -1);
  EXPECT_EQ(noise::nameOf(call("ry", 1)), gateNamed("cry"));
  EXPECT_EQ(noise::nameOf(call("u", 1)), -1); // cu has a phase more
  EXPECT_EQ(noise::nameOf(call("s", 0, true)), gateNamed("sdg"));
  EXPECT_EQ(noise::nameOf(call("rx", 0, true)), gateNamed("rx"));
}

TEST(Noise, TheRuleOfAGateGoesBeforeThatOfAll) {
  Noise noise("n");
  noise.rules = {{noise::Channel::Depolarizing, Noise::everyGate, 0.1},
                 {noise::Channel::Depolarizing, gateNamed("h"), 0}};
  EXPECT_TRUE(noise::channelsAfter(noise, call("h")).empty());
  EXPECT_EQ(noise::channelsAfter(noise, call("x")).size(), 1u);
  EXPECT_EQ(noise::channelsAfter(noise, call("x", 7))[0].probability, 0.1);
}

TEST(Noise, HashIsOfWhatItDoes) {
  Noise a("a"), b("b");
  a.rules = {{noise::Channel::Depolarizing, 3, 0.1}, {noise::Channel::PhaseDamping, 3, 0.2}};
  b.rules = {a.rules[1], a.rules[0]};
  EXPECT_EQ(a.hash(), b.hash());
  b.t1 = 1e-5;
  EXPECT_NE(a.hash(), b.hash());
}

TEST(Noise, GatesWaitForTheirQubits) {
  Noise noise("n");
  noise.times = {{gateNamed("x"), 10e-9}, {gateNamed("cx"), 100e-9}};
  noise::Clock clock(noise, 2);
  std::vector<std::pair<int, double>> passed;
  auto note = [&](int q, double s) { passed.push_back({q, s}); };
  const int x = gateNamed("x"), cx = gateNamed("cx"), both[] = {0, 1};
  const std::span first(both, 1);
  clock.start(first, note);
  clock.finish(x, first, note);
  clock.start(both, note);
  ASSERT_EQ(passed.size(), 2u); // qubit 0 works, then qubit 1 waits for it
  EXPECT_EQ(passed[1].first, 1);
  EXPECT_NEAR(passed[1].second, 10e-9, 1e-18);
  clock.finish(cx, both, note);
  EXPECT_NEAR(clock.now(), 110e-9, 1e-18);
}

TEST(Noise, FoldingSpreadsEvenly) {
  base::Context ctx(qdo_options{});
  Noise noise("n");
  std::vector<gates::GateCall> calls(5, {gateNamed("x"), false, 0, 0, -1, {}});
  const auto *recipe = noisy::recipeOf(ctx, calls, 1);
  for (auto [asked, gates, fold] : {std::tuple{1.0, 5, 1.0}, {3.0, 15, 3.0}, {2.0, 11, 2.2}}) {
    const auto circuit = device::noisyCircuit(ctx, 0, *recipe, noise, asked);
    EXPECT_EQ(std::ssize(circuit->steps), gates);
    EXPECT_NEAR(circuit->fold, fold, 1e-12);
  }
}

TEST(Noise, CorrectedReadoutIsTheInverseOfTheConfusion) {
  const noise::Readout r{0.1, 0.2};
  const auto zeros = noise::correctedZeros(r, 1), sign = noise::correctedSign(r, 1);
  // Means of the values under what is read when the qubit is 0 and when it is 1.
  EXPECT_NEAR(0.9 * zeros.zero + 0.1 * zeros.one, 1, 1e-15);
  EXPECT_NEAR(0.2 * zeros.zero + 0.8 * zeros.one, 0, 1e-15);
  EXPECT_NEAR(0.9 * sign.zero + 0.1 * sign.one, 1, 1e-15);
  EXPECT_NEAR(0.2 * sign.zero + 0.8 * sign.one, -1, 1e-15);
  const auto three = noise::correctedZeros(r, 3);
  for (int ones = 0; ones <= 3; ++ones) {
    EXPECT_LE(three.low, three.value(3, ones));
    EXPECT_GE(three.high, three.value(3, ones));
  }
}
