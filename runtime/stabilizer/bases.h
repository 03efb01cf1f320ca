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
#include <span>
#include <vector>

namespace qdo::stabilizer {

/// The states 2^(-k/2) sum over a of i^q(a) (-1)^(c.a) |sum of a_i B_i + t>, over a of k bits: one
/// for each c of k bits and t of the others. B_1 .. B_k are rows with a pivot each, q(a) = sum of
/// A_ii a_i + 2 sum over i < j of A_ij a_i a_j for a symmetric matrix of bits. Masks have a bit for
/// each qubit, 64 in a word. An outcome is a mask: c on the pivots, t on the other qubits.
class Basis {
public:
  Basis() = default;
  /// Rows by rising pivot, as many words each as `pivots`, each without pivots: bit p of a row is A
  /// of its own and of the pivot p, bits of other qubits are B.
  Basis(std::vector<uint64_t> pivots, std::vector<uint64_t> rows)
      : pivots_(std::move(pivots)), rows_(std::move(rows)) {}

  size_t words() const { return pivots_.size(); }
  /// k.
  size_t rank() const { return rows_.empty() ? 0 : rows_.size() / words(); }
  std::span<const uint64_t> pivots() const { return pivots_; }
  /// One after another.
  std::span<const uint64_t> rows() const { return rows_; }
  bool operator==(const Basis &) const = default;

  /// Whether an outcome says -1 of a Pauli string (X on the bits of x, Z on those of z, Y on both).
  /// Nothing when the basis does not measure the string.
  std::optional<bool> negative(std::span<const uint64_t> x, std::span<const uint64_t> z,
                               std::span<const uint64_t> outcome) const;

  /// Of up to 64 qubits: calls visit(a, index, phase) for each of the 2^k terms of the state of
  /// outcome 0: a as k bits, the basis state of the qubits, and the power of i.
  template <class Visit> void forEach(const Visit &visit) const {
    const uint64_t end = uint64_t{1} << rows_.size(), pivots = pivots_[0];
    uint64_t a = 0, on = 0, index = 0; // `on`: a, on the places of the pivots
    unsigned phase = 0;
    for (uint64_t count = 0;;) {
      visit(a, index, phase & 3);
      if (++count == end)
        return;
      const int i = std::countr_zero(count); // Gray code: one bit of a changes
      const uint64_t row = rows_[static_cast<size_t>(i)];
      uint64_t rest = pivots;
      for (int k = i; k > 0; --k)
        rest &= rest - 1;
      const uint64_t pivot = rest & -rest;
      const unsigned change =
          ((row & pivot) != 0) + 2 * static_cast<unsigned>(std::popcount(row & on & ~pivot));
      phase += (on & pivot) ? 4 * 64 - change : change;
      a ^= uint64_t{1} << i;
      on ^= pivot;
      index ^= pivot | (row & ~pivots);
    }
  }

  /// A gate of the circuit after which measuring every qubit along Z measures in this basis.
  struct Gate {
    enum class Kind : uint8_t { Cx, Cz, AdjointS, H, X } kind;
    int a, b = -1; ///< of Cx the control and the target
  };
  std::vector<Gate> circuit() const;

private:
  std::vector<uint64_t> pivots_, rows_;
};

/// Each of the prod (2^j + 1), j = 1 .. qubits, bases as likely: what a uniformly random Clifford
/// circuit before a measurement along Z measures in.
Basis randomBasis(int qubits, base::RandomStream &random);

/// What else a uniformly random Clifford circuit does to outcomes: an invertible linear map of
/// their bits, and flips. Nobody sees it unless the device errs, whose errors it spreads evenly.
struct Scramble {
  std::vector<Basis::Gate> gates; ///< Cx and X, after the circuit of a basis
  /// Makes of an outcome what it was before the scramble.
  void undo(std::span<uint64_t> read) const;
};
Scramble randomScramble(int qubits, base::RandomStream &random);

} // namespace qdo::stabilizer
