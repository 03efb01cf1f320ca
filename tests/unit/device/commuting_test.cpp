// SPDX-License-Identifier: Apache-2.0
// Strings that commute only as a whole: their circuits against dense matrices and Kraus operators,
// and what is estimated from them.
#include "qdo/runtime/diagonal_circuit.h"
#include "runtime/device/density_matrix.h"
#include "runtime/device/stabilizer.h"
#include "runtime/device/trajectories.h"
#include "runtime/estimate/arithmetic.h"
#include "runtime/estimate/mitigation.h"
#include "runtime/estimate/precision.h"
#include "runtime/estimate/quantities.h"
#include "runtime/sim/ideal.h"
#include "runtime/sim/stabilizer_bases.h"
#include "tests/unit/device/noisy_reference.h"

#include <gtest/gtest.h>

using namespace qdo;
using device::DensityMatrix;
using estimate::Estimate;
using estimate::Grouping;
using estimate::Policy;
using gates::GateCall;
using Calls = std::vector<GateCall>;

namespace {

pauli::Strings stringsOf(const std::vector<std::string> &all) {
  pauli::Strings s;
  for (const std::string &letters : all) {
    uint64_t x = 0, z = 0;
    for (size_t q = 0; q < letters.size(); ++q) {
      x |= uint64_t{letters[q] == 'X' || letters[q] == 'Y'} << q;
      z |= uint64_t{letters[q] == 'Z' || letters[q] == 'Y'} << q;
    }
    s.x.push_back(x);
    s.z.push_back(z);
  }
  return s;
}

std::string lettersOf(const pauli::Strings &s, size_t i, int qubits) {
  std::string letters;
  for (int q = 0; q < qubits; ++q)
    letters += "IXZY"[pauli::letterOf(s, i, q)];
  return letters;
}

/// Different strings, none of them the identity.
std::vector<std::string> someStrings(std::mt19937_64 &engine, int qubits, size_t count) {
  std::vector<std::string> all;
  while (all.size() < count) {
    std::string letters;
    for (int q = 0; q < qubits; ++q)
      letters += "IXYZ"[engine() % 4];
    if (letters.find_first_not_of('I') != letters.npos && !std::ranges::count(all, letters))
      all.push_back(letters);
  }
  return all;
}

GateCall callOf(const pauli::Gate &gate) {
  using Kind = pauli::Gate::Kind;
  const bool two = gate.kind == Kind::Cx;
  return {noise::gateNamed(two                    ? "cx"
                           : gate.kind == Kind::H ? "h"
                                                  : "s"),
          gate.kind == Kind::AdjointS,
          two ? uint64_t{1} << gate.a : 0,
          two ? gate.b : gate.a,
          -1,
          {}};
}

/// Turns and entanglers of every kind, so that the state is a general one.
Calls someGates(std::mt19937_64 &engine, int qubits) {
  Calls calls;
  std::uniform_real_distribution<double> angle(-3, 3);
  for (int i = 0; i < 3; ++i)
    for (int q = 0; q < qubits; ++q) {
      for (const char *name : {"ry", "rz"}) {
        calls.push_back({noise::gateNamed(name), false, 0, q, -1, {}});
        calls.back().angles[0] = angle(engine);
      }
      calls.push_back({noise::gateNamed("cx"), false, uint64_t{1} << q, (q + 1) % qubits, -1, {}});
    }
  return calls;
}

/// Measuring along Z after it measures along a letter.
dense::Matrix axisOf(char letter) {
  dense::Matrix turn = dense::Matrix::Identity(2, 2);
  if (letter == 'Y')
    turn = dense::gate("sdg", nullptr);
  return letter == 'X' || letter == 'Y' ? dense::Matrix(dense::gate("h", nullptr) * turn) : turn;
}

/// What an outcome says of a string that is read so.
double signOf(const pauli::ReadAs &read, uint64_t outcome, double zero = 1, double one = -1) {
  double sign = read.negative ? -1 : 1;
  for (uint64_t rest = read.string.x[0] | read.string.z[0]; rest != 0; rest &= rest - 1)
    sign *= outcome >> std::countr_zero(rest) & 1 ? one : zero;
  return sign;
}

struct Lab {
  explicit Lab(uint64_t seed = 1) : ctx(options(seed)) {}
  static qdo_options options(uint64_t seed) {
    qdo_options options{};
    options.seed = seed;
    options.threads = 1;
    return options;
  }
  const sim::Observable &sumOf(const std::vector<std::string> &strings,
                               const std::vector<double> &weights) {
    auto *sum = ctx.make<sim::Observable>();
    const pauli::Strings masks = stringsOf(strings);
    for (size_t i = 0; i < strings.size(); ++i)
      sum->add(weights[i], masks.x[i], masks.z[i]);
    return *sum;
  }
  Policy *shots(int64_t count) {
    auto *policy = ctx.make<Policy>(Policy::Mode::Fixed, "p");
    policy->low = count;
    policy->grouping = Grouping::Commuting;
    return policy;
  }
  /// From the distribution of the circuit of a group, on the device in force.
  std::vector<double> meansOf(const sim::Recipe &recipe, const pauli::Strings &strings,
                              std::span<const size_t> group, const sim::Mitigation &mitigation,
                              double *fold = nullptr) {
    const auto reading = pauli::readingOf(strings, group, static_cast<int>(recipe.qubits));
    const auto turned = sim::reading(recipe, reading.gates);
    const auto shots = sim::backend(ctx).joint(ctx, 0, turned->recipe(),
                                               {reading.axes.x[0], reading.axes.z[0]}, mitigation);
    const auto probabilities = shots->probabilities(ctx, 0);
    if (fold)
      *fold = shots->fold;
    std::vector<double> means;
    for (size_t i : group) {
      const auto read = pauli::readAs(strings, i, reading.gates);
      double mean = 0;
      for (uint64_t k = 0; k < probabilities.size(); ++k)
        mean += probabilities[k] * signOf(read, k, shots->zero, shots->one);
      means.push_back(mean);
    }
    return means;
  }

