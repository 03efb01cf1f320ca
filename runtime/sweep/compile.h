// SPDX-License-Identifier: Apache-2.0
// From a sweep to the program that the kernels run on each of its tiles.
// In: a sweep, the lanes of a vector. Out: steps and tables, and what depends on the tile's index.
// Why: all that depends on angles is computed here, once, so that a tile is nothing but arithmetic.
#pragma once

#include "runtime/sweep/plan.h"
#include "runtime/sweep/program.h"

namespace qdo::sweep {

/// How the index of a tile enters one diagonal.
struct OutsidePhases {
  struct Term {
    uint64_t mask; ///< places outside the tile that must be 1
    int local;     ///< the local bit that gets the factor, or -1: all
    Cx factor;
  };
  std::vector<Term> terms;

  TilePhase at(uint64_t index) const;
};

template <class T> struct Compiled {
  TileProgram<T> program;
  std::vector<OutsidePhases> outside; ///< one for each diagonal
};

/// `scale` takes the numbers that turns leave to the next phase: pass it on to the next sweep. The
/// last sweep (`last`) multiplies what is left.
template <class T>
Compiled<T> compile(const Sweep &sweep, const Shape &shape, int laneBits, bool last, double &scale);

} // namespace qdo::sweep
