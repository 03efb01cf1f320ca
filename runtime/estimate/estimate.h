// SPDX-License-Identifier: Apache-2.0
// A measured number that knows its uncertainty.
// In: counts of its circuits and how often they were looked at. Out: value, error, intervals.
// Why: keeping counts and not only the interval lets `e > 0.5 at 99%` be answered honestly.
#pragma once

#include "runtime/base/object.h"
#include "runtime/estimate/batch.h"
#include "runtime/estimate/interval.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace qdo::estimate {

/// offset + sum of coefficient * (fraction of successes), over independent circuits.
struct Estimate final : base::Object {
  struct Term {
    double coefficient;
    int64_t successes, shots;
    uint64_t stream; ///< equal streams are the same data: what error propagation has to know
  };

  /// Where an interval comes from.
  enum class Method : uint8_t {
    Counts,    ///< Clopper-Pearson of each circuit, the error shared between them
    FirstOrder ///< normal, of a value that arithmetic made of several measured ones
  };

  Estimate(double offset, std::vector<Term> terms, int64_t looks, double confidence,
           Method method = Method::Counts);
  /// `0.512 +- 0.016`: two digits of the error, or both numbers under a spec such as `.3f`.
  std::string format(std::string_view spec) const override;
  /// Holds with this confidence although the number of shots may depend on the data.
  Interval interval(double confidence) const;

  const double offset;
  const std::vector<Term> terms;
  const int64_t looks;     ///< planned looks of each circuit
  const double confidence; ///< of `low` and `high`
  const Method method;
  double value = 0, standardError = 0, low = 0, high = 0;
  int64_t shots = 0;
  std::string_view way = ""; ///< how it was measured, where there are several; static text
};

/// An estimate of one circuit from a batch. Null items cannot happen: results are never empty.
Estimate *makeEstimate(base::Context &ctx, const BernoulliResult &result, const Policy &policy);
/// What names the data of a circuit under a policy: another policy measures anew.
uint64_t sourceOf(uint64_t stream, const Policy &policy);

} // namespace qdo::estimate
