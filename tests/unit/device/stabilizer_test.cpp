// SPDX-License-Identifier: Apache-2.0
// Clifford circuits with Pauli errors on the tableau against the density matrix, which knows
// neither tableaus nor frames.
#include "runtime/device/density_matrix.h"
#include "runtime/device/stabilizer.h"
#include "runtime/sim/live.h"
#include "tests/unit/device/joint_mean.h"
#include "tests/unit/device/noisy_reference.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <map>
#include <numbers>

using namespace qdo;
using device::DensityMatrix;
using device::Stabilizer;
using gates::GateCall;
using noise::Channel;
using sim::PauliString;

namespace {

/// Gates whose angles, if any, are multiples of a quarter turn; inverses among them.
std::vector<GateCall> cliffords(int qubits, int count, std::mt19937_64 &engine) {
  static constexpr const char *names[] = {"x",  "y",  "z",  "h",    "s",   "sdg", "sx",  "rx",
                                          "ry", "rz", "p",  "cx",   "cy",  "cz",  "rxx", "rzz",
                                          "cx", "h",  "cx", "swap", "crz", "u"};
  std::vector<GateCall> calls;
  auto below = [&](uint64_t bound) { return static_cast<int>(engine() % bound); };
  while (std::ssize(calls) < count) {
    const int gate = noise::gateNamed(names[engine() % std::size(names)]);
    const auto &info = gates::all()[static_cast<size_t>(gate)];
    if (info.controls + info.targets > qubits)
      continue;
    std::vector<int> wires(static_cast<size_t>(qubits));
    std::iota(wires.begin(), wires.end(), 0);
    std::ranges::shuffle(wires, engine);
    GateCall call{gate, below(3) == 0, 0, wires[0], info.targets == 2 ? wires[1] : -1, {}};
    for (int c = 0; c < info.controls; ++c)
      call.controls |= uint64_t{1} << wires[static_cast<size_t>(info.targets + c)];
    for (int a = 0; a < info.parameters; ++a)
      call.angles[a] = std::numbers::pi / (info.controls > 0 ? 1 : 2) * below(8);
    calls.push_back(call);
  }
  return calls;
}

/// Everything that is a mixture of Pauli operators, and readings that err.
const noise::Noise *pauliNoise(base::Context &ctx, noise::Readout readout) {
  auto *noise = ctx.make<noise::Noise>("lab");
  noise->t2 = 4e-6;
  noise->readout = readout;
  noise->rules = {{Channel::Depolarizing, noise::Noise::everyGate, 0.03},
                  {Channel::Depolarizing, noise::gateNamed("cx"), 0.08},
                  {Channel::PhaseDamping, noise::Noise::everyGate, 0.05},
                  {Channel::PhaseDamping, noise::gateNamed("h"), 0.15}};
  return noise;
}

qdo_options optionsOf(uint64_t seed, int threads) {
  qdo_options options{};
  options.seed = seed;
  options.threads = threads;
  return options;
}

double deviation(int64_t successes, int64_t shots, double p) {
  const double n = static_cast<double>(shots);
  return (static_cast<double>(successes) - n * p) / std::sqrt(n * p * (1 - p) + 1e-9);
}

double valueOf(const sim::Coin &coin) { return coin.offset + coin.scale * coin.probability; }

} // namespace

