// SPDX-License-Identifier: Apache-2.0
// entry_points.def, gradients: the record of a function under differentiation, `grad`, `minimize`.
#include "runtime/base/guard.h"
#include "runtime/gradient/optimizer.h"

#include <algorithm>
#include <cmath>

using namespace qdo::base;
using namespace qdo::gradient;
using qdo::estimate::Estimate;
using qdo::sim::Recipe;

/// Whether some policy says how; fails when none does.
static bool measures(Context &context, qdo_site site) {
  return context.part<qdo::estimate::Policies>().innermost() ||
         qdo::estimate::requirePolicy(context, site);
}

static Tape &tapeOf(Context &context) { return *context.part<Recording>().tape; }

static Objective objectiveOf(Context &context, qdo_site site, qdo_fn fn, qdo_env env) {
  return {context, site, {reinterpret_cast<FunctionFn>(fn), env}};
}

/// The slopes of a function at a point; nothing after a failure.
static std::optional<std::vector<Result>> slopesAt(Context &context, qdo_site site, qdo_fn fn,
                                                   qdo_env env, const Array &point) {
  auto here = objectiveOf(context, site, fn, env).gradient(point.values(), false);
  return here ? std::optional(std::move(here->slopes)) : std::nullopt;
}

/// The estimate of a result, for the rest of the run.
static Estimate *keptBy(Context &context, Result &result) {
  return result.estimate ? context.adopt(std::move(result.estimate))
                         : qdo::estimate::number(context, result.value);
}

static Array *arrayLike(Context &context, const Array &shape) {
  return context.make<Array>(shape.rows, shape.columns);
}

namespace {
/// A fit with the shape of its start.
struct Reached final : Object {
  Reached(std::unique_ptr<Fit> fit, const Array &shape)
      : Object(ObjectKind::Fit), fit(std::move(fit)), rows(shape.rows), columns(shape.columns) {}
  std::string format(std::string_view spec) const override { return fit->format(spec); }

  std::unique_ptr<Fit> fit;
  const int64_t rows, columns;
};

/// A number of an optimiser that has to be above 0 (or may be 0).
bool positive(Context &context, qdo_site site, const char *name, double value) {
  if (std::isfinite(value) && value > 0)
    return true;
  context.fail(site, Kind::BadValue, fmt::format("`{}`", name), value, "above 0");
  return false;
}

template <class Fill>
void *optimizer(qdo_ctx *ctx, qdo_site site, Optimizer::Rule rule, double rate, int64_t steps,
                Fill fill) {
  return guarded(ctx, site, [&](Context &context) -> void * {
    auto *made = context.make<Optimizer>(rule);
    made->rate = rate;
    made->steps = steps;
    if (steps < 0) {
      context.fail(site, Kind::BadValue, "the number of steps", steps, "0 or more");
      return nullptr;
    }
    return positive(context, site, "rate", rate) && fill(context, *made) ? handle(made) : nullptr;
  });
}
} // namespace

