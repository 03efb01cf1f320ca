// SPDX-License-Identifier: Apache-2.0
// From recipes to coins to estimates.
#include "runtime/estimate/quantities.h"

#include "runtime/base/hash.h"
#include "runtime/base/quantity.h"
#include "runtime/estimate/measure.h"
#include "runtime/sim/live.h"
#include "runtime/sim/single.h"

#include <algorithm>
#include <utility>

namespace qdo::estimate {

using base::Hasher;

Estimate *estimateFidelity(base::Context &ctx, qdo_site site, const sim::Recipe &p,
                           const sim::Recipe &r, const Policy &policy) {
  const double fidelity = sim::exactFidelity(ctx, site, p, r);
  if (!ctx.ok())
    return nullptr;
  const uint64_t stream = fidelityStream(p.hash, r.hash);
  const BernoulliItem item{fidelity, stream, 1};
  auto results = estimateBatch(ctx, site, {&item, 1}, policy, false);
  return results.empty() ? nullptr : makeEstimate(ctx, results[0], policy);
}

Estimate *estimateExpect(base::Context &ctx, qdo_site site, const sim::Recipe &recipe,
                         const sim::Observable &observable, const Policy &policy) {
  if (!sim::checkFits(ctx, site, observable, recipe.qubits))
    return nullptr;
  const sim::Ready state = sim::ready(ctx, site, recipe);
  if (!state)
    return nullptr;
  Measurement measurement(ctx, site, policy);
  Quantity sum;
  std::vector<Quantity::Term> terms;
  for (const auto &term : observable.terms) {
    if (term.weight == 0)
      continue;
    if (term.identity()) {
      sum.offset += term.weight;
      continue;
    }
    // weight * <P> = weight * (2 probability of +1 - 1)
    const double mean = state.expectPauli(term.x, term.z);
    const double plus = std::clamp((1 + mean) / 2, 0.0, 1.0);
    terms.push_back(
        {2 * term.weight, measurement.record(plus, pauliStream(recipe.hash, term.x, term.z))});
    sum.offset -= term.weight;
  }
  sum.termCount = terms.size();
  if (!measurement.run({&sum, 1}, terms, false))
    return nullptr;
  std::vector<Estimate::Term> counts;
  for (const auto &[coefficient, record] : terms)
    counts.push_back(
        {coefficient, record->successes, record->shots, sourceOf(record->stream, policy)});
  return ctx.make<Estimate>(sum.offset, std::move(counts), measurement.plan().count(),
                            policy.confidence);
}

namespace {
/// How often each thing was measured anew, by its hash.
struct Repetitions {
  std::unordered_map<uint64_t, uint64_t> count;
};
} // namespace

static uint64_t freshStream(base::Context &ctx, const char *domain, uint64_t content,
                            const Policy &policy) {
  const uint64_t key = Hasher(domain).add(content).add(policy.streamKey()).value();
  return base::mix(key + ctx.part<Repetitions>().count[key]++);
}

Estimate *estimateBlock(base::Context &ctx, qdo_site site, const std::function<bool()> &shot,
                        uint64_t content, const Policy &policy) {
  const uint64_t stream = freshStream(ctx, "block", content, policy);
  Measurement measurement(ctx, site, policy);
  auto &policies = ctx.part<Policies>();
  const size_t depth = policies.depth();
  Record record{0, stream};
  const Quantity::Term term{1, &record};
  const Quantity quantity;
  // Qubits that live outside belong to another shot.
  auto &live = ctx.part<sim::LiveQubits>();
  sim::LiveQubits outside = std::exchange(live, sim::LiveQubits());

  do {
    const int64_t next = measurement.plan().next(record.shots);
    if (next == 0 || policies.remaining(policy) < next - record.shots) {
      if (next != 0) // names the purse that cannot pay this batch
        policies.pay(ctx, site, policy, next - record.shots, 0);
      break;
    }
    while (record.shots < next && !ctx.stopHere(site)) {
      policies.pay(ctx, site, policy, 1, record.shots == 0);
      live.beginShot(ctx.seed(), stream + static_cast<uint64_t>(record.shots));
      record.successes += shot();
      live.endShot();
      ++record.shots;
    }
    ++record.looks;
  } while (ctx.ok() && !measurement.untilHolds(measurement.summarise(quantity, {&term, 1})));

  live = std::move(outside);
  policies.unwindTo(depth);
  if (!ctx.ok())
    return nullptr;
  BernoulliResult result{record.successes, record.shots};
  result.stream = stream;
  return makeEstimate(ctx, result, policy);
}

sim::Counts *sample(base::Context &ctx, qdo_site site, const sim::Recipe &recipe,
                    std::optional<int64_t> shots, const Policy &policy) {
  const int64_t count = shots.value_or(policy.high.value_or(policy.low));
  if (count < 0) {
    ctx.fail(site, base::Kind::BadValue, "the number of shots of `sample`", count, "0 or more");
    return nullptr;
  }
  const sim::Ready state = sim::ready(ctx, site, recipe);
  if (!state || !ctx.part<Policies>().pay(ctx, site, policy, count, count > 0))
    return nullptr;
  auto entries = state.sample(ctx, freshStream(ctx, "sample", recipe.hash, policy), count);
  if (ctx.stopHere(site))
    return nullptr;
  return ctx.make<sim::Counts>(recipe.qubits, count, std::move(entries));
}

} // namespace qdo::estimate
