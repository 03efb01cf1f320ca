// SPDX-License-Identifier: Apache-2.0
// The tableau against state vectors written here, and against states that are known.
#include "runtime/stabilizer/outcomes.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>
#include <numeric>
#include <random>
#include <set>

using namespace qdo::stabilizer;
using qdo::gates::Amplitude;

namespace {

int row(std::string_view name) {
  auto all = qdo::gates::all();
  for (size_t i = 0; i < all.size(); ++i)
    if (all[i].name == name)
      return static_cast<int>(i);
  throw std::invalid_argument("no such gate");
}

/// A gate on wires, controls first.
struct Step {
  CliffordKey key;
  std::vector<int> wires;
};

/// The textbook: a vector of 2^n amplitudes and a matrix of a gate.
class Vector {
public:
  explicit Vector(int qubits) : qubits_(qubits), a_(size_t{1} << qubits) { a_[0] = 1; }

  void apply(const Step &step) {
    qdo::gates::GateCall call{step.key.gate, step.key.inverse, 0, 0, -1, {}};
    std::ranges::copy(step.key.angles, call.angles);
    const auto m = qdo::gates::gateMatrix(call);
    const size_t controls = static_cast<size_t>(step.key.controls);
    const size_t targets = step.wires.size() - controls, size = size_t{1} << targets;
    std::vector<Amplitude> next(a_.size());
    for (size_t k = 0; k < a_.size(); ++k) {
      bool on = true;
      size_t column = 0;
      for (size_t i = 0; i < step.wires.size(); ++i) {
        const size_t bit = k >> step.wires[i] & 1;
        if (i < controls)
          on &= bit == 1;
        else
          column |= bit << (i - controls);
      }
      if (!on) {
        next[k] += a_[k];
        continue;
      }
      for (size_t r = 0; r < size; ++r) {
        size_t to = k;
        for (size_t t = 0; t < targets; ++t) {
          const size_t bit = size_t{1} << step.wires[controls + t];
          to = (r >> t & 1) != 0 ? to | bit : to & ~bit;
        }
        next[to] += m[r * size + column] * a_[k];
      }
    }
    a_ = std::move(next);
  }
  double probability(size_t k) const { return std::norm(a_[k]); }
  double mean(size_t x, size_t z) const {
    const Amplitude powers[] = {{1, 0}, {0, 1}, {-1, 0}, {0, -1}};
    Amplitude sum = 0;
    for (size_t k = 0; k < a_.size(); ++k)
      sum += std::conj(a_[k ^ x]) * a_[k] * (std::popcount(k & z) % 2 ? -1.0 : 1.0);
    return (sum * powers[std::popcount(x & z) % 4]).real();
  }
  /// The probability of 1.
  double one(int q) const {
    double sum = 0;
    for (size_t k = 0; k < a_.size(); ++k)
      sum += (k >> q & 1) != 0 ? std::norm(a_[k]) : 0;
    return sum;
  }
  void project(int q, bool outcome) {
    const double scale = 1 / std::sqrt(outcome ? one(q) : 1 - one(q));
    for (size_t k = 0; k < a_.size(); ++k)
      a_[k] = ((k >> q & 1) != 0) == outcome ? a_[k] * scale : 0;
  }
  size_t size() const { return a_.size(); }
  int qubits() const { return qubits_; }

private:
  int qubits_;
  std::vector<Amplitude> a_;
};

using Random = std::mt19937_64;

int below(Random &random, int bound) {
  return static_cast<int>(random() % static_cast<uint64_t>(bound));
}

/// Any gate of the record that is Clifford for these angles.
Step randomStep(Random &random, int qubits) {
  while (true) {
    const auto all = qdo::gates::all();
    CliffordKey key{below(random, static_cast<int>(all.size())), below(random, 2) == 1, 0, {}};
    const auto &info = all[static_cast<size_t>(key.gate)];
    key.controls = info.controls;
    if (info.controls + info.targets > qubits)
      continue;
    for (double &angle : key.angles)
      angle = std::numbers::pi / 2 * (below(random, 17) - 8);
    Cliffords known;
    const Found found = known.find(key);
    if (!found.gate && !found.nothing)
      continue;
    std::vector<int> wires(static_cast<size_t>(qubits));
    std::iota(wires.begin(), wires.end(), 0);
    std::shuffle(wires.begin(), wires.end(), random);
    wires.resize(static_cast<size_t>(info.controls + info.targets));
    return {key, wires};
  }
}

void apply(Tableau &tableau, Cliffords &known, const Step &step) {
  if (const Found found = known.find(step.key); found.gate)
    tableau.apply(*found.gate, step.wires.data());
}

Tableau ghz(int qubits) {
  Cliffords known;
  Tableau tableau(qubits);
  apply(tableau, known, {{row("h"), false, 0, {}}, {0}});
  for (int q = 0; q + 1 < qubits; ++q)
    apply(tableau, known, {{row("cx"), false, 1, {}}, {q, q + 1}});
  return tableau;
}

template <class Property> void holds(const char *what, Property property) {
  EXPECT_TRUE(rc::check(what, property));
}

} // namespace

