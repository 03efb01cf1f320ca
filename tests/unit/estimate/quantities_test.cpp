// SPDX-License-Identifier: Apache-2.0
// Estimates as programs ask for them, through the C interface.
#include "qdo/runtime/abi.h"
#include "tests/unit/sim/circuits.h"

#include "runtime/base/object.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

namespace {
struct Quantities : testing::Test {
  void SetUp() override { open(1, 2); }
  void TearDown() override { qdo_rt_close(ctx); }
  void open(uint64_t seed, int threads) {
    if (ctx)
      qdo_rt_close(ctx);
    qdo_options options{};
    options.seed = seed;
    options.threads = threads;
    warnings.clear();
    options.warn = [](void *into, const qdo_failure *warning) {
      static_cast<std::vector<std::string> *>(into)->push_back(warning->message);
    };
    options.warn_user = &warnings;
    ctx = qdo_rt_open(&options);
  }
  qdo_prep recipe(const qdo_circuit *circuit, std::vector<double> data = {}) {
    return qdo_rt_recipe_new(ctx, 1, const_cast<qdo_circuit *>(circuit), data.data(),
                             static_cast<int64_t>(data.size()));
  }
  qdo_prep zz(double a, double b) { return recipe(circuits::zz<2, 2>, {a, b}); }
  void shots(int64_t count) { qdo_rt_with_push(ctx, qdo_rt_policy_shots(ctx, 1, count)); }
  std::string print(qdo_object object, const char *spec = "") {
    return qdo::base::as<qdo::base::Object>(object)->format(spec);
  }
  std::string message() { return qdo_rt_failure(ctx) ? qdo_rt_failure(ctx)->message : ""; }

  qdo_ctx *ctx = nullptr;
  std::vector<std::string> warnings;
};
} // namespace

TEST_F(Quantities, FidelityIsOneEstimateInBothOrders) {
  shots(20000);
  qdo_estimate e = qdo_rt_estimate_fidelity(ctx, 1, zz(0.1, 0.2), zz(0.3, 0.4));
  qdo_estimate f = qdo_rt_estimate_fidelity(ctx, 1, zz(0.3, 0.4), zz(0.1, 0.2));
  EXPECT_EQ(qdo_rt_estimate_value(ctx, e), qdo_rt_estimate_value(ctx, f));
  EXPECT_EQ(qdo_rt_spent_shots(ctx), 20000);
  EXPECT_EQ(qdo_rt_spent_circuits(ctx), 1);
  EXPECT_STREQ(qdo_rt_spent_text(ctx), "20,000 shots on 1 circuit");
  EXPECT_NEAR(qdo_rt_estimate_value(ctx, e), 0.1034841046620025,
              4 * qdo_rt_estimate_stderr(ctx, e));
  EXPECT_LT(qdo_rt_estimate_low(ctx, e), qdo_rt_estimate_value(ctx, e));
  EXPECT_GT(qdo_rt_estimate_high(ctx, e), qdo_rt_estimate_value(ctx, e));
  EXPECT_EQ(qdo_rt_estimate_shots(ctx, e), 20000);
}

TEST_F(Quantities, PauliSumsMeasureEachString) {
  shots(40000);
  qdo_prep p = recipe(circuits::zz<3, 2>, {0.1, 0.2, 0.3});
  qdo_observable h = qdo_rt_observable_new(ctx);
  qdo_rt_observable_term(ctx, 0, h, 0.5, 0, 0b011);
  qdo_rt_observable_term(ctx, 0, h, -0.3, 0b001, 0);
  qdo_rt_observable_term(ctx, 0, h, 2, 0, 0); // identity: free
  const double exact = qdo_rt_exact_expect(ctx, 1, p, h);
  qdo_estimate e = qdo_rt_estimate_expect(ctx, 1, p, h);
  EXPECT_EQ(qdo_rt_estimate_shots(ctx, e), 80000);
  EXPECT_EQ(qdo_rt_spent_circuits(ctx), 2);
  const double error = qdo_rt_estimate_stderr(ctx, e);
  EXPECT_NEAR(qdo_rt_estimate_value(ctx, e), exact, 4 * error);
  EXPECT_NEAR(error, std::sqrt(0.25 + 0.09) / std::sqrt(40000), 0.0005);
  EXPECT_LE(qdo_rt_estimate_low(ctx, e), exact);
  EXPECT_GE(qdo_rt_estimate_high(ctx, e), exact);
}

