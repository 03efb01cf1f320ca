// SPDX-License-Identifier: Apache-2.0
// `scaled low to high`: maps each column of a field to an interval.
// In: a field, the rows to fit on. Out: the field, scaled; what each column was fitted to.
// Why: ranges come from the training part alone, or the test part would leak into the encoding.
#pragma once

#include "runtime/data/dataset.h"

namespace qdo::data {

/// Range of each column over the rows it was fitted on.
struct Ranges {
  std::vector<double> low, high;

  [[nodiscard]] bool constant(size_t column) const { return low[column] == high[column]; }
  /// Whether a row of unscaled values lies outside in any column.
  [[nodiscard]] bool outside(std::span<const double> row) const;
};

/// Smallest and largest value of each column over `rows` (at least one).
Ranges fitRanges(const Field &field, std::span<const size_t> rows);

/// Maps the fitted range of each column linearly to low..high, in every row of the file; rows
/// outside are mapped beyond. A column that is constant in the fitted rows goes to the middle.
void scale(Field &field, const Ranges &ranges, double low, double high);

} // namespace qdo::data
