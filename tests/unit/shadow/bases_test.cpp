// SPDX-License-Identifier: Apache-2.0
// Bases, and outcomes in them, against the exact distribution.
#include "runtime/shadow/bases.h"
#include "tests/unit/shadow/lab.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <map>

using namespace shadows;
using shadow::PauliBasis;

TEST(Bases, EveryAxisIsAsLikely) {
  const auto bases = shadow::randomBases(1, 2, 62, 3000);
  int x = 0, y = 0, z = 0;
  for (const PauliBasis &b : bases) {
    ASSERT_EQ(b.x | b.z, (uint64_t{1} << 62) - 1);
    x += std::popcount(b.x & ~b.z);
    y += std::popcount(b.x & b.z);
    z += std::popcount(b.z & ~b.x);
  }
  const double each = 62 * 1000, spread = std::sqrt(62 * 3000 * 2.0 / 9);
  for (int count : {x, y, z})
    EXPECT_NEAR(count, each, 4 * spread);
}

TEST(Bases, OutcomesHaveTheExactMeansInEveryBasis) {
  Lab<3> run(7, 2);
  auto state = sim::prepare(*run.ctx, 0, *run.recipe);
  constexpr int shots = 4000;
  std::vector<PauliBasis> bases;
  for (int t = 0; t < 27 * shots; ++t) {
    PauliBasis basis{0, 0};
    for (int q = 0, code = t % 27; q < 3; ++q, code /= 3) {
      basis.x |= uint64_t{code % 3 != 2} << q;
      basis.z |= uint64_t{code % 3 != 0} << q;
    }
    bases.push_back(basis);
  }
  const auto outcomes = sim::measureInBases(*run.ctx, 0, state->view(), bases, 5);
  ASSERT_EQ(outcomes.size(), bases.size());
  for (int code = 0; code < 27; ++code)
    for (uint64_t support = 1; support < 8; ++support) {
      const PauliBasis basis = bases[static_cast<size_t>(code)];
      const double exact = sim::expectPauli(state->view(), basis.x & support, basis.z & support);
      double sum = 0;
      for (size_t t = static_cast<size_t>(code); t < outcomes.size(); t += 27)
        sum += std::popcount(outcomes[t] & support) % 2 ? -1 : 1;
      const double error = std::sqrt((1 - exact * exact) / shots);
      EXPECT_NEAR(sum / shots, exact, 4.5 * error + 1e-9) << code << " " << support;
    }
}

TEST(Bases, OutcomesDoNotDependOnThreadsOrOnOtherShots) {
  Lab<6> one(3, 1), two(3, 2);
  auto state = sim::prepare(*one.ctx, 0, *one.recipe);
  const auto bases = shadow::randomBases(3, 1, 6, 2000);
  const auto all = sim::measureInBases(*one.ctx, 0, state->view(), bases, 9);
  EXPECT_EQ(all, sim::measureInBases(*two.ctx, 0, state->view(), bases, 9));
  const std::span<const PauliBasis> late = std::span(bases).subspan(1700);
  const auto part = sim::measureInBases(*one.ctx, 0, state->view(), late, 9, 1700);
  EXPECT_EQ(part, std::vector(all.begin() + 1700, all.end()));
}

TEST(Bases, ChosenOnesMeasureWhatIsWanted) {
  // Z0 Z1, Z1 Z2 and Z0 go together; X0 X1 needs another basis.
  const std::vector<shadow::Wanted> wanted = {
      {0, 0b011, 10}, {0, 0b110, 10}, {0, 0b001, 10}, {0b011, 0, 10}};
  const auto bases = shadow::chosenBases(4, wanted, 1000);
  EXPECT_EQ(bases.size(), 20u);
  std::map<std::pair<uint64_t, uint64_t>, int> hits;
  for (const PauliBasis &b : bases) {
    EXPECT_EQ(b.x | b.z, 0b1111u);
    for (const auto &w : wanted)
      hits[{w.x, w.z}] += sim::measures(b, w.x, w.z);
  }
  for (const auto &w : wanted)
    EXPECT_GE((hits[{w.x, w.z}]), 10);
  EXPECT_EQ(shadow::chosenBases(4, wanted, 7).size(), 7u);
}

TEST(Bases, ChosenOnesAreFewerThanRandomOnes) {
  std::vector<shadow::Wanted> wanted;
  const auto strings = twoLocal(8);
  for (size_t i = 0; i < strings.size(); i += 5)
    wanted.push_back({strings[i].first, strings[i].second, 100});
  const auto chosen = shadow::chosenBases(8, wanted, 1'000'000);
  const auto random = shadow::randomBases(1, 1, 8, static_cast<int64_t>(chosen.size()));
  auto least = [&](const std::vector<PauliBasis> &bases) {
    int64_t least = 1'000'000;
    for (const auto &w : wanted) {
      int64_t hits = 0;
      for (const PauliBasis &b : bases)
        hits += sim::measures(b, w.x, w.z);
      least = std::min(least, hits);
    }
    return least;
  };
  EXPECT_GE(least(chosen), 100);
  EXPECT_LT(least(random), 70); // about a ninth of them, less the unlucky ones
}