TEST(Stabilizer, ExactNumbersAreThoseOfTheDensityMatrix) {
  std::mt19937_64 engine(71);
  int seen = 0;
  for (int trial = 0; trial < 60; ++trial) {
    base::Context ctx(optionsOf(1, 2));
    const auto *noise =
        pauliNoise(ctx, trial % 2 ? noise::Readout{0.03, 0.03} : noise::Readout{0.02, 0.07});
    const int qubits = 1 + trial % 6;
    DensityMatrix exact("dm", qubits, noise);
    Stabilizer device("st", qubits, noise, false);
    const auto *p = noisy::recipeOf(ctx, cliffords(qubits, 12, engine), qubits);
    const auto *r = noisy::recipeOf(ctx, cliffords(qubits, 12, engine), qubits);
    const auto *waiting = sim::makeIdle(ctx, 0, p, 3e-7);
    const uint64_t all = (uint64_t{1} << qubits) - 1;
    std::vector<PauliString> strings;
    while (strings.size() < 40)
      if (const PauliString string{engine() & all, engine() & all}; !string.identity())
        strings.push_back(string);
    for (const auto *recipe : {p, static_cast<const sim::Recipe *>(waiting)}) {
      const auto means = device.means(ctx, 0, *recipe, strings);
      const auto expected = exact.means(ctx, 0, *recipe, strings);
      ASSERT_TRUE(means && expected);
      for (size_t i = 0; i < strings.size(); ++i) {
        EXPECT_NEAR((*means)[i], (*expected)[i], 1e-12);
        seen += std::fabs((*means)[i]) > 0.05;
      }
      EXPECT_NEAR(*device.fidelity(ctx, 0, *recipe, *r), *exact.fidelity(ctx, 0, *recipe, *r),
                  1e-12);
      EXPECT_NEAR(*device.fidelity(ctx, 0, *recipe, *p), *exact.fidelity(ctx, 0, *recipe, *p),
                  1e-12);
      const auto ours = device.probabilities(ctx, 0, *recipe);
      const auto theirs = exact.probabilities(ctx, 0, *recipe);
      ASSERT_TRUE(ours && theirs);
      for (size_t k = 0; k < theirs->size(); ++k)
        EXPECT_NEAR((*ours)[k], (*theirs)[k], 1e-12);
      for (uint64_t mask = 0; mask <= all; mask += 1 + mask / 3)
        EXPECT_NEAR(*device.purity(ctx, 0, *recipe, mask), *exact.purity(ctx, 0, *recipe, mask),
                    1e-12);
    }
    for (const sim::Mitigation mitigation : {sim::Mitigation{.readout = true},
                                             {.fold = 3},
                                             {.readout = true, .fold = 2},
                                             {.fold = 3, .waits = false}}) {
      for (const PauliString &string : strings) {
        const auto ours = device.joint(ctx, 0, *waiting, string, mitigation),
                   theirs = exact.joint(ctx, 0, *waiting, string, mitigation);
        ASSERT_TRUE(ours && theirs);
        EXPECT_EQ(ours->fold, theirs->fold);
        EXPECT_EQ(ours->zero, theirs->zero);
        EXPECT_EQ(ours->one, theirs->one);
        constexpr int64_t shots = 2000;
        sim::Histogram read(waiting->qubits);
        ASSERT_TRUE(ours->draw(ctx, 0, 8, 0, shots, read));
        double mean = 0, squares = 0;
        for (size_t k = 0; k < read.size(); ++k) {
          const double sign = noisy::signOf(*ours, string, read.outcome(k)[0]);
          mean += sign * static_cast<double>(read.count(k)) / shots;
          squares += sign * sign * static_cast<double>(read.count(k)) / shots;
        }
        const double error = std::sqrt((squares - mean * mean) / shots) + 1e-3;
        EXPECT_LT(std::fabs(mean - noisy::jointMean(ctx, exact, *waiting, string, mitigation)),
                  5 * error);
      }
      const auto one = device.fidelityCoin(ctx, 0, *p, *r, mitigation);
      const auto other = exact.fidelityCoin(ctx, 0, *p, *r, mitigation);
      EXPECT_NEAR(valueOf(*one), valueOf(*other), 1e-12);
      EXPECT_EQ(one->fold, other->fold);
      EXPECT_EQ(one->scale, other->scale);
    }
    EXPECT_NEAR(device.seconds(ctx, 0, *p), exact.seconds(ctx, 0, *p), 1e-15);
    ASSERT_TRUE(ctx.ok()) << ctx.failure()->message;
  }
  EXPECT_GT(seen, 300); // most strings of a stabiliser state have the mean 0
}

