// SPDX-License-Identifier: Apache-2.0
// Composing recipes: what they prepare, how they are hashed, shared and printed.
#include "runtime/sim/prepare.h"
#include "runtime/sim/wide.h"
#include "tests/unit/sim/circuits.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

using namespace qdo::sim;
using qdo::base::Context;

namespace {
struct Recipes : testing::Test {
  Recipe *leaf(const qdo_circuit *circuit, std::vector<double> data) {
    return makeLeaf(ctx, circuit, data);
  }
  Recipe *zz(double a, double b) { return leaf(circuits::zz<2, 2>, {a, b}); }
  Recipe *ring(double a, double b) { return leaf(circuits::ring<2>, {a, b}); }
  std::vector<Amplitude> state(const Recipe *recipe) {
    auto state = prepare(ctx, 0, *recipe);
    return {state->amplitudes().begin(), state->amplitudes().end()};
  }
  static double distance(const std::vector<Amplitude> &a, const std::vector<Amplitude> &b) {
    double sum = a.size() == b.size() ? 0 : 1;
    for (size_t k = 0; k < std::min(a.size(), b.size()); ++k)
      sum += std::norm(a[k] - b[k]);
    return std::sqrt(sum);
  }
  Context ctx{qdo_options{}};
};
} // namespace

RC_GTEST_FIXTURE_PROP(Recipes, AdjointUndoes, ()) {
  auto angle = [] { return *rc::gen::inRange(-3000, 3001) / 1000.0; };
  Recipe *p = zz(angle(), angle()), *r = ring(angle(), angle());
  Recipe *both = makeThen(ctx, 0, p, r);
  Recipe *back = makeThen(ctx, 0, both, makeAdjoint(ctx, both));
  RC_ASSERT(distance(state(back), {1, 0, 0, 0}) < 1e-14);
  RC_ASSERT(makeAdjoint(ctx, makeAdjoint(ctx, both)) == both);
}

namespace {
/// What a simulator without phases sees of a recipe, as text.
struct Narrow final : qdo_sink {
  void gate(const GateCall &call) override {
    std::vector<int> targets{call.target0};
    if (call.target1 >= 0)
      targets.push_back(call.target1);
    add(call.gate, call.inverse, call.controls, targets, call.angles);
  }
  void globalPhase(double) override {}
  void idle(double seconds) override { lines.push_back("idle " + std::to_string(seconds)); }
  void add(int gate, bool inverse, uint64_t controls, std::span<const int> targets,
           std::span<const double> angles) {
    std::string line =
        std::to_string(gate) + (inverse ? " inverse " : " ") + std::to_string(controls) + " on";
    for (int target : targets)
      line += " " + std::to_string(target);
    for (double angle : angles)
      line += " " + std::to_string(angle);
    lines.push_back(line);
  }
  std::vector<std::string> lines;
};
struct Wide final : WideSink {
  void gate(const WideGate &gate) override {
    uint64_t controls = 0;
    for (int i = 0; i < gate.controls; ++i)
      controls |= uint64_t{1} << gate.wires[static_cast<size_t>(i)];
    same.add(gate.gate, gate.inverse, controls,
             gate.wires.subspan(static_cast<size_t>(gate.controls)), gate.angles);
  }
  void manyControls() override {}
  void refuse(const qdo::angles::Verdict &) override {}
  void idle(double seconds) override { same.idle(seconds); }
  Narrow same;
};
void phasedBody(qdo_sink *sink, const double *x) {
  circuits::one(sink, "ry", 0, x[0]);
  sink->globalPhase(0.25);
  circuits::one(sink, "cx", 0, 0, 2);
}
} // namespace

