// SPDX-License-Identifier: Apache-2.0
// Optimisers on functions whose minimum is known, exact and under shots, and what a budget leaves.
#include "runtime/gradient/optimizer.h"
#include "tests/unit/gradient/random_circuit.h"
#include "tests/unit/sim/circuits.h"

#include <gtest/gtest.h>

using namespace qdo;
using namespace qdo::gradient;
using Rule = Optimizer::Rule;

namespace {

Tape &tapeOf(qdo_ctx *ctx) { return *base::Context::of(ctx).part<Recording>().tape; }

std::vector<Node *> nodesOf(qdo_list list) {
  std::vector<Node *> nodes;
  for (const auto &slot : base::as<base::List>(list)->slots)
    nodes.push_back(static_cast<Node *>(base::as<base::Object>(slot.object)));
  return nodes;
}

/// Rosenbrock's valley: the minimum 0 is at (1, 1).
qdo_estimate valley(qdo_ctx *ctx, void *, qdo_list list) {
  Tape &tape = tapeOf(ctx);
  const auto w = nodesOf(list);
  Node *bend = tape.sum(w[1], tape.product(w[0], w[0]), -1);
  Node *rest = tape.affine(w[0], -1, 1);
  return base::handle(
      tape.sum(tape.product(rest, rest), tape.affine(tape.product(bend, bend), 100, 0), 1));
}

/// <Z> on two qubits turned by two angles: the minimum is -1 for each.
constexpr auto turnBody = [](qdo_sink *sink, const double *w) {
  circuits::one(sink, "ry", 0, w[0]);
  circuits::one(sink, "ry", 1, w[1]);
};

const qdo_circuit *turns() {
  static qdo_circuit circuit = [] {
    qdo_circuit made = *test::tabled<turnBody>(2, "turns");
    made.pull_back = [](const double *, const double *slots, double *out) {
      out[0] += slots[0];
      out[1] += slots[1];
    };
    return made;
  }();
  return &circuit;
}

/// (<Z0> + <Z1>) / 2 + 1, between 0 and 2.
qdo_estimate energy(qdo_ctx *ctx, void *, qdo_list list) {
  auto &context = base::Context::of(ctx);
  Tape &tape = tapeOf(ctx);
  const auto w = nodesOf(list);
  auto *observable = context.make<sim::Observable>();
  observable->add(0.5, 0, 1);
  observable->add(0.5, 0, 2);
  const auto *recipe =
      sim::makeTraced(context, turns(), std::vector{w[0]->number, w[1]->number}, {w[0], w[1]});
  return base::handle(
      tape.affine(tape.measured(0, Quantity::Expect, recipe, nullptr, observable), 1, 1));
}

/// <Z> on six qubits turned by six angles, with weights that differ.
constexpr auto wideBody = [](qdo_sink *sink, const double *w) {
  for (int q = 0; q < 6; ++q)
    circuits::one(sink, "ry", q, w[q]);
};

qdo_estimate wide(qdo_ctx *ctx, void *, qdo_list list) {
  auto &context = base::Context::of(ctx);
  Tape &tape = tapeOf(ctx);
  const auto w = nodesOf(list);
  static const qdo_circuit *circuit = test::tabled<wideBody>(6, "wide");
  auto *observable = context.make<sim::Observable>();
  std::vector<double> data;
  std::vector<base::Object *> inputs;
  for (size_t q = 0; q < 6; ++q) {
    observable->add(static_cast<double>(q + 1) / 6, 0, uint64_t{1} << q);
    data.push_back(w[q]->number);
    inputs.push_back(w[q]);
  }
  return base::handle(tape.measured(
      0, Quantity::Expect, sim::makeTraced(context, circuit, data, inputs), nullptr, observable));
}

struct Minima : testing::Test {
  static qdo_options options() {
    qdo_options options{};
    options.seed = 7;
    return options;
  }
  base::Context ctx{options()};

