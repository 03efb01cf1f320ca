// SPDX-License-Identifier: Apache-2.0
// Min-max scaling.
#include "runtime/data/scale.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace qdo::data {

bool Ranges::outside(std::span<const double> row) const {
  for (size_t c = 0; c < row.size(); ++c)
    if (row[c] < low[c] || row[c] > high[c])
      return true;
  return false;
}

Ranges fitRanges(const Field &field, std::span<const size_t> rows) {
  auto first = field.row(rows.front());
  Ranges ranges{{first.begin(), first.end()}, {first.begin(), first.end()}};
  for (size_t row : rows) {
    auto values = field.row(row);
    for (size_t c = 0; c < values.size(); ++c) {
      ranges.low[c] = std::min(ranges.low[c], values[c]);
      ranges.high[c] = std::max(ranges.high[c], values[c]);
    }
  }
  return ranges;
}

void scale(Field &field, const Ranges &ranges, double low, double high) {
  const size_t width = field.width();
  for (size_t i = 0; i < field.values.size(); ++i) {
    const size_t c = i % width;
    double &value = field.values[i];
    if (ranges.constant(c)) {
      // The training rows give no direction to map along, and a constant carries nothing to learn
      // from. An error would make image data unusable, whose border pixels are always 0; the middle
      // treats both ends of the interval alike. The run is told (DataConstantColumn).
      value = std::midpoint(low, high);
    } else {
      // Halves keep the difference finite when a range spans nearly all doubles.
      double span = ranges.high[c] / 2 - ranges.low[c] / 2;
      value = std::lerp(low, high, (value / 2 - ranges.low[c] / 2) / span);
    }
  }
}

} // namespace qdo::data