  base::Context ctx;
};

bool narrow(qdo_ctx *, void *env, double, double, double halfWidth, double, double, int64_t,
            int64_t) {
  return halfWidth <= *static_cast<double *>(env);
}

const std::vector<std::string> heisenberg{"XXI", "YYI", "ZZI", "IXX", "IYY", "IZZ"};
const std::vector<double> couplings{1, 0.8, -0.6, 0.5, 0.4, 0.9};

} // namespace

TEST(DiagonalCircuits, TurnStringsAsTheirMatricesDo) {
  std::mt19937_64 engine(1);
  for (int round = 0; round < 60; ++round) {
    const int qubits = 2 + round % 4;
    const auto all = someStrings(engine, qubits, 12);
    const auto strings = stringsOf(all);
    std::vector<double> weights;
    for (size_t i = 0; i < all.size(); ++i)
      weights.push_back(std::uniform_real_distribution<double>(-1, 1)(engine));
    for (const auto &group : pauli::commutingGroupsOf(strings, weights)) {
      const auto reading = pauli::readingOf(strings, group, qubits);
      dense::Matrix whole = dense::Matrix::Identity(1 << qubits, 1 << qubits);
      for (const pauli::Gate &gate : reading.gates)
        whole = dense::Matrix(noisy::unitaryOf(callOf(gate), qubits) * whole);
      for (size_t i : group) {
        const auto read = pauli::readAs(strings, i, reading.gates);
        EXPECT_FALSE(pauli::clash(read.string, 0, reading.axes, 0));
        const dense::Matrix turned = whole * dense::pauliString(all[i]) * whole.adjoint(),
                            expected = (read.negative ? -1.0 : 1.0) *
                                       dense::pauliString(lettersOf(read.string, 0, qubits));
        EXPECT_LT((turned - expected).norm(), 1e-12) << all[i];
      }
      EXPECT_LE(pauli::pathOf(reading.gates, qubits, 1, 3), pauli::mostPath(qubits, 1, 3));
    }
  }
}

