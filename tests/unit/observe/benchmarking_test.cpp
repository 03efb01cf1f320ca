// SPDX-License-Identifier: Apache-2.0
// Benchmarks against devices whose error is known: values, coverage, and what is refused.
#include "runtime/device/density_matrix.h"
#include "runtime/device/stabilizer.h"
#include "runtime/observe/benchmarking.h"
#include "runtime/observe/clifford_group.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

using namespace qdo;
using namespace qdo::observe;

namespace {

const std::vector<std::string> gatesUsed = {"h", "s", "sdg", "x", "y", "z", "cx"};

int rowOf(std::string_view name) {
  const auto all = gates::all();
  return static_cast<int>(std::ranges::find(all, name, &gates::GateInfo::name) - all.begin());
}

/// A device on which one gate, or every gate, depolarises.
struct Lab {
  explicit Lab(uint64_t seed, double p, std::string_view gate = "", bool exact = false)
      : ctx(optionsOf(seed, exact)), device("dm", 2, noiseOf(ctx, p, gate)) {
    ctx.part<sim::Devices>().push(&device);
    policy = ctx.make<estimate::Policy>(estimate::Policy::Mode::Fixed, "p");
    policy->low = 600;
  }
  static qdo_options optionsOf(uint64_t seed, bool exact) {
    qdo_options options{};
    options.seed = seed;
    options.exact = exact;
    return options;
  }
  static noise::Noise *noiseOf(base::Context &ctx, double p, std::string_view gate) {
    auto *noise = ctx.make<noise::Noise>("lab");
    noise->rules.push_back(
        {noise::Channel::Depolarizing, gate.empty() ? noise::Noise::everyGate : rowOf(gate), p});
    noise->readout = {0.02, 0.02};
    return noise;
  }
  std::optional<int64_t> run(BenchmarkingRequest request) {
    request.gates = request.gates.empty() ? gatesUsed : request.gates;
    return measureBenchmarking(ctx, 0, request, *policy);
  }
  const Curve &curve(int64_t number) {
    return ctx.part<Curves>().all.at(static_cast<size_t>(number));
  }

  base::Context ctx;
  device::DensityMatrix device;
  estimate::Policy *policy;
};

/// (1 - p)/2 where p is what is left of a qubit's Bloch vector after an operation, on average.
double errorOf(double depolarizing, std::string_view gate) {
  const CliffordGroup group(1, gatesUsed);
  double left = 0;
  for (size_t i = 0; i < group.size(); ++i) {
    std::vector<gates::GateCall> circuit;
    group.append(i, circuit);
    const auto noisy = std::ranges::count_if(
        circuit, [&](auto &call) { return gate.empty() || call.gate == rowOf(gate); });
    left += std::pow(1 - depolarizing, static_cast<double>(noisy));
  }
  return (1 - left / static_cast<double>(group.size())) / 2;
}

const std::vector<int64_t> lengths = {1, 5, 10, 20, 35, 50, 75, 100};

} // namespace

TEST(Benchmarking, ExactCurvesGiveTheErrorOfTheDevice) {
  Lab lab(1, 0.01, "", true);
  const auto number = lab.run({.qubits = 1, .lengths = lengths, .sequences = 200});
  ASSERT_TRUE(number);
  const Curve &curve = lab.curve(*number);
  ASSERT_EQ(curve.fit.status, FitStatus::Identified) << curve.fit.reason;
  const Quantity &q = curve.fit.quantity;
  EXPECT_NEAR(q.value, errorOf(0.01, ""), 4 * q.standardError);
  EXPECT_LT(q.standardError, 0.02 * q.value);
  EXPECT_NEAR(curve.meanGates, 46.0 / 24, 0.2);
  for (size_t k = 0; k < lengths.size(); ++k)
    EXPECT_GT(curve.points[k].value, 0.5);
}

TEST(Benchmarking, DealsTheShotsOfAPointOut) {
  Lab lab(2, 0.01);
  const auto number = lab.run({.qubits = 1, .lengths = {4}, .sequences = 7});
  ASSERT_TRUE(number);
  const Curve &curve = lab.curve(*number);
  ASSERT_EQ(curve.counts.size(), 7u);
  int64_t shots = 0, successes = 0;
  for (const CurvePoint &one : curve.counts) {
    EXPECT_TRUE(one.shots == 85 || one.shots == 86) << one.shots;
    shots += one.shots;
    successes += one.successes;
  }
  EXPECT_EQ(shots, 600);
  EXPECT_EQ(curve.points[0].shots, 600);
  EXPECT_DOUBLE_EQ(curve.points[0].value, static_cast<double>(successes) / 600);
  // Asked again it is known, and costs nothing.
  const auto again = lab.run({.qubits = 1, .lengths = {4}, .sequences = 7});
  EXPECT_EQ(lab.curve(*again).points[0].value, lab.curve(*number).points[0].value);
  EXPECT_EQ(lab.curve(*again).counts.size(), 7u);
  EXPECT_EQ(lab.ctx.spent.shots, 600);
}

