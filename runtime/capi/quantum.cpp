// SPDX-License-Identifier: Apache-2.0
// entry_points.def, recipes, observables, exact values and live qubits.
#include "runtime/base/guard.h"
#include "runtime/estimate/policy.h"
#include "runtime/sim/backend.h"
#include "runtime/sim/live.h"
#include "runtime/sim/observable.h"
#include "runtime/sim/outcomes.h"

#include <cmath>

using namespace qdo::base;
using namespace qdo::sim;
using qdo::estimate::Policies;
using qdo::estimate::Policy;

static const Recipe &recipeOf(qdo_prep prep) { return *as<Recipe>(prep); }

/// <p|r> of amplitudes, which the device may not have.
static Amplitude overlapOf(Context &context, qdo_site site, const Recipe &p, const Recipe &r) {
  if (!backend(context).state(context, site, p))
    return 0;
  return exactOverlap(context, site, p, r);
}

/// A Pauli sum without sampling error on the device in force; 0 after a failure.
static double exactMean(Context &context, qdo_site site, const Recipe &recipe,
                        const Observable &observable) {
  if (!checkFits(context, site, observable, recipe.qubits))
    return 0;
  std::vector<PauliString> strings;
  for (const auto &term : observable.terms)
    strings.push_back({term.x, term.z, term.more});
  auto means = backend(context).means(context, site, recipe, strings);
  double value = 0;
  for (size_t i = 0; means && i < strings.size(); ++i)
    value += observable.terms[i].weight * (*means)[i];
  return value;
}

