// SPDX-License-Identifier: Apache-2.0
// Squared inner products of prepared rows.
// In: panels. Out: |<a|b>|^2 in [0, 1] for pairs of rows.
// Why: one blocked product over all pairs; tiles have a fixed size, so the bits of a value do not
// depend on the number of threads.
#pragma once

#include "runtime/batch/states.h"

namespace qdo::batch {

/// Rows of one tile of a large product, and columns: few enough for a second-level cache.
constexpr int64_t tileRows = 48;

/// |<a|b>|^2 for all rows a of some panels and all columns b (see Panels::row):
/// values[(panel * columns.size() + column) * lanes + lane], aligned to 64 bytes. `wanted[panel]`:
/// only so many of the first columns are calculated, the others stay as they were. At most tileRows
/// of each.
void squaredOverlaps(const Kernels &kernels, int qubits, Panels::Form form,
                     std::span<const double *const> panels, std::span<const double *const> columns,
                     std::span<const int64_t> wanted, double *values);

/// The whole matrix of one set: symmetric, row-major with `stride`, 1 on the diagonal.
void gram(base::ThreadPool &pool, const Panels &states, double *matrix, int64_t stride);

/// All rows of `a` against all of `b`: a.rows() x b.rows(), row-major with `stride`.
void cross(base::ThreadPool &pool, const Panels &a, const Panels &b, double *matrix,
           int64_t stride);

} // namespace qdo::batch
