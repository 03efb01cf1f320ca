// SPDX-License-Identifier: Apache-2.0
// Tables of intervals.
#include "runtime/estimate/tabled.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace qdo::estimate {

TabledSource::TabledSource(double value, double error, std::vector<Row> rows)
    : rows_(std::move(rows)) {
  mean = value;
  standardError = error;
}

Interval TabledSource::interval(Method, double error) const {
  // Errors come with rounding: what is asked as 5 % is the row of 5 %.
  const auto row =
      std::ranges::find_if(rows_, [&](const Row &r) { return r.first <= error * (1 + 1e-12); });
  constexpr double infinite = std::numeric_limits<double>::infinity();
  return row == rows_.end() ? Interval{-infinite, infinite} : row->second;
}

std::shared_ptr<const TabledSource> tabled(const Source &source, Method method, double error) {
  std::vector<double> errors{error};
  for (int i = 0; i <= 87; ++i)
    errors.push_back(std::pow(10.0, -0.1 * i) / 2);
  std::ranges::sort(errors, std::greater());
  std::vector<TabledSource::Row> rows;
  for (double e : errors)
    rows.emplace_back(e, source.interval(method, e));
  return std::make_shared<TabledSource>(source.mean, source.standardError, std::move(rows));
}

} // namespace qdo::estimate