  std::unique_ptr<Fit> run(FunctionFn fn, const estimate::Policy &policy, const Optimizer &by,
                           std::vector<double> from) {
    ctx.part<estimate::Policies>().push(const_cast<estimate::Policy *>(&policy));
    Objective objective(ctx, 0, {fn, nullptr});
    auto fit = minimize(ctx, 0, by, objective, from);
    ctx.part<estimate::Policies>().pop();
    return fit;
  }

  static Optimizer &with(Optimizer &by, int64_t steps, double rate = 0.1) {
    by.steps = steps;
    by.rate = rate;
    return by;
  }

  estimate::Policy exact{estimate::Policy::Mode::Exact, "exact"};
};

} // namespace

TEST_F(Minima, LbfgsFollowsTheValley) {
  Optimizer by(Rule::Lbfgs);
  auto fit = run(valley, exact, with(by, 100), {-1.2, 1.0});
  ASSERT_TRUE(fit);
  EXPECT_EQ(fit->stopped, "converged");
  EXPECT_LT(fit->steps, 60);
  EXPECT_NEAR(fit->at[0], 1, 1e-6);
  EXPECT_NEAR(fit->at[1], 1, 1e-6);
  EXPECT_EQ(static_cast<int64_t>(fit->history.size()), fit->steps + 1);
  for (size_t i = 1; i < fit->history.size(); ++i)
    EXPECT_LE(fit->history[i].value, fit->history[i - 1].value);
}

TEST_F(Minima, CmaNeedsNoGradient) {
  Optimizer by(Rule::Cma);
  by.sigma = 0.5;
  auto fit = run(valley, exact, with(by, 250), {-1.2, 1.0});
  ASSERT_TRUE(fit);
  EXPECT_NEAR(fit->at[0], 1, 1e-4);
  EXPECT_NEAR(fit->value.value, 0, 1e-7);
}

TEST_F(Minima, DescentAndAdamReachTheGround) {
  for (Rule rule : {Rule::Descent, Rule::Adam, Rule::Spsa}) {
    Optimizer by(rule);
    by.perturbation = 0.05;
    auto fit = run(energy, exact, with(by, 400, rule == Rule::Adam ? 0.1 : 0.5), {0.4, -0.7});
    ASSERT_TRUE(fit);
    EXPECT_NEAR(fit->value.value, 0, 1e-3) << static_cast<int>(rule);
    // Descent shrinks the slope by a quarter a step, so it is at 1e-12 long before the end.
    EXPECT_EQ(fit->stopped, rule == Rule::Descent ? "converged" : "steps")
        << static_cast<int>(rule);
  }
}

TEST_F(Minima, FewShotsGoALongWay) {
  for (Rule rule : {Rule::Icans, Rule::Gcans}) {
    estimate::Policy policy(estimate::Policy::Mode::Sequential, "train");
    policy.low = 50;
    policy.high = 50;
    Optimizer by(rule);
    by.lipschitz = 1;
    auto fit = run(energy, policy, with(by, 80, 0.5), {0.9, -0.7});
    ASSERT_TRUE(fit);
    EXPECT_LT(fit->value.value, 0.1) << static_cast<int>(rule);
    ASSERT_TRUE(fit->value.estimate);
    EXPECT_LE(fit->value.estimate->low, fit->value.value);
    EXPECT_GE(fit->value.estimate->high, fit->value.value);
  }
}

TEST_F(Minima, ABudgetEndsATraining) {
  estimate::Policy policy(estimate::Policy::Mode::Sequential, "train");
  policy.low = 100;
  policy.high = 100;
  policy.budget = 5000;
  Optimizer by(Rule::Adam);
  auto fit = run(energy, policy, with(by, 1000), {0.9, -0.7});
  ASSERT_TRUE(fit);
  EXPECT_EQ(fit->stopped, "budget");
  EXPECT_GT(fit->steps, 2);
  EXPECT_LE(ctx.spent.shots, 5000);
  EXPECT_TRUE(ctx.ok());
  // What it holds was measured.
  EXPECT_EQ(fit->history.back().value, fit->value.value);
}