/// The walk without masks is the one with them, gate by gate.
TEST_F(Recipes, WideWalksAreTheSame) {
  Recipe *a = zz(0.3, 0.4), *b = leaf(circuits::tabled<phasedBody>(2, "phased"), {0.7});
  Recipe *both = makeThen(ctx, 0, a, b);
  Recipe *controlled = makeControl(ctx, makeTensor(ctx, b, makeAdjoint(ctx, b)), 1);
  Recipe *nested = makeControl(ctx, makePower(ctx, controlled, 2), 2);
  Recipe *waiting = makeIdle(ctx, 0, makeThen(ctx, 0, makeIdle(ctx, 0, a, 1e-3), b), 2e-3);
  size_t gates = 0;
  auto compare = [&](const Recipe &recipe) {
    Narrow narrow;
    emit(recipe, narrow);
    Wide wide;
    emitWide(recipe, wide);
    EXPECT_EQ(narrow.lines, wide.same.lines) << recipe.format("");
    gates += narrow.lines.size();
  };
  for (Recipe *recipe : {a, b, both, controlled, nested, waiting})
    for (Recipe *whole : {recipe, makeAdjoint(ctx, recipe), makeTensor(ctx, recipe, b),
                          makeAdjoint(ctx, makeControl(ctx, makeAdjoint(ctx, recipe), 1)),
                          makeThen(ctx, 0, recipe, makePower(ctx, recipe, -2))}) {
      compare(*whole);
      Recorder recorder;
      emit(*whole, recorder);
      for (size_t g = 0; g < recorder.calls().size(); g += 3) {
        const auto moved = makeMoved(*whole, g, 0, 0.125);
        compare(*moved);
        compare(*composed(Recipe::Form::Adjoint, moved.get(), nullptr, 1));
      }
    }
  EXPECT_GT(gates, 1000u);
}

TEST_F(Recipes, PowersRepeat) {
  Recipe *r = ring(0.3, 0.7);
  Recipe *thrice = makeThen(ctx, 0, makeThen(ctx, 0, r, r), r);
  EXPECT_LT(distance(state(makePower(ctx, r, 3)), state(thrice)), 1e-15);
  EXPECT_EQ(distance(state(makePower(ctx, r, 0)), {1, 0, 0, 0}), 0);
  EXPECT_EQ(makePower(ctx, r, 1), r);
  EXPECT_EQ(makePower(ctx, r, -1), makeAdjoint(ctx, r));
  Recipe *none = makeThen(ctx, 0, makePower(ctx, r, 2), makePower(ctx, r, -2));
  EXPECT_LT(distance(state(none), {1, 0, 0, 0}), 1e-14);
}

TEST_F(Recipes, TensorPutsTheLeftOnTheLowerQubits) {
  constexpr auto flipBody = [](qdo_sink *s, const double *) { circuits::one(s, "x", 0); };
  Recipe *flip = leaf(circuits::tabled<flipBody>(1, "flip"), {});
  Recipe *cat = leaf(circuits::cat<2>, {});
  auto joint = state(makeTensor(ctx, flip, cat));
  const double half = std::sqrt(0.5);
  EXPECT_LT(distance(joint, {0, half, 0, 0, 0, 0, 0, half}), 1e-15);
  auto adjoint = state(makeAdjoint(ctx, makeTensor(ctx, flip, makeAdjoint(ctx, cat))));
  EXPECT_LT(distance(adjoint, joint), 1e-15);
}

TEST_F(Recipes, WidthsMustAgree) {
  EXPECT_EQ(makeThen(ctx, 6, zz(1, 2), leaf(circuits::cat<3>, {})), nullptr);
  EXPECT_EQ(ctx.failure()->message,
            "the number of qubits on the right of `then` is 3, it must be 2");
}

TEST_F(Recipes, EqualOnesAreOneObject) {
  EXPECT_EQ(zz(0.1, 0.2), zz(0.1, 0.2));
  EXPECT_EQ(zz(0.0, 0.2), zz(-0.0, 0.2));
  EXPECT_EQ(makeThen(ctx, 0, zz(1, 2), ring(3, 4)), makeThen(ctx, 0, zz(1, 2), ring(3, 4)));
  EXPECT_NE(zz(0.1, 0.2)->hash, zz(0.2, 0.1)->hash);
  EXPECT_NE(zz(0.1, 0.2)->hash, ring(0.1, 0.2)->hash);
  EXPECT_NE(makeThen(ctx, 0, zz(1, 2), ring(3, 4))->hash,
            makeThen(ctx, 0, ring(3, 4), zz(1, 2))->hash);
  EXPECT_NE(makeThen(ctx, 0, zz(1, 2), ring(3, 4))->hash,
            makeTensor(ctx, zz(1, 2), ring(3, 4))->hash);
  EXPECT_NE(makePower(ctx, zz(1, 2), 2)->hash, makePower(ctx, zz(1, 2), 3)->hash);
}

