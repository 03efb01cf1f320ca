// SPDX-License-Identifier: Apache-2.0
// Student's t by Boost's quantile.
#include "runtime/estimate/student.h"

#include <boost/math/distributions/students_t.hpp>

#include <cmath>
#include <numeric>

namespace qdo::estimate {

namespace policies = boost::math::policies;
/// Doubles stay doubles, and nothing is thrown: an error of 0 has an infinite interval.
using Distribution = boost::math::students_t_distribution<
    double, policies::policy<policies::promote_double<false>,
                             policies::domain_error<policies::ignore_error>,
                             policies::overflow_error<policies::ignore_error>,
                             policies::evaluation_error<policies::ignore_error>,
                             policies::underflow_error<policies::ignore_error>>>;

StudentMean::StudentMean(std::span<const double> numbers)
    : freedom_(static_cast<double>(numbers.size()) - 1) {
  const auto n = static_cast<double>(numbers.size());
  mean = std::accumulate(numbers.begin(), numbers.end(), 0.0) / n;
  double squares = 0;
  for (double number : numbers)
    squares += (number - mean) * (number - mean);
  spread_ = std::sqrt(squares / freedom_ / n);
  standardError = spread_ * std::sqrt(freedom_ / (freedom_ - 2));
}

Interval StudentMean::interval(Method, double error) const {
  const double half = quantile(complement(Distribution(freedom_), error / 2)) * spread_;
  return {mean - half, mean + half};
}

} // namespace qdo::estimate