extern "C" {

double qdo_rt_gradient_number(qdo_ctx *ctx, qdo_site site, qdo_estimate e) {
  return guarded(ctx, site, [&](Context &context) {
    Node *node = tapeOf(context).lift(as<Object>(e));
    return tapeOf(context).value(node) ? node->number : 0.0;
  });
}

qdo_estimate qdo_rt_gradient_extreme(qdo_ctx *ctx, qdo_estimate a, qdo_estimate b, bool most) {
  return guarded(ctx, 0, [&](Context &context) {
    Tape &tape = tapeOf(context);
    return handle(tape.extreme(tape.lift(as<Object>(a)), tape.lift(as<Object>(b)), most));
  });
}

qdo_prep qdo_rt_gradient_recipe(qdo_ctx *ctx, qdo_site site, qdo_fn circuit, qdo_list list) {
  return guarded(ctx, site, [&](Context &context) -> void * {
    Tape &tape = tapeOf(context);
    const List &numbers = *as<List>(list);
    std::vector<double> data;
    std::vector<Object *> inputs;
    for (const List::Slot &slot : numbers.slots) {
      Node *node = tape.lift(as<Object>(slot.object));
      if (!tape.value(node))
        return nullptr;
      data.push_back(node->number);
      inputs.push_back(node->step == Node::Step::Constant ? nullptr : node);
    }
    return handle(qdo::sim::makeTraced(context, static_cast<const qdo_circuit *>(circuit), data,
                                       std::move(inputs)));
  });
}

qdo_estimate qdo_rt_gradient_fidelity(qdo_ctx *ctx, qdo_site site, qdo_prep bra, qdo_prep ket) {
  return guarded(ctx, site, [&](Context &context) -> void * {
    if (!measures(context, site))
      return nullptr;
    return handle(tapeOf(context).measured(site, Quantity::Fidelity, as<Recipe>(ket),
                                           as<Recipe>(bra), nullptr));
  });
}

qdo_estimate qdo_rt_gradient_expect(qdo_ctx *ctx, qdo_site site, qdo_prep prep,
                                    qdo_observable observable) {
  return guarded(ctx, site, [&](Context &context) -> void * {
    if (!measures(context, site))
      return nullptr;
    return handle(tapeOf(context).measured(site, Quantity::Expect, as<Recipe>(prep), nullptr,
                                           as<qdo::sim::Observable>(observable)));
  });
}

qdo_estimate qdo_rt_gradient_overlap(qdo_ctx *ctx, qdo_site site, qdo_prep bra, qdo_prep ket,
                                     bool imaginary) {
  return guarded(ctx, site, [&](Context &context) -> void * {
    if (!measures(context, site))
      return nullptr;
    return handle(tapeOf(context).measured(site,
                                           imaginary ? Quantity::OverlapIm : Quantity::OverlapRe,
                                           as<Recipe>(ket), as<Recipe>(bra), nullptr));
  });
}

qdo_array qdo_rt_grad_exact(qdo_ctx *ctx, qdo_site site, qdo_fn fn, qdo_env env, qdo_array at) {
  return guarded(ctx, site, [&](Context &context) -> void * {
    const auto slopes = slopesAt(context, site, fn, env, *as<Array>(at));
    if (!slopes)
      return nullptr;
    Array *gradient = arrayLike(context, *as<Array>(at));
    std::ranges::transform(*slopes, gradient->values().begin(), &Result::value);
    return handle(gradient);
  });
}

qdo_list qdo_rt_grad_measured(qdo_ctx *ctx, qdo_site site, qdo_fn fn, qdo_env env, qdo_array at) {
  return guarded(ctx, site, [&](Context &context) -> void * {
    auto slopes = slopesAt(context, site, fn, env, *as<Array>(at));
    if (!slopes)
      return nullptr;
    auto *list = context.make<List>();
    for (Result &slope : *slopes) {
      list->slots.push_back({.object = handle(keptBy(context, slope))});
      ++list->size;
    }
    return handle(list);
  });
}

qdo_optimizer qdo_rt_optimizer_descent(qdo_ctx *ctx, qdo_site site, double rate, int64_t steps) {
  return optimizer(ctx, site, Optimizer::Rule::Descent, rate, steps,
                   [](Context &, Optimizer &) { return true; });
}

qdo_optimizer qdo_rt_optimizer_adam(qdo_ctx *ctx, qdo_site site, double rate, int64_t steps) {
  return optimizer(ctx, site, Optimizer::Rule::Adam, rate, steps,
                   [](Context &, Optimizer &) { return true; });
}

qdo_optimizer qdo_rt_optimizer_lbfgs(qdo_ctx *ctx, qdo_site site, int64_t steps) {
  return optimizer(ctx, site, Optimizer::Rule::Lbfgs, 1, steps,
                   [](Context &, Optimizer &) { return true; });
}

qdo_optimizer qdo_rt_optimizer_cma(qdo_ctx *ctx, qdo_site site, double sigma, int64_t generations,
                                   int64_t population) {
  return optimizer(ctx, site, Optimizer::Rule::Cma, 1, generations,
                   [&](Context &context, Optimizer &made) {
                     made.sigma = sigma;
                     made.population = population;
                     return positive(context, site, "sigma", sigma);
                   });
}

qdo_optimizer qdo_rt_optimizer_spsa(qdo_ctx *ctx, qdo_site site, double rate, double c,
                                    int64_t steps) {
  return optimizer(ctx, site, Optimizer::Rule::Spsa, rate, steps,
                   [&](Context &context, Optimizer &made) {
                     made.perturbation = c;
                     return positive(context, site, "c", c);
                   });
}

static qdo_optimizer frugalRule(qdo_ctx *ctx, qdo_site site, Optimizer::Rule rule, double rate,
                                double lipschitz, int64_t steps, int64_t least) {
  return optimizer(ctx, site, rule, rate, steps, [&](Context &context, Optimizer &made) {
    made.lipschitz = lipschitz;
    made.leastShots = least;
    if (least < 2) {
      context.fail(site, Kind::BadValue, "`least`", least, "2 or more");
      return false;
    }
    return positive(context, site, "lipschitz", lipschitz);
  });
}

qdo_optimizer qdo_rt_optimizer_icans(qdo_ctx *ctx, qdo_site site, double rate, double lipschitz,
                                     int64_t steps, int64_t least) {
  return frugalRule(ctx, site, Optimizer::Rule::Icans, rate, lipschitz, steps, least);
}

qdo_optimizer qdo_rt_optimizer_gcans(qdo_ctx *ctx, qdo_site site, double rate, double lipschitz,
                                     int64_t steps, int64_t least) {
  return frugalRule(ctx, site, Optimizer::Rule::Gcans, rate, lipschitz, steps, least);
}

qdo_fit qdo_rt_minimize(qdo_ctx *ctx, qdo_site site, qdo_fn fn, qdo_env env, qdo_array from,
                        qdo_optimizer by) {
  return guarded(ctx, site, [&](Context &context) -> void * {
    const Array &point = *as<Array>(from);
    Objective objective = objectiveOf(context, site, fn, env);
    auto fit = minimize(context, site, *as<Optimizer>(by), objective, point.values());
    return fit ? handle(context.make<Reached>(std::move(fit), point)) : nullptr;
  });
}

static qdo::estimate::Estimate *estimateOf(Context &context, const Result &value) {
  return value.estimate ? context.adopt(copyOf(*value.estimate))
                        : qdo::estimate::number(context, value.value);
}

static Fit &fitOf(qdo_fit fit) { return *as<Reached>(fit)->fit; }

qdo_array qdo_rt_fit_at(qdo_ctx *ctx, qdo_fit fit) {
  return guarded(ctx, 0, [&](Context &context) {
    const Reached &reached = *as<Reached>(fit);
    auto *array = context.make<Array>(reached.rows, reached.columns);
    std::ranges::copy(reached.fit->at, array->values().begin());
    return handle(array);
  });
}

double qdo_rt_fit_value(qdo_ctx *, qdo_fit fit) { return fitOf(fit).value.value; }

qdo_estimate qdo_rt_fit_estimate(qdo_ctx *ctx, qdo_fit fit) {
  return guarded(ctx, 0,
                 [&](Context &context) { return handle(estimateOf(context, fitOf(fit).value)); });
}

int64_t qdo_rt_fit_steps(qdo_ctx *, qdo_fit fit) { return fitOf(fit).steps; }

qdo_string qdo_rt_fit_stopped(qdo_ctx *ctx, qdo_fit fit) {
  return guarded(
      ctx, 0, [&](Context &context) { return handle(context.make<String>(fitOf(fit).stopped)); });
}

qdo_array qdo_rt_fit_history(qdo_ctx *ctx, qdo_fit fit) {
  return guarded(ctx, 0, [&](Context &context) {
    const std::vector<Result> &history = fitOf(fit).history;
    auto *array = context.make<Array>(static_cast<int64_t>(history.size()), 0);
    std::ranges::transform(history, array->values().begin(), &Result::value);
    return handle(array);
  });
}

qdo_list qdo_rt_fit_history_measured(qdo_ctx *ctx, qdo_fit fit) {
  return guarded(ctx, 0, [&](Context &context) {
    auto *list = context.make<List>();
    for (const Result &value : fitOf(fit).history)
      list->slots.push_back({.object = handle(estimateOf(context, value))});
    list->size = static_cast<int64_t>(list->slots.size());
    return handle(list);
  });
}

} // extern "C"