TEST_F(Recipes, PrintWhatIsKnown) {
  EXPECT_EQ(leaf(circuits::cat<3>, {})->format(""), "cat: 3 qubits, unmeasured");
  EXPECT_EQ(makeThen(ctx, 0, zz(0.1, 0.2), makeAdjoint(ctx, ring(0.3, 0.4)))->format(""),
            "zz(0.1, 0.2) then adj ring(0.3, 0.4): 2 qubits, unmeasured");
  EXPECT_EQ(makePower(ctx, leaf(circuits::tilt, {1}), 3)->format(".1f"),
            "tilt(1.0)^3: 1 qubit, unmeasured");
  EXPECT_EQ(leaf(circuits::tabled<circuits::catBody<2>>(2, "many"), std::vector<double>(9, 1.0))
                ->format(""),
            "many(1, 1, 1, 1, 1, 1, ..): 2 qubits, unmeasured");
}

TEST_F(Recipes, StatesAreKept) {
  auto first = prepare(ctx, 0, *zz(0.1, 0.2));
  EXPECT_EQ(prepare(ctx, 0, *zz(0.1, 0.2)), first);
  // A sequence that starts like a kept state equals one made from the beginning.
  auto continued = state(makeThen(ctx, 0, zz(0.1, 0.2), ring(1, 2)));
  Context other(qdo_options{});
  auto *fresh = makeThen(other, 0, makeLeaf(other, circuits::zz<2, 2>, std::vector{0.1, 0.2}),
                         makeLeaf(other, circuits::ring<2>, std::vector{1.0, 2.0}));
  auto whole = prepare(other, 0, *fresh);
  EXPECT_EQ(continued,
            std::vector<Amplitude>(whole->amplitudes().begin(), whole->amplitudes().end()));
}

TEST_F(Recipes, AliasingIsRefusedByName) {
  constexpr auto twice = [](qdo_sink *sink, const double *) {
    circuits::one(sink, "cx", 1, 0, 0b10);
  };
  EXPECT_EQ(prepare(ctx, 4, *leaf(circuits::tabled<twice>(2, "twice"), {})), nullptr);
  EXPECT_EQ(ctx.failure()->kind, qdo::base::Kind::RuntimeAlias);
  EXPECT_EQ(ctx.failure()->site, 4u);
  EXPECT_NE(ctx.failure()->note.find("`twice"), std::string::npos);
}

TEST_F(Recipes, AnInterruptStopsPreparing) {
  ctx.requestInterrupt();
  EXPECT_EQ(prepare(ctx, 0, *zz(0.5, 0.6)), nullptr);
  EXPECT_EQ(ctx.failure()->kind, qdo::base::Kind::Interrupted);
}

TEST_F(Recipes, RowsEqualSingleStatesForAnyThreads) {
  constexpr int64_t count = 300;
  std::vector<double> rows;
  for (int64_t i = 0; i < count * 2; ++i)
    rows.push_back(static_cast<double>(i % 17) / 5 - 1);
  const double data[3] = {0.25, 0, 0}; // the hole is the last two
  constexpr auto body = [](qdo_sink *sink, const double *d) {
    circuits::one(sink, "ry", 0, d[0]);
    circuits::zzBody<2, 2>(sink, d + 1);
  };
  const qdo_circuit *circuit = circuits::tabled<body>(2);
  const RowCircuit hole{circuit, data, 1, 2};
  std::vector<Amplitude> expected;
  for (int threads : {1, 2, 4}) {
    qdo_options options{};
    options.threads = threads;
    Context run(options);
    const auto plan = planOf(run, 0, *circuit);
    const auto states = prepareRows(run, 0, hole, *plan, rows);
    ASSERT_EQ(states.rows(), count);
    std::vector<Amplitude> all(count * 4);
    for (int64_t i = 0; i < count; ++i)
      states.copy(i, *plan, std::span(all).subspan(static_cast<size_t>(i) * 4, 4));
    if (expected.empty())
      expected = all;
    EXPECT_EQ(all, expected) << threads << " threads";
  }
  const double filled[3] = {0.25, rows[2], rows[3]};
  Recipe *one = makeLeaf(ctx, circuit, filled);
  EXPECT_EQ(rowHash(hole, {rows.data() + 2, 2}), one->hash);
  for (size_t z = 0; z < 4; ++z)
    EXPECT_LT(std::abs(state(one)[z] - expected[4 + z]), 1e-14);
}
