// SPDX-License-Identifier: Apache-2.0
// Counts: drawn from the exact distribution, the same for any number of threads, printed clearly.
#include "runtime/sim/outcomes.h"
#include "tests/unit/sim/circuits.h"

#include <gtest/gtest.h>

#include <numeric>

using namespace qdo::sim;
using qdo::base::Context;

static qdo_options withThreads(int threads) {
  qdo_options options{};
  options.seed = 5;
  options.threads = threads;
  return options;
}

static std::vector<int64_t> draw(int threads, const qdo_circuit *circuit, std::vector<double> data,
                                 int64_t shots) {
  Context ctx(withThreads(threads));
  auto state = prepare(ctx, 0, *makeLeaf(ctx, circuit, data));
  std::vector<int64_t> counts(state->size());
  for (auto [outcome, count] : sampleOutcomes(ctx, state->view(), 77, shots))
    counts[outcome] = count;
  return counts;
}

TEST(Sampling, FollowsTheDistribution) {
  const std::vector<double> data{0.4, 1.3, 2.0};
  constexpr int64_t shots = 200000;
  auto counts = draw(2, circuits::zz<3, 2>, data, shots);
  EXPECT_EQ(std::accumulate(counts.begin(), counts.end(), int64_t{0}), shots);
  Context ctx(withThreads(1));
  auto state = prepare(ctx, 0, *makeLeaf(ctx, circuits::zz<3, 2>, data));
  double chiSquare = 0;
  for (uint64_t k = 0; k < state->size(); ++k) {
    const double expected = std::norm(state->amplitudes()[k]) * shots;
    ASSERT_GT(expected, 5);
    chiSquare += std::pow(static_cast<double>(counts[k]) - expected, 2) / expected;
  }
  EXPECT_LT(chiSquare, 24.3); // 7 degrees of freedom, p = 0.001
}

TEST(Sampling, NeverDrawsTheImpossible) {
  auto counts = draw(1, circuits::cat<5>, {}, 50000);
  EXPECT_EQ(counts.front() + counts.back(), 50000);
  EXPECT_NEAR(static_cast<double>(counts.front()), 25000, 5 * std::sqrt(12500.0));
}

TEST(Sampling, DoesNotDependOnThreads) {
  auto one = draw(1, circuits::zz<3, 2>, {1, 2, 3}, 100000);
  EXPECT_EQ(draw(2, circuits::zz<3, 2>, {1, 2, 3}, 100000), one);
  EXPECT_EQ(draw(7, circuits::zz<3, 2>, {1, 2, 3}, 100000), one);
}

TEST(Sampling, LargeStatesMergeTheirPortions) {
  Context ctx(withThreads(2));
  auto state = prepare(ctx, 0, *makeLeaf(ctx, circuits::cat<21>, {}));
  const int64_t shots = (int64_t{1} << 22) + 1000; // more than one portion
  auto entries = sampleOutcomes(ctx, state->view(), 3, shots);
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].outcome, 0u);
  EXPECT_EQ(entries[1].outcome, (uint64_t{1} << 21) - 1);
  EXPECT_EQ(entries[0].count + entries[1].count, shots);
}

TEST(Sampling, ManyOutcomesFollowTheDistribution) {
  constexpr int qubits = 16;
  std::vector<double> angles;
  for (int i = 0; i < qubits; ++i)
    angles.push_back(0.8 + 0.1 * i);
  // Merged with the amplitudes, and each outcome at once.
  for (const auto [threads, shots] :
       {std::pair<int, int64_t>{1, 1 << 21}, {2, 1 << 21}, {2, 1'000'000'000'000}}) {
    Context ctx(withThreads(threads));
    auto state = prepare(ctx, 0, *makeLeaf(ctx, circuits::ring<qubits>, angles));
    double chiSquare = 0, cells = 0, expected = 0;
    int64_t seen = 0, all = 0;
    std::vector<int64_t> counts(state->size());
    for (auto [outcome, count] : sampleOutcomes(ctx, state->view(), 9, shots))
      counts[outcome] = count;
    for (uint64_t k = 0; k < state->size(); ++k) { // in cells of at least 20 expected shots
      expected += std::norm(state->amplitudes()[k]) * static_cast<double>(shots);
      seen += counts[k];
      all += counts[k];
      if (expected < 20)
        continue;
      chiSquare += std::pow(static_cast<double>(seen) - expected, 2) / expected;
      ++cells;
      expected = 0, seen = 0;
    }
    EXPECT_EQ(all, shots);
    // Normal approximation: within four standard deviations.
    EXPECT_NEAR(chiSquare, cells, 4 * std::sqrt(2 * cells));
  }
}

TEST(Sampling, FewShotsOfALargeState) {
  Context ctx(withThreads(2));
  auto state = prepare(ctx, 0, *makeLeaf(ctx, circuits::cat<16>, {}));
  EXPECT_TRUE(sampleOutcomes(ctx, state->view(), 3, 0).empty());
  auto one = sampleOutcomes(ctx, state->view(), 3, 1);
  ASSERT_EQ(one.size(), 1u);
  EXPECT_EQ(one[0].count, 1);
  EXPECT_TRUE(one[0].outcome == 0 || one[0].outcome == (uint64_t{1} << 16) - 1);
}

TEST(Counts, PrintQubitZeroRightmost) {
  EXPECT_EQ(Counts(3, 1000, {{1, 503}, {7, 497}}).format(""),
            "001: 503, 111: 497 (1000 shots, qubit 0 rightmost)");
  EXPECT_EQ(Counts(1, 1, {{0, 1}}).format("3d"), "0:   1 (1 shot, qubit 0 rightmost)");
  std::vector<Counts::Entry> many;
  for (uint64_t k = 0; k < 20; ++k)
    many.push_back({k, static_cast<int64_t>(k + 1)});
  const std::string text = Counts(5, 210, many).format("");
  EXPECT_EQ(text.find("10011: 20, 10010: 19"), 0u) << text;
  EXPECT_NE(text.find("00100: 5, and 4 rarer outcomes (210 shots"), std::string::npos) << text;
}

TEST(Amplitudes, PrintAsKets) {
  Context ctx(withThreads(1));
  auto print = [&](const qdo_circuit *circuit, std::vector<double> data, const char *spec) {
    auto *recipe = makeLeaf(ctx, circuit, data);
    return Amplitudes(prepare(ctx, 0, *recipe)).format(spec);
  };
  EXPECT_EQ(print(circuits::cat<2>, {}, ""), "0.707107 |00> + 0.707107 |11> (qubit 0 rightmost)");
  EXPECT_EQ(print(circuits::tilt, {-1}, ".3f"), "0.878 |0> - 0.479 |1> (qubit 0 rightmost)");
  constexpr auto phases = [](qdo_sink *sink, const double *) {
    circuits::one(sink, "h", 0);
    circuits::one(sink, "t", 0);
    circuits::one(sink, "h", 1);
    circuits::one(sink, "s", 1);
  };
  EXPECT_EQ(print(circuits::tabled<phases>(2), {}, ".2f"),
            "0.50 |00> + (0.35+0.35i) |01> + 0.50i |10> + (-0.35+0.35i) |11> (qubit 0 rightmost)");
}