TEST(Stabilizer, SamplesFollowTheExactDistribution) {
  std::mt19937_64 engine(72);
  constexpr int64_t shots = 100'000;
  for (int trial = 0; trial < 4; ++trial) {
    base::Context ctx(optionsOf(10 + static_cast<uint64_t>(trial), 2));
    const auto *noise = pauliNoise(ctx, {0.02, 0.07});
    Stabilizer device("st", 4, noise, false);
    DensityMatrix exact("dm", 4, noise);
    const auto *p = noisy::recipeOf(ctx, cliffords(4, 14, engine), 4);
    const auto expected = *exact.probabilities(ctx, 0, *p);
    const auto sampled = device.sample(ctx, 0, *p, 3, shots);
    ASSERT_TRUE(sampled);
    std::vector<int64_t> counts(16);
    int64_t total = 0;
    for (const auto &[outcome, count] : sampled->entries)
      counts[outcome] += count, total += count;
    EXPECT_EQ(total, shots);
    double square = 0;
    for (size_t k = 0; k < 16; ++k) {
      const double mean = expected[k] * double{shots};
      square += std::pow(static_cast<double>(counts[k]) - mean, 2) / std::max(mean, 1e-9);
    }
    EXPECT_LT(square, 44); // chi squared with 15 degrees of freedom: one in 10^4
  }
}

/// Shots whose probability is known as well: sums of up to 2^20 terms are exact, and from 2^14 on
/// estimates are drawn shot by shot.
TEST(Stabilizer, ShotsFollowExactNumbers) {
  std::mt19937_64 engine(73);
  constexpr int qubits = 17;
  constexpr int64_t shots = 40'000;
  double worst = 0;
  for (int trial = 0; trial < 3; ++trial) {
    base::Context ctx(optionsOf(20 + static_cast<uint64_t>(trial), 2));
    auto *noise = ctx.make<noise::Noise>("mild");
    noise->readout = {0.004, 0.01};
    noise->t2 = 100e-6;
    noise->rules = {{Channel::Depolarizing, noise::Noise::everyGate, 0.01}};
    Stabilizer device("st", qubits, noise, false);
    const auto *p = noisy::recipeOf(ctx, cliffords(qubits, 40, engine), qubits);
    for (bool readout : {false, true}) {
      const auto coin = device.fidelityCoin(ctx, 0, *p, *p, {.readout = readout});
      ASSERT_TRUE(coin && coin->shots);
      double expected = *device.fidelity(ctx, 0, *p, *p);
      if (readout) { // what reading without errors would show
        noise::Noise perfect("perfect");
        perfect.rules = noise->rules;
        perfect.t2 = noise->t2;
        Stabilizer reader("st", qubits, &perfect, false);
        expected = *reader.fidelity(ctx, 0, *p, *p);
      }
      EXPECT_GT(expected, 0.2);
      const int64_t hits = coin->shots->successes(ctx, 0, 5, 0, shots);
      worst = std::max(worst,
                       std::fabs(deviation(hits, shots, (expected - coin->offset) / coin->scale)));
    }
    // A stabiliser of many letters.
    const auto tableau = sim::stabilizerState(ctx, 0, *p);
    PauliString heavy{};
    for (int i = 0; i < 4000 && std::popcount(heavy.x | heavy.z) < 15; ++i) {
      PauliString next = heavy;
      const int k = static_cast<int>(engine() % qubits);
      // U Z_k U^-1 has an X where it anticommutes with Z.
      for (int q = 0; q < qubits; ++q) {
        const auto &t = tableau->tableau();
        next.x ^= uint64_t{stabilizer::bitOf(t.xOfZ(q), k)} << q;
        next.z ^= uint64_t{stabilizer::bitOf(t.xOfX(q), k)} << q;
      }
      heavy = next;
    }
    ASSERT_GE(std::popcount(heavy.x | heavy.z), 15);
    const double mean = (*device.means(ctx, 0, *p, {&heavy, 1}))[0];
    EXPECT_GT(std::fabs(mean), 0.1);
    sim::Histogram read(p->qubits);
    ASSERT_TRUE(device.joint(ctx, 0, *p, heavy, {})->draw(ctx, 0, 6, 0, shots, read));
    int64_t even = 0;
    for (size_t k = 0; k < read.size(); ++k)
      even += std::popcount(read.outcome(k)[0] & (heavy.x | heavy.z)) % 2 == 0 ? read.count(k) : 0;
    worst = std::max(worst, std::fabs(deviation(even, shots, (1 + mean) / 2)));
  }
  EXPECT_LT(worst, 4.2);
}

