// SPDX-License-Identifier: Apache-2.0
// The outcomes that a stabiliser state can have when all qubits are measured.
// In: a tableau. Out: one outcome and a basis: every outcome is the first plus a sum of the others,
// all equally likely. Why: a shot is then `rank` random bits and a few exclusive ors, not a run.
#pragma once

#include "runtime/stabilizer/tableau.h"

namespace qdo::stabilizer {

class Outcomes {
public:
  explicit Outcomes(const Tableau &tableau);

  int qubits() const { return qubits_; }
  size_t words() const { return words_; }
  /// There are 2^rank outcomes.
  int rank() const { return rank_; }
  /// The outcome for these bits, bit rank - 1 first: outcomes rise with the number that the bits
  /// are.
  void outcome(std::span<const uint64_t> bits, std::span<uint64_t> out) const;
  /// The same for `count` shots, `bits` having bitWords() for each (bits above the rank are 0),
  /// `out` words().
  void outcomes(int64_t count, const uint64_t *bits, uint64_t *out) const;
  /// Whether |0..0> can be seen.
  bool hasZero() const { return !any(first_); }
  /// The parities of outcomes that are certain: every sum of these sets of qubits has the parity
  /// that the first outcome has. There are qubits() - rank() of them, each with words() words.
  std::vector<std::vector<uint64_t>> certainParities() const;
  const std::vector<uint64_t> &first() const { return first_; }
  /// The qubit that is a coin of its own for a bit.
  int qubitOf(int bit) const;
  size_t bitWords() const { return (static_cast<size_t>(rank_) + 63) / 64; }

private:
  /// Sums of eight basis vectors from `low` on, by bits; the first stays 0.
  void makeTable(int low, std::vector<uint64_t> &table) const;

  int qubits_, rank_ = 0;
  size_t words_;
  std::vector<uint64_t> first_; ///< the lowest
  std::vector<uint64_t> basis_; ///< words() for each bit, by rising highest bit
};

} // namespace qdo::stabilizer
