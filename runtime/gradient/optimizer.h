// SPDX-License-Identifier: Apache-2.0
// How `minimize` goes downhill, as a program says it, and what it reached.
// In: an objective, a start. Out: the best point known, its value, how it went.
// Why one interface: an optimiser is a loop that asks an objective; budgets, interrupts and history
// are the same for all of them.
#pragma once

#include "runtime/gradient/objective.h"

#include <string>

namespace qdo::gradient {

/// `adam(rate: 0.1, steps: 100)` and its kin.
struct Optimizer final : base::Object {
  enum class Rule : uint8_t { Descent, Adam, Lbfgs, Cma, Spsa, Icans, Gcans };

  explicit Optimizer(Rule rule) : Object(base::ObjectKind::Optimizer), rule(rule) {}
  std::string format(std::string_view spec) const override;

  const Rule rule;
  int64_t steps = 100;       ///< gradient steps, or generations
  double rate = 0.1;         ///< size of a step
  double sigma = 0.3;        ///< cma: first spread
  int64_t population = 0;    ///< cma: points of a generation; 0: 4 + 3 ln(q)
  double perturbation = 0.1; ///< spsa: c
  double lipschitz = 1;      ///< icans, gcans: bound on how fast the gradient changes
  int64_t leastShots = 8;    ///< icans, gcans: of each circuit
};

/// What `minimize` gives.
struct Fit final : base::Object {
  Fit() : Object(base::ObjectKind::Fit) {}
  std::string format(std::string_view spec) const override;

  std::vector<double> at;
  Result value;                ///< of the function at the last point where it was measured
  std::vector<double> known;   ///< that point
  int64_t steps = 0;           ///< taken
  std::string stopped;         ///< "steps", "converged", "budget", "deadline"
  std::vector<Result> history; ///< value before each step, and at the end
};

/// Null after a failure. A budget or deadline that ends is none, once something was reached.
std::unique_ptr<Fit> minimize(base::Context &ctx, qdo_site site, const Optimizer &by,
                              Objective &objective, std::span<const double> from);

// ---- the rules, one file a family. Each returns the reason why it stopped, or "" after a failure;
// ---- fit.at is where it is.
std::string descend(base::Context &ctx, qdo_site site, const Optimizer &by, Objective &objective,
                    Fit &fit);
std::string lbfgs(base::Context &ctx, qdo_site site, const Optimizer &by, Objective &objective,
                  Fit &fit);
std::string cma(base::Context &ctx, qdo_site site, const Optimizer &by, Objective &objective,
                Fit &fit);
std::string frugal(base::Context &ctx, qdo_site site, const Optimizer &by, Objective &objective,
                   Fit &fit);

/// `1 step`, `3 steps`: those taken.
std::string stepsOf(const Fit &fit);
/// The same result for another owner, as one of so many that were compared: what looks best was
/// also lucky, and its interval holds if those of all of them hold together.
Result copyOf(const Result &result, int64_t among = 1);
/// Notes the value before a step. False (LossNotFinite) when it is no number.
bool note(base::Context &ctx, qdo_site site, Fit &fit, Result value);
/// Euclidean length of a gradient.
double lengthOf(const Evaluation &evaluation);

} // namespace qdo::gradient
