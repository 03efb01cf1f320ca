// SPDX-License-Identifier: Apache-2.0
// Gradients of random circuits: adjoint differentiation against finite differences and against the
// shift rule, in one lane and in many, through every way to put recipes together.
#include "runtime/gradient/adjoint.h"
#include "runtime/gradient/generators.h"
#include "runtime/gradient/tape.h"
#include "tests/unit/gradient/random_circuit.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

using namespace qdo;
using namespace qdo::gradient;
using qdo::sim::Recipe;

namespace {

struct Gradients : testing::Test {
  base::Context ctx{qdo_options{}};

  static std::vector<double> point() {
    std::vector<double> x;
    for (int64_t i = 0; i < test::dataCount; ++i)
      x.push_back(*rc::gen::inRange(-3000, 3001) / 1000.0);
    return x;
  }

  /// A recipe that has the circuit's data at two places in different forms.
  const Recipe *composed(const qdo_circuit *circuit, std::span<const double> x, int form,
                         std::vector<base::Object *> inputs) {
    const Recipe *leaf = inputs.empty() ? sim::makeLeaf(ctx, circuit, x)
                                        : sim::makeTraced(ctx, circuit, x, std::move(inputs));
    switch (form) {
    case 0:
      return leaf;
    case 1:
      return sim::makeThen(ctx, 0, leaf, sim::makePower(ctx, leaf, 2));
    case 2:
      return sim::makeTensor(ctx, leaf, leaf);
    case 3: // the same circuit there and back with something between
      return sim::makeThen(ctx, 0, sim::makeAdjoint(ctx, leaf), sim::makePower(ctx, leaf, 3));
    default: { // the controls are put to work by the same circuit on them
      const Recipe *controlled = sim::makeControl(ctx, leaf, 1);
      const Recipe *wide = sim::makeTensor(
          ctx, sim::makeLeaf(ctx, test::randomCircuit(1, 6, 99), std::vector<double>(4, 0.4)),
          leaf);
      return sim::makeThen(ctx, 0, wide, controlled);
    }
    }
  }

  /// The value and its slopes by x, through a record.
  std::vector<double> slopes(Quantity quantity, const qdo_circuit *circuit,
                             std::span<const double> x, int form, const sim::Observable *observable,
                             const Recipe *other, bool bra, double &value) {
    Tape tape(ctx);
    std::vector<base::Object *> inputs;
    for (double number : x)
      inputs.push_back(tape.parameter(number, true));
    const Recipe *recipe = composed(circuit, x, form, inputs);
    Node *node = tape.measured(0, quantity, bra ? other : recipe, bra ? recipe : other, observable);
    std::vector<double> exact;
    std::vector<const estimate::Estimate *> none;
    EXPECT_TRUE(tape.gradient(node, true, exact, none, {}));
    value = node->number;
    ctx.part<sim::Traced>().clear();
    return exact;
  }
};

constexpr double h = 1e-5;

} // namespace

RC_GTEST_FIXTURE_PROP(Gradients, AdjointEqualsFiniteDifferences, ()) {
  const int qubits = *rc::gen::inRange(1, 4), form = *rc::gen::inRange(0, 5);
  const auto *circuit = test::randomCircuit(qubits, 12, *rc::gen::arbitrary<uint32_t>());
  sim::Observable observable;
  const auto at = point();
  const Recipe *here = composed(circuit, at, form, {});
  test::randomObservable(observable, static_cast<int>(here->qubits),
                         *rc::gen::arbitrary<uint32_t>());
  double value = 0;
  const auto exact =
      slopes(Quantity::Expect, circuit, at, form, &observable, nullptr, false, value);
  RC_ASSERT(std::fabs(value - sim::exactExpect(ctx, 0, *here, observable)) < 1e-12);
  for (size_t k = 0; k < at.size(); ++k) {
    auto moved = [&](double by) {
      auto x = at;
      x[k] += by;
      return sim::exactExpect(ctx, 0, *composed(circuit, x, form, {}), observable);
    };
    RC_ASSERT(std::fabs((moved(h) - moved(-h)) / (2 * h) - exact[k]) < 1e-6);
  }
}

