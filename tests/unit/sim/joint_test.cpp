// SPDX-License-Identifier: Apache-2.0
// Reading all qubits along axes of their own: counting, distributions, tableaus.
#include "runtime/sim/backend.h"
#include "runtime/sim/ideal.h"
#include "runtime/sim/joint.h"
#include "runtime/sim/single.h"
#include "tests/unit/sim/circuits.h"
#include "tests/unit/sim/dense.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <bit>
#include <map>
#include <numeric>

using namespace qdo;
using sim::Histogram;

namespace {
qdo_options with(uint64_t seed, int threads) {
  qdo_options options{};
  options.seed = seed;
  options.threads = threads;
  return options;
}

std::map<std::vector<uint64_t>, int64_t> contents(const Histogram &h) {
  std::map<std::vector<uint64_t>, int64_t> out;
  for (size_t i = 0; i < h.size(); ++i) {
    const auto outcome = h.outcome(i);
    out[{outcome.begin(), outcome.end()}] += h.count(i);
  }
  return out;
}
} // namespace

RC_GTEST_PROP(HistogramOfOutcomes, CountsAsAMapDoes, ()) {
  const auto words = *rc::gen::inRange<size_t>(1, 4);
  Histogram histogram(static_cast<int64_t>(64 * words));
  std::map<std::vector<uint64_t>, int64_t> expected;
  int64_t shots = 0;
  for (int round = *rc::gen::inRange(0, 5); round > 0; --round) {
    std::vector<uint64_t> outcomes;
    for (int shot = *rc::gen::inRange(0, 20); shot > 0; --shot, ++shots) {
      std::vector<uint64_t> outcome;
      for (size_t w = 0; w < words; ++w)
        outcome.push_back(*rc::gen::inRange<uint64_t>(0, 3));
      ++expected[outcome];
      outcomes.insert(outcomes.end(), outcome.begin(), outcome.end());
    }
    histogram.add(std::move(outcomes));
  }
  RC_ASSERT(contents(histogram) == expected);
  RC_ASSERT(histogram.size() == expected.size());
  RC_ASSERT(histogram.shots() == shots);
}

/// P(b) = <psi| prod_q (1 + (-1)^b_q P_q) / 2 |psi>, by dense matrices.
TEST(Joint, ProbabilitiesAreThoseOfProjectors) {
  constexpr int qubits = 3;
  base::Context ctx(with(1, 1));
  const auto *recipe = sim::makeLeaf(ctx, circuits::zz<qubits, 2>, std::vector{0.4, 1.1, 0.7});
  const auto state = sim::prepare(ctx, 0, *recipe);
  const Eigen::Map<const dense::Vector> psi(state->amplitudes().data(), 1 << qubits);
  for (uint64_t axes = 0; axes < 27; ++axes) {
    sim::PauliString along;
    std::string letters;
    for (uint64_t q = 0, rest = axes; q < qubits; ++q, rest /= 3) {
      letters += "XYZ"[rest % 3];
      along.x |= uint64_t{rest % 3 < 2} << q;
      along.z |= uint64_t{rest % 3 > 0} << q;
    }
    const auto shots = sim::backend(ctx).joint(ctx, 0, *recipe, along, {});
    const auto probabilities = shots->probabilities(ctx, 0);
    ASSERT_EQ(probabilities.size(), size_t{1} << qubits);
    for (uint64_t outcome = 0; outcome < probabilities.size(); ++outcome) {
      dense::Matrix projector = dense::Matrix::Identity(1 << qubits, 1 << qubits);
      for (int q = 0; q < qubits; ++q) {
        std::string letter(qubits, 'I');
        letter[static_cast<size_t>(q)] = letters[static_cast<size_t>(q)];
        const double sign = outcome >> q & 1 ? -0.5 : 0.5;
        projector = dense::Matrix(
            projector * (0.5 * dense::Matrix::Identity(8, 8) + sign * dense::pauliString(letter)));
      }
      EXPECT_NEAR(probabilities[outcome], psi.dot(projector * psi).real(), 1e-14);
    }
  }
}

TEST(Joint, ShotsFollowTheDistributionHoweverTheyAreCut) {
  auto draw = [](int threads, int64_t cut, std::vector<double> &probabilities) {
    base::Context ctx(with(3, threads));
    const auto *recipe = sim::makeLeaf(ctx, circuits::zz<3, 2>, std::vector{0.4, 1.1, 0.7});
    const auto shots = sim::backend(ctx).joint(ctx, 0, *recipe, {0b011, 0b110}, {});
    Histogram seen(3);
    EXPECT_TRUE(shots->draw(ctx, 0, 5, 0, cut, seen));
    EXPECT_TRUE(shots->draw(ctx, 0, 5, cut, 40000, seen));
    probabilities = shots->probabilities(ctx, 0);
    return contents(seen);
  };
  std::vector<double> p;
  const auto seen = draw(1, 40000, p);
  EXPECT_EQ(seen, draw(2, 40000, p));
  EXPECT_EQ(seen, draw(1, 77, p));
  double chi2 = 0;
  for (uint64_t k = 0; k < p.size(); ++k) {
    const double expected = 40000 * p[k];
    const auto found = seen.find({k});
    const double count = found == seen.end() ? 0 : static_cast<double>(found->second);
    chi2 += expected > 1e-6 ? (count - expected) * (count - expected) / expected : count;
  }
  EXPECT_LT(chi2, 29.9); // 1 - 1e-4 of seven degrees of freedom
}

