// SPDX-License-Identifier: Apache-2.0
// Bases, and outcomes in them, against the exact distribution.
#include "runtime/shadow/bases.h"
#include "runtime/shadow/snapshots.h"
#include "runtime/sim/pauli_bases.h"
#include "tests/unit/shadow/lab.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <map>

using namespace shadows;
using sim::PauliBasis;
using sim::PauliString;

namespace {
/// As the state vector takes them.
std::vector<PauliBasis> narrow(std::span<const PauliString> bases) {
  std::vector<PauliBasis> result;
  for (const PauliString &basis : bases)
    result.push_back({basis.x, basis.z});
  return result;
}
} // namespace

TEST(Bases, EveryAxisIsAsLikely) {
  for (int64_t qubits : {62, 64, 300}) {
    const auto bases = shadow::randomBases(1, 2, qubits, 3000);
    const size_t words = shadow::maskWords(qubits);
    std::vector<int> ofQubit(static_cast<size_t>(qubits));
    int x = 0, y = 0, z = 0;
    for (const PauliString &b : bases)
      for (size_t w = 0; w < words; ++w) {
        const auto letters = shadow::lettersOf(b, w);
        ASSERT_EQ(letters.support(), w + 1 == words ? shadow::lastMask(qubits) : ~uint64_t{0});
        x += std::popcount(letters.x & ~letters.z);
        y += std::popcount(letters.x & letters.z);
        z += std::popcount(letters.z & ~letters.x);
        for (uint64_t rest = letters.x & ~letters.z; rest != 0; rest &= rest - 1)
          ++ofQubit[64 * w + static_cast<size_t>(std::countr_zero(rest))];
      }
    const auto n = static_cast<double>(qubits);
    for (int count : {x, y, z})
      EXPECT_NEAR(count, n * 1000, 4 * std::sqrt(n * 3000 * 2 / 9));
    for (int count : ofQubit)
      EXPECT_NEAR(count, 1000, 5 * std::sqrt(3000 * 2.0 / 9));
    EXPECT_EQ(shadow::differentBases(qubits, bases), 3000);
  }
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
  const auto bases = narrow(shadow::randomBases(3, 1, 6, 2000));
  const auto all = sim::measureInBases(*one.ctx, 0, state->view(), bases, 9);
  EXPECT_EQ(all, sim::measureInBases(*two.ctx, 0, state->view(), bases, 9));
  const std::span<const PauliBasis> late = std::span(bases).subspan(1700);
  const auto part = sim::measureInBases(*one.ctx, 0, state->view(), late, 9, 1700);
  EXPECT_EQ(part, std::vector(all.begin() + 1700, all.end()));
}

TEST(Bases, ChosenOnesMeasureWhatIsWanted) {
  // Z0 Z1, Z1 Z2 and Z0 go together; X0 X1 needs another basis.
  const std::vector<shadow::Wanted> wanted = {
      {{0, 0b011, {}}, 10}, {{0, 0b110, {}}, 10}, {{0, 0b001, {}}, 10}, {{0b011, 0, {}}, 10}};
  const auto bases = narrow(shadow::chosenBases(4, wanted, 1000));
  EXPECT_EQ(bases.size(), 20u);
  std::map<std::pair<uint64_t, uint64_t>, int> hits;
  for (const PauliBasis &b : bases) {
    EXPECT_EQ(b.x | b.z, 0b1111u);
    for (const auto &[string, enough] : wanted)
      hits[{string.x, string.z}] += sim::measures(b, string.x, string.z);
  }
  for (const auto &[string, enough] : wanted)
    EXPECT_GE((hits[{string.x, string.z}]), enough);
  EXPECT_EQ(shadow::chosenBases(4, wanted, 7).size(), 7u);
}

TEST(Bases, ChosenOnesAreFewerThanRandomOnes) {
  std::vector<shadow::Wanted> wanted;
  const auto strings = twoLocal(8);
  for (size_t i = 0; i < strings.size(); i += 5)
    wanted.push_back({{strings[i].first, strings[i].second, {}}, 100});
  const auto chosen = narrow(shadow::chosenBases(8, wanted, 1'000'000));
  const auto random = narrow(shadow::randomBases(1, 1, 8, std::ssize(chosen)));
  auto least = [&](const std::vector<PauliBasis> &bases) {
    int64_t least = 1'000'000;
    for (const auto &w : wanted) {
      int64_t hits = 0;
      for (const PauliBasis &b : bases)
        hits += sim::measures(b, w.string.x, w.string.z);
      least = std::min(least, hits);
    }
    return least;
  };
  EXPECT_GE(least(chosen), 100);
  EXPECT_LT(least(random), 70); // about a ninth of them, less the unlucky ones
}

TEST(Bases, ChosenOnesReachBeyondAWord) {
  const std::vector<shadow::Wanted> wanted = {{{1, 0, {{0, 1}}}, 5}, {{0, 1, {{1, 0}}}, 5}};
  const auto bases = shadow::chosenBases(100, wanted, 1000);
  ASSERT_EQ(bases.size(), 10u); // X[0] Z[64] and Z[0] X[64] clash
  int first = 0;
  for (const PauliString &b : bases) {
    EXPECT_EQ(shadow::lettersOf(b, 1).support(), shadow::lastMask(100));
    first += b.x == 1 && shadow::lettersOf(b, 1).x == 0;
  }
  EXPECT_EQ(first, 5);
}