extern "C" {

qdo_prep qdo_rt_recipe_new(qdo_ctx *ctx, qdo_site site, qdo_fn circuit, qdo_data data,
                           int64_t count) {
  return guarded(ctx, site, [&](Context &context) {
    return handle(makeLeaf(context, static_cast<const qdo_circuit *>(circuit),
                           {data, static_cast<size_t>(count)}));
  });
}

qdo_prep qdo_rt_recipe_then(qdo_ctx *ctx, qdo_site site, qdo_prep first, qdo_prep second) {
  return guarded(ctx, site, [&](Context &context) {
    return handle(makeThen(context, site, as<Recipe>(first), as<Recipe>(second)));
  });
}

qdo_prep qdo_rt_recipe_tensor(qdo_ctx *ctx, qdo_site site, qdo_prep lower, qdo_prep upper) {
  return guarded(ctx, site, [&](Context &context) {
    return handle(makeTensor(context, as<Recipe>(lower), as<Recipe>(upper)));
  });
}

qdo_prep qdo_rt_recipe_adjoint(qdo_ctx *ctx, qdo_prep prep) {
  return guarded(ctx, 0,
                 [&](Context &context) { return handle(makeAdjoint(context, as<Recipe>(prep))); });
}

qdo_prep qdo_rt_recipe_power(qdo_ctx *ctx, qdo_prep prep, int64_t exponent) {
  return guarded(ctx, 0, [&](Context &context) {
    return handle(makePower(context, as<Recipe>(prep), exponent));
  });
}

qdo_prep qdo_rt_recipe_control(qdo_ctx *ctx, qdo_site site, qdo_prep prep, int64_t controls) {
  return guarded(ctx, site, [&](Context &context) -> void * {
    if (controls < 1 || controls > QDO_MOST_QUBITS - recipeOf(prep).qubits) {
      context.fail(site, Kind::BadValue, "the number of controls", controls,
                   fmt::format("1 or more, and with the controlled qubits at most {}",
                               int{QDO_MOST_QUBITS}));
      return nullptr;
    }
    return handle(makeControl(context, as<Recipe>(prep), controls));
  });
}

void qdo_rt_recipe_check(qdo_ctx *ctx, qdo_site site, qdo_prep prep) {
  guarded(ctx, site, [&](Context &context) { refuses(context, site, verdictOf(recipeOf(prep))); });
}

qdo_prep qdo_rt_recipe_idle(qdo_ctx *ctx, qdo_site site, qdo_prep prep, double seconds) {
  return guarded(ctx, site, [&](Context &context) {
    return handle(makeIdle(context, site, as<Recipe>(prep), seconds));
  });
}

qdo_observable qdo_rt_observable_new(qdo_ctx *ctx) {
  return guarded(ctx, 0, [](Context &context) { return handle(context.make<Observable>()); });
}

void qdo_rt_observable_word(qdo_ctx *ctx, qdo_observable observable, int64_t word, int64_t x,
                            int64_t z) {
  guarded(ctx, 0, [&](Context &) {
    as<Observable>(observable)
        ->addWord(static_cast<size_t>(word), static_cast<uint64_t>(x), static_cast<uint64_t>(z));
  });
}

void qdo_rt_observable_term(qdo_ctx *ctx, qdo_site site, qdo_observable observable, double weight,
                            int64_t x, int64_t z) {
  guarded(ctx, site, [&](Context &context) {
    if (!std::isfinite(weight))
      context.fail(site, Kind::BadValue, "a weight of the observable", weight, "a finite number");
    as<Observable>(observable)->add(weight, static_cast<uint64_t>(x), static_cast<uint64_t>(z));
  });
}

double qdo_rt_exact_fidelity(qdo_ctx *ctx, qdo_site site, qdo_prep p, qdo_prep r) {
  return guarded(ctx, site, [&](Context &context) {
    return backend(context).fidelity(context, site, recipeOf(p), recipeOf(r)).value_or(0);
  });
}

double qdo_rt_exact_overlap_re(qdo_ctx *ctx, qdo_site site, qdo_prep p, qdo_prep r) {
  return guarded(ctx, site, [&](Context &context) {
    return overlapOf(context, site, recipeOf(p), recipeOf(r)).real();
  });
}

double qdo_rt_exact_overlap_im(qdo_ctx *ctx, qdo_site site, qdo_prep p, qdo_prep r) {
  return guarded(ctx, site, [&](Context &context) {
    return overlapOf(context, site, recipeOf(p), recipeOf(r)).imag();
  });
}

double qdo_rt_exact_expect(qdo_ctx *ctx, qdo_site site, qdo_prep p, qdo_observable observable) {
  return guarded(ctx, site, [&](Context &context) {
    return exactMean(context, site, recipeOf(p), *as<Observable>(observable));
  });
}

qdo_amplitudes qdo_rt_exact_amplitudes(qdo_ctx *ctx, qdo_site site, qdo_prep p) {
  return guarded(ctx, site, [&](Context &context) -> void * {
    auto state = backend(context).state(context, site, recipeOf(p));
    return state ? handle(context.make<Amplitudes>(std::move(state))) : nullptr;
  });
}

int64_t qdo_rt_live_prepare(qdo_ctx *ctx, qdo_site site, qdo_prep p) {
  return guarded(ctx, site, [&](Context &context) -> int64_t {
    auto &live = context.part<LiveQubits>();
    // Outside a block of `estimate`, waking an empty quantum memory is one shot of one circuit.
    Policy *policy = nullptr;
    double seconds = 0;
    if (live.empty() && !live.insideShot()) {
      policy = qdo::estimate::requirePolicy(context, site);
      seconds = policy ? shotSeconds(context, *policy, 0) : 0;
      if (!policy || !context.part<Policies>().pay(context, site, *policy, 1, 1, seconds))
        return 0;
    }
    const int64_t first = live.prepare(context, site, recipeOf(p));
    if (policy && !context.ok())
      context.part<Policies>().giveBack(context, *policy, 1, 1, seconds);
    return std::max<int64_t>(0, first);
  });
}

void qdo_rt_live_gate(qdo_ctx *ctx, qdo_site site, int64_t gate, bool inverse, qdo_wires wires,
                      int64_t count, double a, double b, double c, double d) {
  guarded(ctx, site, [&](Context &context) {
    const double angles[4] = {a, b, c, d};
    if (!std::isfinite(a + b + c + d)) {
      context.fail(site, Kind::AngleNotFinite, "this gate");
      return;
    }
    context.part<LiveQubits>().gate(context, site, static_cast<int>(gate), inverse,
                                    {wires, static_cast<size_t>(count)}, angles);
  });
}

qdo_array qdo_rt_live_angles(qdo_ctx *ctx, qdo_site site, int64_t rule, qdo_data data,
                             int64_t count) {
  return guarded(ctx, site, [&](Context &context) -> void * {
    const auto known = static_cast<qdo::angles::Rule>(rule);
    auto *angles = context.make<Array>(qdo::angles::angleCount(known, count), 0);
    auto verdict =
        qdo::angles::compute(known, {data, static_cast<size_t>(count)}, angles->values());
    return refuses(context, site, verdict) ? nullptr : handle(angles);
  });
}

bool qdo_rt_live_measure(qdo_ctx *ctx, qdo_site site, int64_t qubit) {
  return guarded(ctx, site, [&](Context &context) {
    return context.part<LiveQubits>().measure(context, site, qubit);
  });
}

void qdo_rt_live_discard(qdo_ctx *ctx, qdo_site site, int64_t qubit) {
  // Discarding is measuring and not looking: the rest is left in the same mixture.
  guarded(ctx, site,
          [&](Context &context) { context.part<LiveQubits>().measure(context, site, qubit); });
}

} // extern "C"