// Only h errs, so that circuits of one length differ: intervals that knew shots only would be too
// narrow. 95 % of 200 is 190 +- 3.1.
TEST(Benchmarking, IntervalsHoldTheErrorAlthoughCircuitsDiffer) {
  const double truth = errorOf(0.02, "h");
  int held = 0;
  double dispersion = 0;
  for (uint64_t seed = 0; seed < 200; ++seed) {
    Lab lab(seed, 0.02, "h");
    lab.policy->low = 10'000;
    const auto number = lab.run({.qubits = 1, .lengths = lengths, .sequences = 10});
    ASSERT_TRUE(number);
    const Fit &fit = lab.curve(*number).fit;
    ASSERT_TRUE(fit.identified()) << fit.reason;
    held += fit.quantity.low <= truth && truth <= fit.quantity.high;
    dispersion += fit.dispersion / 200;
  }
  EXPECT_GE(held, 181);
  EXPECT_GT(dispersion, 1.5);
}

TEST(Benchmarking, InterleavedGivesTheErrorOfACircuit) {
  Lab lab(3, 0.01, "", true);
  static const qdo_gate flip = [] {
    qdo_gate gate{};
    gate.gate = static_cast<int16_t>(rowOf("x"));
    gate.target1 = -1;
    std::ranges::fill(gate.angles, -1);
    return gate;
  }();
  qdo_circuit circuit{};
  circuit.name = "flip";
  circuit.qubits = 1;
  circuit.gates = &flip;
  circuit.gate_count = 1;
  circuit.angles = [](qdo_sink *, const double *, double *) {};
  const auto number = lab.run({.qubits = 1,
                               .lengths = lengths,
                               .sequences = 200,
                               .interleaved = sim::makeLeaf(lab.ctx, &circuit, {})});
  ASSERT_TRUE(number);
  EXPECT_EQ(lab.curve(*number).reference, *number - 1);
  const Quantity &q = lab.curve(*number).fit.quantity;
  EXPECT_NEAR(q.value, 0.005, 4 * q.standardError);
  EXPECT_LT(q.standardError, 0.0005);
  EXPECT_LE(q.low, 0.005);
  EXPECT_GE(q.high, 0.005);
}

TEST(Benchmarking, TableausAgree) {
  Lab lab(4, 0.02);
  const auto dense = lab.run({.qubits = 2, .lengths = {1, 3, 6, 9, 12, 16}, .sequences = 15});
  device::Stabilizer tableau("lab", 2, Lab::noiseOf(lab.ctx, 0.02, ""), false);
  lab.ctx.part<sim::Devices>().push(&tableau);
  const auto framed = lab.run({.qubits = 2, .lengths = {1, 3, 6, 9, 12, 16}, .sequences = 15});
  lab.ctx.part<sim::Devices>().pop();
  ASSERT_TRUE(dense && framed);
  for (size_t k = 0; k < 6; ++k)
    EXPECT_NEAR(lab.curve(*dense).points[k].value, lab.curve(*framed).points[k].value, 0.12);
  const Quantity &a = lab.curve(*dense).fit.quantity, &b = lab.curve(*framed).fit.quantity;
  EXPECT_NEAR(a.value, b.value, 4 * std::hypot(a.standardError, b.standardError));
}

TEST(Benchmarking, FewLengthsAreUnidentified) {
  Lab lab(5, 0.01);
  const auto few = lab.run({.qubits = 1, .lengths = {1, 10, 100}, .sequences = 5});
  ASSERT_TRUE(few);
  EXPECT_EQ(lab.curve(*few).text(""), "UNIDENTIFIED (3 lengths are too few: it takes 6)");
  const auto none = lab.run({.qubits = 1, .lengths = {}, .sequences = 5});
  ASSERT_TRUE(none);
  EXPECT_FALSE(lab.curve(*none).fit.identified());
}
