// SPDX-License-Identifier: Apache-2.0
// Live qubits through the C interface: collapse, entanglement, aliasing, repeatability.
#include "qdo/runtime/abi.h"
#include "tests/unit/sim/circuits.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

namespace {
struct Live : testing::Test {
  void SetUp() override { open(11); }
  void TearDown() override { qdo_rt_close(ctx); }
  void open(uint64_t seed) {
    if (ctx)
      qdo_rt_close(ctx);
    qdo_options options{};
    options.seed = seed;
    ctx = qdo_rt_open(&options);
    qdo_rt_with_push(ctx, qdo_rt_policy_shots(ctx, 0, 1));
  }
  int64_t prepare(const qdo_circuit *circuit, std::vector<double> data = {}) {
    return qdo_rt_live_prepare(ctx, 1,
                               qdo_rt_recipe_new(ctx, 1, const_cast<qdo_circuit *>(circuit),
                                                 data.data(), static_cast<int64_t>(data.size())));
  }
  void gate(const char *name, std::vector<int64_t> wires, double a = 0) {
    qdo_rt_live_gate(ctx, 2, circuits::row(name), false, wires.data(),
                     static_cast<int64_t>(wires.size()), a, 0, 0, 0);
  }
  bool measure(int64_t qubit) { return qdo_rt_live_measure(ctx, 3, qubit); }

  qdo_ctx *ctx = nullptr;
};
} // namespace

static void nothing(qdo_sink *, const double *) {}

TEST_F(Live, OutcomesHaveTheirProbability) {
  const double angle = 2 * std::asin(std::sqrt(0.3));
  int ones = 0;
  constexpr int shots = 20000;
  for (int i = 0; i < shots; ++i)
    ones += measure(prepare(circuits::tilt, {angle}));
  EXPECT_NEAR(ones, 0.3 * shots, 4 * std::sqrt(shots * 0.21));
  EXPECT_EQ(qdo_rt_spent_shots(ctx), shots) << "waking an empty memory is a shot";
}

TEST_F(Live, EntangledQubitsAgree) {
  int ones = 0;
  for (int i = 0; i < 500; ++i) {
    const int64_t q = prepare(circuits::cat<3>);
    qdo_rt_live_discard(ctx, 4, q + 1);
    const bool first = measure(q + 2);
    ASSERT_EQ(measure(q), first);
    ones += first;
  }
  EXPECT_NEAR(ones, 250, 4 * std::sqrt(125.0));
  EXPECT_EQ(ctx->status, 0);
}

TEST_F(Live, TeleportationKeepsTheState) {
  const double angle = 2 * std::asin(std::sqrt(0.8));
  int ones = 0;
  constexpr int shots = 4000;
  for (int i = 0; i < shots; ++i) {
    const int64_t message = prepare(circuits::tilt, {angle});
    const int64_t pair = prepare(circuits::cat<2>);
    gate("cx", {message, pair});
    gate("h", {message});
    if (measure(pair))
      gate("x", {pair + 1});
    if (measure(message))
      gate("z", {pair + 1});
    // Undo what was teleported half of the time: then the outcome is certain.
    if (i % 2 == 0) {
      gate("ry", {pair + 1}, -angle);
      ASSERT_FALSE(measure(pair + 1));
    } else {
      ones += measure(pair + 1);
    }
  }
  EXPECT_NEAR(ones, 0.8 * shots / 2, 4 * std::sqrt(shots / 2 * 0.16));
  EXPECT_EQ(qdo_rt_spent_shots(ctx), shots);
}

TEST_F(Live, ControlsComeFirst) {
  const int64_t q = prepare(circuits::tabled<nothing>(3));
  gate("x", {q});
  gate("x", {q + 2});
  gate("ccx", {q, q + 2, q + 1});
  gate("cswap", {q + 1, q, q + 2});
  gate("x", {q});
  EXPECT_FALSE(measure(q));
  EXPECT_TRUE(measure(q + 1));
  EXPECT_TRUE(measure(q + 2));
}

TEST_F(Live, OneGateNeverGetsOneQubitTwice) {
  const int64_t q = prepare(circuits::tabled<nothing>(2));
  gate("cx", {q, q});
  ASSERT_NE(ctx->status, 0);
  EXPECT_STREQ(qdo_rt_failure(ctx)->kind, "RuntimeAlias");
  EXPECT_EQ(qdo_rt_failure(ctx)->site, 2u);
}

TEST_F(Live, AConsumedQubitIsGone) {
  const int64_t q = prepare(circuits::tabled<nothing>(1));
  measure(q);
  measure(q);
  EXPECT_STREQ(qdo_rt_failure(ctx)->message, "this qubit is already consumed, it must be live");
}

TEST_F(Live, NothingIsPreparedUnpaid) {
  qdo_rt_with_pop(ctx);
  prepare(circuits::tabled<nothing>(1));
  EXPECT_STREQ(qdo_rt_failure(ctx)->message,
               "the policy of this measurement is missing, it must be one that spends shots");
}

TEST_F(Live, TooManyQubitsAreRefused) {
  prepare(circuits::tabled<nothing>(20));
  prepare(circuits::tabled<nothing>(25));
  ASSERT_EQ(qdo_rt_failure(ctx), nullptr); // Clifford so far: no amplitudes
  prepare(circuits::tilt, {1.3});
  ASSERT_NE(qdo_rt_failure(ctx), nullptr);
  EXPECT_STREQ(qdo_rt_failure(ctx)->kind, "OutOfMemory");
  EXPECT_EQ(std::string(qdo_rt_failure(ctx)->message).find("46 qubits need 1 PiB"), 0u)
      << qdo_rt_failure(ctx)->message;
}

TEST_F(Live, TheSeedDecidesEverything) {
  auto run = [&](uint64_t seed) {
    open(seed);
    std::string bits;
    for (int i = 0; i < 64; ++i)
      bits += measure(prepare(circuits::tilt, {1.3})) ? '1' : '0';
    return bits;
  };
  const std::string first = run(4);
  EXPECT_EQ(run(4), first);
  EXPECT_NE(run(5), first);
}