TEST_F(Minima, ADeadlineEndsATraining) {
  estimate::Policy policy(estimate::Policy::Mode::Sequential, "train");
  policy.low = 100;
  policy.high = 100;
  policy.reset = {.kind = estimate::Reset::Kind::Passive, .seconds = 1e-4};
  policy.deadline = 0.5; // not quite 5,000 runs
  Optimizer by(Rule::Adam);
  auto fit = run(energy, policy, with(by, 1000), {0.9, -0.7});
  ASSERT_TRUE(fit);
  EXPECT_EQ(fit->stopped, "deadline");
  EXPECT_GT(fit->steps, 2);
  EXPECT_TRUE(ctx.ok());
}

TEST_F(Minima, PoliciesAskForPerturbations) {
  // Two values for all slopes together, and none of the moved circuits of the shift rule.
  estimate::Policy policy(estimate::Policy::Mode::Sequential, "train");
  policy.low = 20'000;
  policy.high = 20'000;
  policy.gradient = {.kind = estimate::Gradient::Kind::Spsa, .step = 0.1};
  ctx.part<estimate::Policies>().push(&policy);
  Objective objective(ctx, 0, {energy, nullptr});
  const std::vector<double> at{0.9, -0.7};
  double mean[2] = {};
  constexpr int draws = 400;
  for (int i = 0; i < draws; ++i) {
    auto here = objective.gradient(at, false);
    ASSERT_TRUE(here);
    for (size_t k = 0; k < 2; ++k) {
      ASSERT_TRUE(here->slopes[k].estimate);
      mean[k] += here->slopes[k].value / draws;
    }
  }
  // Circuits that come again are paid once: four pairs of signs, at most four points.
  EXPECT_LE(ctx.spent.circuits, 4 * 2);
  ctx.part<estimate::Policies>().pop();
  // d/dw is -sin(w) / 2. The four points are the same draws each time, so their noise, about 0.025
  // of a mean, does not average out.
  for (size_t k = 0; k < 2; ++k)
    EXPECT_NEAR(mean[k], -std::sin(at[k]) / 2, 0.11);
}

TEST_F(Minima, PerturbationsAgreeOnAverage) {
  // Exact values: the mean over the four directions is the central difference itself.
  ctx.part<estimate::Policies>().push(&exact);
  Objective objective(ctx, 0, {energy, nullptr});
  const std::vector<double> at{0.9, -0.7};
  constexpr double c = 0.05;
  double mean[2] = {};
  constexpr int draws = 4000;
  for (int i = 0; i < draws; ++i) {
    auto here = objective.perturbed(at, c);
    ASSERT_TRUE(here);
    for (size_t k = 0; k < 2; ++k)
      mean[k] += here->slopes[k].value / draws;
  }
  ctx.part<estimate::Policies>().pop();
  // The other slope comes with a random sign: its spread is at most 0.5 / sqrt(draws).
  for (size_t k = 0; k < 2; ++k)
    EXPECT_NEAR(mean[k], -std::sin(at[k]) / 2 * std::sin(c) / c, 5 * 0.5 / std::sqrt(draws));
}

TEST_F(Minima, ShiftsAgreeWithSweeps) {
  // On the same point: each shifted slope against the exact one, in units of its standard error.
  const std::vector<double> at{0.4, 2.1};
  ctx.part<estimate::Policies>().push(&exact);
  Objective ideal(ctx, 0, {energy, nullptr});
  auto truth = ideal.gradient(at, false);
  ctx.part<estimate::Policies>().pop();
  ASSERT_TRUE(truth);
  estimate::Policy policy(estimate::Policy::Mode::Sequential, "train");
  policy.low = 20'000;
  policy.high = 20'000;
  ctx.part<estimate::Policies>().push(&policy);
  Objective measured(ctx, 0, {energy, nullptr});
  auto here = measured.gradient(at, false);
  ctx.part<estimate::Policies>().pop();
  ASSERT_TRUE(here);
  for (size_t k = 0; k < 2; ++k) {
    EXPECT_NEAR(truth->slopes[k].value, -std::sin(at[k]) / 2, 1e-12);
    EXPECT_LT(std::fabs(here->slopes[k].value - truth->slopes[k].value),
              4.5 * here->slopes[k].standardError);
    EXPECT_LT(here->slopes[k].standardError, 0.01);
  }
}

