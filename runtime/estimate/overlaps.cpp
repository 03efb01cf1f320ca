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

static constexpr OverlapWay ways[] = {
    // p, then the inverse of r: all zeros with probability F.
    {Way::ComputeUncompute, "compute-uncompute", [](int64_t n) { return n; },
     [](double f) { return f * (1 - f); }, true, false},
    // Bell measurements of pairs of qubits: an even number of singlets with probability (1 + F)
    // / 2.
    {Way::DestructiveSwap, "destructive swap", [](int64_t n) { return 2 * n; },
     [](double f) { return 1 - f * f; }, false, false},
    // The same with a qubit that controls the exchange.
    {Way::Swap, "swap", [](int64_t n) { return 2 * n + 1; }, [](double f) { return 1 - f * f; },
     false, true},
    // A qubit that controls p and the inverse of r: Re and Im of <p|r> in two circuits. Of the
    // squares: 4 re^2 (1 - re^2) and so on for half of the shots each, at most 8 F.
    {Way::Hadamard, "hadamard", [](int64_t n) { return n + 1; }, [](double f) { return 8 * f; },
     true, true}};

std::span<const OverlapWay> overlapWays() { return ways; }

const OverlapWay *cheapestWay(int64_t qubits, int64_t available) {
  for (const OverlapWay &way : ways)
    if (way.qubits(qubits) <= available)
      return &way;
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
                             const sim::Recipe &r, const Policy &policy, std::string_view name) {
  const OverlapWay *way = &ways[0];
  if (!name.empty()) {
    way = std::ranges::find(ways, name, &OverlapWay::name);
    if (way == std::end(ways)) {
      std::string all;
      for (const OverlapWay &w : ways)
        all += (all.empty() ? "\"" : "\", \"") + std::string(w.name);
      ctx.fail(site, base::Kind::BadValue, "`by`", "\"" + std::string(name) + "\"",
               "one of " + all + "\"");
      return nullptr;
    }
  }
  Estimate *e = nullptr;
  switch (way->kind) {
  case Way::ComputeUncompute:
    return estimateFidelity(ctx, site, p, r, policy);
  case Way::DestructiveSwap:
  case Way::Swap: {
    if (refusedByNoise(ctx, site, way->kind == Way::Swap ? "`swap`" : "`destructive swap`"))
      return nullptr;
    const double fidelity = sim::exactFidelity(ctx, site, p, r);
    if (!ctx.ok())
      return nullptr;
    const uint64_t stream = base::Hasher(way->name).add(fidelityStream(p.hash, r.hash)).value();
    e = measureCoin(ctx, site, (1 - fidelity) / 2, stream, 1, -2, secondsOf(ctx, p, r), policy);
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
    e->way = way->name;
  return e;
}

} // namespace qdo::estimate
