// SPDX-License-Identifier: Apache-2.0
// Tiles of the product of two sets of states.
#include "runtime/batch/overlaps.h"

#include <algorithm>
#include <array>
#include <vector>

namespace qdo::batch {

void squaredOverlaps(const Kernels &kernels, int qubits, Panels::Form form,
                     std::span<const double *const> panels, std::span<const double *const> columns,
                     std::span<const int64_t> wanted, double *values) {
  alignas(64) thread_local std::array<double, 2 * tileRows * tileRows> products;
  const bool vectors = form == Panels::Form::Vectors;
  const auto count = static_cast<int64_t>(columns.size()), lanes = int64_t{kernels.lanes};
  (vectors ? kernels.fidelities : kernels.overlaps)(
      {panels.data(), static_cast<int64_t>(panels.size()), columns.data(), count, wanted.data(),
       vectors ? qubits : int64_t{1} << qubits, products.data()});
  for (int64_t panel = 0; panel < static_cast<int64_t>(panels.size()); ++panel)
    for (int64_t column = 0; column < wanted[panel]; ++column)
      for (int64_t lane = 0; lane < lanes; ++lane) {
        const double *found =
            products.data() + (panel * count + column) * lanes * (vectors ? 1 : 2);
        const double re = found[lane], im = vectors ? 0 : found[lanes + lane];
        values[(panel * lanes + lane) * count + column] =
            std::min(1.0, vectors ? re : re * re + im * im);
      }
}

/// One tile: rows of `a` from i, of `b` from j; with `half`, only columns below a row's own number.
template <class Write>
static void tile(const Panels &a, int64_t i, const Panels &b, int64_t j, bool half, Write write) {
  const int64_t lanes = a.lanes();
  const int64_t rows = std::min(tileRows, a.rows() - i), count = std::min(tileRows, b.rows() - j);
  const double *panels[tileRows], *columns[tileRows];
  int64_t wanted[tileRows];
  const int64_t panelCount = (rows + lanes - 1) / lanes;
  for (int64_t panel = 0; panel < panelCount; ++panel) {
    panels[panel] = a.panel(i / lanes + panel);
    const int64_t last = i + std::min(rows, (panel + 1) * lanes) - 1;
    wanted[panel] = half ? std::clamp<int64_t>(last - j, 0, count) : count;
  }
  for (int64_t column = 0; column < count; ++column)
    columns[column] = b.row(j + column);
  std::array<double, tileRows * tileRows> values;
  squaredOverlaps(a.kernels(), a.qubits(), a.form(), {panels, static_cast<size_t>(panelCount)},
                  {columns, static_cast<size_t>(count)}, {wanted, static_cast<size_t>(panelCount)},
                  values.data());
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t column = 0; column < (half ? std::min(count, i + row - j) : count); ++column)
      write(i + row, j + column, values[row * count + column]);
}

void gram(base::ThreadPool &pool, const Panels &states, double *matrix, int64_t stride) {
  const int64_t n = states.rows(), tiles = (n + tileRows - 1) / tileRows;
  pool.forTiles(tiles * (tiles + 1) / 2, 1, [&](int64_t begin, int64_t) {
    int64_t row = 0, column = begin;
    while (column > row)
      column -= ++row;
    tile(states, row * tileRows, states, column * tileRows, true,
         [&](int64_t i, int64_t j, double value) {
           matrix[i * stride + j] = matrix[j * stride + i] = value;
         });
    for (int64_t i = row * tileRows; row == column && i < std::min(n, (row + 1) * tileRows); ++i)
      matrix[i * stride + i] = 1;
  });
}

void cross(base::ThreadPool &pool, const Panels &a, const Panels &b, double *matrix,
           int64_t stride) {
  const int64_t down = (a.rows() + tileRows - 1) / tileRows;
  const int64_t across = (b.rows() + tileRows - 1) / tileRows;
  pool.forTiles(down * across, 1, [&](int64_t begin, int64_t) {
    tile(a, begin / across * tileRows, b, begin % across * tileRows, false,
         [&](int64_t i, int64_t j, double value) { matrix[i * stride + j] = value; });
  });
}

} // namespace qdo::batch
