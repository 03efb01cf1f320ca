// SPDX-License-Identifier: Apache-2.0
// Swap tests and Hadamard tests as circuits with noise, against Kraus operators on dense matrices.
#include "runtime/device/density_matrix.h"
#include "runtime/device/stabilizer.h"
#include "runtime/device/trajectories.h"
#include "runtime/estimate/overlaps.h"
#include "runtime/sim/observable.h"
#include "runtime/sim/sign_circuits.h"
#include "tests/unit/device/noisy_reference.h"

#include <gtest/gtest.h>

using namespace qdo;
using device::DensityMatrix;
using gates::GateCall;
using sim::SignCircuit;

namespace {

using Calls = std::vector<GateCall>;
constexpr int n = 2;
enum class Way : uint8_t { Destructive, Swap, Re, Im, Purity }; // that of qubit 0 of p
constexpr Way ways[] = {Way::Destructive, Way::Swap, Way::Re, Way::Im, Way::Purity};

GateCall gate(std::string_view name, uint64_t controls, int target, int other = -1) {
  return {noise::gateNamed(name), false, controls, target, other, {}};
}

/// The gates on wires from `shift` on, where one more qubit is 1 if there is a control.
Calls moved(const Calls &calls, int shift, int control = -1) {
  Calls out;
  for (GateCall call : calls) {
    call.controls <<= shift;
    if (control >= 0)
      call.controls |= uint64_t{1} << control;
    call.target0 += shift;
    if (call.target1 >= 0)
      call.target1 += shift;
    out.push_back(call);
  }
  return out;
}

Calls inverted(const Calls &calls) {
  Calls out(calls.rbegin(), calls.rend());
  for (GateCall &call : out)
    call.inverse = !call.inverse;
  return out;
}

/// The whole circuit, written out.
Calls written(Way test, const Calls &p, const Calls &r) {
  Calls all;
  auto add = [&](const Calls &calls) { all.insert(all.end(), calls.begin(), calls.end()); };
  if (test == Way::Purity) {
    add(p);
    add(moved(p, n));
    add({gate("cx", 1, n), gate("h", 0, 0)});
    return all;
  }
  if (test == Way::Destructive || test == Way::Swap) {
    add(p);
    add(moved(r, n));
    if (test == Way::Destructive) {
      for (int q = 0; q < n; ++q)
        add({gate("cx", uint64_t{1} << q, n + q), gate("h", 0, q)});
      return all;
    }
    add({gate("h", 0, 2 * n)});
    for (int q = 0; q < n; ++q)
      add({gate("cswap", uint64_t{1} << 2 * n, q, n + q)});
    add({gate("h", 0, 2 * n)});
    return all;
  }
  add({gate("h", 0, 0)});
  add(moved(r, 1, 0));
  add(moved(inverted(p), 1, 0));
  if (test == Way::Im)
    add({gate("sdg", 0, 0)});
  add({gate("h", 0, 0)});
  return all;
}

int qubitsOf(Way test) {
  return test == Way::Destructive || test == Way::Purity ? 2 * n
         : test == Way::Swap                             ? 2 * n + 1
                                                         : n + 1;
}

double signOf(Way test, uint64_t outcome) {
  switch (test) {
  case Way::Destructive:
    return std::popcount(outcome & (outcome >> n)) % 2 ? -1 : 1;
  case Way::Purity:
    return (outcome & (outcome >> n) & 1) ? -1 : 1;
  case Way::Swap:
    return outcome >> 2 * n & 1 ? -1 : 1;
  default:
    return outcome & 1 ? -1 : 1;
  }
}

std::shared_ptr<const SignCircuit> circuitOf(base::Context &ctx, Way test, const sim::Recipe &p,
                                             const sim::Recipe &r) {
  switch (test) {
  case Way::Destructive:
    return SignCircuit::destructiveSwap(ctx, p, r);
  case Way::Purity:
    return SignCircuit::purity(ctx, p, 1);
  case Way::Swap:
    return SignCircuit::swapTest(ctx, p, r);
  default:
    return SignCircuit::hadamardTest(ctx, p, r, test == Way::Im);
  }
}

/// Gates that have a controlled version with a name, so that the reference's rules find it.
Calls someGates(std::mt19937_64 &engine) {
  Calls calls;
  std::uniform_real_distribution<double> angle(-3, 3);
  for (int i = 0; i < 3; ++i) {
    for (int q = 0; q < n; ++q) {
      GateCall turn = gate(i % 2 ? "rz" : "ry", 0, q);
      turn.angles[0] = angle(engine);
      calls.push_back(turn);
    }
    calls.push_back(gate("cx", 1, 1));
  }
  return calls;
}

double meanOf(const sim::Coin &coin) { return coin.offset + coin.scale * coin.probability; }

/// Shots of a coin whose probability nobody knows, as a mean and its error.
std::pair<double, double> measured(base::Context &ctx, const sim::Coin &coin, int64_t shots) {
  const double f =
      static_cast<double>(coin.shots->successes(ctx, 0, 11, 0, shots)) / static_cast<double>(shots);
  return {coin.offset + coin.scale * f,
          coin.scale * std::sqrt(f * (1 - f) / static_cast<double>(shots)) + 1e-9};
}

} // namespace

