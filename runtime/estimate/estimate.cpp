// SPDX-License-Identifier: Apache-2.0
// Estimates from counts.
#include "runtime/estimate/estimate.h"

#include "runtime/base/hash.h"
#include "runtime/base/quantity.h"

#include <cmath>

namespace qdo::estimate {

Estimate::Estimate(double offset, std::vector<Term> terms, int64_t looks, double confidence,
                   Method method)
    : Object(base::ObjectKind::Estimate), offset(offset), terms(std::move(terms)), looks(looks),
      confidence(confidence), method(method), value(offset) {
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
  if (method == Method::FirstOrder) {
    // Every look may miss: they share the error probability here too.
    const double z = normalQuantile(1 - (1 - confidence) / static_cast<double>(looks) / 2);
    return {value - z * standardError, value + z * standardError};
  }
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

uint64_t sourceOf(uint64_t stream, const Policy &policy) {
  return base::Hasher("source").add(stream).add(policy.streamKey()).value();
}

Estimate *makeEstimate(base::Context &ctx, const BernoulliResult &result, const Policy &policy) {
  return ctx.make<Estimate>(0.0,
                            std::vector<Estimate::Term>{{1, result.successes, result.shots,
                                                         sourceOf(result.stream, policy)}},
                            LookPlan(policy).count(), policy.confidence);
}

} // namespace qdo::estimate