TEST_F(Quantities, AnIdentityIsKnownWithoutShots) {
  shots(10);
  qdo_observable h = qdo_rt_observable_new(ctx);
  qdo_rt_observable_term(ctx, 0, h, 1.5, 0, 0);
  qdo_estimate e = qdo_rt_estimate_expect(ctx, 1, zz(1, 2), h);
  EXPECT_EQ(qdo_rt_estimate_value(ctx, e), 1.5);
  EXPECT_EQ(qdo_rt_estimate_low(ctx, e), 1.5);
  EXPECT_EQ(qdo_rt_spent_shots(ctx), 0);
}

static bool narrow(qdo_ctx *, void *env, double, double, double halfWidth, double low, double high,
                   int64_t shots, int64_t) {
  auto *slots = static_cast<double *>(env);
  EXPECT_DOUBLE_EQ(halfWidth, (high - low) / 2);
  EXPECT_GT(shots, 0);
  return halfWidth <= slots[0];
}

TEST_F(Quantities, UntilSpeaksOfTheWholeSum) {
  qdo_policy policy = qdo_rt_policy_new(ctx, "careful");
  qdo_rt_policy_each(ctx, 1, policy, 100, 200000);
  auto *env = static_cast<double *>(qdo_rt_env_new(ctx, 1));
  env[0] = 0.02;
  qdo_rt_policy_until(ctx, policy, reinterpret_cast<qdo_fn>(narrow), env);
  qdo_rt_with_push(ctx, policy);
  qdo_observable h = qdo_rt_observable_new(ctx);
  qdo_rt_observable_term(ctx, 0, h, 0.05, 0, 0b01);
  qdo_rt_observable_term(ctx, 0, h, 1.0, 0b01, 0);
  qdo_prep p = zz(0.7, 0.4);
  qdo_estimate e = qdo_rt_estimate_expect(ctx, 1, p, h);
  EXPECT_LE(qdo_rt_estimate_high(ctx, e) - qdo_rt_estimate_low(ctx, e), 0.04);
  const double exact = qdo_rt_exact_expect(ctx, 1, p, h);
  EXPECT_LE(qdo_rt_estimate_low(ctx, e), exact);
  EXPECT_GE(qdo_rt_estimate_high(ctx, e), exact);
  // The heavy string got nearly all shots: they clash, so each has a circuit of its own.
  const int64_t both = qdo_rt_estimate_shots(ctx, e);
  qdo_observable light = qdo_rt_observable_new(ctx);
  qdo_rt_observable_term(ctx, 0, light, 0.05, 0, 0b01);
  qdo_estimate small = qdo_rt_estimate_expect(ctx, 1, p, light);
  EXPECT_LT(qdo_rt_estimate_shots(ctx, small), both / 4);
}

TEST_F(Quantities, ComparisonsRecomputeTheInterval) {
  shots(1000);
  qdo_prep p = recipe(circuits::tilt, {2 * std::acos(std::sqrt(0.54))});
  qdo_estimate e = qdo_rt_estimate_fidelity(ctx, 1, p, recipe(circuits::tilt, {0}));
  const double value = qdo_rt_estimate_value(ctx, e);
  const double threshold = value - 1.8 * qdo_rt_estimate_stderr(ctx, e);
  EXPECT_TRUE(qdo_rt_estimate_above(ctx, 1, e, threshold, 0.90));
  EXPECT_FALSE(qdo_rt_estimate_above(ctx, 1, e, threshold, 0.99));
  EXPECT_FALSE(qdo_rt_estimate_below(ctx, 1, e, threshold, 0.50));
  const double above = value + 1.8 * qdo_rt_estimate_stderr(ctx, e);
  EXPECT_TRUE(qdo_rt_estimate_below(ctx, 1, e, above, 0.90));
  EXPECT_FALSE(qdo_rt_estimate_below(ctx, 1, e, above, 0.99));
  EXPECT_EQ(qdo_rt_estimate_above(ctx, 1, e, qdo_rt_estimate_low(ctx, e) - 1e-12, 0.95), true);
  EXPECT_EQ(qdo_rt_estimate_above(ctx, 1, e, qdo_rt_estimate_low(ctx, e) + 1e-12, 0.95), false);
  qdo_rt_estimate_above(ctx, 8, e, 0.5, 1.0);
  EXPECT_EQ(message(), "the confidence is 100%, it must be above 0% and below 100%");
}

