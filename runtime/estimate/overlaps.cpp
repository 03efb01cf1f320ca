// SPDX-License-Identifier: Apache-2.0
// Overlap estimators: each is a coin, whose value is offset + factor * (fraction of successes).
#include "runtime/estimate/overlaps.h"

#include "runtime/base/hash.h"
#include "runtime/estimate/arithmetic.h"
#include "runtime/estimate/coins.h"
#include "runtime/estimate/measure.h"
#include "runtime/estimate/quantities.h"
#include "runtime/sim/backend.h"
#include "runtime/sim/clifford.h"
#include "runtime/sim/device_time.h"
#include "runtime/sim/sign_circuits.h"

#include <algorithm>
#include <string>

namespace qdo::estimate {

using Way = OverlapWay::Kind;

static double both(int64_t, const GateTimes &t) { return t.p + t.r; }

static constexpr OverlapWay ways[] = {
    // p, then the inverse of r: all zeros with probability F.
    {Way::ComputeUncompute, "compute-uncompute", [](int64_t n) { return n; },
     [](double f) { return f * (1 - f); }, both, true, false, false},
    // Bell measurements of pairs of qubits: an even number of singlets with probability (1 + F)
    // / 2.
    {Way::DestructiveSwap, "destructive swap", [](int64_t n) { return 2 * n; },
     [](double f) { return 1 - f * f; },
     [](int64_t, const GateTimes &t) { return std::max(t.p, t.r) + t.two + t.one; }, false, false,
     false},
    // The same with a qubit that controls the exchange: a controlled swap is six gates on two.
    {Way::Swap, "swap", [](int64_t n) { return 2 * n + 1; }, [](double f) { return 1 - f * f; },
     [](int64_t n, const GateTimes &t) {
       return std::max(t.p, t.r) + 2 * t.one + 6 * static_cast<double>(n) * t.two;
     },
     false, true, false},
    // One record of p in random Clifford bases, and r as it is known: 1 + 2 F - F^2 and less.
    {Way::Shadow, "shadow", [](int64_t n) { return n; }, [](double f) { return 1 + 2 * f - f * f; },
     [](int64_t, const GateTimes &t) { return t.p + t.clifford; }, false, false, true},
    // A qubit that controls p and the inverse of r: Re and Im of <p|r> in two circuits. Of the
    // squares: 4 re^2 (1 - re^2) and so on for half of the shots each, at most 8 F. A controlled
    // gate
    // is at least two on two qubits where it was one.
    {Way::Hadamard, "hadamard", [](int64_t n) { return n + 1; }, [](double f) { return 8 * f; },
     [](int64_t, const GateTimes &t) { return 2 * (t.p + t.r) + 2 * t.one; }, true, true, false},
};

std::span<const OverlapWay> overlapWays() { return ways; }

const OverlapWay *cheapestWay(int64_t qubits, int64_t available, const GateTimes &times,
                              double around) {
  const OverlapWay *cheapest = nullptr;
  double least = 0;
  for (const OverlapWay &way : ways) {
    if (way.qubits(qubits) > available)
      continue;
    double variance = 0; // where it is most: nobody knows the fidelity yet
    for (int i = 0; i <= 100; ++i)
      variance = std::max(variance, way.variance(i / 100.0));
    const double cost = variance * (way.gates(qubits, times) + around);
    if (!cheapest || cost < least) {
      cheapest = &way;
      least = cost;
    }
  }
  return cheapest;
}

static GateTimes timesOf(base::Context &ctx, const sim::Recipe &p, const sim::Recipe &r) {
  const sim::DeviceTime time = sim::deviceTime(ctx);
  // Half of the pairs of qubits have a controlled Z, about n of them one after the other.
  return {sim::circuitSeconds(ctx, p), sim::circuitSeconds(ctx, r),
          static_cast<double>(p.qubits) * time.twoQubit + 2 * time.oneQubit, time.oneQubit,
          time.twoQubit};
}

static bool alike(const sim::Recipe &p, const sim::Recipe &r) {
  return p.hash == r.hash || p.qubits != r.qubits;
}

/// For two recipes on the device in force.
static const OverlapWay &cheapestOf(base::Context &ctx, const sim::Recipe &p, const sim::Recipe &r,
                                    const GateTimes &times, const Policy &policy) {
  const sim::Backend &device = sim::backend(ctx);
  const int64_t capacity = device.capacity();
  // More than 62 qubits are tableaus: only compute-uncompute knows them without amplitudes.
  if (!device.ideal() || ctx.exact() || alike(p, r) || p.qubits > QDO_MASK_QUBITS)
    return ways[0];
  const OverlapWay *way = cheapestWay(p.qubits, capacity == 0 ? INT64_MAX : capacity, times,
                                      shotSeconds(ctx, policy, 0));
  return way ? *way : ways[0];
}

const OverlapWay &cheapestWay(base::Context &ctx, const sim::Recipe &p, const sim::Recipe &r,
                              const Policy &policy) {
  return cheapestOf(ctx, p, r, timesOf(ctx, p, r), policy);
}

ChosenWay chosenWay(base::Context &ctx, const sim::Recipe &p, const sim::Recipe &r,
                    const Policy &policy) {
  const bool usual = policy.overlap == OverlapKind::ComputeUncompute;
  if (usual || alike(p, r) || !sim::backend(ctx).ideal())
    return {&overlapWay(policy.overlap.value_or(OverlapKind::ComputeUncompute)),
            p.hash <= r.hash ? &p : &r, p.hash <= r.hash ? &r : &p, std::nullopt};
  GateTimes times = timesOf(ctx, p, r);
  const bool first = times.p != times.r ? times.p < times.r : p.hash < r.hash;
  if (!first)
    std::swap(times.p, times.r);
  ChosenWay chosen{nullptr, first ? &p : &r, first ? &r : &p, times.p + times.r};
  chosen.way = policy.overlap ? &overlapWay(*policy.overlap)
                              : &cheapestOf(ctx, *chosen.p, *chosen.r, times, policy);
  return chosen;
}

const OverlapWay &overlapWay(OverlapKind kind) {
  return *std::ranges::find(ways, kind, &OverlapWay::kind);
}

uint64_t streamBy(const OverlapWay &way, uint64_t p, uint64_t r) {
  const uint64_t usual = fidelityStream(p, r);
  return way.kind == Way::ComputeUncompute ? usual : base::Hasher(way.name).add(usual).value();
}

const OverlapWay *overlapWayNamed(base::Context &ctx, qdo_site site, std::string_view name) {
  if (const auto *way = std::ranges::find(ways, name, &OverlapWay::name); way != std::end(ways))
    return way;
  std::string all;
  for (const OverlapWay &w : ways)
    all += (all.empty() ? "\"" : "\", \"") + std::string(w.name);
  ctx.fail(site, base::Kind::BadValue, "`by`", "\"" + std::string(name) + "\"",
           "one of " + all + "\"");
  return nullptr;
}

/// How long the gates of both take, one after the other.
static double secondsOf(base::Context &ctx, const sim::Recipe &p, const sim::Recipe &r) {
  return sim::circuitSeconds(ctx, p) + sim::circuitSeconds(ctx, r);
}

/// Whether the device in force has so many qubits; fails if not.
static bool hasQubits(base::Context &ctx, qdo_site site, int64_t takes, std::string_view instead) {
  const sim::Backend &device = sim::backend(ctx);
  const int64_t has = device.capacity();
  if (has <= 0 || takes <= has)
    return true;
  ctx.fail(site, base::Kind::DeviceTooSmall, device.name, has, takes).help =
      fmt::format("give the device more qubits, or {}", instead);
  return false;
}

bool runsHere(base::Context &ctx, qdo_site site, const OverlapWay &way, int64_t qubits) {
  const sim::Backend &device = sim::backend(ctx);
  const int64_t takes = way.qubits(qubits);
  if (!hasQubits(
          ctx, site, takes,
          takes == qubits
              ? "measure a smaller recipe"
              : fmt::format("measure the fidelity by `compute-uncompute`, which takes {}", qubits)))
    return false;
  if (way.kind == Way::Swap && device.tableau()) {
    ctx.fail(site, base::Kind::DeviceNotClifford, device.name, "`cswap` of a swap test").help =
        "measure the fidelity by `destructive swap` or `compute-uncompute`";
    return false;
  }
  return true;
}

/// Whether the device has all gates of a circuit; fails if not. Controlled Clifford gates seldom
/// are Clifford, and a way that controls nothing may do.
static bool hasGates(base::Context &ctx, qdo_site site, const sim::Recipe &recipe) {
  const sim::Backend &device = sim::backend(ctx);
  if (!device.tableau())
    return true;
  const auto clifford = sim::cliffordCircuit(ctx, recipe);
  if (clifford->clifford() || sim::failsAnyway(ctx, site, recipe, *clifford))
    return clifford->clifford();
  ctx.fail(site, base::Kind::DeviceNotClifford, device.name, clifford->notClifford).help =
      "measure the fidelity by `destructive swap` or `compute-uncompute`, which control nothing";
  return false;
}

/// The mean of the signs of a circuit, run on the device in force.
static Estimate *measureSigns(base::Context &ctx, qdo_site site,
                              const std::shared_ptr<const sim::SignCircuit> &circuit,
                              uint64_t stream, const Policy &policy) {
  if (!hasGates(ctx, site, circuit->recipe()))
    return nullptr;
  if (ctx.exact()) {
    const auto value = circuit->exact(ctx, site);
    return value ? number(ctx, *value) : nullptr;
  }
  const sim::Recipe *const whole[] = {&circuit->recipe()};
  return estimateCoin(ctx, site,
                      {whole, stream, sim::circuitSeconds(ctx, circuit->recipe()),
                       [&](const sim::Mitigation &mitigation) {
                         return sim::coinOf(ctx, site, circuit, mitigation);
                       }},
                      policy);
}

/// offset + factor * (fraction of successes of one circuit), whose gates take so many seconds.
static Estimate *measureCoin(base::Context &ctx, qdo_site site, double probability, uint64_t stream,
                             double offset, double factor, double circuit, const Policy &policy) {
  Measurement measurement(ctx, site, policy);
  Quantity quantity;
  quantity.offset = offset;
  const Quantity::Term term{factor,
                            measurement.record(std::clamp(probability, 0.0, 1.0), stream, circuit)};
  if (!measurement.run({&quantity, 1}, {&term, 1}, false))
    return nullptr;
  const Record &record = *term.record;
  return ctx.make<Estimate>(
      offset,
      std::vector<Estimate::Term>{{factor, record.successes, record.shots,
                                   sourceOf(record.stream, policy), std::nullopt, record.shift()}},
      claimOf(policy));
}

Estimate *estimateOverlapPart(base::Context &ctx, qdo_site site, const sim::Recipe &p,
                              const sim::Recipe &r, bool imaginary, const Policy &policy) {
  if (!runsHere(ctx, site, overlapWay(Way::Hadamard), p.qubits))
    return nullptr;
  const uint64_t stream =
      base::Hasher(imaginary ? "overlap im" : "overlap re").add(p.hash).add(r.hash).value();
  Estimate *e = nullptr;
  if (!sim::backend(ctx).ideal()) {
    e = measureSigns(ctx, site, sim::SignCircuit::hadamardTest(ctx, p, r, imaginary), stream,
                     policy);
  } else {
    const sim::Amplitude overlap = sim::exactOverlap(ctx, site, p, r);
    if (!ctx.ok())
      return nullptr;
    const double part = imaginary ? overlap.imag() : overlap.real();
    e = ctx.exact()
            ? number(ctx, part)
            : measureCoin(ctx, site, (1 + part) / 2, stream, -1, 2, secondsOf(ctx, p, r), policy);
  }
  if (e)
    e->way = "hadamard";
  return e;
}

/// By a swap test: 1 - 2 * (fraction of the odd outcomes).
static Estimate *estimateBySwap(base::Context &ctx, qdo_site site, const sim::Recipe &p,
                                const sim::Recipe &r, const Policy &policy, const OverlapWay &way) {
  const bool controlled = way.kind == Way::Swap;
  const uint64_t stream = streamBy(way, p.hash, r.hash);
  if (!sim::backend(ctx).ideal())
    return measureSigns(ctx, site,
                        controlled ? sim::SignCircuit::swapTest(ctx, p, r)
                                   : sim::SignCircuit::destructiveSwap(ctx, p, r),
                        stream, policy);
  const double fidelity = sim::exactFidelity(ctx, site, p, r);
  if (!ctx.ok())
    return nullptr;
  return ctx.exact() ? number(ctx, fidelity)
                     : measureCoin(ctx, site, (1 - fidelity) / 2, stream, 1, -2,
                                   way.gates(p.qubits, timesOf(ctx, p, r)), policy);
}

Estimate *estimatePurity(base::Context &ctx, qdo_site site, const sim::Recipe &recipe,
                         uint64_t qubits, const Policy &policy) {
  if (qubits == 0)
    return number(ctx, 1); // what is left of no qubits
  const OverlapWay &way = overlapWay(Way::DestructiveSwap);
  if (!hasQubits(ctx, site, way.qubits(recipe.qubits),
                 "ask a record, which takes one copy: `shadow(p, 20_000).purity([0])`"))
    return nullptr;
  const uint64_t stream = base::Hasher("purity").add(recipe.hash).add(qubits).value();
  Estimate *e = nullptr;
  if (!sim::backend(ctx).ideal()) {
    e = measureSigns(ctx, site, sim::SignCircuit::purity(ctx, recipe, qubits), stream, policy);
  } else if (const auto purity = sim::backend(ctx).purity(ctx, site, recipe, qubits)) {
    e = ctx.exact() ? number(ctx, *purity)
                    : measureCoin(ctx, site, (1 - *purity) / 2, stream, 1, -2,
                                  way.gates(recipe.qubits, timesOf(ctx, recipe, recipe)), policy);
  }
  if (e)
    e->way = "two copies";
  return e;
}

/// The sum of the squares of both parts, whose means are too large by their variances.
static Estimate *estimateByHadamard(base::Context &ctx, qdo_site site, const sim::Recipe &p,
                                    const sim::Recipe &r, const Policy &policy) {
  Estimate *squares = nullptr;
  for (bool imaginary : {false, true}) {
    Estimate *part = estimateOverlapPart(ctx, site, p, r, imaginary, policy);
    if (!part)
      return nullptr;
    Estimate *square =
        affine(ctx, *product(ctx, *part, *part), 1, -part->standardError * part->standardError);
    squares = squares ? sum(ctx, *squares, *square, 1) : square;
  }
  return squares;
}

Estimate *estimateFidelityBy(base::Context &ctx, qdo_site site, const sim::Recipe &p,
                             const sim::Recipe &r, const Policy &policy, const OverlapWay &way,
                             std::optional<double> gates) {
  if (p.qubits != r.qubits) {
    ctx.fail(site, base::Kind::BadValue, "the number of qubits on the right of the bra-ket",
             r.qubits, p.qubits);
    return nullptr;
  }
  if (way.kind == Way::ComputeUncompute || way.kind == Way::Shadow) // runtime/shadow has those
    return estimateFidelity(ctx, site, p, r, policy, gates);
  if (!runsHere(ctx, site, way, p.qubits))
    return nullptr;
  Estimate *e = way.kind == Way::Hadamard ? estimateByHadamard(ctx, site, p, r, policy)
                                          : estimateBySwap(ctx, site, p, r, policy, way);
  if (e)
    e->way = way.name;
  return e;
}

} // namespace qdo::estimate