TEST(SignCircuits, WithoutNoiseTheyAreOverlaps) {
  base::Context ctx(qdo_options{});
  std::mt19937_64 engine(81);
  for (int round = 0; round < 3; ++round) {
    const auto *p = noisy::recipeOf(ctx, someGates(engine), n),
               *r = noisy::recipeOf(ctx, someGates(engine), n);
    const auto overlap = sim::exactOverlap(ctx, 0, *p, *r);
    const double expected[] = {std::norm(overlap), std::norm(overlap), overlap.real(),
                               overlap.imag(), *sim::backend(ctx).purity(ctx, 0, *p, 1)};
    for (Way test : ways) {
      const auto circuit = circuitOf(ctx, test, *p, *r);
      EXPECT_NEAR(*circuit->exact(ctx, 0), expected[static_cast<size_t>(test)], 1e-12);
      EXPECT_EQ(circuit->recipe().qubits, qubitsOf(test));
    }
  }
}

TEST(SignCircuits, EveryGateWaitAndReadingHasItsNoise) {
  base::Context ctx(qdo_options{});
  const noisy::Numbers numbers;
  const noise::Noise &noise = *noisy::noiseOf(ctx, numbers);
  std::mt19937_64 engine(82);
  DensityMatrix device("dm", 2 * n + 1, &noise);
  ctx.part<sim::Devices>().push(&device);
  const Calls p = someGates(engine), r = someGates(engine);
  const auto *pr = noisy::recipeOf(ctx, p, n), *rr = noisy::recipeOf(ctx, r, n);
  const bool ordered = pr->hash <= rr->hash; // as swaps put them
  for (Way test : ways) {
    const bool swaps = test == Way::Destructive || test == Way::Swap;
    const auto reference =
        noisy::evolved(swaps && !ordered ? written(test, r, p) : written(test, p, r),
                       qubitsOf(test), noise, numbers);
    auto meanUnder = [&](const noise::Readout &readout) {
      const auto outcomes = noisy::read(reference.rho, readout);
      double mean = 0;
      for (uint64_t k = 0; k < outcomes.size(); ++k)
        mean += signOf(test, k) * outcomes[k];
      return mean;
    };
    const auto circuit = circuitOf(ctx, test, *pr, *rr);
    EXPECT_NEAR(*circuit->exact(ctx, 0), meanUnder(noise.readout), 1e-12);
    EXPECT_NEAR(meanOf(*sim::coinOf(ctx, 0, circuit, {})), meanUnder(noise.readout), 1e-12);
    EXPECT_NEAR(meanOf(*sim::coinOf(ctx, 0, circuit, {.readout = true})), meanUnder({}), 1e-12);
    EXPECT_GT(sim::coinOf(ctx, 0, circuit, {.fold = 3})->fold, 2.5);
  }
}

TEST(SignCircuits, TrajectoriesAgreeWithTheDensityMatrix) {
  qdo_options options{};
  options.seed = 7;
  base::Context ctx(options);
  const noise::Noise &noise = *noisy::noiseOf(ctx, {0.02, 0.05, 0.03, 0.03});
  std::mt19937_64 engine(83);
  DensityMatrix exact("dm", 2 * n + 1, &noise);
  device::Trajectories device("tr", 2 * n + 1, &noise);
  const auto *p = noisy::recipeOf(ctx, someGates(engine), n),
             *r = noisy::recipeOf(ctx, someGates(engine), n);
  for (Way test : ways)
    for (bool readout : {false, true}) {
      const auto circuit = circuitOf(ctx, test, *p, *r);
      ctx.part<sim::Devices>().push(&exact);
      const double expected = meanOf(*sim::coinOf(ctx, 0, circuit, {.readout = readout}));
      ctx.part<sim::Devices>().push(&device);
      const auto [mean, error] =
          measured(ctx, *sim::coinOf(ctx, 0, circuit, {.readout = readout}), 8000);
      EXPECT_NEAR(mean, expected, 4.5 * error);
    }
}