TEST(Cliffords, AreThoseOfTheMatrices) {
  Cliffords known;
  const double quarter = std::numbers::pi / 2;
  auto is = [&](std::string_view name, int controls, std::array<double, 4> angles = {}) {
    const Found found = known.find({row(name), false, controls, angles});
    return found.gate != nullptr || found.nothing;
  };
  for (const char *name : {"x", "y", "z", "h", "s", "sdg", "sx"})
    EXPECT_TRUE(is(name, 0)) << name;
  for (const char *name : {"cx", "cy", "cz"})
    EXPECT_TRUE(is(name, 1)) << name;
  EXPECT_TRUE(is("swap", 0));
  for (const char *name : {"t", "tdg"})
    EXPECT_FALSE(is(name, 0)) << name;
  EXPECT_FALSE(is("ch", 1));
  EXPECT_FALSE(is("ccx", 2));
  EXPECT_FALSE(is("cswap", 1));
  for (const char *name : {"p", "rx", "ry", "rz", "rxx", "ryy", "rzz"}) {
    EXPECT_TRUE(is(name, 0, {3 * quarter})) << name;
    EXPECT_TRUE(is(name, 0, {-101 * quarter})) << name;
    EXPECT_FALSE(is(name, 0, {quarter / 2})) << name;
    EXPECT_FALSE(is(name, 0, {quarter + 1e-9})) << name;
  }
  EXPECT_TRUE(is("cp", 1, {2 * quarter}));
  EXPECT_FALSE(is("cp", 1, {quarter}));
  EXPECT_TRUE(is("crx", 1, {2 * quarter}));
  EXPECT_FALSE(is("crx", 1, {quarter}));
  EXPECT_TRUE(is("u", 0, {quarter, 3 * quarter, -quarter}));
  EXPECT_TRUE(is("cu", 1, {2 * quarter, 2 * quarter, 0, quarter}));
  EXPECT_FALSE(is("cu", 1, {2 * quarter, 2 * quarter, 0, quarter / 2}));
  // As numbers under controls: -1 is a Z, i is an S, 1 is nothing.
  EXPECT_TRUE(is("rz", 1, {4 * quarter}));
  EXPECT_TRUE(is("rz", 2, {4 * quarter}));
  EXPECT_FALSE(is("rz", 3, {4 * quarter}));
  EXPECT_TRUE(is("rz", 9, {8 * quarter}));
}

TEST(Tableau, AgreesWithTheStateVector) {
  holds("means and outcomes of random Clifford circuits", [] {
    const int qubits = *rc::gen::inRange(1, 11);
    Random random(*rc::gen::arbitrary<uint64_t>());
    Cliffords known;
    Tableau tableau(qubits);
    Vector vector(qubits);
    const int steps = *rc::gen::inRange(0, 80);
    for (int i = 0; i < steps; ++i) {
      const Step step = randomStep(random, qubits);
      apply(tableau, known, step);
      vector.apply(step);
    }
    for (int i = 0; i < 20; ++i) {
      const uint64_t x = random() % vector.size();
      const uint64_t z = random() % vector.size();
      RC_ASSERT(std::abs(tableau.mean({{&x, 1}, {&z, 1}}) - vector.mean(x, z)) < 1e-9);
    }
    const Outcomes outcomes(tableau);
    std::set<uint64_t> seen;
    uint64_t last = 0;
    for (uint64_t bits = 0; bits < uint64_t{1} << outcomes.rank(); ++bits) {
      uint64_t outcome = 0;
      outcomes.outcome({&bits, 1}, {&outcome, 1});
      RC_ASSERT(std::abs(vector.probability(outcome) - std::ldexp(1, -outcomes.rank())) < 1e-9);
      RC_ASSERT(bits == 0 || outcome > last);
      last = outcome;
      seen.insert(outcome);
    }
    RC_ASSERT(seen.size() == size_t{1} << outcomes.rank());
    RC_ASSERT(outcomes.hasZero() == (vector.probability(0) > 1e-9));
  });
}

