// SPDX-License-Identifier: Apache-2.0
// Shot-frugal descent: how many shots a slope gets follows from its size and its noise.
// In: an objective under shots. Out: steps, with ever more shots as the gradient gets small.
// Sources: Kuebler, Arrasmith, Cincio, Coles, Quantum 4, 263 (2020) (iCANS1, algorithm 1); Gu,
// Lowe, Dub, Coles, Arrasmith, arXiv:2108.10434 (2021) (gCANS, algorithm 1).
#include "runtime/gradient/optimizer.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace qdo::gradient {

using base::Kind;
using estimate::Policy;

namespace {
constexpr double keep = 0.99;                     ///< of running averages
constexpr double bias = 1e-6;                     ///< keeps counts finite where slopes vanish
constexpr int64_t mostShots = QdoFrugalMostShots; ///< a slope of exactly 0 asks for no more

/// Policies of so many shots; equal counts share one, so that equal circuits are paid once. Strings
/// are grouped as by the policy in force.
class Counts {
public:
  explicit Counts(base::Context &ctx) {
    if (const Policy *policy = ctx.part<estimate::Policies>().innermost())
      grouping_ = policy->grouping;
  }
  const Policy *of(int64_t shots) {
    auto &policy = made_[shots];
    if (!policy) {
      policy = std::make_unique<Policy>(Policy::Mode::Fixed, "shots");
      policy->low = shots;
      policy->high = shots;
      policy->grouping = grouping_;
    }
    return policy.get();
  }

private:
  estimate::Grouping grouping_ = estimate::Grouping::Qubitwise;
  std::map<int64_t, std::unique_ptr<Policy>> made_;
};
} // namespace

std::string frugal(base::Context &ctx, qdo_site site, const Optimizer &by, Objective &objective,
                   Fit &fit) {
  const size_t size = fit.at.size();
  const double product = by.lipschitz * by.rate;
  if (!(product < 2)) {
    ctx.fail(site, Kind::BadValue, "`rate` times `lipschitz`", product,
             "below 2, or steps go further than the slope holds");
    return "";
  }
  Counts counts(ctx);
  std::vector<int64_t> shots(size, by.leastShots);
  std::vector<double> means(size), spreads(size);
  double left = 1;
  for (int64_t step = 0; step < by.steps; ++step) {
    auto payer = [&](std::span<const size_t> parameters) {
      int64_t most = by.leastShots;
      for (size_t i : parameters)
        most = std::max(most, shots[i]);
      return counts.of(most);
    };
    // Without noise nobody asks the payer, and it is plain descent.
    auto here = objective.gradient(fit.at, true, PolicyOf(payer));
    if (!here || !note(ctx, site, fit, std::move(here->value)))
      return "";
    left *= keep;
    double squares = 0, noise = 0;
    std::vector<double> slopes(size), variances(size);
    for (size_t i = 0; i < size; ++i) {
      const Result &slope = here->slopes[i];
      fit.at[i] -= by.rate * slope.value;
      means[i] = keep * means[i] + (1 - keep) * slope.value;
      spreads[i] = keep * spreads[i] + (1 - keep) * slope.standardError * slope.standardError *
                                           static_cast<double>(shots[i]);
      slopes[i] = means[i] / (1 - left);
      variances[i] = spreads[i] / (1 - left);
      squares += slopes[i] * slopes[i];
      noise += std::sqrt(variances[i]);
    }
    ++fit.steps;
    const double factor = 2 * product / (2 - product);
    const double floor = bias * left;
    auto limited = [&](double wanted) {
      return static_cast<int64_t>(std::clamp(std::ceil(wanted), static_cast<double>(by.leastShots),
                                             static_cast<double>(mostShots)));
    };
    if (by.rule == Optimizer::Rule::Gcans) {
      for (size_t i = 0; i < size; ++i)
        shots[i] = limited(factor * std::sqrt(variances[i]) * noise / (squares + floor));
      continue;
    }
    // iCANS: each slope as it needs, but none more than the one that gains most for a shot.
    double best = -HUGE_VAL;
    int64_t cap = by.leastShots;
    for (size_t i = 0; i < size; ++i) {
      shots[i] = limited(factor * variances[i] / (slopes[i] * slopes[i] + floor));
      const auto count = static_cast<double>(shots[i]);
      const double gain =
          ((by.rate - by.lipschitz * by.rate * by.rate / 2) * slopes[i] * slopes[i] -
           by.lipschitz * by.rate * by.rate / (2 * count) * variances[i]) /
          count;
      if (gain > best) {
        best = gain;
        cap = shots[i];
      }
    }
    for (int64_t &count : shots)
      count = std::min(count, cap);
  }
  return "steps";
}

} // namespace qdo::gradient
