// SPDX-License-Identifier: Apache-2.0
// Recipes on the tableau against the same recipes as state vectors; live qubits that begin on the
// one and go on with the other.
#include "runtime/sim/live.h"
#include "runtime/sim/pauli_bases.h"
#include "runtime/sim/stabilizer.h"
#include "tests/unit/sim/circuits.h"

#include <gtest/gtest.h>

#include <numbers>
#include <random>
#include <set>

using namespace qdo::sim;
using qdo::base::Context;

namespace {

constexpr double quarter = std::numbers::pi / 2;

/// Gates of many kinds with angles that the data choose among multiples of pi/2.
template <int n> void mixedBody(qdo_sink *sink, const double *x) {
  using circuits::one;
  using circuits::row;
  for (int i = 0; i < n; ++i) {
    one(sink, "ry", i, x[0]);
    one(sink, "p", i, x[1]);
    one(sink, "cx", (i + 1) % n, 0, int64_t{1} << i);
    sink->gate({row("rxx"), i % 2 == 1, 0, i, (i + 2) % n, {x[2]}});
    one(sink, "sx", i);
    one(sink, "cy", (i + 2) % n, 0, int64_t{1} << i);
    sink->gate({row("u"), i % 3 == 1, 0, i, -1, {x[0], x[1], x[2]}});
    one(sink, "crz", (i + 1) % n, 2 * x[1], int64_t{1} << i);
    sink->gate({row("swap"), false, 0, i, (i + 1) % n, {}});
    sink->gate({row("rzz"), false, 0, i, (i + 1) % n, {x[1] + x[2]}});
  }
}
void numbersBody(qdo_sink *sink, const double *) {
  circuits::one(sink, "rz", 0, 4 * quarter); // -1
  circuits::one(sink, "x", 1);
  circuits::one(sink, "p", 0, 4 * quarter);                          // 1
  sink->gate({circuits::row("rxx"), false, 0, 0, 2, {2 * quarter}}); // -i XX
}
void nineBody(qdo_sink *sink, const double *) {
  circuits::one(sink, "h", 0);
  circuits::one(sink, "t", 7);
}
const qdo_circuit *const nine = circuits::tabled<nineBody>(25, "nine");

struct Stabilizer : testing::Test {
  Stabilizer() : ctx(options()) {}
  static qdo_options options() {
    qdo_options o{};
    o.seed = 3;
    return o;
  }
  Recipe *leaf(const qdo_circuit *circuit, std::vector<double> data = {}) {
    return makeLeaf(ctx, circuit, data);
  }
  std::vector<double> angles() {
    std::vector<double> x;
    for (int i = 0; i < 3; ++i)
      x.push_back(quarter * static_cast<double>(random() % 9));
    return x;
  }
  Context ctx;
  std::mt19937_64 random{1};
};

} // namespace

TEST_F(Stabilizer, AgreesWithTheStateVector) {
  for (int trial = 0; trial < 30; ++trial) {
    const Recipe *p = leaf(circuits::tabled<mixedBody<5>>(5, "mixed"), angles());
    const Recipe *r = leaf(p->circuit, angles());
    const Recipe *q = makeThen(ctx, 0, p, makePower(ctx, makeAdjoint(ctx, r), 3));
    const Recipe *wide = makeTensor(ctx, makeControl(ctx, makeAdjoint(ctx, q), 1), p);
    for (const Recipe *recipe : {p, q, wide}) {
      if (!cliffordCircuit(ctx, *recipe)->clifford())
        continue; // a controlled Clifford gate often is none
      const auto tableau = stabilizerState(ctx, 0, *recipe);
      const auto vector = prepare(ctx, 0, *recipe);
      ASSERT_TRUE(tableau && vector);
      for (int i = 0; i < 30; ++i) {
        const Observable::Term term{1, random() % vector->size(), random() % vector->size()};
        EXPECT_NEAR((Prepared{{}, tableau}.mean(term)),
                    (Prepared{Ready(vector), nullptr}.mean(term)), 1e-9);
      }
      // Few outcomes are drawn as the state vector draws them.
      const auto ours = sampleStabilizer(ctx, 0, *tableau, 9, 1000);
      const auto theirs = sampleOutcomes(ctx, vector->view(), 9, 1000);
      ASSERT_EQ(ours.entries.size(), theirs.size());
      for (size_t i = 0; i < theirs.size(); ++i) {
        EXPECT_EQ(ours.entries[i].outcome, theirs[i].outcome);
        EXPECT_NEAR(static_cast<double>(ours.entries[i].count),
                    static_cast<double>(theirs[i].count), 1); // a point on a limit, rounded
      }
    }
    EXPECT_NEAR(stabilizerFidelity(ctx, 0, *p, *q), exactFidelity(ctx, 0, *p, *q), 1e-9);
  }
  EXPECT_TRUE(ctx.ok());
}

