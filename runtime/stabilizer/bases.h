// SPDX-License-Identifier: Apache-2.0
// Bases of stabiliser states, uniformly at random, and the circuits that measure in them.
// In: qubits and random numbers. Out: a basis; which Pauli strings it tells; its states.
// Why bases and not Clifford circuits: of a random Clifford circuit before a measurement only the
// basis can be seen; the rest of it renames outcomes and adds phases, and its gates would cost time
// and noise. Sources: Bravyi, Maslov, IEEE Transactions on Information Theory 67, 4546 (2021);
// Garcia, Markov, Cross, Quantum Information and Computation 14, 683 (2014), for the counting.
#pragma once

#include "runtime/base/philox.h"

#include <bit>
#include <cstdint>
#include <optional>
#include <vector>

namespace qdo::stabilizer {

/// The states 2^(-k/2) sum over a of i^q(a) (-1)^(c.a) |sum of a_i B_i + t>, over a of k bits: one
/// for each c of k bits and t of the others. B_1 .. B_k are rows with a pivot each, q(a) = sum of
/// A_ii a_i + 2 sum over i < j of A_ij a_i a_j for a symmetric matrix of bits. Up to 62 qubits. An
/// outcome is one word: c on the pivots, t on the other qubits.
class Basis {
public:
  Basis() = default;
  /// Rows by rising pivot, each without pivots: bit p of a row is A of its own and of the pivot p,
  /// bits of other qubits are B.
  Basis(uint64_t pivots, std::vector<uint64_t> rows) : pivots_(pivots), rows_(std::move(rows)) {}

  uint64_t pivots() const { return pivots_; }
  const std::vector<uint64_t> &rows() const { return rows_; }
  bool operator==(const Basis &) const = default;

  /// What outcomes tell of a Pauli string (X on the bits of x, Z on those of z, Y on both): its
  /// sign is -1 to the parity of `outcome & mask`, and once more where `minus`.
  struct Sign {
    uint64_t mask;
    bool minus;
    bool negative(uint64_t outcome) const {
      return ((std::popcount(outcome & mask) & 1) != 0) != minus;
    }
  };
  /// Nothing when the basis does not measure the string.
  std::optional<Sign> measures(uint64_t x, uint64_t z) const;

  /// Calls visit(a, index, phase) for each of the 2^k terms of the state of outcome 0: a as k bits,
  /// the basis state of the qubits, and the power of i.
  template <class Visit> void forEach(const Visit &visit) const {
    const uint64_t end = uint64_t{1} << rows_.size();
    uint64_t a = 0, on = 0, index = 0; // `on`: a, on the places of the pivots
    unsigned phase = 0;
    for (uint64_t count = 0;;) {
      visit(a, index, phase & 3);
      if (++count == end)
        return;
      const int i = std::countr_zero(count); // Gray code: one bit of a changes
      const uint64_t row = rows_[static_cast<size_t>(i)], pivot = pivotOf(i);
      const unsigned change =
          ((row & pivot) != 0) + 2 * static_cast<unsigned>(std::popcount(row & on & ~pivot));
      phase += (on & pivot) ? 4 * 64 - change : change;
      a ^= uint64_t{1} << i;
      on ^= pivot;
      index ^= pivot | (row & ~pivots_);
    }
  }

  /// A gate of the circuit after which measuring every qubit along Z measures in this basis.
  struct Gate {
    enum class Kind : uint8_t { Cx, Cz, AdjointS, H, X } kind;
    int a, b = -1; ///< of Cx the control and the target
  };
  std::vector<Gate> circuit() const;

private:
  uint64_t pivotOf(int i) const {
    uint64_t rest = pivots_;
    for (; i > 0; --i)
      rest &= rest - 1;
    return rest & -rest;
  }

  uint64_t pivots_ = 0;
  std::vector<uint64_t> rows_;
};

/// Each of the prod (2^j + 1), j = 1 .. qubits, bases as likely: what a uniformly random Clifford
/// circuit before a measurement along Z measures in. 1 to 62 qubits.
Basis randomBasis(int qubits, base::RandomStream &random);

/// What else a uniformly random Clifford circuit does to outcomes: an invertible linear map of
/// their bits, and flips. Nobody sees it unless the device errs, whose errors it spreads evenly.
struct Scramble {
  std::vector<Basis::Gate> gates; ///< Cx and X, after the circuit of a basis
  /// The outcome before the scramble.
  uint64_t undone(uint64_t read) const;
};
Scramble randomScramble(int qubits, base::RandomStream &random);

} // namespace qdo::stabilizer