TEST(DiagonalCircuits, OfKnownGroups) {
  const auto gatesOf = [](const std::vector<std::string> &all) {
    std::vector<size_t> group(all.size());
    std::iota(group.begin(), group.end(), size_t{0});
    return pauli::readingOf(stringsOf(all), group, static_cast<int>(all[0].size())).gates;
  };
  EXPECT_EQ(gatesOf({"XX", "YY", "ZZ"}),
            (std::vector<pauli::Gate>{{pauli::Gate::Kind::Cx, 0, 1}})); // Bell
  EXPECT_TRUE(gatesOf({"XIY", "IZY", "XZI"}).empty());                  // agree as they are
  EXPECT_EQ(gatesOf({"XXYY", "XYYX", "YXXY", "YYXX"}).size(), 2u);      // of H2
  EXPECT_EQ(gatesOf({"XXXX", "ZZII", "IZZI", "IIZZ"}).size(), 3u);      // of a cat
}

TEST(CommutingGroups, MeansAreThoseOfTheState) {
  std::mt19937_64 engine(2);
  for (int qubits = 2; qubits <= 5; ++qubits)
    for (int round = 0; round < 4; ++round) {
      Lab lab;
      const auto *recipe = noisy::recipeOf(lab.ctx, someGates(engine, qubits), qubits);
      const auto state = sim::prepare(lab.ctx, 0, *recipe);
      const Eigen::Map<const dense::Vector> psi(state->amplitudes().data(), 1 << qubits);
      const auto all = someStrings(engine, qubits, 14);
      const auto strings = stringsOf(all);
      for (const auto &group :
           pauli::commutingGroupsOf(strings, std::vector<double>(all.size(), 1.0))) {
        const auto means = lab.meansOf(*recipe, strings, group, {});
        for (size_t k = 0; k < group.size(); ++k)
          EXPECT_NEAR(means[k], psi.dot(dense::pauliString(all[group[k]]) * psi).real(), 1e-12);
      }
    }
}

TEST(CommutingGroups, EveryAddedGateHasItsNoise) {
  Lab lab;
  std::mt19937_64 engine(3);
  const noisy::Numbers numbers;
  const noise::Noise &noise = *noisy::noiseOf(lab.ctx, numbers);
  constexpr int qubits = 3;
  DensityMatrix device("dm", qubits, &noise);
  lab.ctx.part<sim::Devices>().push(&device);
  const Calls calls = someGates(engine, qubits);
  const auto *recipe = noisy::recipeOf(lab.ctx, calls, qubits);
  const auto all = someStrings(engine, qubits, 20);
  const auto strings = stringsOf(all);
  size_t entangled = 0;
  for (const auto &group :
       pauli::commutingGroupsOf(strings, std::vector<double>(all.size(), 1.0))) {
    const auto reading = pauli::readingOf(strings, group, qubits);
    entangled += !reading.gates.empty();
    Calls whole = calls;
    for (const pauli::Gate &gate : reading.gates)
      whole.push_back(callOf(gate));
    auto reference = noisy::evolved(whole, qubits, noise, numbers);
    for (int q = 0; q < qubits; ++q) { // reading along an axis is part of reading
      const auto turn = dense::embed(
          axisOf(lettersOf(reading.axes, 0, qubits)[static_cast<size_t>(q)]), {}, {q}, qubits);
      reference.rho = dense::Matrix(turn * reference.rho * turn.adjoint());
    }
    for (bool corrected : {false, true}) {
      const auto outcomes =
          noisy::read(reference.rho, corrected ? noise::Readout() : noise.readout);
      const auto means = lab.meansOf(*recipe, strings, group, {.readout = corrected});
      for (size_t k = 0; k < group.size(); ++k) {
        const auto read = pauli::readAs(strings, group[k], reading.gates);
        double expected = 0;
        for (uint64_t outcome = 0; outcome < outcomes.size(); ++outcome)
          expected += outcomes[outcome] * signOf(read, outcome);
        EXPECT_NEAR(means[k], expected, 1e-12) << all[group[k]];
      }
    }
  }
  EXPECT_GE(entangled, 2u);
}

