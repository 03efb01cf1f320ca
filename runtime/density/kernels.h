// SPDX-License-Identifier: Apache-2.0
// Maps on a tile of Pauli coefficients, as plain data.
// In: a tile of 4^k reals whose lowest qubit is the lanes of a vector. Out: the same, in place.
#pragma once

#include <cstdint>
#include <vector>

namespace qdo::density {

/// The 4 coefficients of one qubit, for all four in turn: unit of the lowest qubit.
struct LaneTerm {
  int to, from, cross; ///< out[to] += factor * (lanes of in[from], i from i ^ cross)
  double factor[4];
};

struct TileMap {
  enum class Kind : uint8_t {
    Unital,      ///< one qubit, first row and column 1 0 0 0
    Affine,      ///< one qubit, first row 1 0 0 0
    Full,        ///< one qubit
    Permutation, ///< two qubits, one entry a row
    Dense,       ///< two qubits
    Lane,        ///< the lowest qubit, alone or with another
    Any,         ///< more qubits
  };
  Kind kind;
  int low = 0, high = 0;           ///< local qubits; Lane: high = 0 for one qubit
  std::vector<double> matrix = {}; ///< one qubit 16, Dense 256, Any 4^k 4^k, row-major
  bool permutes = false;           ///< two qubits: each row has one entry, at `source`
  int source[16] = {};
  double factor[16] = {};
  std::vector<LaneTerm> terms = {}; ///< Lane
  std::vector<int> wires = {};      ///< Any: local qubits, rising
};

/// Applies a map to 4^qubits reals.
using Apply = void (*)(double *tile, int qubits, const TileMap &map);
/// For the machine's instruction set.
Apply applyFor(bool wide);

} // namespace qdo::density
