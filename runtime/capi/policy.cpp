// SPDX-License-Identifier: Apache-2.0
// entry_points.def, policies and what is measured under them.
#include "runtime/base/format.h"
#include "runtime/base/guard.h"
#include "runtime/estimate/ledger.h"
#include "runtime/estimate/quantities.h"
#include "runtime/shadow/overlap.h"

#include <algorithm>
#include <cmath>

using namespace qdo::base;
using namespace qdo::estimate;
using qdo::sim::Observable;
using qdo::sim::Recipe;

/// A clause's number within its limits, or a failure that names the policy.
template <class Number, class Limits>
static bool check(Context &context, qdo_site site, bool good, const char *clause,
                  const Policy &policy, Number value, Limits limits) {
  if (!good)
    context.fail(site, Kind::BadValue, fmt::format("`{}` of `{}`", clause, policy.name), value,
                 limits);
  return good;
}

/// Runs body(policy) under the policy in force.
template <class Body> static void *measured(qdo_ctx *ctx, qdo_site site, Body body) {
  return guarded(ctx, site, [&](Context &context) -> void * {
    Policy *policy = requirePolicy(context, site);
    if (!policy)
      return nullptr;
    context.part<Ledger>().note(*policy);
    return handle(body(context, *policy));
  });
}

/// The same for an estimate, which reports show as `what`.
template <class Body>
static void *estimated(qdo_ctx *ctx, qdo_site site, const char *what, Body body) {
  return measured(ctx, site, [&](Context &context, const Policy &policy) {
    Estimate *estimate = body(context, policy);
    if (estimate)
      context.part<Ledger>().note(site, what, *estimate);
    return estimate;
  });
}

