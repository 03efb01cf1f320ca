// SPDX-License-Identifier: Apache-2.0
// Known values of a symmetric function of two rows.
// Why: pools have thousands of rows and few known columns; a ragged lower triangle takes 8 bytes a
//      value and no hashing. Rows are numbered in the order in which they were first seen.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

namespace qdo::learn {

/// A row of numbers as a kernel knows it.
using RowId = uint32_t;

class PairTable {
public:
  /// NaN when unknown.
  [[nodiscard]] double get(RowId a, RowId b) const {
    auto [low, high] = std::minmax(a, b);
    if (high >= triangle_.size() || low >= triangle_[high].size())
      return unknown;
    return triangle_[high][low];
  }
  [[nodiscard]] bool knows(RowId a, RowId b) const { return !std::isnan(get(a, b)); }

  /// Makes place for the pairs of `high` with rows up to `low`; set() may then be called for
  /// different pairs from different threads.
  void reserve(RowId high, RowId low) {
    if (high >= triangle_.size())
      triangle_.resize(high + 1);
    if (low >= triangle_[high].size())
      triangle_[high].resize(low + 1, unknown);
  }
  /// The place has been reserved.
  void set(RowId high, RowId low, double value) { triangle_[high][low] = value; }

private:
  static constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
  std::vector<std::vector<double>> triangle_;
};

} // namespace qdo::learn