RC_GTEST_FIXTURE_PROP(Gradients, OverlapsOnEitherSide, ()) {
  const int qubits = *rc::gen::inRange(1, 4);
  const auto *circuit = test::randomCircuit(qubits, 12, *rc::gen::arbitrary<uint32_t>());
  const auto *fixed = test::randomCircuit(qubits, 8, *rc::gen::arbitrary<uint32_t>());
  const Recipe *other = sim::makeLeaf(ctx, fixed, std::vector<double>(4, 0.7));
  const auto at = point();
  const bool bra = *rc::gen::arbitrary<bool>();
  for (Quantity quantity : {Quantity::Fidelity, Quantity::OverlapRe, Quantity::OverlapIm}) {
    double value = 0;
    const auto exact = slopes(quantity, circuit, at, 0, nullptr, other, bra, value);
    auto valueAt = [&](const std::vector<double> &x) {
      const Recipe *recipe = sim::makeLeaf(ctx, circuit, x);
      const Recipe *left = bra ? recipe : other, *right = bra ? other : recipe;
      if (quantity == Quantity::Fidelity)
        return sim::exactFidelity(ctx, 0, *left, *right);
      const auto overlap = sim::exactOverlap(ctx, 0, *left, *right);
      return quantity == Quantity::OverlapRe ? overlap.real() : overlap.imag();
    };
    RC_ASSERT(std::fabs(value - valueAt(at)) < 1e-12);
    for (size_t k = 0; k < at.size(); ++k) {
      auto high = at, low = at;
      high[k] += h;
      low[k] -= h;
      RC_ASSERT(std::fabs((valueAt(high) - valueAt(low)) / (2 * h) - exact[k]) < 1e-6);
    }
  }
}

TEST_F(Gradients, BothSidesAtOnce) {
  const auto *circuit = test::randomCircuit(2, 10, 5), *second = test::randomCircuit(2, 10, 6);
  const std::vector<double> at{0.3, -0.8, 1.1, 0.2};
  Tape tape(ctx);
  std::vector<base::Object *> inputs;
  for (double number : at)
    inputs.push_back(tape.parameter(number, true));
  Node *node = tape.measured(0, Quantity::Fidelity, sim::makeTraced(ctx, circuit, at, inputs),
                             sim::makeTraced(ctx, second, at, inputs), nullptr);
  std::vector<double> exact;
  std::vector<const estimate::Estimate *> none;
  ASSERT_TRUE(tape.gradient(node, true, exact, none, {}));
  for (size_t k = 0; k < at.size(); ++k) {
    auto moved = [&](double by) {
      auto x = at;
      x[k] += by;
      return sim::exactFidelity(ctx, 0, *sim::makeLeaf(ctx, circuit, x),
                                *sim::makeLeaf(ctx, second, x));
    };
    EXPECT_NEAR((moved(h) - moved(-h)) / (2 * h), exact[k], 1e-7);
  }
}

RC_GTEST_FIXTURE_PROP(Gradients, ShiftRulesAreExact, ()) {
  const int qubits = *rc::gen::inRange(1, 4), form = *rc::gen::inRange(0, 5);
  const auto *circuit = test::randomCircuit(qubits, 10, *rc::gen::arbitrary<uint32_t>());
  const auto at = point();
  const Recipe *recipe = composed(circuit, at, form, {});
  const Sequence sequence = sequenceOf(*recipe);
  sim::Observable observable;
  test::randomObservable(observable, static_cast<int>(recipe->qubits),
                         *rc::gen::arbitrary<uint32_t>());
  auto valueAt = [&](size_t g, int angle, double shift) {
    return sim::exactExpect(ctx, 0, *sim::makeMoved(*recipe, g, angle, shift), observable);
  };
  for (size_t g = 0; g < sequence.gates.size(); ++g)
    for (int angle = 0; angle < 4; ++angle) {
      if (sequence.gates[g].angles[angle].slot < 0)
        continue;
      double slope = 0;
      for (const Shift &term : shiftRule(sequence.gates[g].call, angle))
        slope += term.factor * valueAt(g, angle, term.shift);
      const double difference = (valueAt(g, angle, h) - valueAt(g, angle, -h)) / (2 * h);
      RC_ASSERT(std::fabs(slope - difference) < 1e-6);
    }
}

