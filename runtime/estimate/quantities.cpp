// SPDX-License-Identifier: Apache-2.0
// From recipes to coins to estimates.
#include "runtime/estimate/quantities.h"

#include "runtime/base/hash.h"
#include "runtime/base/quantity.h"
#include "runtime/estimate/arithmetic.h"
#include "runtime/estimate/measure.h"
#include "runtime/estimate/mitigation.h"
#include "runtime/sim/backend.h"
#include "runtime/sim/device_time.h"
#include "runtime/sim/live.h"
#include "runtime/sim/single.h"
#include "runtime/sim/stabilizer.h"

#include <algorithm>
#include <utility>

namespace qdo::estimate {

using base::Hasher;

/// What was measured, as a number of the program.
static Estimate *estimateOf(base::Context &ctx, const Quantity &quantity,
                            std::span<const Quantity::Term> terms, const Policy &policy) {
  std::vector<Estimate::Term> counts;
  for (const auto &[coefficient, record] : quantity.of(terms))
    counts.push_back({coefficient, record->successes, record->shots,
                      sourceOf(record->stream, policy), std::nullopt, record->shift()});
  return ctx.make<Estimate>(quantity.offset, std::move(counts), claimOf(policy));
}

/// A coin of a level, which is `weight` times in a quantity.
static void add(Measurement &measurement, const NoiseLevel &level, size_t which, double weight,
                uint64_t stream, double gates, Quantity &quantity,
                std::vector<Quantity::Term> &terms) {
  const sim::Coin &coin = level.coins[which];
  weight *= level.weight;
  quantity.offset += weight * coin.offset;
  terms.push_back(
      {weight * coin.scale, measurement.record(coin, level.stream(stream), gates * level.fold)});
  quantity.termCount = terms.size();
}

Estimate *estimateFidelity(base::Context &ctx, qdo_site site, const sim::Recipe &p,
                           const sim::Recipe &r, const Policy &policy) {
  if (ctx.exact()) {
    const auto value = sim::backend(ctx).fidelity(ctx, site, p, r);
    return value ? number(ctx, *value) : nullptr;
  }
  const sim::Recipe *const both[] = {&p, &r};
  const auto levels =
      noiseLevels(ctx, site, policy, both, Waits::Fold,
                  [&](const sim::Mitigation &mitigation) -> std::optional<std::vector<sim::Coin>> {
                    auto coin = sim::backend(ctx).fidelityCoin(ctx, site, p, r, mitigation);
                    return coin ? std::optional(std::vector{std::move(*coin)}) : std::nullopt;
                  });
  if (!levels)
    return nullptr;
  // Compute-uncompute: one recipe and the inverse of the other.
  const double gates = sim::circuitSeconds(ctx, p) + sim::circuitSeconds(ctx, r);
  Measurement measurement(ctx, site, policy);
  std::vector<Quantity::Term> terms;
  Quantity fidelity;
  for (const NoiseLevel &level : *levels)
    add(measurement, level, 0, 1, fidelityStream(p.hash, r.hash), gates, fidelity, terms);
  if (!measurement.run({&fidelity, 1}, terms, false))
    return nullptr;
  Estimate *e = estimateOf(ctx, fidelity, terms, policy);
  e->way = "compute-uncompute";
  return e;
}

static uint64_t streamOf(const sim::Recipe &recipe, const sim::Observable::Term &term) {
  uint64_t stream = pauliStream(recipe.hash, term.x, term.z);
  for (const auto &[x, z] : term.more)
    stream = Hasher("more").add(stream).add(x).add(z).value();
  return stream;
}

Estimate *estimateExpect(base::Context &ctx, qdo_site site, const sim::Recipe &recipe,
                         const sim::Observable &observable, const Policy &policy, Waits waits) {
  if (!sim::checkFits(ctx, site, observable, recipe.qubits))
    return nullptr;
  Quantity sum;
  std::vector<sim::PauliString> strings;
  std::vector<double> weights;
  std::vector<uint64_t> streams;
  for (const auto &term : observable.terms) {
    if (term.weight == 0)
      continue;
    if (term.identity()) {
      sum.offset += term.weight;
      continue;
    }
    strings.push_back({term.x, term.z, term.more});
    weights.push_back(term.weight);
    streams.push_back(streamOf(recipe, term));
  }
  if (ctx.exact()) {
    const auto means = sim::backend(ctx).means(ctx, site, recipe, strings);
    if (!means)
      return nullptr;
    double value = sum.offset;
    for (size_t i = 0; i < strings.size(); ++i)
      value += weights[i] * (*means)[i];
    return number(ctx, value);
  }
  const sim::Recipe *const one[] = {&recipe};
  const auto levels =
      noiseLevels(ctx, site, policy, one, waits, [&](const sim::Mitigation &mitigation) {
        return sim::backend(ctx).pauliCoins(ctx, site, recipe, strings, mitigation);
      });
  if (!levels)
    return nullptr;
  const double gates = sim::circuitSeconds(ctx, recipe);
  Measurement measurement(ctx, site, policy);
  std::vector<Quantity::Term> terms;
  sum.termCount = 0; // of identities alone nothing is measured
  for (const NoiseLevel &level : *levels)
    for (size_t i = 0; i < strings.size(); ++i)
      add(measurement, level, i, weights[i], streams[i], gates, sum, terms);
  if (!measurement.run({&sum, 1}, terms, false))
    return nullptr;
  return estimateOf(ctx, sum, terms, policy);
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
  auto &devices = ctx.part<sim::Devices>();
  const size_t depth = policies.depth(), deviceDepth = devices.depth();
  Record record{0, stream, shotSeconds(ctx, policy, 0)};
  if (policy.combine.groups > 1)
    record.groups.counts.resize(static_cast<size_t>(policy.combine.groups));
  BatchCounts batches;
  const Quantity::Term term{1, &record};
  const Quantity quantity;
  // Qubits that live outside belong to another shot.
  auto &live = ctx.part<sim::LiveQubits>();
  sim::LiveQubits outside = std::exchange(live, sim::LiveQubits());

  do {
    const int64_t next = measurement.plan().next(record.shots);
    if (next == 0 || policies.remaining(policy) < next - record.shots) {
      if (next != 0) // names the purse that cannot pay this batch
        policies.pay(ctx, site, policy, next - record.shots, 0, 0);
      break;
    }
    const Record before = record;
    while (record.shots < next && !ctx.stopHere(site)) {
      // How long this shot takes is known when it is over: the one before speaks for it.
      if (!policies.pay(ctx, site, policy, 1, record.shots == 0, record.seconds))
        break;
      live.beginShot(ctx.seed(), stream + static_cast<uint64_t>(record.shots));
      const bool success = shot();
      record.successes += success;
      if (auto &groups = record.groups.counts; !groups.empty()) {
        auto &group =
            groups[Groups::of(record.shots - before.shots, next - before.shots, groups.size())];
        group.first += success;
        ++group.second;
      }
      record.seconds = shotSeconds(ctx, policy, live.seconds());
      live.endShot();
      ++record.shots;
    }
    ++record.looks;
    batches.add(record.successes - before.successes, record.shots - before.shots);
  } while (ctx.ok() && !measurement.untilHolds(measurement.summarise(quantity, {&term, 1})));

  live = std::move(outside);
  policies.unwindTo(depth);
  devices.unwindTo(deviceDepth);
  if (!ctx.ok())
    return nullptr;
  BernoulliResult result{record.successes, record.shots};
  result.stream = stream;
  result.shift = record.shift();
  if (!record.groups.counts.empty()) { // what is combined are the groups
    batches = {};
    for (auto [successes, shots] : record.groups.counts)
      batches.add(successes, shots);
  }
  // Batches that disagree: the spread between them counts.
  if (const auto agreement = batches.homogeneity(); agreement.disagree())
    result.extraVariance = agreement.extraVariance;
  return makeEstimate(ctx, result, policy);
}

sim::Counts *sample(base::Context &ctx, qdo_site site, const sim::Recipe &recipe,
                    std::optional<int64_t> shots, const Policy &policy) {
  const int64_t count = shots.value_or(policy.high.value_or(policy.low));
  if (count < 0) {
    ctx.fail(site, base::Kind::BadValue, "the number of shots of `sample`", count, "0 or more");
    return nullptr;
  }
  sim::Backend &device = sim::backend(ctx);
  if (!device.fits(ctx, site, recipe.qubits) ||
      !ctx.part<Policies>().pay(ctx, site, policy, count, count > 0,
                                static_cast<double>(count) *
                                    shotSeconds(ctx, policy, sim::circuitSeconds(ctx, recipe))))
    return nullptr;
  const uint64_t stream = sim::streamOn(device, freshStream(ctx, "sample", recipe.hash, policy));
  auto sampled = device.sample(ctx, site, recipe, stream, count);
  if (!sampled || ctx.stopHere(site))
    return nullptr;
  return ctx.make<sim::Counts>(recipe.qubits, count, std::move(sampled->entries),
                               std::move(sampled->wide));
}

} // namespace qdo::estimate
