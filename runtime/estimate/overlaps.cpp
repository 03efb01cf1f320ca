// SPDX-License-Identifier: Apache-2.0
// Overlap estimators: each is a coin, whose value is offset + factor * (fraction of successes).
#include "runtime/estimate/overlaps.h"

#include "runtime/base/hash.h"
#include "runtime/estimate/arithmetic.h"
#include "runtime/estimate/measure.h"
#include "runtime/estimate/quantities.h"
#include "runtime/sim/backend.h"
#include "runtime/sim/device_time.h"

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

const OverlapWay &cheapestWay(base::Context &ctx, const sim::Recipe &p, const sim::Recipe &r,
                              const Policy &policy) {
  const sim::Backend &device = sim::backend(ctx);
  const int64_t capacity = device.capacity();
  // More than 62 qubits are tableaus: only compute-uncompute knows them without amplitudes.
  if (device.noise() || ctx.exact() || p.hash == r.hash || p.qubits != r.qubits ||
      p.qubits > QDO_MASK_QUBITS)
    return ways[0];
  const OverlapWay *way = cheapestWay(p.qubits, capacity == 0 ? INT64_MAX : capacity,
                                      timesOf(ctx, p, r), shotSeconds(ctx, policy, 0));
  return way ? *way : ways[0];
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

/// These ways know the state vector alone: what noise does to their circuits they do not say.
static bool refusedByNoise(base::Context &ctx, qdo_site site, const char *way) {
  const sim::Backend &device = sim::backend(ctx);
  if (!device.noise())
    return false;
  ctx.fail(site, base::Kind::BadValue, "the way to measure an overlap on `" + device.name + "`",
           way, "`compute-uncompute`")
      .help = "only `|<p|r>|^2` and `by: \"compute-uncompute\"` are simulated with noise";
  return true;
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
  if (refusedByNoise(ctx, site, "`hadamard`"))
    return nullptr;
  const sim::Amplitude overlap = sim::exactOverlap(ctx, site, p, r);
  if (!ctx.ok())
    return nullptr;
  const double part = imaginary ? overlap.imag() : overlap.real();
  const uint64_t stream =
      base::Hasher(imaginary ? "overlap im" : "overlap re").add(p.hash).add(r.hash).value();
  Estimate *e = measureCoin(ctx, site, (1 + part) / 2, stream, -1, 2, secondsOf(ctx, p, r), policy);
  if (e)
    e->way = "hadamard";
  return e;
}

Estimate *estimateFidelityBy(base::Context &ctx, qdo_site site, const sim::Recipe &p,
                             const sim::Recipe &r, const Policy &policy, const OverlapWay &way) {
  if (!ctx.exact() && !sim::backend(ctx).noise() &&
      !sim::backend(ctx).fits(ctx, site, way.qubits(p.qubits)))
    return nullptr; // noise has an answer of its own
  Estimate *e = nullptr;
  switch (way.kind) {
  case Way::Shadow: // runtime/shadow has it
  case Way::ComputeUncompute:
    return estimateFidelity(ctx, site, p, r, policy);
  case Way::DestructiveSwap:
  case Way::Swap: {
    if (refusedByNoise(ctx, site, way.kind == Way::Swap ? "`swap`" : "`destructive swap`"))
      return nullptr;
    const double fidelity = sim::exactFidelity(ctx, site, p, r);
    if (!ctx.ok())
      return nullptr;
    const uint64_t stream = base::Hasher(way.name).add(fidelityStream(p.hash, r.hash)).value();
    e = measureCoin(ctx, site, (1 - fidelity) / 2, stream, 1, -2,
                    way.gates(p.qubits, timesOf(ctx, p, r)), policy);
    break;
  }
  case Way::Hadamard: {
    Estimate *squares = nullptr;
    for (bool imaginary : {false, true}) {
      Estimate *part = estimateOverlapPart(ctx, site, p, r, imaginary, policy);
      if (!part)
        return nullptr;
      // The mean of a square is too large by the variance.
      Estimate *square =
          affine(ctx, *product(ctx, *part, *part), 1, -part->standardError * part->standardError);
      squares = squares ? sum(ctx, *squares, *square, 1) : square;
    }
    e = squares;
    break;
  }
  }
  if (e)
    e->way = way.name;
  return e;
}

} // namespace qdo::estimate
