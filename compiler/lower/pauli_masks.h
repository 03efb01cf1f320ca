// SPDX-License-Identifier: Apache-2.0
// Pauli strings as bits, for as many qubits as they reach.
#pragma once

#include "compiler/lower/value.h"
#include "qdo/runtime/pauli_groups.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace qdo::lower {

/// X is set for X and Y, Z for Z and Y. Each string has `words` words in x and in z, of 64 qubits
/// each; at least one.
struct PauliMasks {
  size_t words = 1;
  std::vector<int64_t> x, z;
};

PauliMasks masksOf(const std::vector<PauliTerm> &terms);

/// The strings of a sum that a run reads: every one once, without identities and without those
/// whose weight is 0 whatever the run brings. Masks are as wide as the state.
struct ReadStrings {
  pauli::Strings strings;
  std::vector<bool> surely; ///< its weight is known not to be 0
  /// What it is, where it is known; else 0.
  std::vector<double> weights;
};

ReadStrings readStringsOf(const std::vector<PauliTerm> &terms, int64_t qubits);

} // namespace qdo::lower