TEST(CommutingGroups, OneCircuitReadsThemAndAnswersLaterQuestions) {
  Lab lab(4);
  std::mt19937_64 engine(4);
  const auto *recipe = noisy::recipeOf(lab.ctx, someGates(engine, 2), 2);
  const Policy &policy = *lab.shots(2000);
  auto of = [&](const std::vector<std::string> &strings, const std::vector<double> &weights) {
    return estimate::estimateExpect(lab.ctx, 0, *recipe, lab.sumOf(strings, weights), policy);
  };
  const Estimate *whole = of({"XX", "YY", "ZZ"}, {1, 0.5, -0.25});
  EXPECT_EQ(lab.ctx.spent.circuits, 1);
  EXPECT_EQ(lab.ctx.spent.shots, 2000);
  const Estimate *xx = of({"XX"}, {1}), *yy = of({"YY"}, {0.5}), *zz = of({"ZZ"}, {-0.25});
  EXPECT_EQ(lab.ctx.spent.circuits, 1);
  // They come from the same shots, and arithmetic knows how they move together.
  const Estimate *sum = estimate::sum(lab.ctx, *estimate::sum(lab.ctx, *xx, *yy, 1), *zz, 1);
  EXPECT_NEAR(sum->value, whole->value, 1e-12);
  EXPECT_NEAR(sum->standardError, whole->standardError, 1e-9);
  // XX YY ZZ = -1: of all shots, whatever the state is.
  const Estimate *sure = of({"XX", "YY", "ZZ"}, {1, 1, 1});
  EXPECT_EQ(lab.ctx.spent.circuits, 1);
  EXPECT_LE(sure->value, 1);
  // Qubit by qubit they are three circuits, of another policy.
  Policy qubitwise(Policy::Mode::Fixed, "p");
  qubitwise.low = 2000;
  const Estimate *apart = estimate::estimateExpect(
      lab.ctx, 0, *recipe, lab.sumOf({"XX", "YY", "ZZ"}, {1, 0.5, -0.25}), qubitwise);
  EXPECT_EQ(lab.ctx.spent.circuits, 4);
  const double exact =
      sim::exactExpect(lab.ctx, 0, *recipe, lab.sumOf({"XX", "YY", "ZZ"}, {1, 0.5, -0.25}));
  EXPECT_NEAR(apart->value, exact, 4.5 * apart->standardError);
  EXPECT_NEAR(whole->value, exact, 4.5 * whole->standardError);
  EXPECT_NE(policy.streamKey(), qubitwise.streamKey());
}

TEST(CommutingGroups, TheAddedGatesTakeTime) {
  for (bool commuting : {false, true}) {
    Lab lab;
    const auto *recipe =
        noisy::recipeOf(lab.ctx, {{noise::gateNamed("h"), false, 0, 0, -1, {}}}, 2);
    Policy &policy = *lab.shots(100);
    policy.grouping = commuting ? Grouping::Commuting : Grouping::Qubitwise;
    estimate::estimateExpect(lab.ctx, 0, *recipe, lab.sumOf({"XX", "ZZ"}, {1, 1}), policy);
    const double shot = QdoDefaultOneQubitSeconds + QdoDefaultMeasurementSeconds +
                        QdoDefaultResetSeconds + (commuting ? QdoDefaultTwoQubitSeconds : 0);
    EXPECT_NEAR(lab.ctx.spent.seconds, (commuting ? 100 : 200) * shot, 1e-9);
  }
}

