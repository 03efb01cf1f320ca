// SPDX-License-Identifier: Apache-2.0
// The mean of a few numbers whose spread is all that is known of their errors: Student's t.
// In: independent numbers, about normal. Out: a source of an estimate.
// Why not a bounded mean: nothing bounds them, and a handful of them is all there is.
#pragma once

#include "runtime/estimate/estimate.h"

#include <span>

namespace qdo::estimate {

class StudentMean final : public Source {
public:
  /// At least 4 numbers. The standard error is that of the t distribution, so that what arithmetic
  /// makes of it as of a normal one does not promise too much.
  explicit StudentMean(std::span<const double> numbers);
  /// The same whatever the method: none of them knows more.
  Interval interval(Method method, double error) const override;

private:
  double spread_ = 0; ///< of the mean
  double freedom_;
};

} // namespace qdo::estimate
