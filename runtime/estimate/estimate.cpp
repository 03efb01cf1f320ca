// SPDX-License-Identifier: Apache-2.0
// Estimates from counts.
#include "runtime/estimate/estimate.h"

#include "runtime/base/quantity.h"

#include <cmath>

namespace qdo::estimate {

Estimate::Estimate(double offset, std::vector<Term> terms, int64_t looks, double confidence)
    : Object(base::ObjectKind::Estimate), offset(offset), terms(std::move(terms)), looks(looks),
      value(offset) {
  double variance = 0;
  for (const Term &term : this->terms) {
    const double se = term.coefficient * estimate::standardError(term.successes, term.shots);
    value +=
        term.coefficient * static_cast<double>(term.successes) / static_cast<double>(term.shots);
    variance += se * se;
    shots += term.shots;
  }
  standardError = std::sqrt(variance);
  const Interval all = interval(confidence);
  low = all.low;
  high = all.high;
}

std::string Estimate::format(std::string_view spec) const {
  return base::plusMinus(spec, value, standardError);
}

Interval Estimate::interval(double confidence) const {
  Interval sum{offset, offset};
  const double share =
      (1 - confidence) / static_cast<double>(looks) / static_cast<double>(terms.size());
  for (const Term &term : terms) {
    const Interval one = clopperPearson(term.successes, term.shots, share);
    sum.low += term.coefficient * (term.coefficient > 0 ? one.low : one.high);
    sum.high += term.coefficient * (term.coefficient > 0 ? one.high : one.low);
  }
  return sum;
}

Estimate *makeEstimate(base::Context &ctx, const BernoulliResult &result, uint64_t stream,
                       const Policy &policy) {
  return ctx.make<Estimate>(
      0.0, std::vector<Estimate::Term>{{1, result.successes, result.shots, stream}},
      LookPlan(policy).count(), policy.confidence);
}

} // namespace qdo::estimate
