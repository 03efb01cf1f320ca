// SPDX-License-Identifier: Apache-2.0
// A rule for each observable.
#include "runtime/estimate/precision.h"

#include <fmt/format.h>

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
    Estimate *estimate = estimateExpect(ctx, site, recipe, *observables[i], *own);
    if (!estimate)
      return {};
    estimates.push_back(estimate);
  }
  return estimates;
}

} // namespace qdo::estimate
