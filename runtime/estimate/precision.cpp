// SPDX-License-Identifier: Apache-2.0
// A rule for each observable.
#include "runtime/estimate/precision.h"

#include "runtime/estimate/parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>

namespace qdo::estimate {

namespace {
/// Environments of the rule, by half-width: equal ones are one policy, so what was measured is not
/// paid again.
struct Widths {
  std::map<double, void *> envs;
};

bool narrowEnough(qdo_ctx *, void *env, double, double, double halfWidth, double, double, int64_t,
                  int64_t) {
  double within = 0;
  std::memcpy(&within, env, sizeof within);
  return halfWidth <= within;
}
/// Under `group commuting` what asks for one precision is grouped as one sum, before any of it is
/// measured: the circuits are known to the run then, and who is measured finds them. False after a
/// failure.
bool planTogether(base::Context &ctx, qdo_site site, const sim::Recipe &recipe,
                  std::span<const sim::Observable *const> observables, const Policy &policy) {
  sim::Observable all;
  for (const sim::Observable *observable : observables) {
    if (!sim::checkFits(ctx, site, *observable, recipe.qubits))
      return false;
    for (const auto &term : observable->terms)
      all.add(std::abs(term.weight), term);
  }
  return partsOf(ctx, site, recipe, sumOf(all, recipe.qubits), policy, Waits::Fold).has_value();
}
} // namespace

std::vector<Estimate *> estimateEach(base::Context &ctx, qdo_site site, const sim::Recipe &recipe,
                                     std::span<const sim::Observable *const> observables,
                                     std::span<const double> within, const Policy &policy) {
  if (within.size() != observables.size()) {
    ctx.fail(site, base::Kind::BadValue, "the number of precisions in `within`", within.size(),
             fmt::format("{}, one for each observable", observables.size()));
    return {};
  }
  std::vector<Estimate *> estimates;
  for (size_t i = 0; i < observables.size(); ++i) {
    if (!(within[i] > 0) || !std::isfinite(within[i])) {
      ctx.fail(site, base::Kind::BadValue, "`within`", within[i], "a number above 0");
      return {};
    }
    void *&env = ctx.part<Widths>().envs[within[i]];
    if (!env) {
      env = ctx.makeEnv(1);
      std::memcpy(env, &within[i], sizeof within[i]);
    }
    const auto own = policy.withUntil(narrowEnough, env);
    if (policy.grouping == Grouping::Commuting && !ctx.exact() &&
        std::ranges::count(within.first(i), within[i]) == 0) {
      std::vector<const sim::Observable *> alike;
      for (size_t k = i; k < within.size(); ++k)
        if (within[k] == within[i])
          alike.push_back(observables[k]);
      if (!planTogether(ctx, site, recipe, alike, *own))
        return {};
    }
    Estimate *estimate = estimateExpect(ctx, site, recipe, *observables[i], *own);
    if (!estimate)
      return {};
    estimates.push_back(estimate);
  }
  return estimates;
}

} // namespace qdo::estimate
