// SPDX-License-Identifier: Apache-2.0
// Quantum trajectories against the density matrix: the same distribution, shot by shot.
#include "runtime/device/density_matrix.h"
#include "runtime/device/trajectories.h"
#include "tests/unit/device/noisy_reference.h"

#include <gtest/gtest.h>

using namespace qdo;
using device::DensityMatrix;
using device::Trajectories;
using sim::PauliString;

/// z of a count that is binomial with probability p.
static double deviation(int64_t successes, int64_t shots, double p) {
  const double n = static_cast<double>(shots);
  return (static_cast<double>(successes) - n * p) / std::sqrt(n * p * (1 - p) + 1e-9);
}

TEST(Trajectories, AgreeWithTheDensityMatrix) {
  qdo_options options{};
  options.seed = 5;
  base::Context ctx(options);
  const noise::Noise &noise = *noisy::noiseOf(ctx, {0.05, 0.1, 0.1, 0.1});
  std::mt19937_64 engine(61);
  constexpr int64_t shots = 6000;
  double worst = 0, squares = 0;
  int compared = 0;
  for (int qubits : {1, 2, 3}) {
    DensityMatrix exact("dm", qubits, &noise);
    Trajectories device("tr", qubits, &noise);
    const auto *p = noisy::recipeOf(ctx, random_gates::circuit(qubits, 10, 0, engine), qubits);
    const auto *r = noisy::recipeOf(ctx, random_gates::circuit(qubits, 10, 0, engine), qubits);
    auto compare = [&](int64_t successes, double probability) {
      const double z = deviation(successes, shots, probability);
      worst = std::max(worst, std::fabs(z));
      squares += z * z;
      ++compared;
    };
    std::vector<PauliString> strings;
    const uint64_t all = (uint64_t{1} << qubits) - 1;
    while (strings.size() < 3)
      if (PauliString string{engine() & all, engine() & all}; (string.x | string.z) != 0)
        strings.push_back(string);
    for (bool readout : {false, true}) {
      const sim::Mitigation mitigation{.readout = readout};
      for (size_t s = 0; s < strings.size(); ++s) {
        const auto known = exact.joint(ctx, 0, *p, strings[s], mitigation),
                   run = device.joint(ctx, 0, *p, strings[s], mitigation);
        EXPECT_EQ(known->zero, run->zero);
        EXPECT_EQ(known->one, run->one);
        sim::Histogram seen(qubits);
        ASSERT_TRUE(run->draw(ctx, 0, 100 * s + readout, 0, shots, seen));
        const auto probabilities = known->probabilities(ctx, 0);
        for (size_t k = 0; k < seen.size(); ++k)
          compare(seen.count(k), probabilities[seen.outcome(k)[0]]);
      }
      compare(
          device.fidelityCoin(ctx, 0, *p, *r, mitigation)->shots->successes(ctx, 0, 7, 0, shots),
          exact.fidelityCoin(ctx, 0, *p, *r, mitigation)->probability);
    }
    const auto outcomes = exact.probabilities(ctx, 0, *p);
    const auto counts = device.sample(ctx, 0, *p, 8, shots);
    for (const auto &[outcome, count] : counts->entries)
      compare(count, (*outcomes)[outcome]);
  }
  EXPECT_LT(worst, 4.5);              // one in 10^5 for one of them
  EXPECT_LT(squares / compared, 1.8); // mean 1, of some forty
  EXPECT_GT(squares / compared, 0.4);
}

TEST(Trajectories, ShotsDoNotDependOnThreadsNorOnHowTheyAreCut) {
  std::mt19937_64 engine(62);
  const auto calls = random_gates::circuit(3, 20, 0, engine);
  auto count = [&](int threads, int64_t cut) {
    qdo_options options{};
    options.seed = 9;
    options.threads = threads;
    base::Context ctx(options);
    const noise::Noise &noise = *noisy::noiseOf(ctx, {});
    Trajectories device("tr", 3, &noise);
    const auto shots = device.joint(ctx, 0, *noisy::recipeOf(ctx, calls, 3), {1, 2}, {});
    sim::Histogram seen(3);
    EXPECT_TRUE(shots->draw(ctx, 0, 3, 0, cut, seen) && shots->draw(ctx, 0, 3, cut, 1000, seen));
    std::vector<int64_t> counts;
    for (size_t k = 0; k < seen.size(); ++k)
      counts.insert(counts.end(), {static_cast<int64_t>(seen.outcome(k)[0]), seen.count(k)});
    return counts;
  };
  const auto one = count(1, 500);
  EXPECT_EQ(one, count(2, 500));
  EXPECT_EQ(one, count(1, 3));
}

TEST(Trajectories, SnapshotsOfBasesAreThoseOfTheDensityMatrix) {
  qdo_options options{};
  options.seed = 6;
  base::Context ctx(options);
  const noise::Noise &noise = *noisy::noiseOf(ctx, {});
  std::mt19937_64 engine(63);
  const auto *recipe = noisy::recipeOf(ctx, random_gates::circuit(2, 12, 0, engine), 2);
  DensityMatrix exact("dm", 2, &noise);
  Trajectories device("tr", 2, &noise);
  // X on qubit 0 and Y on qubit 1, the sign of their product.
  const PauliString xy{0b11, 0b10};
  constexpr int64_t shots = 4000;
  const std::vector<PauliString> bases(shots, xy);
  const double plus = (1 + (*exact.means(ctx, 0, *recipe, {&xy, 1}))[0]) / 2;
  for (sim::Backend *backend :
       {static_cast<sim::Backend *>(&exact), static_cast<sim::Backend *>(&device)}) {
    const auto outcomes = backend->snapshots(ctx, 0, *recipe, bases, 17, 0);
    int64_t even = 0;
    for (uint64_t outcome : *outcomes)
      even += std::popcount(outcome) % 2 == 0;
    EXPECT_LT(std::fabs(deviation(even, shots, plus)), 4);
  }
}

TEST(Trajectories, NothingIsExact) {
  base::Context ctx(qdo_options{});
  Trajectories device("tr", 2, noisy::noiseOf(ctx, {}));
  const auto *recipe = noisy::recipeOf(ctx, {}, 2);
  EXPECT_FALSE(device.fidelity(ctx, 0, *recipe, *recipe));
  EXPECT_EQ(ctx.takeFailure()->message, "`tr` only has shots: trajectories have no exact fidelity");
}