TEST(Tableau, MeasuresLikeTheStateVector) {
  holds("measurements between gates", [] {
    const int qubits = *rc::gen::inRange(1, 8);
    Random random(*rc::gen::arbitrary<uint64_t>());
    Cliffords known;
    Tableau tableau(qubits);
    Vector vector(qubits);
    for (int i = 0; i < 40; ++i) {
      if (below(random, 3) > 0) {
        const Step step = randomStep(random, qubits);
        apply(tableau, known, step);
        vector.apply(step);
        continue;
      }
      const int q = below(random, qubits);
      const double one = vector.one(q);
      const auto certain = tableau.certain(q);
      RC_ASSERT(certain.has_value() == (std::abs(one - 0.5) > 0.25));
      const bool outcome = tableau.measure(q, below(random, 2) == 1);
      RC_ASSERT(std::abs(one - (certain ? static_cast<double>(outcome) : 0.5)) < 1e-9);
      vector.project(q, outcome);
      RC_ASSERT(tableau.certain(q) == std::optional(outcome));
    }
    for (uint64_t x = 0; x < vector.size(); ++x)
      for (uint64_t z = 0; z < vector.size(); z += 3)
        RC_ASSERT(std::abs(tableau.mean({{&x, 1}, {&z, 1}}) - vector.mean(x, z)) < 1e-9);
  });
}

TEST(Tableau, GrowsByQubitsInZero) {
  Tableau tableau = ghz(60);
  tableau.grow(130);
  for (int q = 60; q < 130; ++q)
    EXPECT_EQ(tableau.certain(q), std::optional(false));
  EXPECT_FALSE(tableau.certain(59));
  EXPECT_TRUE(tableau.measure(0, true));
  EXPECT_EQ(tableau.certain(59), std::optional(true));
  tableau.reset();
  EXPECT_EQ(tableau.certain(59), std::optional(false));
}

TEST(Tableau, KnowsAThousandQubits) {
  const int n = 1000;
  Tableau tableau = ghz(n);
  const Outcomes outcomes(tableau);
  ASSERT_EQ(outcomes.rank(), 1);
  const size_t words = outcomes.words();
  const uint64_t bits[2] = {0, 1};
  std::vector<uint64_t> out(2 * words);
  outcomes.outcomes(2, bits, out.data());
  for (int q = 0; q < n; ++q) {
    EXPECT_FALSE(bitOf({out.data(), words}, q));
    EXPECT_TRUE(bitOf({out.data() + words, words}, q));
  }
  std::vector<uint64_t> x(words), z(words), all(words);
  for (int q = 0; q < n; ++q)
    all[static_cast<size_t>(q) / 64] |= uint64_t{1} << (q % 64);
  EXPECT_EQ(tableau.mean({all, x}), 1);   // X on all
  EXPECT_EQ(tableau.mean({x, all}), 1);   // Z on all, an even number
  EXPECT_EQ(tableau.mean({all, all}), 1); // Y on all: i^1000
  z[0] = 3;
  EXPECT_EQ(tableau.mean({x, z}), 1); // Z_0 Z_1
  z[0] = 1;
  EXPECT_EQ(tableau.mean({x, z}), 0);
  // Y on two and X on the others: -1.
  z[0] = 3;
  EXPECT_EQ(tableau.mean({all, z}), -1);
  // Shots by tables are those by sums.
  std::vector<uint64_t> many(300), wide(300 * words);
  for (size_t i = 0; i < many.size(); ++i)
    many[i] = i * i % 3 == 1;
  outcomes.outcomes(300, many.data(), wide.data());
  for (size_t i = 0; i < many.size(); ++i)
    EXPECT_EQ(wide[i * words + 5], many[i] ? ~uint64_t{0} : 0);
}