TEST_F(Minima, ABudgetForNothingIsAFailure) {
  estimate::Policy policy(estimate::Policy::Mode::Sequential, "train");
  policy.low = 100;
  policy.budget = 10;
  Optimizer by(Rule::Adam);
  EXPECT_FALSE(run(energy, policy, with(by, 10), {0.9, -0.7}));
  EXPECT_EQ(ctx.failure()->kind, base::Kind::BudgetExhausted);
}

TEST_F(Minima, ShiftedGradientsHoldTheirIntervals) {
  // d/dw (<Z0> + <Z1>) / 2 = -sin(w) / 2. 200 points, 95 % intervals.
  estimate::Policy policy(estimate::Policy::Mode::Sequential, "train");
  policy.low = 400;
  policy.high = 400;
  int covered = 0, asked = 0;
  ctx.part<estimate::Policies>().push(&policy);
  for (int i = 0; i < 200; ++i) {
    const std::vector<double> at{0.03 * i + 0.01, 2 - 0.02 * i};
    Objective objective(ctx, 0, {energy, nullptr});
    auto here = objective.gradient(at, false);
    ASSERT_TRUE(here);
    for (size_t k = 0; k < 2; ++k, ++asked) {
      const auto &e = *here->slopes[k].estimate;
      const double truth = -std::sin(at[k]) / 2;
      covered += e.low <= truth && truth <= e.high;
    }
  }
  EXPECT_GE(covered, asked * 0.95 - 2 * std::sqrt(asked * 0.95 * 0.05));
  // Two circuits a slope, which read both strings, and nothing else: the value is not needed.
  EXPECT_EQ(ctx.spent.circuits, 200 * 2 * 2);
}