TEST(Stabilizer, ShotsDoNotDependOnThreadsNorOnHowTheyAreCut) {
  std::mt19937_64 engine(74);
  const auto calls = cliffords(16, 40, engine);
  auto run = [&](int threads, std::vector<int64_t> cuts) {
    base::Context ctx(optionsOf(9, threads));
    Stabilizer device("st", 16, pauliNoise(ctx, {0.01, 0.02}), false);
    const auto *p = noisy::recipeOf(ctx, calls, 16);
    const auto coin = device.fidelityCoin(ctx, 0, *p, *p, {});
    int64_t hits = 0, from = 0;
    cuts.push_back(3000);
    for (int64_t cut : cuts) {
      hits += coin->shots->successes(ctx, 0, 3, from, cut);
      from = cut;
    }
    const auto sampled = device.sample(ctx, 0, *p, 4, 1000);
    uint64_t sum = 0;
    for (const auto &[outcome, count] : sampled->entries)
      sum += outcome * static_cast<uint64_t>(count);
    return std::pair(hits, sum);
  };
  const auto one = run(1, {});
  EXPECT_GT(one.first, 0);
  EXPECT_EQ(one, run(2, {}));
  EXPECT_EQ(one, run(2, {1, 255, 256, 257, 1000}));
}

TEST(Stabilizer, SnapshotsFollowExactNumbers) {
  std::mt19937_64 engine(75);
  base::Context ctx(optionsOf(6, 2));
  const auto *noise = pauliNoise(ctx, {0.02, 0.07});
  Stabilizer device("st", 3, noise, false);
  constexpr int64_t shots = 20'000;
  double worst = 0;
  int seen = 0;
  for (int trial = 0; trial < 4; ++trial) {
    const auto *p = noisy::recipeOf(ctx, cliffords(3, 10, engine), 3);
    for (uint64_t x = 0; x < 8; ++x)
      for (uint64_t z = 0; z < 8; ++z) {
        const PauliString string{x, z};
        const double mean = (*device.means(ctx, 0, *p, {&string, 1}))[0];
        if ((x | z) == 0 || std::fabs(mean) < 0.3)
          continue;
        const std::vector<PauliString> bases(shots, string);
        const auto outcomes = device.snapshots(ctx, 0, *p, bases, 17, 100);
        int64_t even = 0;
        for (uint64_t outcome : *outcomes)
          even += std::popcount(outcome & (x | z)) % 2 == 0;
        worst = std::max(worst, std::fabs(deviation(even, shots, (1 + mean) / 2)));
        ++seen;
      }
  }
  EXPECT_GT(seen, 5);
  EXPECT_LT(worst, 4);
  // Parts of a record are parts of it.
  const auto *p = noisy::recipeOf(ctx, cliffords(3, 10, engine), 3);
  std::vector<PauliString> bases;
  for (int i = 0; i < 700; ++i)
    bases.push_back({engine() & 7, engine() & 7});
  const auto whole = *device.snapshots(ctx, 0, *p, bases, 2, 0);
  const auto part = *device.snapshots(ctx, 0, *p, std::span(bases).subspan(200, 300), 2, 200);
  EXPECT_TRUE(std::ranges::equal(part, std::span(whole).subspan(200, 300)));
}