TEST(CommutingGroups, WeightsOfZeroAreNotRead) {
  Lab lab;
  std::mt19937_64 engine(5);
  const auto *recipe = noisy::recipeOf(lab.ctx, someGates(engine, 2), 2);
  const Policy &policy = *lab.shots(10);
  EXPECT_EQ(
      estimate::estimateExpect(lab.ctx, 0, *recipe, lab.sumOf({"XX", "ZI"}, {0, 0}), policy)->shots,
      0);
  estimate::estimateExpect(lab.ctx, 0, *recipe, lab.sumOf({"XX", "ZI"}, {0, 1}), policy);
  EXPECT_EQ(lab.ctx.spent.circuits, 1);
}

TEST(CommutingGroups, IntervalsHoldUnderOptionalStopping) {
  constexpr int seeds = 400;
  std::mt19937_64 engine(6);
  const Calls calls = someGates(engine, 3);
  int covered = 0;
  for (int seed = 1; seed <= seeds; ++seed) {
    Lab lab(static_cast<uint64_t>(seed));
    const auto *recipe = noisy::recipeOf(lab.ctx, calls, 3);
    Policy policy(Policy::Mode::Sequential, "p");
    policy.grouping = Grouping::Commuting;
    policy.low = 50;
    policy.high = 3000;
    double target = 0.4;
    policy.until = narrow;
    policy.untilEnv = &target;
    const auto &sum = lab.sumOf(heisenberg, couplings);
    const Estimate *e = estimate::estimateExpect(lab.ctx, 0, *recipe, sum, policy);
    EXPECT_EQ(lab.ctx.spent.circuits, 2);
    const double exact = sim::exactExpect(lab.ctx, 0, *recipe, sum);
    covered += e->low <= exact && exact <= e->high;
  }
  EXPECT_GE(covered, 0.95 * seeds - 2 * std::sqrt(0.95 * 0.05 * seeds));
}

/// Circuits of other gates have other folds: each group is extrapolated by its own.
TEST(CommutingGroups, EveryGroupIsExtrapolatedByItsFolds) {
  constexpr int seeds = 200;
  std::mt19937_64 engine(7);
  const Calls calls = someGates(engine, 3);
  const std::vector<std::string> all{"XXI", "YYI", "ZZI", "XII", "IZX"};
  const std::vector<double> weights{1, 0.7, -0.9, 0.5, 0.3};
  const auto strings = stringsOf(all);
  std::vector<std::vector<double>> folds; // of each group
  int covered = 0;
  double expected = 0;
  for (int seed = 1; seed <= seeds; ++seed) {
    Lab lab(static_cast<uint64_t>(seed));
    auto *noise = lab.ctx.make<noise::Noise>("lab");
    noise->rules.push_back({noise::Channel::Depolarizing, noise::Noise::everyGate, 0.005});
    noise->readout = {0.02, 0.05};
    DensityMatrix device("dm", 3, noise);
    lab.ctx.part<sim::Devices>().push(&device);
    const auto *recipe = noisy::recipeOf(lab.ctx, calls, 3);
    Policy &policy = *lab.shots(1000);
    policy.mitigation = {.readout = true, .factors = {1, 1.9, 3}};
    if (seed == 1)
      for (const auto &group : pauli::commutingGroupsOf(strings, weights)) {
        std::vector<double> own, values;
        for (double factor : policy.mitigation.factors) {
          double fold = 0, value = 0;
          const auto means =
              lab.meansOf(*recipe, strings, group, {.readout = true, .fold = factor}, &fold);
          for (size_t k = 0; k < group.size(); ++k)
            value += weights[group[k]] * means[k];
          own.push_back(fold);
          values.push_back(value);
        }
        const auto factors = estimate::extrapolation(own);
        for (size_t l = 0; l < own.size(); ++l)
          expected += factors[l] * values[l];
        folds.push_back(std::move(own));
      }
    const Estimate *e =
        estimate::estimateExpect(lab.ctx, 0, *recipe, lab.sumOf(all, weights), policy);
    ASSERT_TRUE(e);
    EXPECT_EQ(lab.ctx.spent.circuits, 6);
    covered += e->low <= expected && expected <= e->high;
    if (seed <= 3)
      EXPECT_NEAR(e->value, expected, 4.5 * e->standardError);
  }
  ASSERT_EQ(folds.size(), 2u);
  EXPECT_NE(folds[0], folds[1]);
  EXPECT_GE(covered, 0.95 * seeds - 2 * std::sqrt(0.95 * 0.05 * seeds));
}

