// SPDX-License-Identifier: Apache-2.0
// Inner products and Pauli expectations against dense matrices; reference values of feature maps.
#include "runtime/base/hash.h"
#include "runtime/sim/observable.h"
#include "tests/unit/sim/circuits.h"
#include "tests/unit/sim/dense.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

using namespace qdo::sim;
using qdo::base::Context;

static Recipe *leaf(Context &ctx, const qdo_circuit *circuit, std::initializer_list<double> data) {
  return makeLeaf(ctx, circuit, {data.begin(), data.size()});
}

TEST(Reference, ZzFeatureMap) {
  Context ctx(qdo_options{});
  auto *a = leaf(ctx, circuits::zz<2, 2>, {0.1, 0.2});
  auto *b = leaf(ctx, circuits::zz<2, 2>, {0.3, 0.4});
  EXPECT_NEAR(exactFidelity(ctx, 0, *a, *b), 0.1034841046620025, 1e-12);
  EXPECT_EQ(exactFidelity(ctx, 0, *a, *b), exactFidelity(ctx, 0, *b, *a));
  EXPECT_NEAR(exactFidelity(ctx, 0, *a, *a), 1, 1e-14);

  auto *c = leaf(ctx, circuits::zz<3, 2>, {0.1, 0.2, 0.3});
  Observable zz;
  zz.add(1, 0, 0b011);
  EXPECT_NEAR(exactExpect(ctx, 0, *c, zz), 0.06205286723277778, 1e-12);
}

TEST(Reference, OverlapKeepsItsOrder) {
  Context ctx(qdo_options{});
  // |p> = |0>, |r> = diag(1, i) H |0>: <p|r> is real; the other way round tells bra from ket.
  constexpr auto h = [](qdo_sink *sink, const double *) { circuits::one(sink, "h", 0); };
  constexpr auto hs = [](qdo_sink *sink, const double *) {
    circuits::one(sink, "h", 0);
    circuits::one(sink, "s", 0);
  };
  auto *p = leaf(ctx, circuits::tabled<h>(1, "h"), {});
  auto *r = leaf(ctx, circuits::tabled<hs>(1, "hs"), {});
  // <+|S|+> = (1 + i) / 2
  EXPECT_NEAR(std::abs(exactOverlap(ctx, 0, *p, *r) - Amplitude(0.5, 0.5)), 0, 1e-15);
  EXPECT_NEAR(std::abs(exactOverlap(ctx, 0, *r, *p) - Amplitude(0.5, -0.5)), 0, 1e-15);
}

static State randomState(int qubits) {
  State state(qubits);
  double norm = 0;
  for (Amplitude &a : state.view().span()) {
    a = {*rc::gen::inRange(-1000, 1001) / 1000.0, *rc::gen::inRange(-1000, 1001) / 1000.0};
    norm += std::norm(a);
  }
  RC_PRE(norm > 0);
  for (Amplitude &a : state.view().span())
    a /= std::sqrt(norm);
  return state;
}

static dense::Vector vectorOf(const State &state) {
  return Eigen::Map<const dense::Vector>(state.amplitudes().data(),
                                         static_cast<Eigen::Index>(state.size()));
}

RC_GTEST_PROP(Pauli, ExpectationsAreThoseOfTheMatrices, ()) {
  const int qubits = *rc::gen::inRange(1, 6);
  const State state = randomState(qubits);
  std::string letters;
  uint64_t x = 0, z = 0;
  for (int q = 0; q < qubits; ++q) {
    letters += *rc::gen::elementOf(std::string("IXYZ"));
    x |= uint64_t{letters.back() == 'X' || letters.back() == 'Y'} << q;
    z |= uint64_t{letters.back() == 'Z' || letters.back() == 'Y'} << q;
  }
  const dense::Vector v = vectorOf(state);
  const auto expected = v.dot(dense::pauliString(letters) * v);
  RC_ASSERT(std::abs(expectPauli(state.view(), x, z) - expected.real()) < 1e-14);
}

RC_GTEST_PROP(InnerProduct, ConjugatesTheFirst, ()) {
  const int qubits = *rc::gen::inRange(1, 6);
  const State a = randomState(qubits), b = randomState(qubits);
  RC_ASSERT(std::abs(innerProduct(a.view(), b.view()) - vectorOf(a).dot(vectorOf(b))) < 1e-14);
}

