// SPDX-License-Identifier: Apache-2.0
// Measuring decay curves.
#include "runtime/observe/decay.h"

#include "runtime/estimate/quantities.h"
#include "runtime/gates/gates.h"
#include "runtime/sim/backend.h"

#include <cmath>
#include <deque>

namespace qdo::observe {

using estimate::Estimate;

namespace {
/// X on some of the qubits, as a circuit that lives as long as the run.
struct Pulse {
  std::vector<qdo_gate> gates;
  qdo_circuit circuit{};
};
struct Pulses {
  std::deque<Pulse> all;
};
} // namespace

/// X on every qubit of the mask.
static sim::Recipe *pulse(base::Context &ctx, int64_t qubits, uint64_t mask) {
  Pulse &made = ctx.part<Pulses>().all.emplace_back();
  int16_t row = 0;
  while (gates::all()[static_cast<size_t>(row)].name != "x")
    ++row;
  for (int64_t q = 0; q < qubits; ++q)
    if ((mask >> q & 1) != 0) {
      qdo_gate x{};
      x.gate = row;
      x.target0 = static_cast<int8_t>(q);
      x.target1 = -1;
      for (int32_t &slot : x.angles)
        slot = -1;
      made.gates.push_back(x);
    }
  made.circuit.name = "pulse";
  made.circuit.content = static_cast<int64_t>(0x70756c7365ull ^ mask * 0x9e3779b97f4a7c15ull);
  made.circuit.qubits = qubits;
  made.circuit.gates = made.gates.data();
  made.circuit.gate_count = static_cast<int64_t>(made.gates.size());
  made.circuit.angles = [](qdo_sink *, const double *, double *) {};
  return sim::makeLeaf(ctx, &made.circuit, {});
}

/// The recipe that waits; with an echo the wait has a pulse in its middle, and another one at the
/// end that undoes it.
static const sim::Recipe *waiting(base::Context &ctx, qdo_site site, const DecayRequest &request,
                                  double idle, const sim::Recipe *flip) {
  const sim::Recipe *recipe = request.recipe;
  if (!flip)
    return sim::makeIdle(ctx, site, recipe, idle);
  for (int half = 0; half < 2 && recipe; ++half) {
    recipe = sim::makeIdle(ctx, site, recipe, idle / 2);
    recipe = recipe ? sim::makeThen(ctx, site, recipe, flip) : nullptr;
  }
  return recipe;
}

/// T1 of the same qubit on the same device, if the run knows it.
static const Fit *knownRelaxation(const Curves &curves, const Curve &of) {
  const Fit *found = nullptr;
  for (const Curve &curve : curves.all)
    if (curve.kind == Curve::Kind::Relaxation && curve.device == of.device &&
        curve.qubits == of.qubits && curve.fit.identified())
      found = &curve.fit;
  return found;
}

std::optional<int64_t> measureDecay(base::Context &ctx, qdo_site site, const DecayRequest &request,
                                    const estimate::Policy &policy) {
  if (sim::backend(ctx).ideal()) {
    ctx.fail(site, base::Kind::BadValue, "the noise of the device in force", "missing",
             "there for anything to decay")
        .help =
        "declare `noise` with `t1` and `t2`, a `device` with it, and measure `with` that device";
    return std::nullopt;
  }
  const sim::Observable::Term &term = request.observable->terms.front();
  Curve curve{};
  curve.site = site;
  curve.observable = request.observable->format("");
  curve.kind = term.x == 0    ? Curve::Kind::Relaxation
               : request.echo ? Curve::Kind::Echo
                              : Curve::Kind::Dephasing;
  curve.device = sim::backend(ctx).identity();
  curve.qubits = term.x | term.z;
  const sim::Recipe *flip =
      request.echo ? pulse(ctx, request.recipe->qubits, curve.qubits) : nullptr;
  for (double idle : request.idle) {
    const sim::Recipe *recipe = waiting(ctx, site, request, idle, flip);
    Estimate *value = recipe ? estimate::estimateExpect(ctx, site, *recipe, *request.observable,
                                                        policy, estimate::Waits::Stay)
                             : nullptr;
    if (!value)
      return std::nullopt;
    curve.values.push_back(value);
    curve.points.push_back({idle, value->value, value->low, value->high, value->shots});
    if (ctx.exact()) {
      curve.offset = -term.weight;
      curve.scale = 2 * term.weight;
      curve.counts.push_back(certainPoint(idle, (value->value - curve.offset) / curve.scale));
    } else if (value->terms.size() == 1) {
      const Estimate::Term &coin = value->terms.front();
      curve.offset = value->offset;
      curve.scale = coin.coefficient;
      curve.counts.push_back({idle, coin.successes, coin.shots});
    } else if (value->standardError > 0 && term.weight != 0) { // extrapolated: a sum of coins
      curve.offset = -term.weight;
      curve.scale = 2 * term.weight;
      curve.counts.push_back({.x = idle,
                              .successes = 0,
                              .shots = value->shots,
                              .mean = (value->value - curve.offset) / curve.scale,
                              .error = value->standardError / std::fabs(curve.scale)});
    }
  }
  Curves &curves = ctx.part<Curves>();
  if (curve.counts.size() != request.idle.size())
    curve.fit.reason = "a point has no error to weigh it by";
  else if (curve.kind == Curve::Kind::Relaxation)
    curve.fit = fitRelaxation(curve.counts, policy.confidence);
  else
    curve.fit = fitDephasing(curve.counts, policy.confidence,
                             {request.echo, knownRelaxation(curves, curve)});
  if (ctx.exact() && curve.fit.identified())
    curve.fit = withoutError(std::move(curve.fit));
  curves.all.push_back(std::move(curve));
  return std::ssize(curves.all) - 1;
}

} // namespace qdo::observe
