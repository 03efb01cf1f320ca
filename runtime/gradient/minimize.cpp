// SPDX-License-Identifier: Apache-2.0
// What every optimiser shares: the start, the end of budgets, the value at the end.
#include "runtime/gradient/optimizer.h"

#include "runtime/base/format.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace qdo::gradient {

using base::Kind;

std::string Optimizer::format(std::string_view) const {
  static constexpr const char *names[] = {
      "gradient_descent", "adam", "lbfgs", "cma", "spsa", "icans", "gcans"};
  return names[static_cast<size_t>(rule)];
}

std::string Fit::format(std::string_view spec) const {
  return base::formatReal(spec, value.value) + " after " + std::to_string(steps) + " steps (" +
         stopped + ")";
}

double lengthOf(const Evaluation &evaluation) {
  return std::sqrt(
      std::transform_reduce(evaluation.slopes.begin(), evaluation.slopes.end(), 0.0, std::plus<>(),
                            [](const Result &slope) { return slope.value * slope.value; }));
}

std::string stepsOf(const Fit &fit) {
  return std::to_string(fit.steps) + (fit.steps == 1 ? " step" : " steps");
}

Result copyOf(const Result &result, int64_t among) {
  return {result.value, result.standardError,
          result.estimate ? copyOf(*result.estimate, among) : nullptr};
}

bool note(base::Context &ctx, qdo_site site, Fit &fit, Result value) {
  if (!std::isfinite(value.value)) {
    ctx.fail(site, Kind::LossNotFinite, stepsOf(fit)).help =
        "start nearer to what is known to work, or take smaller steps: `rate:`";
    return false;
  }
  fit.history.push_back(copyOf(value));
  fit.known = fit.at;
  fit.value = std::move(value);
  return true;
}

/// A purse that is empty is the end of a training and no failure.
static bool endsWell(Kind kind) { return kind == Kind::BudgetExhausted; }

std::unique_ptr<Fit> minimize(base::Context &ctx, qdo_site site, const Optimizer &by,
                              Objective &objective, std::span<const double> from) {
  auto fit = std::make_unique<Fit>();
  fit->at.assign(from.begin(), from.end());
  using enum Optimizer::Rule;
  auto rule = by.rule == Lbfgs                       ? lbfgs
              : by.rule == Cma                       ? cma
              : by.rule == Icans || by.rule == Gcans ? frugal
                                                     : descend;
  fit->stopped = rule(ctx, site, by, objective, *fit);
  // The value where it ended; under the same policy it is paid once.
  if (ctx.ok() && by.rule != Lbfgs && by.rule != Cma)
    if (auto value = objective.value(fit->at); !value || !note(ctx, site, *fit, std::move(*value)))
      if (ctx.ok())
        return nullptr;
  if (by.rule == Cma) // the best of all that it asked for
    fit->value = copyOf(fit->value, std::max<int64_t>(objective.values(), 1));
  if (!ctx.ok()) {
    if (fit->known.empty() || !endsWell(ctx.failure()->kind))
      return nullptr;
    ctx.takeFailure();
    const bool late = ctx.part<estimate::Policies>().deadlinePassed();
    fit->stopped = late ? "deadline" : "budget";
    fit->at = fit->known; // a step that nobody measured is not reached
  }
  return fit;
}

} // namespace qdo::gradient