TEST(CommutingGroups, TrajectoriesAndTableausRunTheSameCircuits) {
  Lab lab(8);
  auto *noise = lab.ctx.make<noise::Noise>("lab");
  noise->rules.push_back({noise::Channel::Depolarizing, noise::Noise::everyGate, 0.02});
  noise->readout = {0.02, 0.05};
  DensityMatrix exact("dm", 3, noise);
  device::Trajectories trajectories("tr", 3, noise);
  device::Stabilizer tableau("st", 64, noise, false);
  auto gate = [](const char *name, uint64_t controls, int target) {
    return GateCall{noise::gateNamed(name), false, controls, target, -1, {}};
  };
  const Calls calls{gate("h", 0, 0), gate("s", 0, 0), gate("cx", 1, 1), gate("cx", 2, 2),
                    gate("h", 0, 2)};
  const auto *recipe = noisy::recipeOf(lab.ctx, calls, 3);
  const auto &sum = lab.sumOf(heisenberg, couplings);
  for (bool readout : {false, true}) {
    auto &policy = *lab.shots(200'000);
    policy.mitigation.readout = readout;
    auto &few = *lab.shots(10'000);
    few.mitigation.readout = readout;
    lab.ctx.part<sim::Devices>().push(&exact);
    const auto *known = estimate::estimateExpect(lab.ctx, 0, *recipe, sum, policy);
    for (sim::Backend *device :
         {static_cast<sim::Backend *>(&trajectories), static_cast<sim::Backend *>(&tableau)}) {
      lab.ctx.part<sim::Devices>().push(device);
      const auto *drawn = estimate::estimateExpect(lab.ctx, 0, *recipe, sum, few);
      ASSERT_TRUE(drawn);
      EXPECT_NEAR(drawn->value, known->value,
                  4.5 * std::hypot(drawn->standardError, known->standardError));
    }
  }
}

TEST(CommutingGroups, OfTwoHundredQubitsAreReadOnATableau) {
  Lab lab;
  constexpr int qubits = 200;
  device::Stabilizer tableau("st", 1000, lab.ctx.make<noise::Noise>("none"), false);
  lab.ctx.part<sim::Devices>().push(&tableau);
  // A cat: X on all and Z Z of neighbours are 1.
  std::vector<qdo_gate> gates{
      {0, static_cast<int16_t>(noise::gateNamed("h")), 0, 0, -1, {-1, -1, -1, -1}}};
  for (int q = 0; q + 1 < qubits; ++q)
    gates.push_back({static_cast<uint64_t>(q + 1),
                     static_cast<int16_t>(noise::gateNamed("cx")),
                     0,
                     static_cast<int16_t>(q + 1),
                     -1,
                     {-1, -1, -1, -1}});
  qdo_circuit cat{};
  cat.name = "cat";
  cat.qubits = qubits;
  cat.gates = gates.data();
  cat.gate_count = std::ssize(gates);
  cat.angles = [](qdo_sink *, const double *, double *) {};
  const auto *recipe = sim::makeLeaf(lab.ctx, &cat, {});
  auto *sum = lab.ctx.make<sim::Observable>();
  auto add = [&](auto letterAt) {
    auto word = [&](int w) {
      uint64_t x = 0, z = 0;
      for (int q = 64 * w; q < std::min(64 * (w + 1), qubits); ++q) {
        x |= uint64_t{letterAt(q) == 'X'} << q % 64;
        z |= uint64_t{letterAt(q) == 'Z'} << q % 64;
      }
      return std::pair(x, z);
    };
    for (int w = 1; w < 4; ++w)
      if (const auto [x, z] = word(w); (x | z) != 0)
        sum->addWord(static_cast<size_t>(w), x, z);
    sum->add(1, word(0).first, word(0).second);
  };
  add([](int) { return 'X'; });
  for (int first : {0, 63, 150})
    add([&](int q) { return q == first || q == first + 1 ? 'Z' : 'I'; });
  const Estimate *e = estimate::estimateExpect(lab.ctx, 0, *recipe, *sum, *lab.shots(50));
  ASSERT_TRUE(e);
  EXPECT_EQ(lab.ctx.spent.circuits, 1);
  EXPECT_EQ(e->value, 4);
}

TEST(CommutingGroups, ObservablesOfOnePrecisionShareCircuits) {
  Lab lab(10);
  std::mt19937_64 engine(10);
  const auto *recipe = noisy::recipeOf(lab.ctx, someGates(engine, 3), 3);
  Policy policy(Policy::Mode::Sequential, "p");
  policy.grouping = Grouping::Commuting;
  policy.low = 50;
  policy.mitigation.factors = {1, 3}; // without noise there is one level
  std::vector<const sim::Observable *> observables;
  for (const std::string &letters : heisenberg)
    observables.push_back(&lab.sumOf({letters}, {-1}));
  const std::vector<double> within(observables.size(), 0.1);
  const auto all = estimate::estimateEach(lab.ctx, 0, *recipe, observables, within, policy);
  ASSERT_EQ(all.size(), observables.size());
  EXPECT_EQ(lab.ctx.spent.circuits, 2);
  for (size_t i = 0; i < all.size(); ++i) {
    EXPECT_LE((all[i]->high - all[i]->low) / 2, 0.1);
    EXPECT_LE(std::abs(all[i]->value - sim::exactExpect(lab.ctx, 0, *recipe, *observables[i])),
              0.1);
  }
  // Qubit by qubit they are three.
  policy.grouping = Grouping::Qubitwise;
  estimate::estimateEach(lab.ctx, 0, *recipe, observables, within, policy);
  EXPECT_EQ(lab.ctx.spent.circuits, 2 + 3);
  // One that does not fit is refused as ever.
  policy.grouping = Grouping::Commuting;
  const sim::Observable *wide[] = {&lab.sumOf({"IIIX"}, {1})};
  EXPECT_TRUE(
      estimate::estimateEach(lab.ctx, 0, *recipe, wide, {within.data(), 1}, policy).empty());
  EXPECT_EQ(lab.ctx.failure()->kind, base::Kind::IndexOutOfRange);
}

TEST(CommutingGroups, PrecisionsByObservableHold) {
  Lab lab(9);
  std::mt19937_64 engine(9);
  const auto *recipe = noisy::recipeOf(lab.ctx, someGates(engine, 3), 3);
  Policy policy(Policy::Mode::Sequential, "p");
  policy.grouping = Grouping::Commuting;
  policy.low = 50;
  const sim::Observable *observables[] = {&lab.sumOf(heisenberg, couplings),
                                          &lab.sumOf({"XXI", "ZZI"}, {1, 1}),
                                          &lab.sumOf({"YYI"}, {1})};
  const double within[] = {0.2, 0.1, 0.1};
  const auto all = estimate::estimateEach(lab.ctx, 0, *recipe, observables, within, policy);
  ASSERT_EQ(all.size(), 3u);
  // The third is read by the circuit of the second, as narrow as it asks.
  EXPECT_EQ(lab.ctx.spent.circuits, 3);
  for (size_t i = 0; i < all.size(); ++i) {
    EXPECT_LE((all[i]->high - all[i]->low) / 2, within[i]);
    const double exact = sim::exactExpect(lab.ctx, 0, *recipe, *observables[i]);
    EXPECT_LE(std::abs(all[i]->value - exact), within[i]);
  }
}
