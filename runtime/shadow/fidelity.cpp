// SPDX-License-Identifier: Apache-2.0
// Fidelities with known states from Clifford snapshots, of a record or shot by shot.
// Why Catoni's mean: a snapshot says up to 2^n, seldom; the plain mean has no interval that does
// not grow with 2^n, and this one needs only the variance, which is known.
#include "qdo/runtime/shadow_plan.h"
#include "runtime/base/hash.h"
#include "runtime/estimate/heavy.h"
#include "runtime/shadow/exactly.h"
#include "runtime/shadow/reading.h"

#include <cmath>

namespace qdo::shadow {

using estimate::Estimate;
using estimate::HeavyKind;

/// (2^n + 1) |<s|r>|^2 - 1, whose mean is the fidelity.
static HeavyKind fidelityKind(int64_t qubits) {
  const double d = std::exp2(static_cast<double>(qubits));
  return {.variance = [qubits](double f) { return fidelityVariance(f, qubits); },
          .most = fidelityVariance(d / (d + 2), qubits), // where its slope is 0
          .low = 0,
          .high = 1,
          .lowest = -1,
          .highest = d};
}

/// (2^n + 1) (|<s|r>|^2 - 1 / 2^n) on a device that errs after the random circuit: its mean is the
/// response times the fidelity's excess over 1 / 2^n. Of (2^n + 1) |<s|r>|^2 the mean square is at
/// most 6 (2^n + 1) / (2^n + 2), whatever the errors are (3-design).
static HeavyKind erringKind(int64_t qubits) {
  const double d = std::exp2(static_cast<double>(qubits));
  return {.variance =
              [d](double m) {
                const double mean = m + (d + 1) / d;
                return 6 * (d + 1) / (d + 2) - mean * mean;
              },
          .most = 5,
          .low = -1 / d,
          .high = 1 - 1 / d,
          .lowest = -(d + 1) / d,
          .highest = (d + 1) * (1 - 1 / d)};
}

/// Whether the record answers within `within`; fails otherwise.
static bool answers(base::Context &ctx, qdo_site site, const Record &record,
                    const SourcePtr &response, double within, const Estimate::Claim &claim) {
  if (!(within > 0 && std::isfinite(within))) {
    ctx.fail(site, base::Kind::BadValue, "`within`", within, "above 0");
    return false;
  }
  double needed = fidelitySnapshots(claim.joint, within, claim.confidence);
  if (response) { // half of the error probability for each, and the larger variance
    const double error = (1 - claim.confidence) / static_cast<double>(claim.joint) / 2;
    const auto [low, high] = response->interval(claim.method, error);
    const double left = within * low - std::max(high - response->mean, response->mean - low);
    if (left <= 0) {
      calibrationTooSmall(ctx, site, record, within);
      return false;
    }
    needed = std::ceil(estimate::catoniShots(5, left, error));
  }
  if (static_cast<double>(record.size()) >= needed)
    return true;
  tooSmall(ctx, site, record, "fidelity", within, claim.confidence, needed,
           claim.joint > 1 ? fmt::format("the policy makes {} claims hold together", claim.joint)
                           : "",
           "take a record with that many: `shadow(p, fidelity_snapshots(within: ..), by: "
           "\"clifford\")`");
  return false;
}

Estimate *fidelity(base::Context &ctx, qdo_site site, const Record &record, const sim::Recipe &r,
                   std::optional<double> within) {
  if (record.bases != Record::Bases::Clifford) {
    ctx.fail(site, base::Kind::BadValue, "the shadow that is asked for a fidelity",
             "one in Pauli bases", "one in Clifford bases")
        .help = "record it with `shadow(p, fidelity_snapshots(within: 0.1), by: \"clifford\")`, or "
                "measure the overlap itself: `|<p|r>|^2`";
    return nullptr;
  }
  if (r.qubits != record.qubits()) {
    ctx.fail(site, base::Kind::BadValue, "the number of qubits of the state", r.qubits,
             fmt::format("{}, those of the shadow", record.qubits()));
    return nullptr;
  }
  if (Estimate *exact = exactFidelity(ctx, site, record, r); exact || !ctx.ok())
    return exact;
  const Estimate::Claim claim = claimHere(ctx);
  const double error = (1 - claim.confidence) / static_cast<double>(claim.joint);
  SourcePtr response;
  if (record.calibrated() && !(response = responseOf(ctx, site, record, {}, error / 2)))
    return nullptr;
  if (within && !answers(ctx, site, record, response, *within, claim))
    return nullptr;
  auto values = overlapsOf(ctx, site, record.cliffords, r);
  if (!values)
    return nullptr;
  const double d = std::exp2(static_cast<double>(record.qubits()));
  for (double &v : *values)
    v = (d + 1) * v - (response ? (d + 1) / d : 1);
  const auto groups = static_cast<int64_t>(groupsHere(ctx));
  Estimate::Term term{1, 0, record.size(),
                      base::Hasher("shadow fidelity").add(record.source).add(r.hash).value()};
  if (response)
    term.source = std::make_shared<Quotient>(
        std::make_shared<estimate::HeavyMean>(std::move(*values), erringKind(record.qubits()),
                                              error / 2, groups),
        response, 1 / d, 0, 1);
  else
    term.source = std::make_shared<estimate::HeavyMean>(
        std::move(*values), fidelityKind(record.qubits()), error, groups);
  auto *e = ctx.make<Estimate>(0.0, std::vector<Estimate::Term>{std::move(term)}, claim);
  e->way = response ? "calibrated classical shadow" : "classical shadow";
  return e;
}

Estimate *fidelityByShadow(base::Context &ctx, qdo_site site, const sim::Recipe &p,
                           const sim::Recipe &r, const estimate::Policy &policy) {
  if (p.qubits != r.qubits || p.qubits > mostCliffordQubits) {
    if (p.qubits == r.qubits)
      ctx.fail(site, base::Kind::BadValue, "the number of qubits of a recorded shadow", p.qubits,
               "at most 1,000: measure the overlap `by: \"compute-uncompute\"`");
    else
      ctx.fail(site, base::Kind::BadValue, "the number of qubits of the second state", r.qubits,
               p.qubits);
    return nullptr;
  }
  sim::Backend &device = sim::backend(ctx);
  if (!device.fits(ctx, site, p.qubits))
    return nullptr;
  if (device.noise()) { // the variance below is that of a measurement without errors
    ctx.fail(site, base::Kind::BadValue, "the way to measure an overlap on `" + device.name + "`",
             "`shadow`", "`compute-uncompute`")
        .help = "or record and calibrate: `shadow(p, 2_000, by: \"clifford\", calibrate: "
                "2_000).fidelity(r)`";
    return nullptr;
  }
  const double side = std::exp2(static_cast<double>(p.qubits));
  auto bases = [&](uint64_t stream, int64_t first, int64_t last) {
    return randomCliffords(ctx.seed(), stream, p.qubits, first, last - first);
  };
  const estimate::HeavyShots shots{
      .stream =
          sim::streamOn(device, base::Hasher("fidelity by shadow").add(p.hash).add(r.hash).value()),
      .kind = fidelityKind(p.qubits),
      .seconds =
          [&](uint64_t stream, int64_t first, int64_t last) {
            return secondsOf(ctx, &p, p.qubits, bases(stream, first, last), {});
          },
      .draw = [&](uint64_t stream, int64_t first,
                  int64_t last) -> std::optional<std::vector<double>> {
        const auto drawn = bases(stream, first, last);
        const auto outcomes = sim::measureInStabilizerBases(ctx, site, &p, p.qubits, drawn, {},
                                                            stream, static_cast<uint64_t>(first));
        auto values = outcomes ? sim::overlapsWith(ctx, site, r, drawn, *outcomes) : std::nullopt;
        if (values)
          for (double &v : *values)
            v = (side + 1) * v - 1;
        return values;
      }};
  Estimate *e = estimate::estimateHeavy(ctx, site, shots, policy);
  if (e)
    e->way = "shadow";
  return e;
}

} // namespace qdo::shadow