extern "C" {

qdo_policy qdo_rt_policy_exact(qdo_ctx *ctx) {
  return guarded(ctx, 0, [](Context &context) {
    return handle(context.make<Policy>(Policy::Mode::Exact, "exact"));
  });
}

qdo_policy qdo_rt_policy_shots(qdo_ctx *ctx, qdo_site site, int64_t shots) {
  return guarded(ctx, site, [&](Context &context) -> void * {
    auto *policy =
        context.make<Policy>(Policy::Mode::Fixed, "shots(" + std::to_string(shots) + ")");
    if (!check(context, site, shots >= 1, "shots", *policy, shots, "at least 1"))
      return nullptr;
    policy->low = shots;
    return handle(policy);
  });
}

qdo_policy qdo_rt_policy_new(qdo_ctx *ctx, qdo_text name) {
  return guarded(ctx, 0, [&](Context &context) {
    return handle(context.make<Policy>(Policy::Mode::Sequential, name));
  });
}

void qdo_rt_policy_budget(qdo_ctx *ctx, qdo_site site, qdo_policy policy, int64_t shots) {
  guarded(ctx, site, [&](Context &context) {
    Policy &p = *as<Policy>(policy);
    if (check(context, site, shots >= 0, "budget", p, shots, "0 or more"))
      p.budget = shots;
  });
}

void qdo_rt_policy_least(qdo_ctx *ctx, qdo_site site, qdo_policy policy, int64_t least) {
  guarded(ctx, site, [&](Context &context) {
    const Policy &p = *as<Policy>(policy);
    if (p.budget && least > *p.budget && !context.exact())
      context.fail(site, Kind::Overspending, least, p.name, *p.budget).help =
          fmt::format("raise the budget to at least {} shots, or lower `each`", least);
  });
}

void qdo_rt_policy_each(qdo_ctx *ctx, qdo_site site, qdo_policy policy, int64_t low, int64_t high) {
  guarded(ctx, site, [&](Context &context) {
    Policy &p = *as<Policy>(policy);
    if (!check(context, site, low >= 1, "each", p, low, "at least 1") ||
        !check(context, site, high == -1 || high >= low, "each", p,
               fmt::format("{} to {}", low, high), "from the smaller to the larger number"))
      return;
    p.low = low;
    p.high = high == -1 ? std::nullopt : std::optional(high);
  });
}

void qdo_rt_policy_batch(qdo_ctx *ctx, qdo_site site, qdo_policy policy, int64_t shots) {
  guarded(ctx, site, [&](Context &context) {
    Policy &p = *as<Policy>(policy);
    if (check(context, site, shots >= 1, "batch", p, shots, "at least 1"))
      p.batch = shots;
  });
}

void qdo_rt_policy_confidence(qdo_ctx *ctx, qdo_site site, qdo_policy policy, double confidence) {
  guarded(ctx, site, [&](Context &context) {
    Policy &p = *as<Policy>(policy);
    if (check(context, site, confidence > 0 && confidence < 1, "confidence", p,
              fmt::format("{}%", confidence * 100), "above 0% and below 100%"))
      p.confidence = confidence;
  });
}

void qdo_rt_policy_method(qdo_ctx *ctx, qdo_site site, qdo_policy policy, int64_t method,
                          int64_t joint) {
  guarded(ctx, site, [&](Context &context) {
    Policy &p = *as<Policy>(policy);
    if (!check(context, site, joint >= 1, "joint", p, joint, "at least 1"))
      return;
    p.method = static_cast<Method>(method);
    p.joint = joint;
  });
}

void qdo_rt_policy_reset(qdo_ctx *ctx, qdo_site site, qdo_policy policy, int64_t kind,
                         double withoutT1, double withT1) {
  guarded(ctx, site, [&](Context &context) {
    Policy &p = *as<Policy>(policy);
    const bool good = withoutT1 >= 0 && withT1 > 0 && std::isfinite(withT1);
    if (check(context, site, good, "reset", p, formatDuration("", withoutT1),
              "longer than no time, and finite"))
      p.reset = {static_cast<Reset::Kind>(kind), withoutT1, withT1 - withoutT1};
  });
}

void qdo_rt_policy_reset_cheapest(qdo_ctx *ctx, qdo_site site, qdo_policy policy, double bias,
                                  double round) {
  guarded(ctx, site, [&](Context &context) {
    Policy &p = *as<Policy>(policy);
    if (check(context, site, bias > 0 && bias < 1, "bias", p, bias, "above 0 and below 1") &&
        check(context, site, round > 0 && std::isfinite(round), "reset", p,
              formatDuration("", round), "longer than no time, and finite"))
      p.reset = {Reset::Kind::Cheapest, round, 0, bias};
  });
}

void qdo_rt_policy_combine(qdo_ctx *ctx, qdo_site site, qdo_policy policy, int64_t groups) {
  guarded(ctx, site, [&](Context &context) {
    Policy &p = *as<Policy>(policy);
    if (check(context, site, groups >= 1, "median_of_means", p, groups, "at least 1 group"))
      p.combine = {groups};
  });
}

void qdo_rt_policy_mitigate(qdo_ctx *ctx, qdo_site site, qdo_policy policy, bool readout) {
  guarded(ctx, site, [&](Context &) { as<Policy>(policy)->mitigation = {readout, {}}; });
}

void qdo_rt_policy_noise_factor(qdo_ctx *ctx, qdo_site site, qdo_policy policy, double factor) {
  guarded(ctx, site, [&](Context &context) {
    Policy &p = *as<Policy>(policy);
    auto &factors = p.mitigation.factors;
    const bool first = factors.empty();
    if (check(context, site, first ? factor == 1 : factor > factors.back() && std::isfinite(factor),
              "zne", p, factor, first ? "1, the noise as it is" : "above the factor before it"))
      factors.push_back(factor);
  });
}

void qdo_rt_policy_overlap(qdo_ctx *ctx, qdo_policy policy, qdo_text name) {
  guarded(ctx, 0, [&](Context &) {
    const auto ways = overlapWays();
    const auto way = std::ranges::find(ways, std::string_view(name), &OverlapWay::name);
    as<Policy>(policy)->overlap =
        way == ways.end() ? std::nullopt : std::optional<OverlapKind>(way->kind);
  });
}

void qdo_rt_policy_group(qdo_ctx *ctx, qdo_policy policy, int64_t grouping) {
  guarded(ctx, 0,
          [&](Context &) { as<Policy>(policy)->grouping = static_cast<Grouping>(grouping); });
}

void qdo_rt_policy_gradient(qdo_ctx *ctx, qdo_site site, qdo_policy policy, int64_t kind,
                            double step) {
  guarded(ctx, site, [&](Context &context) {
    Policy &p = *as<Policy>(policy);
    const bool spsa = kind == static_cast<int64_t>(Gradient::Kind::Spsa);
    if (check(context, site, !spsa || (step > 0 && std::isfinite(step)), "spsa", p, step,
              "above 0"))
      p.gradient = {static_cast<Gradient::Kind>(kind), step};
  });
}

void qdo_rt_policy_deadline(qdo_ctx *ctx, qdo_site site, qdo_policy policy, double seconds) {
  guarded(ctx, site, [&](Context &context) {
    Policy &p = *as<Policy>(policy);
    if (check(context, site, seconds > 0, "deadline", p, formatDuration("", seconds),
              "longer than no time"))
      p.deadline = seconds;
  });
}

void qdo_rt_policy_allocate(qdo_ctx *ctx, qdo_policy policy, int64_t rule) {
  guarded(ctx, 0,
          [&](Context &) { as<Policy>(policy)->allocation = static_cast<Allocation>(rule); });
}

void qdo_rt_policy_until(qdo_ctx *ctx, qdo_policy policy, qdo_fn until, qdo_env env) {
  guarded(ctx, 0, [&](Context &) {
    as<Policy>(policy)->until = reinterpret_cast<UntilFn>(until);
    as<Policy>(policy)->untilEnv = env;
  });
}

void qdo_rt_with_push(qdo_ctx *ctx, qdo_policy policy) {
  guarded(ctx, 0, [&](Context &context) { context.part<Policies>().push(as<Policy>(policy)); });
}

void qdo_rt_with_pop(qdo_ctx *ctx) {
  guarded(ctx, 0, [](Context &context) { context.part<Policies>().pop(); });
}

int64_t qdo_rt_spent_shots(qdo_ctx *ctx) { return Context::of(ctx).spent.shots; }
int64_t qdo_rt_spent_circuits(qdo_ctx *ctx) { return Context::of(ctx).spent.circuits; }

double qdo_rt_spent_time(qdo_ctx *ctx) { return Context::of(ctx).spent.seconds; }

int64_t qdo_rt_spent_left(qdo_ctx *ctx, qdo_site site) {
  return guarded(ctx, site, [&](Context &context) -> int64_t {
    Policies &policies = context.part<Policies>();
    const Policy *policy = policies.innermost();
    const int64_t left = policy ? policies.remaining(*policy) : INT64_MAX;
    if (left == INT64_MAX)
      context.fail(site, Kind::BadValue, "the budget here", "missing",
                   "that of a policy, so that something can be left of it");
    return context.ok() ? left : 0;
  });
}

qdo_env qdo_rt_env_new(qdo_ctx *ctx, int64_t slots) {
  return guarded(ctx, 0, [&](Context &context) { return context.makeEnv(slots); });
}

qdo_estimate qdo_rt_estimate_fidelity(qdo_ctx *ctx, qdo_site site, qdo_prep p, qdo_prep r) {
  return estimated(ctx, site, "fidelity", [&](Context &context, const Policy &policy) {
    return qdo::shadow::fidelityUnder(context, site, *as<Recipe>(p), *as<Recipe>(r), policy);
  });
}

qdo_estimate qdo_rt_fidelity_by(qdo_ctx *ctx, qdo_site site, qdo_prep p, qdo_prep r,
                                qdo_string way) {
  return measured(ctx, site, [&](Context &context, const Policy &policy) -> Estimate * {
    const Recipe &left = *as<Recipe>(p), &right = *as<Recipe>(r);
    const std::string &name = as<String>(way)->text;
    if (name.empty())
      return qdo::shadow::fidelityUnder(context, site, left, right, policy);
    const OverlapWay *by = overlapWayNamed(context, site, name);
    return by ? qdo::shadow::fidelityBy(context, site, left, right, policy, *by) : nullptr;
  });
}

qdo_estimate qdo_rt_overlap_part(qdo_ctx *ctx, qdo_site site, qdo_prep p, qdo_prep r,
                                 bool imaginary) {
  return measured(ctx, site, [&](Context &context, const Policy &policy) {
    return estimateOverlapPart(context, site, *as<Recipe>(p), *as<Recipe>(r), imaginary, policy);
  });
}

qdo_estimate qdo_rt_estimate_expect(qdo_ctx *ctx, qdo_site site, qdo_prep p,
                                    qdo_observable observable) {
  return estimated(ctx, site, "expectation value", [&](Context &context, const Policy &policy) {
    return estimateExpect(context, site, *as<Recipe>(p), *as<Observable>(observable), policy);
  });
}

qdo_estimate qdo_rt_estimate_purity(qdo_ctx *ctx, qdo_site site, qdo_prep p, int64_t qubits) {
  return estimated(ctx, site, "purity", [&](Context &context, const Policy &policy) {
    return estimatePurity(context, site, *as<Recipe>(p), static_cast<uint64_t>(qubits), policy);
  });
}

qdo_estimate qdo_rt_estimate_block(qdo_ctx *ctx, qdo_site site, qdo_fn shot, qdo_env env,
                                   int64_t content) {
  return estimated(ctx, site, "share of shots", [&](Context &context, const Policy &policy) {
    auto run = reinterpret_cast<bool (*)(qdo_ctx *, qdo_env)>(shot);
    return estimateBlock(
        context, site, [&] { return run(ctx, env); }, static_cast<uint64_t>(content), policy);
  });
}

qdo_counts qdo_rt_sample(qdo_ctx *ctx, qdo_site site, qdo_prep p, int64_t shots) {
  return measured(ctx, site, [&](Context &context, const Policy &policy) {
    return sample(context, site, *as<Recipe>(p), shots == -1 ? std::nullopt : std::optional(shots),
                  policy);
  });
}

} // extern "C"
