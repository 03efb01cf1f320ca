// SPDX-License-Identifier: Apache-2.0
// entry_points.def, selection: clauses one by one, then the loop.
#include "runtime/base/guard.h"
#include "runtime/select/race.h"
#include "runtime/select/selection.h"

using namespace qdo::base;
using namespace qdo::select;
using qdo::data::Dataset;
using qdo::estimate::Policy;

template <class Fn> static Clause<Fn> clause(qdo_fn fn, qdo_env env) {
  return {reinterpret_cast<Fn>(fn), env};
}

extern "C" {

qdo_selection qdo_rt_select_new(qdo_ctx *ctx, qdo_site site, qdo_text name, qdo_dataset pool) {
  return guarded(ctx, site, [&](Context &context) {
    return handle(context.make<Selection>(context, name, as<Dataset>(pool)));
  });
}

void qdo_rt_select_start(qdo_ctx *, qdo_site site, qdo_selection selection, int64_t count,
                         bool stratified) {
  Selection &of = *as<Selection>(selection);
  of.startCount = count;
  of.stratified = stratified;
  of.startSite = site;
}

void qdo_rt_select_take(qdo_ctx *, qdo_site site, qdo_selection selection, int64_t count) {
  as<Selection>(selection)->takeCount = count;
  as<Selection>(selection)->takeSite = site;
}

void qdo_rt_select_with(qdo_ctx *, qdo_selection selection, qdo_policy policy) {
  as<Selection>(selection)->policy = as<Policy>(policy);
}

void qdo_rt_select_learn(qdo_ctx *, qdo_selection selection, qdo_fn fn, qdo_env env) {
  as<Selection>(selection)->learn = clause<LearnFn>(fn, env);
}

void qdo_rt_select_score(qdo_ctx *, qdo_selection selection, qdo_fn fn, qdo_env env) {
  as<Selection>(selection)->score = clause<ScoreFn>(fn, env);
}

double qdo_rt_select_score_value(qdo_ctx *ctx, qdo_estimate e) {
  const auto *estimate = as<qdo::estimate::Estimate>(e);
  Context::of(ctx).part<Scored>().estimate = estimate;
  return estimate->value;
}

void qdo_rt_select_stop(qdo_ctx *, qdo_selection selection, qdo_fn fn, qdo_env env) {
  as<Selection>(selection)->stop = clause<StopFn>(fn, env);
}

void qdo_rt_select_reason(qdo_ctx *ctx, qdo_selection selection, qdo_text text) {
  guarded(ctx, 0, [&](Context &) { as<Selection>(selection)->reasons.emplace_back(text); });
}

void qdo_rt_select_each(qdo_ctx *, qdo_selection selection, qdo_fn fn, qdo_env env) {
  as<Selection>(selection)->each = clause<EachFn>(fn, env);
}

void qdo_rt_select_run(qdo_ctx *ctx, qdo_site site, qdo_selection selection) {
  guarded(ctx, site, [&](Context &context) { as<Selection>(selection)->run(context, site); });
}

qdo_dataset qdo_rt_select_chosen(qdo_ctx *, qdo_selection selection) {
  return handle(as<Selection>(selection)->chosen);
}

qdo_model qdo_rt_select_model(qdo_ctx *, qdo_selection selection) {
  return handle(as<Selection>(selection)->model);
}

int64_t qdo_rt_select_round(qdo_ctx *, qdo_selection selection) {
  return as<Selection>(selection)->round;
}

qdo_string qdo_rt_select_stopped(qdo_ctx *ctx, qdo_selection selection) {
  return guarded(ctx, 0, [&](Context &context) {
    return handle(context.make<String>(as<Selection>(selection)->stopped));
  });
}

} // extern "C"
