// SPDX-License-Identifier: Apache-2.0
// Tiles of the product of two sets of states.
#include "runtime/batch/overlaps.h"

#include <algorithm>
#include <array>

namespace qdo::batch {

void squaredOverlaps(const Kernels &kernels, int qubits, Panels::Form form,
                     std::span<const double *const> panels, std::span<const double *const> columns,
                     std::span<const int64_t> wanted, double *values) {
  alignas(64) thread_local std::array<double, 2 * tileRows * tileRows> sums;
  const bool vectors = form == Panels::Form::Vectors;
  (vectors ? kernels.fidelities : kernels.overlaps)(
      {panels.data(), std::ssize(panels), columns.data(), std::ssize(columns), wanted.data(),
       vectors ? qubits : int64_t{1} << qubits, sums.data(), values});
}

namespace {

/// Asks for the lines of a part of a matrix that will be written.
void askFor(const double *part, int64_t stride, int64_t rows, int64_t columns) {
  constexpr int64_t line = 8;
  for (int64_t row = 0; row < rows; ++row, part += stride)
    for (int64_t column = 0; column < columns; column += line)
      __builtin_prefetch(part + column, 1, 2);
}

/// One tile of values: rows of `a` from i, of `b` from j; with `half`, only columns below a row's
/// own number.
class Tile {
public:
  Tile(const Panels &a, int64_t i, const Panels &b, int64_t j, bool half)
      : i_(i), j_(j), rows_(std::min(tileRows, a.rows() - i)),
        columns_(std::min(tileRows, b.rows() - j)), lanes_(a.lanes()), half_(half) {
    const double *panels[tileRows], *columns[tileRows];
    int64_t wanted[tileRows];
    const int64_t panelCount = (rows_ + lanes_ - 1) / lanes_;
    for (int64_t panel = 0; panel < panelCount; ++panel) {
      panels[panel] = a.panel(i / lanes_ + panel);
      wanted[panel] = wantedOf(std::min(rows_, (panel + 1) * lanes_) - 1);
    }
    for (int64_t column = 0; column < columns_; ++column)
      columns[column] = b.row(j + column);
    squaredOverlaps(a.kernels(), a.qubits(), a.form(), {panels, static_cast<size_t>(panelCount)},
                    {columns, static_cast<size_t>(columns_)},
                    {wanted, static_cast<size_t>(panelCount)}, values_.data());
  }

  void write(double *matrix, int64_t stride) const {
    withLanes([&]<int64_t L>() { writeOf<L>(matrix, stride); });
  }
  /// The same numbers where rows and columns are exchanged.
  void writeMirrored(double *matrix, int64_t stride) const {
    withLanes([&]<int64_t L>() { writeMirroredOf<L>(matrix, stride); });
  }

private:
  /// With the number of lanes known, a loop over them is a copy of vectors.
  template <class Body> void withLanes(Body body) const {
    if (lanes_ == 4)
      body.template operator()<4>();
    else if (lanes_ == 2)
      body.template operator()<2>();
    else
      body.template operator()<8>();
  }

  template <int64_t L> void writeOf(double *matrix, int64_t stride) const {
    for (int64_t row = 0; row < rows_; ++row) {
      const double *from = values_.data() + row / L * columns_ * L + row % L;
      double *to = matrix + (i_ + row) * stride + j_;
      for (int64_t column = 0, end = wantedOf(row); column < end; ++column)
        to[column] = from[column * L];
    }
  }
  template <int64_t L> void writeMirroredOf(double *matrix, int64_t stride) const {
    for (int64_t column = 0; column < columns_; ++column) {
      int64_t row = half_ ? std::max<int64_t>(0, j_ + column + 1 - i_) : 0;
      double *to = matrix + (j_ + column) * stride + i_;
      const auto from = [&](int64_t at) {
        return values_.data() + (at / L * columns_ + column) * L + at % L;
      };
      for (; row < rows_ && row % L != 0; ++row)
        to[row] = *from(row);
      for (; row + L <= rows_; row += L)
        std::copy_n(from(row), L, to + row);
      for (; row < rows_; ++row)
        to[row] = *from(row);
    }
  }

  int64_t wantedOf(int64_t row) const {
    return half_ ? std::clamp<int64_t>(i_ + row - j_, 0, columns_) : columns_;
  }
  int64_t i_, j_, rows_, columns_, lanes_;
  bool half_;
  alignas(64) std::array<double, tileRows * tileRows> values_;
};

} // namespace

void gram(base::ThreadPool &pool, const Panels &states, double *matrix, int64_t stride) {
  const int64_t n = states.rows(), tiles = (n + tileRows - 1) / tileRows;
  pool.forTiles(tiles * (tiles + 1) / 2, 1, [&](int64_t begin, int64_t) {
    int64_t row = 0, column = begin;
    while (column > row)
      column -= ++row;
    const int64_t i = row * tileRows, j = column * tileRows;
    // While it is multiplied they come: a store that waits for its line holds up all that follow.
    askFor(matrix + i * stride + j, stride, std::min(tileRows, n - i), std::min(tileRows, n - j));
    askFor(matrix + j * stride + i, stride, std::min(tileRows, n - j), std::min(tileRows, n - i));
    const Tile tile(states, i, states, j, true);
    tile.write(matrix, stride);
    tile.writeMirrored(matrix, stride);
    for (int64_t k = i; row == column && k < std::min(n, i + tileRows); ++k)
      matrix[k * stride + k] = 1;
  });
}

void cross(base::ThreadPool &pool, const Panels &a, const Panels &b, double *matrix,
           int64_t stride) {
  const int64_t down = (a.rows() + tileRows - 1) / tileRows;
  const int64_t across = (b.rows() + tileRows - 1) / tileRows;
  pool.forTiles(down * across, 1, [&](int64_t begin, int64_t) {
    Tile(a, begin / across * tileRows, b, begin % across * tileRows, false).write(matrix, stride);
  });
}

} // namespace qdo::batch
