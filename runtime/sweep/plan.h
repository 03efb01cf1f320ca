// SPDX-License-Identifier: Apache-2.0
// Which letters of a word are done in which pass over memory.
// In: a normal form. Out: sweeps, each with its local places and the stages done on every tile.
// Why: a tile fits the second-level cache, so as many letters as possible are done while it is
// there; phases never ask for a place to be local.
#pragma once

#include "runtime/sweep/normal_form.h"

#include <cstddef>

namespace qdo::sweep {

/// Letters that are done together: first all phases, then the turns (of different places), then
/// the flips in their order.
struct Stage {
  std::vector<Letter> phases, turns, flips;
};

struct Sweep {
  /// The places that are local to a tile, rising; the first `rowBits` are 0, 1, ..
  std::vector<int> local;
  int rowBits = 0;
  std::vector<Stage> stages;

  /// All places of a tile are neighbours in memory.
  bool inPlace() const { return rowBits == static_cast<int>(local.size()); }
};

struct Plan {
  int qubits = 0;
  std::vector<Sweep> sweeps;
  std::vector<int> place; ///< as in NormalForm
  double cost = 0;        ///< in turns of every amplitude; only comparisons mean something
};

/// Sizes of tiles, by what the caches hold.
struct Shape {
  int tileBits;  ///< amplitudes of a tile: about a quarter of the second-level cache
  int blockBits; ///< amplitudes of a block: half of the first-level cache
  int rowBits;   ///< least neighbours that are moved together
};

/// The shape for states of `qubits` qubits with amplitudes of `bytes` bytes.
Shape shapeFor(int qubits, size_t bytes);

/// Tries several ways to cut the word into sweeps and returns the cheapest.
Plan makePlan(NormalForm form, int qubits, size_t bytesOfAmplitude);

} // namespace qdo::sweep
