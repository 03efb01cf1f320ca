// SPDX-License-Identifier: Apache-2.0
// A source that is known by its intervals alone: what is kept of one whose data are not.
// In: intervals at falling error probabilities. Out: at any, the one of the next smaller in the
// table, which holds. Why: a saved estimate must answer `e > 0.5 at 99%` as honestly as before.
#pragma once

#include "runtime/estimate/estimate.h"

#include <utility>
#include <vector>

namespace qdo::estimate {

class TabledSource final : public Source {
public:
  using Row = std::pair<double, Interval>; ///< error probability, falling, and interval
  /// At least one row.
  TabledSource(double value, double error, std::vector<Row> rows);
  /// Below the smallest error probability of the table nothing is known: the interval is infinite.
  Interval interval(Method method, double error) const override;
  const std::vector<Row> &rows() const { return rows_; }

private:
  std::vector<Row> rows_;
};

/// The table of a source by a method: at `error`, and from 1/2 down to 1e-9, ten to each power of
/// ten.
std::shared_ptr<const TabledSource> tabled(const Source &source, Method method, double error);

} // namespace qdo::estimate
