// SPDX-License-Identifier: Apache-2.0
// From recipes to coins to estimates.
#include "runtime/estimate/quantities.h"

#include "runtime/base/hash.h"
#include "runtime/base/quantity.h"
#include "runtime/estimate/agreement.h"
#include "runtime/estimate/arithmetic.h"
#include "runtime/estimate/coins.h"
#include "runtime/estimate/measure.h"
#include "runtime/sim/backend.h"
#include "runtime/sim/device_time.h"
#include "runtime/sim/live.h"
#include "runtime/sim/one_by_one.h"
#include "runtime/sim/single.h"
#include "runtime/sim/stabilizer.h"

#include <algorithm>
#include <utility>

namespace qdo::estimate {

using base::Hasher;

Estimate *estimateFidelity(base::Context &ctx, qdo_site site, const sim::Recipe &p,
                           const sim::Recipe &r, const Policy &policy,
                           std::optional<double> gates) {
  if (ctx.exact()) {
    const auto value = sim::backend(ctx).fidelity(ctx, site, p, r);
    return value ? number(ctx, *value) : nullptr;
  }
  if (!gates) // one recipe and the inverse of the other
    gates = sim::circuitSeconds(ctx, p) + sim::circuitSeconds(ctx, r);
  const sim::Recipe *const both[] = {&p, &r};
  Estimate *e = estimateCoin(ctx, site,
                             {both, fidelityStream(p.hash, r.hash), *gates,
                              [&](const sim::Mitigation &mitigation) {
                                return sim::backend(ctx).fidelityCoin(ctx, site, p, r, mitigation);
                              }},
                             policy);
  if (e)
    e->way = "compute-uncompute";
  return e;
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
  if (!ctx.ok())
    return nullptr;
  auto &policies = ctx.part<Policies>();
  auto &devices = ctx.part<sim::Devices>();
  const size_t depth = policies.depth(), deviceDepth = devices.depth();
  Record record{0, stream, shotSeconds(ctx, policy, 0)};
  if (policy.combine.groups > 1)
    record.groups.counts.resize(static_cast<size_t>(policy.combine.groups));
  std::vector<Batch> batches;
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
    if (!sim::fewEnough(ctx, site, next - record.shots))
      break;
    const Record before = record;
    while (record.shots < next && !ctx.stopHere(site)) {
      // How long this shot takes is known when it is over: the one before speaks for it.
      if (!policies.pay(ctx, site, policy, 1, record.shots == 0, record.seconds))
        break;
      live.beginShot(ctx.seed(), stream + static_cast<uint64_t>(record.shots));
      const bool success = shot();
      if (!ctx.ok() && !live.begun()) { // nothing of it ran
        policies.giveBack(ctx, policy, 1, record.shots == 0, record.seconds);
        break;
      }
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
    batches.push_back({record.shots - before.shots, record.successes - before.successes});
  } while (ctx.ok() && !measurement.untilHolds(measurement.summarise(quantity, {&term, 1})));

  live = std::move(outside);
  policies.unwindTo(depth);
  devices.unwindTo(deviceDepth);
  if (!ctx.ok())
    return nullptr;
  BernoulliResult result{record.successes, record.shots};
  result.stream = stream;
  result.shift = record.shift();
  const bool combined = !record.groups.counts.empty();
  if (combined) { // what is combined are the groups, and one bad group does not move their median
    batches.clear();
    for (auto [successes, shots] : record.groups.counts)
      batches.push_back({shots, successes});
  }
  judgeBatches(ctx, site, batches, !combined, result);
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
  auto &policies = ctx.part<Policies>();
  const double seconds =
      static_cast<double>(count) * shotSeconds(ctx, policy, sim::circuitSeconds(ctx, recipe));
  if (!device.fits(ctx, site, recipe.qubits) ||
      !policies.pay(ctx, site, policy, count, count > 0, seconds))
    return nullptr;
  const uint64_t stream = sim::streamOn(device, freshStream(ctx, "sample", recipe.hash, policy));
  auto sampled = device.sample(ctx, site, recipe, stream, count);
  if (!sampled)
    policies.giveBack(ctx, policy, count, count > 0, seconds);
  if (!sampled || ctx.stopHere(site))
    return nullptr;
  return ctx.make<sim::Counts>(recipe.qubits, count, std::move(sampled->entries),
                               std::move(sampled->wide), stream);
}

} // namespace qdo::estimate