TEST(Joint, NeverDrawsWhatCannotHappen) {
  base::Context ctx(with(4, 1));
  std::vector<double> weights(1000);
  for (size_t i = 3; i < weights.size(); i += 7)
    weights[i] = 1e-3 * static_cast<double>(i % 13);
  const sim::Distribution distribution(weights);
  Histogram seen(10);
  ASSERT_TRUE(distribution.draw(ctx, 0, 1, 0, 200'000, seen));
  for (size_t i = 0; i < seen.size(); ++i)
    EXPECT_GT(weights[seen.outcome(i)[0]], 0) << seen.outcome(i)[0];
  EXPECT_EQ(seen.shots(), 200'000);
}

/// A large state is turned in parts: every part has to be turned.
TEST(Joint, LargeStatesAreTurnedAsAWhole) {
  constexpr int qubits = 15;
  base::Context ctx(with(5, 2));
  std::vector<double> angles;
  for (int q = 0; q < qubits; ++q)
    angles.push_back(0.2 * q);
  const auto *recipe = sim::makeLeaf(ctx, circuits::ring<qubits>, angles);
  const auto state = sim::prepare(ctx, 0, *recipe);
  const sim::PauliString along{0b101'1111'0000'0111, 0b100'0000'1111'0110};
  const auto shots = sim::backend(ctx).joint(ctx, 0, *recipe, along, {});
  const auto probabilities = shots->probabilities(ctx, 0);
  for (uint64_t support : {0b1ull, 0b100'0000'0000'0000ull, 0b101'0000'0000'0001ull, 0x7fffull}) {
    double mean = 0;
    for (uint64_t k = 0; k < probabilities.size(); ++k)
      mean += std::popcount(k & support) % 2 ? -probabilities[k] : probabilities[k];
    const uint64_t x = along.x & support, z = (along.z | ~along.x) & support;
    EXPECT_NEAR(mean, sim::expectPauli(state->view(), x, z), 1e-13);
  }
}

/// From 17 qubits on a run may keep states in single precision.
TEST(Joint, ReadsStatesOfEitherPrecision) {
  constexpr int qubits = 17;
  std::vector<double> angles;
  for (int q = 0; q < qubits; ++q)
    angles.push_back(0.15 * q + 0.1);
  auto probabilities = [&](bool single, const sim::PauliString &along) {
    base::Context ctx(with(5, 2));
    ctx.part<sim::Precision>().single = single;
    const auto *recipe = sim::makeLeaf(ctx, circuits::ring<qubits>, angles);
    EXPECT_EQ(sim::isSingle(ctx, qubits), single);
    return sim::backend(ctx).joint(ctx, 0, *recipe, along, {})->probabilities(ctx, 0);
  };
  for (const sim::PauliString &along : {sim::PauliString{0, 0x1ffff}, {0x1f0f3, 0x10f00}}) {
    const auto narrow = probabilities(true, along), wide = probabilities(false, along);
    ASSERT_EQ(narrow.size(), wide.size());
    double distance = 0;
    for (size_t k = 0; k < wide.size(); ++k)
      distance += std::fabs(narrow[k] - wide[k]);
    EXPECT_LT(distance, 1e-5);
    EXPECT_GT(distance, 0); // it was another state
  }
}

/// Two cats of fifty qubits: more than a word, and a tableau by itself.
TEST(Joint, TableausAreReadAlongAnyAxes) {
  constexpr int half = 50, qubits = 2 * half;
  base::Context ctx(with(6, 2));
  const sim::Recipe *cat = sim::makeLeaf(ctx, circuits::cat<half>, {});
  const auto *recipe = sim::makeTensor(ctx, cat, cat);
  constexpr uint64_t low = ~uint64_t{0}, high = (uint64_t{1} << (qubits - 64)) - 1;
  auto drawn = [&](const sim::PauliString &axes) {
    Histogram seen(qubits);
    const auto shots = sim::backend(ctx).joint(ctx, 0, *recipe, axes, {});
    EXPECT_TRUE(shots && shots->draw(ctx, 0, 9, 0, 400, seen));
    return seen;
  };
  auto ones = [](std::span<const uint64_t> outcome) {
    const uint64_t lower = outcome[0] & ((uint64_t{1} << half) - 1);
    return std::pair(std::popcount(lower),
                     std::popcount(outcome[0]) - std::popcount(lower) + std::popcount(outcome[1]));
  };
  // Along Z those of a cat agree.
  const Histogram z = drawn({0, low, {{0, high}}});
  ASSERT_EQ(z.size(), 4u);
  for (size_t i = 0; i < z.size(); ++i) {
    const auto [lower, upper] = ones(z.outcome(i));
    EXPECT_TRUE((lower == 0 || lower == half) && (upper == 0 || upper == half));
    EXPECT_NEAR(static_cast<double>(z.count(i)), 100, 40);
  }
  // Along X the parity of each is even; with one Y it is a coin.
  auto odd = [&](const Histogram &h) {
    std::pair<int64_t, int64_t> count;
    for (size_t i = 0; i < h.size(); ++i) {
      const auto [lower, upper] = ones(h.outcome(i));
      count.first += lower % 2 * h.count(i);
      count.second += upper % 2 * h.count(i);
    }
    return count;
  };
  const Histogram x = drawn({low, 0, {{high, 0}}});
  EXPECT_EQ(odd(x), (std::pair<int64_t, int64_t>(0, 0)));
  EXPECT_GT(x.size(), 390u);
  const auto [lower, upper] = odd(drawn({low, 1, {{high, 0}}}));
  EXPECT_NEAR(static_cast<double>(lower), 200, 50);
  EXPECT_EQ(upper, 0);
}
