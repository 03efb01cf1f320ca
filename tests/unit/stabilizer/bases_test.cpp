// SPDX-License-Identifier: Apache-2.0
// Random stabiliser bases against dense states: counts, signs, circuits.
#include "runtime/stabilizer/bases.h"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <map>
#include <numbers>

using namespace qdo;
using stabilizer::Basis;
using Kind = Basis::Gate::Kind;
using Vector = std::vector<std::complex<double>>;

static const std::complex<double> i(0, 1);

static Basis draw(int qubits, uint64_t t) {
  base::RandomStream random(7, t);
  return stabilizer::randomBasis(qubits, random);
}

/// Of up to 64 qubits.
static std::optional<bool> negative(const Basis &basis, uint64_t x, uint64_t z, uint64_t outcome) {
  return basis.negative({&x, 1}, {&z, 1}, {&outcome, 1});
}
static bool measures(const Basis &basis, uint64_t x, uint64_t z) {
  return negative(basis, x, z, 0).has_value();
}

/// The state of an outcome, by the formula of bases.h and not by the walk.
static Vector stateOf(const Basis &basis, int qubits, uint64_t outcome) {
  std::vector<int> pivots;
  for (int q = 0; q < qubits; ++q)
    if (basis.pivots()[0] >> q & 1)
      pivots.push_back(q);
  const size_t k = pivots.size();
  Vector state(size_t{1} << qubits);
  for (uint64_t a = 0; a < uint64_t{1} << k; ++a) {
    uint64_t index = outcome & ~basis.pivots()[0];
    int power = 0;
    for (size_t r = 0; r < k; ++r) {
      if (!(a >> r & 1))
        continue;
      index ^= (uint64_t{1} << pivots[r]) | (basis.rows()[r] & ~basis.pivots()[0]);
      power += static_cast<int>(basis.rows()[r] >> pivots[r] & 1);
      for (size_t s = 0; s < r; ++s)
        power += 2 * static_cast<int>((a >> s & 1) & (basis.rows()[r] >> pivots[s] & 1));
      power += 2 * static_cast<int>(outcome >> pivots[r] & 1);
    }
    state[index] = std::pow(i, power % 4) / std::sqrt(std::ldexp(1.0, static_cast<int>(k)));
  }
  return state;
}

static void apply(Vector &v, const Basis::Gate &gate) {
  const uint64_t a = uint64_t{1} << gate.a, b = gate.b < 0 ? 0 : uint64_t{1} << gate.b;
  const Vector old = v;
  for (uint64_t u = 0; u < v.size(); ++u)
    switch (gate.kind) {
    case Kind::Cx:
      v[(u & a) ? u ^ b : u] = old[u];
      break;
    case Kind::Cz:
      v[u] = (u & a) && (u & b) ? -old[u] : old[u];
      break;
    case Kind::AdjointS:
      v[u] = (u & a) ? -i * old[u] : old[u];
      break;
    case Kind::H:
      v[u] = ((u & a) ? old[u ^ a] - old[u] : old[u] + old[u ^ a]) / std::numbers::sqrt2;
      break;
    case Kind::X:
      v[u] = old[u ^ a];
      break;
    }
}

TEST(StabilizerBases, EachIsAsLikely) {
  for (auto [qubits, count] : {std::pair(1, 3), {2, 15}, {3, 135}}) {
    std::map<std::pair<uint64_t, std::vector<uint64_t>>, int> seen;
    const int draws = 400 * count;
    for (int t = 0; t < draws; ++t) {
      const Basis basis = draw(qubits, static_cast<uint64_t>(t));
      // One basis has several sets of rows: its strings name it.
      std::vector<uint64_t> strings;
      for (uint64_t xz = 1; xz < uint64_t{1} << 2 * qubits; ++xz)
        if (measures(basis, xz & ((uint64_t{1} << qubits) - 1), xz >> qubits))
          strings.push_back(xz);
      EXPECT_EQ(std::ssize(strings), (1 << qubits) - 1);
      ++seen[{0, strings}];
    }
    EXPECT_EQ(std::ssize(seen), count);
    double chi = 0;
    for (const auto &[basis, times] : seen)
      chi += (times - 400.0) * (times - 400.0) / 400;
    EXPECT_NEAR(chi, count - 1, 4.5 * std::sqrt(2.0 * count)) << qubits;
  }
}

