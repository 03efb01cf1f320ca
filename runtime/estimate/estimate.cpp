// SPDX-License-Identifier: Apache-2.0
// Estimates from counts and means.
#include "runtime/estimate/estimate.h"

#include "runtime/base/hash.h"
#include "runtime/base/quantity.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace qdo::estimate {

Source::~Source() = default;

double Estimate::Term::standardError() const {
  if (source)
    return source->standardError;
  return sample ? sample->standardError()
                : std::sqrt(std::pow(estimate::standardError(successes, shots), 2) + extraVariance);
}

Interval Estimate::Term::interval(Method method, double error, int64_t looks) const {
  const double share = errorOfLook(method, error, looks);
  if (source)
    return source->interval(method, share);
  if (sample)
    return meanInterval(method, *sample, share);
  Interval interval = coinInterval(method, successes, shots, share);
  if (shift != 0)
    interval = {std::min(interval.low, mean()), std::max(interval.high, mean())};
  if (extraVariance > 0) {
    const double half = normalQuantile(1 - share / 2) * standardError();
    interval = {std::min(interval.low, std::max(mean() - half, 0.0)),
                std::max(interval.high, std::min(mean() + half, 1.0))};
  }
  return interval;
}

Estimate::Estimate(double offset, std::vector<Term> terms, Claim claim, Form form)
    : Estimate(offset, std::move(terms), claim, form, nullptr) {}

Estimate::Estimate(double offset, std::vector<Term> terms, Claim claim,
                   std::shared_ptr<const Source> bracket)
    : Estimate(offset, std::move(terms), claim, Form::Bracketed, std::move(bracket)) {}

Estimate::Estimate(double offset, std::vector<Term> terms, Claim claim, Form form,
                   std::shared_ptr<const Source> bracket)
    : Object(base::ObjectKind::Estimate), offset(offset), terms(std::move(terms)), claim(claim),
      form(form), bracket(std::move(bracket)), value(offset) {
  // Sources of the same shots may move together in any way: their errors add up in the worst.
  struct Shared {
    double error = 0;
    int64_t shots = 0;
  };
  std::unordered_map<uint64_t, Shared> records;
  double variance = 0;
  for (const Term &term : this->terms) {
    const double se = std::fabs(term.coefficient) * term.standardError();
    value += term.coefficient * term.mean();
    if (term.record() == term.stream) {
      variance += se * se;
      shots += term.shots;
      continue;
    }
    Shared &shared = records[term.record()];
    variance += (shared.error + se) * (shared.error + se) - shared.error * shared.error;
    shared.error += se;
    shots += std::max<int64_t>(term.shots - shared.shots, 0);
    shared.shots = std::max(shared.shots, term.shots);
  }
  standardError = std::sqrt(variance);
  const Interval all = interval(claim.confidence);
  low = all.low;
  high = all.high;
}

std::string Estimate::format(std::string_view spec) const {
  std::string text = base::plusMinus(spec, value, standardError);
  return approximate() ? text + " (approximate)" : text;
}

Interval Estimate::interval(double confidence) const {
  const double error = (1 - confidence) / static_cast<double>(claim.joint);
  if (form == Form::FirstOrder) {
    // Every look may miss: they share the error probability here too.
    const double z = normalQuantile(1 - error / static_cast<double>(claim.looks) / 2);
    double half = z * standardError;
    for (const Term &term : terms)
      half += z * z * std::fabs(term.coefficient) * term.remainder();
    return {value - half, value + half};
  }
  if (bracket)
    return bracket->interval(claim.method, error);
  Interval sum{offset, offset};
  for (const Term &term : terms) {
    const Interval one =
        term.interval(claim.method, error / static_cast<double>(terms.size()), claim.looks);
    sum.low += term.coefficient * (term.coefficient > 0 ? one.low : one.high);
    sum.high += term.coefficient * (term.coefficient > 0 ? one.high : one.low);
  }
  return sum;
}

double Estimate::Reading::variance() const {
  double sum = 0, squares = 0, shots = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    const double count = static_cast<double>((*counts)[i]);
    sum += values[i] * count;
    shots += count;
  }
  for (size_t i = 0; i < values.size(); ++i)
    squares += std::pow(values[i] - sum / shots, 2) * static_cast<double>((*counts)[i]);
  return shots > 1 ? squares / (shots - 1) : 0;
}

uint64_t sourceOf(uint64_t stream, const Policy &policy) {
  return base::Hasher("source").add(stream).add(policy.streamKey()).value();
}

Estimate::Claim claimOf(const Policy &policy) {
  return {policy.confidence, LookPlan(policy).count(), policy.joint, policy.method};
}

Estimate *makeEstimate(base::Context &ctx, const BernoulliResult &result, const Policy &policy) {
  Estimate *e = makeEstimate(ctx, {&result, 1}, policy);
  e->batches = result.batches;
  e->setAside = result.setAside;
  return e;
}

Estimate *makeEstimate(base::Context &ctx, std::span<const BernoulliResult> results,
                       const Policy &policy) {
  double offset = 0;
  std::vector<Estimate::Term> terms;
  for (const BernoulliResult &result : results) {
    offset += result.offset;
    Estimate::Term &term = terms.emplace_back(Estimate::Term{
        result.scale, result.successes, result.shots, sourceOf(result.stream, policy)});
    term.shift = result.shift;
    term.extraVariance = result.extraVariance;
  }
  return ctx.make<Estimate>(offset, std::move(terms), claimOf(policy));
}

Estimate *makeMeanEstimate(base::Context &ctx, MeanSample sample, const Policy &policy,
                           int64_t looks) {
  sample.stream = sourceOf(sample.stream, policy);
  if (sample.record)
    sample.record = sourceOf(sample.record, policy);
  Estimate::Term term{1, 0, sample.shots, sample.stream, sample};
  return ctx.make<Estimate>(0.0, std::vector<Estimate::Term>{std::move(term)},
                            Estimate::Claim{policy.confidence, looks, policy.joint, policy.method});
}

} // namespace qdo::estimate