TEST_F(Gradients, LanesDoNotMix) {
  // 21 rows are two full groups and one of five; each row alone is the reference.
  const auto *circuit = test::randomCircuit(3, 20, 11);
  sim::Observable observable;
  test::randomObservable(observable, 3, 3);
  Tape many(ctx);
  std::vector<base::Object *> inputs;
  std::vector<double> at{0.3, -0.8, 1.1, 0.2};
  for (double number : at)
    inputs.push_back(many.parameter(number, true));
  const auto *encoding = test::randomCircuit(3, 6, 12);
  auto recipeOf = [&](int row, const std::vector<base::Object *> &in) {
    const double t = 0.1 * row;
    const Recipe *data = sim::makeLeaf(ctx, encoding, std::vector<double>{t, t * t, 1 - t, 0.5});
    return sim::makeThen(ctx, 0, data, sim::makeTraced(ctx, circuit, at, in));
  };
  Node *sum = many.constant(0);
  std::vector<double> expected(at.size());
  for (int row = 0; row < 21; ++row)
    sum = many.sum(
        sum, many.measured(0, Quantity::Expect, recipeOf(row, inputs), nullptr, &observable), 1);
  std::vector<double> together;
  std::vector<const estimate::Estimate *> none;
  ASSERT_TRUE(many.gradient(sum, true, together, none, {}));
  for (int row = 0; row < 21; ++row) {
    Tape one(ctx);
    std::vector<base::Object *> own;
    for (double number : at)
      own.push_back(one.parameter(number, true));
    Node *node = one.measured(0, Quantity::Expect, recipeOf(row, own), nullptr, &observable);
    std::vector<double> alone;
    ASSERT_TRUE(one.gradient(node, false, alone, none, {}));
    for (size_t k = 0; k < at.size(); ++k)
      expected[k] += alone[k];
  }
  for (size_t k = 0; k < at.size(); ++k)
    EXPECT_NEAR(together[k], expected[k], 1e-12);
}

TEST_F(Gradients, SequencesAreWhatIsEmitted) {
  struct Kept final : qdo_sink {
    void gate(const gates::GateCall &call) override { calls.push_back(call); }
    void globalPhase(double angle) override {
      calls.push_back({QDO_GLOBAL_PHASE, false, 0, 0, -1, {angle}});
    }
    std::vector<gates::GateCall> calls;
  };
  const auto *circuit = test::randomCircuit(2, 15, 21);
  for (int form = 0; form < 5; ++form) {
    const Recipe *recipe = composed(circuit, std::vector<double>{0.1, 0.2, 0.3, 0.4}, form, {});
    Kept kept;
    sim::emit(*recipe, kept);
    const Sequence sequence = sequenceOf(*recipe);
    ASSERT_EQ(sequence.gates.size(), kept.calls.size());
    for (size_t g = 0; g < kept.calls.size(); ++g) {
      const gates::GateCall &a = sequence.gates[g].call, &b = kept.calls[g];
      EXPECT_EQ(a.gate, b.gate);
      EXPECT_EQ(a.inverse, b.inverse);
      EXPECT_EQ(a.controls, b.controls);
      EXPECT_EQ(a.target0, b.target0);
      EXPECT_EQ(a.target1, b.target1);
      const int angles =
          a.gate == QDO_GLOBAL_PHASE ? 1 : gates::all()[static_cast<size_t>(a.gate)].parameters;
      for (int k = 0; k < angles; ++k)
        EXPECT_EQ(a.angles[k], b.angles[k]);
    }
  }
}
