// SPDX-License-Identifier: Apache-2.0
// Matrices in blocks of rows: the states of two blocks are in memory at a time.
#include "runtime/learn/gram.h"

#include "runtime/batch/overlaps.h"

#include <algorithm>
#include <cmath>

namespace qdo::learn {

namespace {

/// Bytes of states that may be held at a time.
constexpr double stateBytes = 768.0 * 1024 * 1024;

/// Prepares blocks of the rows of one call.
class Blocks {
public:
  Blocks(base::Context &ctx, qdo_site site, const sim::RowCircuit &circuit)
      : ctx_(ctx), site_(site), circuit_(circuit), plan_(sim::planOf(ctx, site, *circuit.circuit)) {
  }

  bool good() const { return plan_ != nullptr; }

  /// Rows of a block, so that `blocks` of them fit.
  int64_t size(int blocks) const {
    const auto qubits = static_cast<int>(circuit_.circuit->qubits);
    const double each = plan_->product() ? 24.0 * qubits : std::ldexp(16, qubits);
    return std::max<int64_t>(1, static_cast<int64_t>(std::min(stateBytes / each / blocks, 1e9)));
  }
  batch::Panels prepare(Rows rows, int64_t first, int64_t count) const {
    const auto width = static_cast<size_t>(circuit_.holeSize);
    return sim::prepareRows(ctx_, site_, circuit_, *plan_,
                            rows.numbers.subspan(static_cast<size_t>(first) * width,
                                                 static_cast<size_t>(count) * width));
  }

private:
  base::Context &ctx_;
  qdo_site site_;
  const sim::RowCircuit &circuit_;
  std::shared_ptr<const batch::Plan> plan_;
};

/// A block below the diagonal, repeated above it.
void mirror(double *matrix, int64_t stride, int64_t row, int64_t rows, int64_t column,
            int64_t columns) {
  constexpr int64_t edge = 64; // a tile of both triangles stays in the first-level cache
  for (int64_t i0 = 0; i0 < rows; i0 += edge)
    for (int64_t j0 = 0; j0 < columns; j0 += edge)
      for (int64_t i = i0; i < std::min(rows, i0 + edge); ++i)
        for (int64_t j = j0; j < std::min(columns, j0 + edge); ++j)
          matrix[(column + j) * stride + row + i] = matrix[(row + i) * stride + column + j];
}

} // namespace

bool gramOf(base::Context &ctx, qdo_site site, const sim::RowCircuit &circuit, Rows rows,
            double *matrix) {
  const Blocks blocks(ctx, site, circuit);
  if (!blocks.good())
    return false;
  const int64_t n = rows.count, edge = n <= blocks.size(1) ? n : blocks.size(2);
  for (int64_t i = 0; i < n; i += edge) {
    const batch::Panels high = blocks.prepare(rows, i, std::min(edge, n - i));
    if (!ctx.ok())
      return false;
    batch::gram(ctx.pool(), high, matrix + i * n + i, n);
    for (int64_t j = 0; j < i; j += edge) {
      const batch::Panels low = blocks.prepare(rows, j, std::min(edge, n - j));
      if (!ctx.ok() || ctx.stopHere(site))
        return false;
      batch::cross(ctx.pool(), high, low, matrix + i * n + j, n);
      mirror(matrix, n, i, high.rows(), j, low.rows());
    }
  }
  return !ctx.stopHere(site);
}

bool crossOf(base::Context &ctx, qdo_site site, const sim::RowCircuit &circuit, Rows a, Rows b,
             double *matrix) {
  const Blocks blocks(ctx, site, circuit);
  if (!blocks.good())
    return false;
  const int64_t edge = blocks.size(2);
  for (int64_t i = 0; i < a.count; i += edge) {
    const batch::Panels left = blocks.prepare(a, i, std::min(edge, a.count - i));
    if (!ctx.ok())
      return false;
    for (int64_t j = 0; j < b.count; j += edge) {
      const batch::Panels right = blocks.prepare(b, j, std::min(edge, b.count - j));
      if (!ctx.ok() || ctx.stopHere(site))
        return false;
      batch::cross(ctx.pool(), left, right, matrix + i * b.count + j, b.count);
    }
  }
  return !ctx.stopHere(site);
}

} // namespace qdo::learn
