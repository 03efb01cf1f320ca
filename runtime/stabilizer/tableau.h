// SPDX-License-Identifier: Apache-2.0
// Stabiliser states: what Clifford gates and measurements make of |0..0>.
// In: Clifford gates, Pauli strings. Out: certain or random outcomes, exact means.
// Why: the tableau is that of the inverse circuit, U^-1 P U for P = X_k, Z_k, so that whether an
// outcome is certain is read off one row (Gidney, Stim, Quantum 5, 497 (2021)); the rest is after
// Aaronson & Gottesman, Phys. Rev. A 70, 052328 (2004).
// Must not: be asked for phases of states; it has none.
#pragma once

#include "runtime/stabilizer/clifford.h"

#include <optional>
#include <span>
#include <vector>

namespace qdo::stabilizer {

/// Bit q of a string of words.
inline bool bitOf(std::span<const uint64_t> words, int q) {
  return (words[static_cast<size_t>(q) / 64] >> (q % 64) & 1) != 0;
}

/// A Pauli string: X on the bits of x, Z on those of z, Y on both. As many words as are needed.
struct PauliView {
  std::span<const uint64_t> x, z;
};

class Tableau {
public:
  /// |0..0>.
  explicit Tableau(int qubits = 0) { grow(qubits); }

  int qubits() const { return qubits_; }
  /// Words of a half of a row.
  size_t words() const { return words_; }
  size_t bytes() const { return rows_.size() * sizeof(uint64_t); }
  /// More qubits, in |0>.
  void grow(int qubits);
  /// |0..0> again, of as many qubits.
  void reset();

  /// The gate on these wires, which are different.
  void apply(const Clifford &gate, const int *wires);
  /// X.
  void flip(int qubit) { phases_[static_cast<size_t>(2 * qubit + 1)] ^= 2; }
  /// Z.
  void flipPhase(int qubit) { phases_[static_cast<size_t>(2 * qubit)] ^= 2; }
  /// The outcome of measuring a qubit when it is certain.
  std::optional<bool> certain(int qubit) const;
  /// Measures: the outcome is the certain one, or else `coin`.
  bool measure(int qubit, bool coin);
  /// <P>: -1, 0 or 1.
  int mean(const PauliView &pauli) const;

  // U^-1 X_k U and U^-1 Z_k U = i^phase X^x Z^z
  std::span<const uint64_t> xOfX(int k) const { return {row(2 * k), words_}; }
  std::span<const uint64_t> xOfZ(int k) const { return {row(2 * k + 1), words_}; }
  std::span<const uint64_t> zOfZ(int k) const { return {row(2 * k + 1) + words_, words_}; }
  uint8_t phaseOfZ(int k) const { return phases_[static_cast<size_t>(2 * k + 1)]; }

private:
  uint64_t *row(int r) { return rows_.data() + static_cast<size_t>(r) * 2 * words_; }
  const uint64_t *row(int r) const { return rows_.data() + static_cast<size_t>(r) * 2 * words_; }
  void setIdentity(int from);

  int qubits_ = 0;
  size_t words_ = 0;
  std::vector<uint64_t> rows_;  ///< of X_0, Z_0, X_1, ..: x bits and z bits of each
  std::vector<uint8_t> phases_; ///< powers of i of X^x Z^z
  std::vector<uint64_t> made_;  ///< room for rows that are being made
};

/// Whether any bit is set.
bool any(std::span<const uint64_t> words);
/// a := a b for rows of `words` x bits and `words` z bits. Returns the power of i it brings.
uint8_t multiply(uint64_t *a, const uint64_t *b, size_t words);

} // namespace qdo::stabilizer