TEST(SignCircuits, BellMeasurementsRunOnATableau) {
  qdo_options options{};
  options.seed = 8;
  base::Context ctx(options);
  auto *noise = ctx.make<noise::Noise>("lab");
  noise->rules.push_back({noise::Channel::Depolarizing, noise::Noise::everyGate, 0.05});
  noise->readout = {0.02, 0.05};
  const Calls p{gate("h", 0, 0), gate("cx", 1, 1)},
      r{gate("h", 0, 0), gate("s", 0, 0), gate("cx", 1, 1)};
  DensityMatrix exact("dm", 2 * n + 1, noise);
  device::Stabilizer device("tab", 64, noise, false);
  const auto *pr = noisy::recipeOf(ctx, p, n), *rr = noisy::recipeOf(ctx, r, n);
  for (Way test : {Way::Destructive, Way::Purity})
    for (const auto &[a, b] : {std::pair(pr, pr), std::pair(pr, rr)})
      for (bool readout : {false, true}) {
        const auto circuit = circuitOf(ctx, test, *a, *b);
        ctx.part<sim::Devices>().push(&exact);
        const double expected = meanOf(*sim::coinOf(ctx, 0, circuit, {.readout = readout}));
        ctx.part<sim::Devices>().push(&device);
        const auto [mean, error] =
            measured(ctx, *sim::coinOf(ctx, 0, circuit, {.readout = readout}), 20000);
        EXPECT_NEAR(mean, expected, 4.5 * error);
        if (!readout)
          EXPECT_NEAR(*circuit->exact(ctx, 0), expected, 1e-12);
      }
}

TEST(SignCircuits, EstimatesRunTheCircuitOfTheirWay) {
  qdo_options options{};
  options.seed = 9;
  base::Context ctx(options);
  const noise::Noise &noise = *noisy::noiseOf(ctx, {0.01, 0.02, 0.01, 0.01});
  std::mt19937_64 engine(84);
  DensityMatrix device("dm", 2 * n + 1, &noise);
  ctx.part<sim::Devices>().push(&device);
  const auto *p = noisy::recipeOf(ctx, someGates(engine), n),
             *r = noisy::recipeOf(ctx, someGates(engine), n);
  estimate::Policy policy(estimate::Policy::Mode::Fixed, "shots");
  policy.low = 40'000;
  const double swap = *SignCircuit::swapTest(ctx, *p, *r)->exact(ctx, 0),
               destructive = *SignCircuit::destructiveSwap(ctx, *p, *r)->exact(ctx, 0),
               re = *SignCircuit::hadamardTest(ctx, *p, *r, false)->exact(ctx, 0),
               im = *SignCircuit::hadamardTest(ctx, *p, *r, true)->exact(ctx, 0);
  for (const auto &[name, expected] :
       {std::pair("swap", swap), std::pair("destructive swap", destructive),
        std::pair("hadamard", re * re + im * im)}) {
    const auto *e = estimate::estimateFidelityBy(ctx, 0, *p, *r, policy,
                                                 *estimate::overlapWayNamed(ctx, 0, name));
    ASSERT_TRUE(e) << name;
    EXPECT_EQ(e->way, name);
    EXPECT_NEAR(e->value, expected, 4.5 * e->standardError) << name;
  }
}

TEST(SignCircuits, MitigationComesNearer) {
  qdo_options options{};
  options.seed = 9;
  base::Context ctx(options);
  auto *noise = ctx.make<noise::Noise>("lab");
  noise->rules.push_back({noise::Channel::Depolarizing, noise::Noise::everyGate, 0.002});
  noise->readout = {0.02, 0.05};
  std::mt19937_64 engine(84);
  DensityMatrix device("dm", 2 * n + 1, noise);
  ctx.part<sim::Devices>().push(&device);
  const auto *p = noisy::recipeOf(ctx, someGates(engine), n),
             *r = noisy::recipeOf(ctx, someGates(engine), n);
  const double swap = *SignCircuit::swapTest(ctx, *p, *r)->exact(ctx, 0);
  estimate::Policy policy(estimate::Policy::Mode::Fixed, "shots");
  const double truth = sim::exactFidelity(ctx, 0, *p, *r);
  policy.mitigation = {.readout = true, .factors = {1, 3, 5}};
  policy.low = 400'000;
  const auto *e = estimate::estimateFidelityBy(ctx, 0, *p, *r, policy,
                                               estimate::overlapWay(estimate::OverlapKind::Swap));
  ASSERT_TRUE(e);
  EXPECT_EQ(e->shots, 3 * 400'000);
  EXPECT_LT(std::abs(e->value - truth), 0.5 * std::abs(swap - truth));
}