TEST_F(Quantities, PrintWithTheirError) {
  shots(1000);
  qdo_prep half = recipe(circuits::tilt, {std::numbers::pi / 2});
  qdo_estimate e = qdo_rt_estimate_fidelity(ctx, 1, half, recipe(circuits::tilt, {0}));
  const std::string text = print(e);
  EXPECT_EQ(text.size(), std::string("0.512 +- 0.016").size()) << text;
  EXPECT_EQ(text.substr(5), " +- 0.016");
  EXPECT_EQ(print(e, ".2f").substr(4), " +- 0.02");
}

static bool heads(qdo_ctx *ctx, void *env) {
  auto *slots = static_cast<int64_t *>(env);
  ++slots[1];
  const int64_t q = qdo_rt_live_prepare(ctx, 2, reinterpret_cast<qdo_prep>(slots[0]));
  return qdo_rt_live_measure(ctx, 3, q);
}

TEST_F(Quantities, BlocksRunOnceAShot) {
  auto run = [&](uint64_t seed, int threads) {
    open(seed, threads);
    shots(3000);
    auto *env = static_cast<int64_t *>(qdo_rt_env_new(ctx, 2));
    env[0] = reinterpret_cast<int64_t>(recipe(circuits::tilt, {2 * std::asin(0.5)}));
    qdo_estimate e = qdo_rt_estimate_block(ctx, 1, reinterpret_cast<qdo_fn>(heads), env, 42);
    EXPECT_EQ(env[1], 3000);
    EXPECT_EQ(qdo_rt_spent_shots(ctx), 3000) << "prepare inside a block is part of its shot";
    const double value = qdo_rt_estimate_value(ctx, e);
    EXPECT_NEAR(value, 0.25, 4 * std::sqrt(0.25 * 0.75 / 3000));
    // Asked again it is measured again, with other numbers.
    qdo_estimate f = qdo_rt_estimate_block(ctx, 1, reinterpret_cast<qdo_fn>(heads), env, 42);
    EXPECT_EQ(env[1], 6000);
    return std::pair(value, qdo_rt_estimate_value(ctx, f));
  };
  auto first = run(9, 1);
  EXPECT_EQ(run(9, 4), first);
  EXPECT_NE(run(10, 1), first);
  EXPECT_NE(first.first, first.second);
}

/// Slots: count, then recipes for each 200 shots, the last of which stays.
static bool drifting(qdo_ctx *ctx, void *env) {
  auto *slots = static_cast<int64_t *>(env);
  const int64_t batch = std::min<int64_t>(slots[0]++ / 200, 7);
  const int64_t q = qdo_rt_live_prepare(ctx, 2, reinterpret_cast<qdo_prep>(slots[1 + batch]));
  return qdo_rt_live_measure(ctx, 3, q);
}

TEST_F(Quantities, BatchesOfABlockThatDisagree) {
  auto run = [&](std::vector<double> probabilities) {
    open(3, 2);
    qdo_policy policy = qdo_rt_policy_new(ctx, "watched");
    qdo_rt_policy_each(ctx, 1, policy, 200, 1600);
    qdo_rt_policy_batch(ctx, 1, policy, 200);
    qdo_rt_policy_until(
        ctx, policy,
        reinterpret_cast<qdo_fn>(+[](qdo_ctx *, qdo_env, double, double, double, double, double,
                                     int64_t, int64_t) { return false; }),
        nullptr);
    qdo_rt_with_push(ctx, policy);
    auto *env = static_cast<int64_t *>(qdo_rt_env_new(ctx, 9));
    for (size_t i = 0; i < 8; ++i)
      env[1 + i] = reinterpret_cast<int64_t>(
          recipe(circuits::tilt, {2 * std::asin(std::sqrt(probabilities[i]))}));
    qdo_estimate e = qdo_rt_estimate_block(ctx, 1, reinterpret_cast<qdo_fn>(drifting), env, 42);
    EXPECT_EQ(qdo_rt_spent_shots(ctx), 1600);
    return e;
  };
  qdo_estimate steady = run(std::vector(8, 0.3));
  EXPECT_TRUE(warnings.empty());
  EXPECT_EQ(qdo_rt_estimate_shots(ctx, steady), 1600);
  EXPECT_EQ(print(qdo_rt_estimate_method(ctx, steady)), "counts");
  const double width = qdo_rt_estimate_stderr(ctx, steady);

  qdo_estimate one = run({0.3, 0.3, 0.3, 0.9, 0.3, 0.3, 0.3, 0.3});
  EXPECT_EQ(qdo_rt_estimate_shots(ctx, one), 1400) << "paid, and set aside";
  EXPECT_NEAR(qdo_rt_estimate_value(ctx, one), 0.3, 0.05);
  EXPECT_EQ(print(qdo_rt_estimate_method(ctx, one)), "counts, 1 of 8 batches set aside");
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_NE(warnings[0].find("without batch 4 ("), std::string::npos) << warnings[0];
  EXPECT_LT(qdo_rt_estimate_stderr(ctx, one), 1.2 * width);

  qdo_estimate many = run({0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8});
  EXPECT_EQ(qdo_rt_estimate_shots(ctx, many), 1600);
  EXPECT_GT(qdo_rt_estimate_stderr(ctx, many), 4 * width);
  EXPECT_EQ(print(qdo_rt_estimate_method(ctx, many)), "counts");
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_NE(warnings[0].find("furthest off are "), std::string::npos) << warnings[0];
}