/// Live qubits have their errors as they happen. What waits for others at the end only loses phase.
TEST(Stabilizer, LiveQubitsFollowTheExactDistribution) {
  std::mt19937_64 engine(77);
  constexpr int64_t shots = 20'000;
  for (int trial = 0; trial < 3; ++trial) {
    base::Context ctx(optionsOf(40 + static_cast<uint64_t>(trial), 1));
    Stabilizer device("st", 3, pauliNoise(ctx, {0.02, 0.07}), false);
    const auto *p = noisy::recipeOf(ctx, cliffords(3, 12, engine), 3);
    const auto expected = *device.probabilities(ctx, 0, *p);
    ctx.part<sim::Devices>().push(&device);
    auto &live = ctx.part<sim::LiveQubits>();
    std::vector<int64_t> counts(8);
    for (int64_t shot = 0; shot < shots; ++shot) {
      live.beginShot(ctx.seed(), 1000 + static_cast<uint64_t>(shot));
      const int64_t first = live.prepare(ctx, 0, *p);
      size_t outcome = 0;
      for (int q : {1, 0, 2})
        outcome |= size_t{live.measure(ctx, 0, first + q)} << q;
      ++counts[outcome];
      live.endShot();
    }
    ASSERT_TRUE(ctx.ok());
    double square = 0;
    for (size_t k = 0; k < 8; ++k) {
      const double mean = expected[k] * double{shots};
      square += std::pow(static_cast<double>(counts[k]) - mean, 2) / std::max(mean, 1e-9);
    }
    EXPECT_LT(square, 30); // chi squared with 7 degrees of freedom: one in 10^4
    // A gate that is not Clifford is refused, not simulated.
    const int64_t id = live.prepare(ctx, 0, *p);
    const int64_t wires[] = {id};
    live.gate(ctx, 0, noise::gateNamed("t"), false, wires, std::array<double, 4>{});
    EXPECT_EQ(ctx.takeFailure()->message,
              "`st` is a stabiliser tableau and runs Clifford circuits, but `t` is not Clifford");
    live.clear();
  }
}

/// Decay between a random Pauli operator and the same again, on dense matrices.
TEST(Stabilizer, TwirledDecayIsTheTwirlOfDecay) {
  using noisy::Matrix, noisy::one;
  using C = std::complex<double>;
  const Matrix paulis[] = {one(1, 0, 0, 1), one(0, 1, 1, 0), one(0, C(0, -1), C(0, 1), 0),
                           one(1, 0, 0, -1)};
  for (double gamma : {0.0, 0.03, 0.4, 1.0}) {
    const Matrix kraus[] = {one(1, 0, 0, std::sqrt(1 - gamma)), one(0, std::sqrt(gamma), 0, 0)};
    const auto errors = noise::twirledDecay(gamma);
    const double weights[] = {1 - errors.x - errors.y - errors.z, errors.x, errors.y, errors.z};
    for (const Matrix &rho : {one(0.2, C(0.1, 0.3), C(0.1, -0.3), 0.8), paulis[0]}) {
      Matrix twirled = Matrix::Zero(2, 2), mixed = Matrix::Zero(2, 2);
      for (size_t i = 0; i < 4; ++i) {
        const Matrix inside = paulis[i] * rho * paulis[i];
        for (const Matrix &k : kraus)
          twirled += paulis[i] * (k * inside * k.adjoint()) * paulis[i] / 4.0;
        mixed += weights[i] * (paulis[i] * rho * paulis[i]);
      }
      EXPECT_LT((twirled - mixed).norm(), 1e-14);
    }
  }
}

TEST(Stabilizer, TwirlsWhatIsNoPauliErrorWhenAsked) {
  base::Context ctx(optionsOf(1, 1));
  const auto *noise = noisy::noiseOf(ctx, {});
  EXPECT_EQ(noise::notPauli(*noise), "t1 5us");
  Stabilizer device("st", 1, noise, true);
  const auto *one = noisy::recipeOf(ctx, {{noise::gateNamed("x"), false, 0, 0, -1, {}}}, 1);
  const PauliString z{0, 1};
  // -1 before; depolarising, damping 0.02, relaxation during 50 ns with T1 of 5 us; then readings.
  const double truth = -(1 - 0.01) * (1 - 0.02) * std::exp(-0.01);
  EXPECT_NEAR((*device.means(ctx, 0, *one, {&z, 1}))[0], 0.05 + 0.91 * truth, 1e-12);
  noise::Noise damped("d");
  damped.rules = {{Channel::AmplitudeDamping, noise::Noise::everyGate, 0.25}};
  EXPECT_EQ(noise::notPauli(damped), "amplitude_damping 0.25");
  damped.rules[0].probability = 0;
  damped.t2 = 1e-6;
  EXPECT_EQ(noise::notPauli(damped), "");
}

