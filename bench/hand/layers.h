// SPDX-License-Identifier: Apache-2.0
// Layers of RZ RY RZ on each qubit and CZ on neighbours on a large state, by a program written for
// them alone.
// In: angles. Out: amplitudes. Why: two tricks make it fast. What is diagonal between two layers of
// RY is one diagonal, and RY without its cosine is one multiply-add a number; and a layer takes one
// pass over memory: its second half of the qubits and the first half of the next layer.
#pragma once

#include "bench/machine.h"

#include <array>
#include <complex>
#include <span>
#include <vector>

namespace hand {

/// (1, -t; t, 1), or (t, -1; 1, t) where the cosine is smaller than the sine.
struct Turn {
  int bit;
  bool swapped;
  double t;
};

/// Turns of a tile's bits, lowest first.
struct Turns {
  bool lowest = false;      ///< the first four are of bits 0 to 3
  std::vector<Turn> inside; ///< those of a block that stays in a first-level cache
  std::vector<Turn> across;
};

/// A diagonal as products of tables, one for each way to cut the bits of an index. Neighbouring
/// tables share a bit, for CZ joins two.
struct Diagonal {
  using Table = std::vector<std::complex<double>>;
  machine::Memory<double> low; ///< of the bits of a block, for 0 and 1 in the next; as states lie
  Table aboveLow;              ///< the bits above a block's
  Table row, middle, column;   ///< of a gathered tile: bits of a row, of its place, of its rows
};

class RandomLayers {
public:
  /// `angles`: of each layer and qubit. 14 to 30 qubits.
  RandomLayers(int qubits, std::span<const std::array<double, 3>> angles);
  void run(qdo::base::ThreadPool &pool);
  std::complex<double> amplitude(uint64_t z) const;

private:
  void planLayer(size_t layer, std::span<const std::array<double, 3>> angles);
  void contiguousTiles(qdo::base::ThreadPool &pool, size_t sweep);
  void gatheredTiles(qdo::base::ThreadPool &pool, size_t sweep);

  int qubits_, low_, high_; ///< bits of contiguous tiles, and the others
  int rowBits_;             ///< of the rows that gathered tiles have besides the high bits
  std::complex<double> first_{1};
  std::vector<Turns> lowTurns_, highTurns_; ///< by layer
  std::vector<Diagonal> diagonals_;         ///< after a layer
  machine::Memory<double> state_;           ///< four real parts, four imaginary parts, and so on
};

} // namespace hand