TEST(StabilizerBases, SignsAreThoseOfTheStates) {
  constexpr int n = 3;
  for (uint64_t t = 0; t < 60; ++t) {
    const Basis basis = draw(n, t);
    for (uint64_t outcome = 0; outcome < 8; ++outcome) {
      const Vector state = stateOf(basis, n, outcome);
      for (uint64_t x = 0; x < 8; ++x)
        for (uint64_t z = 0; z < 8; ++z) {
          std::complex<double> mean = 0; // P|u> = i^{|x & z|} (-1)^{z.u} |u ^ x>
          for (uint64_t u = 0; u < 8; ++u)
            mean += std::conj(state[u ^ x]) * std::pow(i, std::popcount(x & z) % 4) *
                    (std::popcount(z & u) % 2 ? -1.0 : 1.0) * state[u];
          const auto minus = negative(basis, x, z, outcome);
          const double said = !minus ? 0 : *minus ? -1 : 1;
          EXPECT_NEAR(mean.real(), said, 1e-12);
          EXPECT_NEAR(mean.imag(), 0, 1e-12);
        }
    }
  }
}

TEST(StabilizerBases, TheWalkIsTheState) {
  for (uint64_t t = 0; t < 40; ++t) {
    const Basis basis = draw(4, t);
    const Vector state = stateOf(basis, 4, 0);
    Vector walked(16);
    const double norm = std::sqrt(std::ldexp(1.0, static_cast<int>(basis.rank())));
    basis.forEach([&](uint64_t, uint64_t index, unsigned phase) {
      walked[index] = std::pow(i, static_cast<int>(phase)) / norm;
    });
    for (size_t u = 0; u < 16; ++u)
      EXPECT_NEAR(std::abs(walked[u] - state[u]), 0, 1e-12);
  }
}

TEST(StabilizerBases, TheCircuitTakesEachStateToItsOutcome) {
  constexpr int n = 4;
  for (uint64_t t = 0; t < 40; ++t) {
    const Basis basis = draw(n, t);
    for (uint64_t outcome = 0; outcome < 16; ++outcome) {
      Vector state = stateOf(basis, n, outcome);
      for (const auto &gate : basis.circuit())
        apply(state, gate);
      EXPECT_NEAR(std::abs(state[outcome]), 1, 1e-12);
    }
  }
}

TEST(StabilizerBases, ScramblesAreUndoneAndEachIsAsLikely) {
  // 6 invertible matrices of 2 x 2 bits, 4 masks of flips.
  std::map<std::vector<uint64_t>, int> seen;
  constexpr int draws = 24 * 300;
  for (uint64_t t = 0; t < draws; ++t) {
    base::RandomStream random(1, t);
    const auto scramble = stabilizer::randomScramble(2, random);
    std::vector<uint64_t> map;
    for (uint64_t b = 0; b < 4; ++b) {
      Vector state(4);
      state[b] = 1;
      for (const auto &gate : scramble.gates)
        apply(state, gate);
      uint64_t read = 0;
      while (std::abs(state[read]) < 0.5)
        ++read;
      map.push_back(read);
      scramble.undo({&read, 1});
      EXPECT_EQ(read, b);
    }
    ++seen[map];
  }
  EXPECT_EQ(seen.size(), 24u);
  for (const auto &[map, times] : seen)
    EXPECT_NEAR(times, 300, 4.5 * std::sqrt(300.0));
}