TEST_F(Minima, PerturbedSlopesHoldTheirIntervals) {
  // 6 numbers have 32 directions, of which 8 are taken. 100 points, 95 % intervals, few shots and
  // many: what a slope is off by comes from the values or from the directions.
  constexpr double c = 0.1;
  for (int64_t shots : {200, 20'000}) {
    estimate::Policy policy(estimate::Policy::Mode::Sequential, "sides");
    policy.low = policy.high.emplace(shots);
    policy.gradient = {.kind = estimate::Gradient::Kind::Spsa, .step = c};
    ctx.part<estimate::Policies>().push(&policy);
    int covered = 0, asked = 0, norms = 0;
    double off = 0, claimed = 0;
    for (int i = 0; i < 100; ++i) {
      std::vector<double> at;
      double square = 0;
      for (int q = 0; q < 6; ++q)
        at.push_back(0.3 + 0.05 * i + 0.4 * q);
      Objective objective(ctx, 0, {wide, nullptr});
      auto here = objective.gradient(at, false);
      ASSERT_TRUE(here);
      std::vector<std::pair<const estimate::Estimate *, double>> parts;
      double length = 0;
      for (const Result &slope : here->slopes)
        length += slope.value * slope.value;
      length = std::sqrt(length);
      for (size_t q = 0; q < 6; ++q, ++asked) {
        const auto &e = *here->slopes[q].estimate;
        const double truth = -static_cast<double>(q + 1) / 6 * std::sin(at[q]) * std::sin(c) / c;
        square += truth * truth;
        covered += e.low <= truth && truth <= e.high;
        off += (e.value - truth) * (e.value - truth);
        claimed += e.standardError * e.standardError;
        parts.emplace_back(&e, e.value / length);
      }
      const auto *norm = estimate::linearised(ctx, length, parts);
      norms += norm->low <= std::sqrt(square) && std::sqrt(square) <= norm->high;
    }
    ctx.part<estimate::Policies>().pop();
    EXPECT_GE(covered, 0.92 * asked) << shots;
    EXPECT_GE(norms, 92) << shots;
    // Honest, and not by being useless.
    EXPECT_LT(claimed, 6 * off) << shots;
  }
}

TEST_F(Minima, FewNumbersHaveAllDirections) {
  // Two numbers: two directions, whose mean is the central difference of each.
  estimate::Policy policy(estimate::Policy::Mode::Sequential, "sides");
  policy.low = policy.high.emplace(400);
  policy.gradient = {.kind = estimate::Gradient::Kind::Spsa, .step = 0.1};
  ctx.part<estimate::Policies>().push(&policy);
  int covered = 0, asked = 0;
  for (int i = 0; i < 200; ++i) {
    const std::vector<double> at{0.03 * i + 0.01, 2 - 0.02 * i};
    Objective objective(ctx, 0, {energy, nullptr});
    auto here = objective.gradient(at, false);
    ASSERT_TRUE(here);
    for (size_t k = 0; k < 2; ++k, ++asked) {
      const auto &e = *here->slopes[k].estimate;
      const double truth = -std::sin(at[k]) / 2 * std::sin(0.1) / 0.1;
      covered += e.low <= truth && truth <= e.high;
    }
  }
  ctx.part<estimate::Policies>().pop();
  EXPECT_GE(covered, asked * 0.95 - 2 * std::sqrt(asked * 0.95 * 0.05));
  EXPECT_EQ(ctx.spent.circuits, 200 * 4);
}

TEST_F(Minima, AFunctionsOwnPolicyMeasuresItsSlopes) {
  // Exact inside of shots, and shots inside of nothing.
  static estimate::Policy exactly(estimate::Policy::Mode::Exact, "exact");
  static estimate::Policy often(estimate::Policy::Mode::Fixed, "shots");
  often.low = often.high.emplace(10'000);
  auto under = [](estimate::Policy &own, qdo_ctx *ctx, qdo_list list) {
    auto &policies = base::Context::of(ctx).part<estimate::Policies>();
    policies.push(&own);
    qdo_estimate value = energy(ctx, nullptr, list);
    policies.pop();
    return value;
  };
  static const auto run = under;
  const FunctionFn inside[] = {
      [](qdo_ctx *ctx, void *, qdo_list list) { return run(exactly, ctx, list); },
      [](qdo_ctx *ctx, void *, qdo_list list) { return run(often, ctx, list); }};
  const std::vector<double> at{0.4, 2.1};
  estimate::Policy few(estimate::Policy::Mode::Fixed, "shots");
  few.low = few.high.emplace(10);
  for (bool around : {true, false}) {
    if (around)
      ctx.part<estimate::Policies>().push(&few);
    for (const FunctionFn &fn : inside) {
      const int64_t before = ctx.spent.shots;
      Objective objective(ctx, 0, {fn, nullptr});
      auto here = objective.gradient(at, false);
      ASSERT_TRUE(here);
      const bool sampled = fn == inside[1];
      EXPECT_EQ(objective.exact(), !sampled);
      for (size_t k = 0; k < 2; ++k) {
        EXPECT_NEAR(here->slopes[k].value, -std::sin(at[k]) / 2, sampled ? 0.05 : 1e-12);
        EXPECT_EQ(here->slopes[k].estimate != nullptr, sampled);
      }
      // What was measured under the inner policy is remembered.
      EXPECT_EQ(ctx.spent.shots - before, sampled && around ? 4 * 10'000 : 0);
    }
    if (around)
      ctx.part<estimate::Policies>().pop();
  }
  EXPECT_EQ(ctx.part<estimate::Policies>().depth(), 0U);
}

TEST_F(Minima, ASlopeThatIsNoNumberIsAFailure) {
  const FunctionFn root = [](qdo_ctx *ctx, void *, qdo_list list) {
    return base::handle(tapeOf(ctx).apply(0, nodesOf(list)[0], estimate::Function::Sqrt));
  };
  Objective objective(ctx, 0, {root, nullptr});
  EXPECT_FALSE(objective.gradient(std::vector{0.0}, false));
  ASSERT_TRUE(ctx.failure());
  EXPECT_EQ(ctx.failure()->kind, base::Kind::BadValue);
}