TEST(Stabilizer, AThousandQubits) {
  base::Context ctx(optionsOf(4, 2));
  auto *noise = ctx.make<noise::Noise>("lab");
  noise->rules = {{Channel::Depolarizing, noise::gateNamed("cx"), 1e-4},
                  {Channel::Depolarizing, noise::gateNamed("h"), 0.01}};
  noise->readout = {0.02, 0.02};
  constexpr int qubits = 1000;
  // A chain, as wide tables hold it: wires plus one in place of a mask.
  std::vector<qdo_gate> gates{{0, static_cast<int16_t>(noise::gateNamed("h")), 0, 0, -1, {}}};
  gates[0].angles[0] = gates[0].angles[1] = gates[0].angles[2] = gates[0].angles[3] = -1;
  for (int q = 0; q + 1 < qubits; ++q)
    gates.push_back({static_cast<uint64_t>(q) + 1,
                     static_cast<int16_t>(noise::gateNamed("cx")),
                     0,
                     static_cast<int16_t>(q + 1),
                     -1,
                     {-1, -1, -1, -1}});
  const qdo_circuit circuit{"cat",
                            77,
                            qubits,
                            gates.data(),
                            std::ssize(gates),
                            nullptr,
                            0,
                            0,
                            [](qdo_sink *, const double *, double *) {},
                            nullptr};
  Stabilizer device("st", qubits, noise, false);
  const auto *cat = sim::makeLeaf(ctx, &circuit, {});
  auto z = [](int a, int b) {
    PauliString string{};
    string.more.resize(15);
    for (int q : {a, b})
      (q < 64 ? string.z : string.more[static_cast<size_t>(q / 64 - 1)].second) ^= uint64_t{1}
                                                                                   << (q % 64);
    return string;
  };
  const std::vector<PauliString> strings{z(0, 1), z(0, 999), z(500, 999)};
  const auto means = device.means(ctx, 0, *cat, strings);
  ASSERT_TRUE(means) << ctx.failure()->message;
  // On its way back Z_a Z_b meets the gate that begins at b, if there is one, and those from b down
  // to a, where both have met: one factor for each.
  const double read = 0.96 * 0.96, gate = 1 - 1e-4;
  EXPECT_NEAR((*means)[0], read * std::pow(gate, 2), 1e-12);
  EXPECT_NEAR((*means)[1], read * std::pow(gate, 999), 1e-12);
  EXPECT_NEAR((*means)[2], read * std::pow(gate, 499), 1e-12);
  constexpr int64_t shots = 4000;
  const auto sampled = device.sample(ctx, 0, *cat, 11, shots);
  ASSERT_TRUE(sampled);
  int64_t even = 0;
  for (size_t i = 0; i < sampled->entries.size(); ++i) {
    const auto bits = std::span(sampled->wide).subspan(sampled->entries[i].outcome * 16, 16);
    const bool differ = stabilizer::bitOf(bits, 0) != stabilizer::bitOf(bits, 999);
    even += differ ? 0 : sampled->entries[i].count;
  }
  EXPECT_LT(std::fabs(deviation(even, shots, (1 + (*means)[1]) / 2)), 4);
}

TEST(Stabilizer, SaysWhatItCannotDo) {
  base::Context ctx(optionsOf(1, 1));
  Stabilizer device("st", 30, pauliNoise(ctx, {}), false);
  auto failure = [&] { return ctx.takeFailure()->message; };
  const auto *t = noisy::recipeOf(ctx, {{noise::gateNamed("t"), false, 0, 0, -1, {}}}, 1);
  const PauliString z{0, 1};
  EXPECT_FALSE(device.means(ctx, 0, *t, {&z, 1}));
  EXPECT_EQ(failure(), "`st` is a stabiliser tableau and runs Clifford circuits, but `t` is not "
                       "Clifford");
  const auto *h = noisy::recipeOf(ctx, {{noise::gateNamed("h"), false, 0, 0, -1, {}}}, 30);
  EXPECT_FALSE(device.fidelity(ctx, 0, *h, *h));
  EXPECT_EQ(failure(), "the exact fidelity on `st` is a sum of 2^30 terms, and at most 2^20 are "
                       "added");
  EXPECT_FALSE(device.state(ctx, 0, *h));
  EXPECT_EQ(failure(), "`st` is a stabiliser tableau: it has no amplitudes");
  EXPECT_FALSE(device.means(ctx, 0, *noisy::recipeOf(ctx, {}, 31), {&z, 1}));
  EXPECT_EQ(failure(), "`st` has 30 qubits and this needs 31");
}