TEST_F(Stabilizer, ControlsOfNumbersCount) {
  // -1 under a control is a Z, -i an adjoint S: a control in |+> shows it.
  const Recipe *both = makeControl(ctx, leaf(circuits::tabled<numbersBody>(4, "numbers")), 1);
  ASSERT_TRUE(cliffordCircuit(ctx, *both)->clifford());
  const Recipe *p =
      makeThen(ctx, 0, makeTensor(ctx, leaf(circuits::cat<1>), leaf(circuits::cat<4>)), both);
  const auto tableau = stabilizerState(ctx, 0, *p);
  const auto vector = prepare(ctx, 0, *p);
  for (uint64_t x = 0; x < 32; ++x)
    for (uint64_t z = 0; z < 32; ++z) {
      const Observable::Term term{1, x, z};
      EXPECT_NEAR((Prepared{{}, tableau}.mean(term)), (Prepared{Ready(vector), nullptr}.mean(term)),
                  1e-9);
    }
}

TEST_F(Stabilizer, IsChosenForManyQubits) {
  EXPECT_FALSE(choosesTableau(ctx, *leaf(circuits::cat<19>)));
  EXPECT_TRUE(choosesTableau(ctx, *leaf(circuits::cat<20>)));
  EXPECT_FALSE(choosesTableau(ctx, *leaf(nine)));
  const Recipe *cats = leaf(circuits::cat<60>);
  for (int i = 0; i < 5; ++i)
    cats = makeTensor(ctx, cats, cats);
  ASSERT_EQ(cats->qubits, 1920);
  Observable pair;
  pair.addWord(1, 0, 3); // Z[64] * Z[65]
  pair.add(1, 0, 0);
  pair.addWord(1, 0, 1);
  pair.add(0.5, 0, 0);
  pair.add(0.25, 0, 3);
  EXPECT_EQ(pair.format(""), "Z[64] * Z[65] + 0.5 * Z[64] + 0.25 * Z[0] * Z[1]");
  EXPECT_EQ(exactExpect(ctx, 0, *cats, pair), 1.25);
  EXPECT_EQ(exactFidelity(ctx, 0, *cats, *cats), 1);
  const Prepared prepared = prepareAny(ctx, 0, *cats);
  const Sampled shots = sample(ctx, 0, prepared, 4, 500);
  int64_t total = 0;
  for (const auto &[outcome, count] : shots.entries) {
    total += count;
    // Each cat has one bit.
    for (int q = 0; q + 1 < 1920; ++q)
      if (q % 60 != 59) {
        const std::span bits(&shots.wide[outcome * 30], 30);
        ASSERT_EQ(qdo::stabilizer::bitOf(bits, q), qdo::stabilizer::bitOf(bits, q + 1));
      }
  }
  EXPECT_EQ(total, 500);
}

TEST_F(Stabilizer, SaysWhyThereIsNoMemory) {
  const Recipe *wide = makeTensor(ctx, leaf(nine), makeTensor(ctx, leaf(nine), leaf(nine)));
  EXPECT_FALSE(prepareAny(ctx, 0, *wide));
  ASSERT_TRUE(ctx.failure());
  EXPECT_EQ(ctx.failure()->kind, qdo::base::Kind::OutOfMemory);
  EXPECT_EQ(ctx.failure()->note,
            "Clifford circuits are simulated without amplitudes, but `t` is not Clifford");
}

TEST_F(Stabilizer, ManyOutcomesAreFairCoins) {
  const Recipe *plus = leaf(circuits::cat<1>);
  for (int i = 0; i < 7; ++i)
    plus = makeTensor(ctx, plus, plus); // 128 coins
  const Sampled shots = sample(ctx, 0, prepareAny(ctx, 0, *plus), 1, 2000);
  ASSERT_EQ(shots.entries.size(), 2000);
  for (size_t i = 0; i + 1 < 2000; ++i) {
    const uint64_t *a = &shots.wide[2 * i], *b = a + 2;
    EXPECT_TRUE(a[1] < b[1] || (a[1] == b[1] && a[0] < b[0]));
  }
  double chiSquare = 0;
  for (int q = 0; q < 128; ++q) {
    int ones = 0;
    for (size_t i = 0; i < 2000; ++i)
      ones += shots.wide[2 * i + static_cast<size_t>(q) / 64] >> (q % 64) & 1;
    chiSquare += std::pow(ones - 1000, 2) / 500;
  }
  EXPECT_LT(chiSquare, 181.9); // 128 degrees of freedom, p = 0.001
}

