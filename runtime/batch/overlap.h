// SPDX-License-Identifier: Apache-2.0
// Inner products of panels. For the kernel sources of one instruction set only.
// Why: a panel is a packed operand as it stands: its rows are the lanes of vectors, and the other
// operand's numbers are broadcast. Amplitudes are taken in blocks that stay in a first-level cache,
// and while one is multiplied the next is on its way from memory.
#pragma once

#include "runtime/batch/kernels.h"
#include "runtime/batch/lanes.h"

namespace qdo::batch {
namespace {

/// Columns at once: as many accumulators as there are registers for.
template <int L> constexpr int groupSize = 6;
#if defined(__AVX512F__)
template <> constexpr int groupSize<8> = 8;
template <> constexpr int groupSize<4> = 6;
#elif !defined(__AVX2__) && !defined(__aarch64__)
template <> constexpr int groupSize<2> = 4;
#endif

/// Adds <panel row|column j> over `count` amplitudes, and asks for as many from `ahead` on.
template <int L, int J>
void accumulate(const double *a, const double *const *columns, int64_t count, const double *ahead,
                double *products) {
  constexpr int64_t A = 2 * L, line = 8;
  V<L> re[J], im[J];
  const double *b[J];
#pragma clang loop unroll(full)
  for (int j = 0; j < J; ++j) {
    re[j] = load<L>(products + j * A);
    im[j] = load<L>(products + j * A + L);
    b[j] = columns[j];
  }
  for (int64_t k = 0; k < count * A; k += A) {
#pragma clang loop unroll(full)
    for (int64_t i = 0; i < A; i += line)
      __builtin_prefetch(ahead + k + i, 0, 2);
    const V<L> x = load<L>(a + k), y = load<L>(a + k + L);
#pragma clang loop unroll(full)
    for (int j = 0; j < J; ++j) {
      const V<L> u = all<L>(b[j][k]), v = all<L>(b[j][k + L]);
      re[j] = fma(x, u, re[j]);
      im[j] = fma(x, v, im[j]);
      re[j] = fma(y, v, re[j]);
      im[j] = fma(-y, u, im[j]);
    }
  }
#pragma clang loop unroll(full)
  for (int j = 0; j < J; ++j) {
    store<L>(products + j * A, re[j]);
    store<L>(products + j * A + L, im[j]);
  }
}

template <int L, int J>
void accumulateSome(int64_t columns, const double *a, const double *const *b, int64_t count,
                    const double *ahead, double *products) {
  if (columns == J)
    accumulate<L, J>(a, b, count, ahead, products);
  else if constexpr (J > 1)
    accumulateSome<L, J - 1>(columns, a, b, count, ahead, products);
}

/// What the products of a block ask for, spread over their number: a panel's part of the next
/// block each, first of the panels, then of those that the columns are rows of.
template <int L> class Ahead {
public:
  Ahead(const OverlapTile &tile, int64_t calls)
      : tile_(tile), parts_(tile.panelCount + (tile.columnCount + L - 1) / L),
        every_(calls < parts_ ? 1 : calls / parts_) {}

  /// `otherwise` where there is nothing to ask for.
  const double *of(int64_t call, int64_t begin, const double *otherwise) const {
    const int64_t part = call / every_;
    if (begin >= tile_.amplitudes || call % every_ != 0 || part >= parts_)
      return otherwise;
    return (part < tile_.panelCount ? tile_.panels[part]
                                    : tile_.columns[(part - tile_.panelCount) * L]) +
           begin * 2 * L;
  }

private:
  const OverlapTile &tile_;
  int64_t parts_, every_;
};

/// The sums of all amplitudes' products.
template <int L> void sumProducts(const OverlapTile &tile) {
  constexpr int64_t A = 2 * L, group = groupSize<L>;
  for (int64_t i = 0; i < tile.panelCount * tile.columnCount * A; i += L)
    store<L>(tile.sums + i, all<L>(0));
  // A block of one panel: 4 KiB, so that those of a tile share a second-level cache with the next.
  constexpr int64_t block = 256 / L;
  const Ahead<L> ahead(tile, (tile.columnCount + group - 1) / group * tile.panelCount);
  for (int64_t begin = 0; begin < tile.amplitudes; begin += block) {
    const int64_t count = tile.amplitudes - begin < block ? tile.amplitudes - begin : block;
    for (int64_t first = 0; first < tile.columnCount; first += group) {
      const double *columns[group];
      for (int64_t j = first; j < first + group && j < tile.columnCount; ++j)
        columns[j - first] = tile.columns[j] + begin * A;
      for (int64_t panel = 0; panel < tile.panelCount; ++panel) {
        const int64_t left = tile.wanted[panel] - first;
        const double *rows = tile.panels[panel] + begin * A;
        if (left > 0)
          accumulateSome<L, static_cast<int>(group)>(
              left < group ? left : group, rows, columns, count,
              ahead.of(first / group * tile.panelCount + panel, begin + block, rows),
              tile.sums + (panel * tile.columnCount + first) * A);
      }
    }
  }
}

template <int L> void overlaps(const OverlapTile &tile) {
  sumProducts<L>(tile);
  for (int64_t panel = 0; panel < tile.panelCount; ++panel)
    for (int64_t column = 0; column < tile.wanted[panel]; ++column) {
      const int64_t at = panel * tile.columnCount + column;
      const Complex<L> sum = Complex<L>::at(tile.sums + at * 2 * L);
      const V<L> square = sum.re * sum.re + sum.im * sum.im;
      store<L>(tile.squares + at * L, select<L>(square < 1.0, square, all<L>(1)));
    }
}

template <int L> void fidelities(const OverlapTile &tile) {
  for (int64_t panel = 0; panel < tile.panelCount; ++panel)
    for (int64_t column = 0; column < tile.wanted[panel]; ++column) {
      const double *a = tile.panels[panel], *b = tile.columns[column];
      V<L> product = all<L>(1);
      for (int64_t bit = 0; bit < tile.amplitudes; ++bit, a += 3 * L, b += 3 * L) {
        V<L> sum = fma(load<L>(a), all<L>(b[0]), all<L>(1));
        sum = fma(load<L>(a + L), all<L>(b[L]), sum);
        sum = fma(load<L>(a + 2 * L), all<L>(b[2 * L]), sum);
        product *= 0.5 * sum;
      }
      // Rounding can take 1 + a.b of opposite vectors below 0, and that of equal ones above 2.
      product = select<L>(product < 0.0, all<L>(0), product);
      product = select<L>(product < 1.0, product, all<L>(1));
      store<L>(tile.squares + (panel * tile.columnCount + column) * L, product);
    }
}

} // namespace
} // namespace qdo::batch