TEST_F(Quantities, EachAsPreciselyAsItWasAskedFor) {
  qdo_policy policy = qdo_rt_policy_new(ctx, "p");
  qdo_rt_policy_budget(ctx, 1, policy, 200'000);
  qdo_rt_policy_each(ctx, 1, policy, 100, 50'000);
  qdo_rt_with_push(ctx, policy);
  qdo_observable z = qdo_rt_observable_new(ctx), x = qdo_rt_observable_new(ctx);
  qdo_rt_observable_term(ctx, 0, z, 1, 0, 1);
  qdo_rt_observable_term(ctx, 0, x, 1, 1, 0);
  qdo_list list = qdo_rt_list_new(ctx);
  for (qdo_observable o : {z, x}) {
    qdo_rt_list_add_object(ctx, list, o);
    qdo_rt_list_end_element(ctx, list);
  }
  auto ask = [&](double first, double second) {
    qdo_array within = qdo_rt_array_new(ctx, 2, 0);
    qdo_rt_array_set(ctx, 1, within, 0, first);
    qdo_rt_array_set(ctx, 1, within, 1, second);
    return qdo_rt_expect_each(ctx, 1, recipe(circuits::tilt, {1.2}), list, within);
  };
  qdo_list found = ask(0.1, 0.02);
  ASSERT_NE(found, nullptr) << message();
  auto of = [&](int64_t i) { return qdo_rt_list_object(ctx, 1, found, i, 0); };
  auto half = [&](int64_t i) {
    return (qdo_rt_estimate_high(ctx, of(i)) - qdo_rt_estimate_low(ctx, of(i))) / 2;
  };
  EXPECT_LE(half(0), 0.1);
  EXPECT_LE(half(1), 0.02);
  EXPECT_LT(3 * qdo_rt_estimate_shots(ctx, of(0)), qdo_rt_estimate_shots(ctx, of(1)))
      << "the loose one does not pay for the strict one";
  EXPECT_NEAR(qdo_rt_estimate_value(ctx, of(0)), std::cos(1.2), 0.1);
  EXPECT_NEAR(qdo_rt_estimate_value(ctx, of(1)), std::sin(1.2), 0.02);
  const int64_t spent = qdo_rt_spent_shots(ctx);
  ask(0.1, 0.02);
  EXPECT_EQ(qdo_rt_spent_shots(ctx), spent) << "measured already";
  ask(0.1, -1);
  EXPECT_NE(message().find("`within`"), std::string::npos);
}

static bool failing(qdo_ctx *ctx, void *env) {
  if (++*static_cast<int64_t *>(env) == 10)
    qdo_rt_int_div(ctx, 77, 1, 0);
  return true;
}

TEST_F(Quantities, AFailureInsideABlockEndsIt) {
  shots(100);
  auto *env = static_cast<int64_t *>(qdo_rt_env_new(ctx, 1));
  EXPECT_EQ(qdo_rt_estimate_block(ctx, 1, reinterpret_cast<qdo_fn>(failing), env, 1), nullptr);
  EXPECT_EQ(*env, 10);
  EXPECT_EQ(qdo_rt_failure(ctx)->site, 77u);
  EXPECT_EQ(qdo_rt_spent_shots(ctx), 9) << "the last made no qubit before it failed";
}

TEST_F(Quantities, BlocksKeepToTheBudget) {
  qdo_policy policy = qdo_rt_policy_new(ctx, "small");
  qdo_rt_policy_budget(ctx, 1, policy, 150);
  qdo_rt_policy_each(ctx, 1, policy, 100, -1);
  qdo_rt_with_push(ctx, policy);
  auto *env = static_cast<int64_t *>(qdo_rt_env_new(ctx, 2));
  env[0] = reinterpret_cast<int64_t>(recipe(circuits::tilt, {1}));
  EXPECT_NE(qdo_rt_estimate_block(ctx, 1, reinterpret_cast<qdo_fn>(heads), env, 1), nullptr);
  EXPECT_EQ(qdo_rt_estimate_block(ctx, 5, reinterpret_cast<qdo_fn>(heads), env, 1), nullptr);
  EXPECT_EQ(env[1], 100);
  EXPECT_EQ(message(), "the budget of `small` ended: 100 of 150 shots are spent and the next "
                       "measurement needs 100");
}

TEST_F(Quantities, SamplesAreDrawnAnewAndPaid) {
  shots(500);
  qdo_prep cat = recipe(circuits::cat<3>);
  const std::string first = print(qdo_rt_sample(ctx, 1, cat, 1000));
  EXPECT_EQ(first.find("000: "), 0u);
  EXPECT_NE(first.find(", 111: "), std::string::npos);
  EXPECT_NE(first.find("(1000 shots, qubit 0 rightmost)"), std::string::npos);
  EXPECT_NE(print(qdo_rt_sample(ctx, 1, cat, 1000)), first);
  EXPECT_NE(print(qdo_rt_sample(ctx, 1, cat, -1)).find("(500 shots"), std::string::npos);
  EXPECT_EQ(qdo_rt_spent_shots(ctx), 2500);
  open(1, 3);
  shots(500);
  EXPECT_EQ(print(qdo_rt_sample(ctx, 1, recipe(circuits::cat<3>), 1000)), first);
}

TEST_F(Quantities, NothingIsMeasuredUnpaid) {
  EXPECT_EQ(qdo_rt_estimate_fidelity(ctx, 6, zz(1, 2), zz(3, 4)), nullptr);
  EXPECT_EQ(qdo_rt_failure(ctx)->site, 6u);
  qdo_rt_recover(ctx);
  qdo_rt_with_push(ctx, qdo_rt_policy_exact(ctx));
  EXPECT_EQ(qdo_rt_estimate_fidelity(ctx, 6, zz(1, 2), zz(3, 4)), nullptr);
  EXPECT_EQ(message(),
            "the policy of this measurement is `exact`, it must be one that spends shots");
}

TEST_F(Quantities, ClausesAreChecked) {
  auto refused = [&](auto set) {
    qdo_policy policy = qdo_rt_policy_new(ctx, "p");
    set(policy);
    std::string text = message();
    qdo_rt_recover(ctx);
    return text;
  };
  EXPECT_EQ(refused([&](auto p) { qdo_rt_policy_budget(ctx, 1, p, -1); }),
            "`budget` of `p` is -1, it must be 0 or more");
  EXPECT_EQ(refused([&](auto p) { qdo_rt_policy_each(ctx, 1, p, 0, -1); }),
            "`each` of `p` is 0, it must be at least 1");
  EXPECT_EQ(refused([&](auto p) { qdo_rt_policy_each(ctx, 1, p, 64, 32); }),
            "`each` of `p` is 64 to 32, it must be from the smaller to the larger number");
  EXPECT_EQ(refused([&](auto p) { qdo_rt_policy_batch(ctx, 1, p, 0); }),
            "`batch` of `p` is 0, it must be at least 1");
  EXPECT_EQ(refused([&](auto p) { qdo_rt_policy_confidence(ctx, 1, p, 1); }),
            "`confidence` of `p` is 100%, it must be above 0% and below 100%");
  EXPECT_EQ(refused([&](auto) { qdo_rt_policy_shots(ctx, 1, 0); }),
            "`shots` of `shots(0)` is 0, it must be at least 1");
}

TEST_F(Quantities, RecoveryLeavesTheBlocksOfTheFailedCell) {
  shots(10);
  qdo_rt_int_div(ctx, 1, 1, 0);
  qdo_rt_recover(ctx);
  EXPECT_EQ(qdo_rt_estimate_fidelity(ctx, 6, zz(1, 2), zz(3, 4)), nullptr);
  EXPECT_NE(message().find("is missing"), std::string::npos);
}