/// Snapshots are those that the state vector would give, shot by shot.
TEST_F(Stabilizer, SnapshotsAreThoseOfTheStateVector) {
  for (int trial = 0; trial < 20; ++trial) {
    const Recipe *p = leaf(circuits::tabled<mixedBody<5>>(5, "mixed"), angles());
    const auto tableau = stabilizerState(ctx, 0, *p);
    const auto vector = prepare(ctx, 0, *p);
    std::vector<PauliString> bases;
    std::vector<PauliBasis> axes;
    for (int i = 0; i < 200; ++i) {
      const uint64_t x = random() % 32, z = random() % 32;
      bases.push_back({x, z});
      axes.push_back({x, z | (31 & ~x)});
    }
    const auto ours = measureInBases(ctx, 0, *tableau, bases, 8, 3);
    const auto theirs = measureInBases(ctx, 0, vector->view(), axes, 8, 3);
    ASSERT_TRUE(ours);
    EXPECT_EQ(*ours, theirs);
  }
}

TEST_F(Stabilizer, SnapshotsReachBeyondAWord) {
  const Recipe *pair = leaf(circuits::cat<2>);
  const Recipe *p = makePower(ctx, pair, 0); // |0..0>
  for (int i = 0; i < 49; ++i)
    p = makeTensor(ctx, p, pair);
  ASSERT_EQ(p->qubits, 100);
  const auto tableau = stabilizerState(ctx, 0, *p);
  // X on both qubits of each pair, Y on those of the first: XX is 1, YY is -1, and ZZ of |00> is 1.
  PauliString basis{~uint64_t{3}, 0, {{(uint64_t{1} << 36) - 1, 0}}};
  basis.x &= ~uint64_t{12};
  basis.x |= 12;
  basis.z = 12;
  const std::vector<PauliString> bases(50, basis);
  const auto outcomes = measureInBases(ctx, 0, *tableau, bases, 4, 0);
  ASSERT_TRUE(outcomes);
  std::set<uint64_t> seen;
  for (size_t i = 0; i < 50; ++i) {
    const std::span bits = std::span(*outcomes).subspan(2 * i, 2);
    seen.insert(bits[0]);
    for (int q = 0; q < 100; q += 2)
      EXPECT_EQ(qdo::stabilizer::bitOf(bits, q) != qdo::stabilizer::bitOf(bits, q + 1), q == 2);
    EXPECT_EQ(bits[0] & 3, 0u);
  }
  EXPECT_GT(seen.size(), 40u);
}

TEST_F(Stabilizer, LiveQubitsGoOnAsAStateVector) {
  const std::array<double, 4> none{}, tilt{0.8, 0, 0, 0}, back{-0.8, 0, 0, 0};
  for (uint64_t shot = 0; shot < 50; ++shot) {
    LiveQubits live;
    live.beginShot(7, shot);
    const int64_t q =
        live.prepare(ctx, 0, *leaf(circuits::tabled<mixedBody<5>>(5, "mixed"), angles()));
    const auto gate = [&](const char *name, std::vector<int64_t> wires,
                          const std::array<double, 4> &a) {
      live.gate(ctx, 0, circuits::row(name), false, wires, a);
    };
    gate("h", {q}, none);
    const bool first = live.measure(ctx, 0, q + 3);
    const int64_t more = live.prepare(ctx, 0, *leaf(circuits::cat<3>));
    if (first)
      gate("x", {more + 1}, none);
    gate("cx", {q + 1, more}, none);
    // A detour that is not Clifford, and everything undone: all outcomes are certain again.
    gate("ry", {more}, tilt);
    gate("ry", {more}, back);
    gate("cx", {q + 1, more}, none);
    if (first)
      gate("x", {more + 1}, none);
    gate("cx", {more + 1, more + 2}, none);
    gate("cx", {more, more + 1}, none);
    gate("h", {more}, none);
    for (int64_t i = 0; i < 3; ++i)
      EXPECT_FALSE(live.measure(ctx, 0, more + i)) << i;
    for (int64_t i : {0, 1, 2, 4})
      live.measure(ctx, 0, q + i);
    EXPECT_TRUE(live.empty());
    live.endShot();
  }
  EXPECT_TRUE(ctx.ok());
}
