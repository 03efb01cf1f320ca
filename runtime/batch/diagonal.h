// SPDX-License-Identifier: Apache-2.0
// Diagonals of a phase polynomial, built by doubling.
// In: angles of parities. Out: instructions that double a table once for every bit.
// Why: a table of 2^n phases costs one or two products an entry, and no sine or cosine but those of
// the polynomial's own coefficients.
#pragma once

#include "runtime/batch/layers.h"
#include "runtime/batch/program.h"

namespace qdo::batch {

/// What a diagonal is multiplied with on the way: the amplitudes of a product state, all scaled so
/// that the first is 1.
struct BitFactor {
  double factor = 1; ///< of the amplitude where the bit is 1
  int32_t turn = -1; ///< times the tangent of this turn
  bool operator==(const BitFactor &) const = default;
};

struct Diagonal {
  Phases phases;
  std::vector<BitFactor> factors; ///< one a bit; empty: all 1
  int32_t scale = -1;
  bool operator==(const Diagonal &) const = default;
};

/// The bits that it depends on.
uint64_t bitsOf(const Diagonal &diagonal);

class PlanBuilder;
/// Appends the steps that write a diagonal of `bits` bits into an area, for the indices whose bits
/// are among `among`: all, or at least those that it depends on.
void buildDiagonal(PlanBuilder &plan, int32_t area, int bits, const Diagonal &diagonal,
                   uint64_t among);

} // namespace qdo::batch