// A plain sum of 2^20 terms would be off by more.
TEST(InnerProduct, IsExactForManyTerms) {
  State state(20);
  for (Amplitude &a : state.view().span())
    a = Amplitude(0x1p-10 * std::sqrt(0.3), 0x1p-10 * std::sqrt(0.7));
  EXPECT_NEAR(squaredNorm(state.view()), 1, 3e-16);
  EXPECT_NEAR(expectPauli(state.view(), 0b1011, 0), 1, 3e-16);
}

TEST(Memory, IsCheckedBeforeItIsTaken) {
  Context ctx(qdo_options{});
  auto *huge = leaf(ctx, circuits::cat<40>, {});
  EXPECT_EQ(prepare(ctx, 9, *huge), nullptr);
  ASSERT_FALSE(ctx.ok());
  EXPECT_EQ(ctx.failure()->kind, qdo::base::Kind::OutOfMemory);
  EXPECT_EQ(ctx.failure()->site, 9u);
  EXPECT_EQ(ctx.failure()->message.find("40 qubits need 16 TiB, this machine has "), 0u)
      << ctx.failure()->message;
  ctx.takeFailure();
  EXPECT_FALSE(checkMemory(ctx, 0, 4000));
  ctx.takeFailure();
  EXPECT_FALSE(checkMemory(ctx, 0, 20, 1 << 24));
  EXPECT_EQ(ctx.failure()->message.find("16,777,216 states of 20 qubits need 256 TiB"), 0u);
  ctx.takeFailure();
  EXPECT_TRUE(checkMemory(ctx, 0, 20));
}

TEST(Observable, MergesAndPrints) {
  Observable h;
  h.add(0.5, 0, 0b11);
  h.add(-0.3, 0b1, 0);
  EXPECT_EQ(h.format(""), "0.5 * Z[0] * Z[1] - 0.3 * X[0]");
  h.add(1, 0b100, 0b100);
  h.add(0.1, 0b1, 0);
  EXPECT_EQ(h.terms.size(), 3u);
  EXPECT_EQ(h.format(".2f"), "0.50 * Z[0] * Z[1] - 0.20 * X[0] + 1.00 * Y[2]");
  Observable other;
  other.add(1, 0b100, 0b100);
  other.add(h.terms[1].weight, 0b1, 0);
  EXPECT_NE(h.hash(), other.hash());
  other.add(0.5, 0, 0b11);
  EXPECT_EQ(h.hash(), other.hash()) << "the order of terms does not matter";
}

TEST(Observable, StringsReachBeyondAWord) {
  // Z[0] * X[70], X[70] and Z[0] * Z[130]: one name each, products over all words.
  Observable o;
  o.addWord(1, 1 << 6, 0);
  o.add(2, 0, 1);
  o.addWord(1, 1 << 6, 0);
  o.add(3, 0, 0);
  o.addWord(2, 0, 1 << 2);
  o.add(1, 0, 1);
  ASSERT_EQ(o.format(""), "2 * Z[0] * X[70] + 3 * X[70] + Z[0] * Z[130]");
  Observable results;
  for (auto [a, b] : {std::pair(0, 1), {1, 1}, {1, 2}}) {
    const auto string = product(o.terms[static_cast<size_t>(a)], o.terms[static_cast<size_t>(b)]);
    ASSERT_TRUE(string);
    results.add(string->weight, *string);
  }
  EXPECT_EQ(results.format(""), "6 * Z[0] + 9 + 3 * Z[0] * X[70] * Z[130]");
  Observable z; // meets X[70]
  z.addWord(1, 0, 1 << 6);
  z.add(1, 0, 0);
  EXPECT_FALSE(product(o.terms[0], z.terms[0]));
  // What is above the first word is part of the hash, and of what fits.
  EXPECT_NE(z.hash(), o.hash());
  Observable low;
  low.add(1, 0, 1);
  Observable high;
  high.addWord(1, 0, 1);
  high.add(1, 0, 1);
  EXPECT_NE(low.hash(), high.hash());
  Context ctx(qdo_options{});
  EXPECT_TRUE(checkFits(ctx, 0, z, 71));
  EXPECT_FALSE(checkFits(ctx, 0, z, 70));
}

TEST(Observable, MustFitOnTheQubits) {
  Context ctx(qdo_options{});
  auto *cat = leaf(ctx, circuits::cat<2>, {});
  Observable outside;
  outside.add(1, 0b100, 0);
  exactExpect(ctx, 3, *cat, outside);
  ASSERT_FALSE(ctx.ok());
  EXPECT_EQ(ctx.failure()->message, "index 2 is outside 0..2");
}