/// Beyond a word: the circuit of a basis takes the strings that it measures to strings of Z.
TEST(StabilizerBases, WideOnesMeasureWhatTheirCircuitsDo) {
  for (int qubits : {62, 64, 65, 130}) {
    const size_t words = static_cast<size_t>(qubits + 63) / 64;
    for (uint64_t t = 0; t < 20; ++t) {
      const Basis basis = draw(qubits, t);
      ASSERT_EQ(basis.words(), words);
      int rank = 0;
      for (uint64_t word : basis.pivots())
        rank += std::popcount(word);
      EXPECT_EQ(static_cast<size_t>(rank), basis.rank());
      base::RandomStream random(9, t);
      std::vector<uint64_t> outcome(words), none(words);
      for (uint64_t &word : outcome)
        word = random.next();
      EXPECT_EQ(basis.negative(none, none, outcome), false);
      // A product of Zs before measuring, taken back through the circuit: X is bit 0, Z is bit 1.
      std::vector<int> letters(static_cast<size_t>(qubits));
      bool minus = false;
      for (int &letter : letters)
        letter = (random.next() & 1) != 0 ? 2 : 0;
      for (int q = 0; q < qubits; ++q)
        minus ^= letters[static_cast<size_t>(q)] != 0 &&
                 (outcome[static_cast<size_t>(q / 64)] >> q % 64 & 1) != 0;
      const auto gates = basis.circuit();
      for (size_t g = gates.size(); g-- > 0;) {
        int &a = letters[static_cast<size_t>(gates[g].a)];
        int &b = letters[static_cast<size_t>(std::max(gates[g].b, 0))];
        switch (gates[g].kind) {
        case Kind::Cx: // Y counts as i X Z; signs as in Aaronson and Gottesman
          minus ^= (a & 1) && (b & 2) && ((a >> 1 ^ b ^ 1) & 1);
          b ^= a & 1;
          a ^= b & 2;
          break;
        case Kind::Cz:
          minus ^= (a & 1) && (b & 1) && ((a ^ b) & 2);
          a ^= 2 * (b & 1);
          b ^= 2 * (a & 1);
          break;
        case Kind::AdjointS: // S P S^dagger: X to Y, Y to -X
          minus ^= a == 3;
          a ^= 2 * (a & 1);
          break;
        case Kind::H:
          minus ^= a == 3;
          a = (a & 1) * 2 + (a >> 1);
          break;
        case Kind::X:
          minus ^= (a & 2) != 0;
          break;
        }
      }
      std::vector<uint64_t> x(words), z(words);
      for (int q = 0; q < qubits; ++q) {
        const int letter = letters[static_cast<size_t>(q)];
        x[static_cast<size_t>(q / 64)] |= uint64_t(letter & 1) << q % 64;
        z[static_cast<size_t>(q / 64)] |= uint64_t(letter >> 1) << q % 64;
      }
      EXPECT_EQ(basis.negative(x, z, outcome), minus) << qubits << " " << t;
    }
  }
}

TEST(StabilizerBases, WideScramblesAreUndone) {
  base::RandomStream random(1, 5);
  const auto scramble = stabilizer::randomScramble(100, random);
  for (uint64_t t = 0; t < 20; ++t) {
    base::RandomStream bits(2, t);
    const std::vector<uint64_t> before = {bits.next(), bits.next() & ((uint64_t{1} << 36) - 1)};
    std::vector<uint64_t> read = before;
    auto bit = [&](int q) { return read[static_cast<size_t>(q / 64)] >> q % 64 & 1; };
    for (const auto &gate : scramble.gates) {
      const int target = gate.kind == Kind::X ? gate.a : gate.b;
      read[static_cast<size_t>(target / 64)] ^= (gate.kind == Kind::X ? 1 : bit(gate.a))
                                                << target % 64;
    }
    EXPECT_NE(read, before);
    scramble.undo(read);
    EXPECT_EQ(read, before);
  }
}
