// SPDX-License-Identifier: Apache-2.0
// Pauli strings as bits, for as many qubits as they reach.
#pragma once

#include "compiler/lower/value.h"

#include <cstdint>
#include <vector>

namespace qdo::lower {

/// X is set for X and Y, Z for Z and Y. Each string has `words` words in x and in z, of 64 qubits
/// each; at least one.
struct PauliMasks {
  size_t words = 1;
  std::vector<int64_t> x, z;
};

PauliMasks masksOf(const std::vector<PauliTerm> &terms);

} // namespace qdo::lower
