// SPDX-License-Identifier: Apache-2.0
// Exact fidelities of many rows at once, of which nothing is remembered.
// In: an encoding, rows. Out: matrices that the caller owns.
// Why: beside a kernel of the run, which remembers every pair, a whole matrix needs no table of
// pairs: memory stays at the matrix and a bounded set of states.
#pragma once

#include "runtime/sim/prepare.h"

namespace qdo::learn {

/// Rows of numbers, row-major.
struct Rows {
  std::span<const double> numbers;
  int64_t count;
};

/// |<a|b>|^2 of all pairs of rows into `matrix`, count x count row-major; 1 on the diagonal. False
/// after a failure: OutOfMemory, RuntimeAlias, Interrupted, or rows without angles.
bool gramOf(base::Context &ctx, qdo_site site, const sim::RowCircuit &circuit, Rows rows,
            double *matrix);
/// |<a|b>|^2 of each row of `a` with each of `b`: a.count x b.count row-major.
bool crossOf(base::Context &ctx, qdo_site site, const sim::RowCircuit &circuit, Rows a, Rows b,
             double *matrix);
} // namespace qdo::learn
