// SPDX-License-Identifier: Apache-2.0
// A function of the program and its gradient at a point, under the policy in force.
// In: generated code and numbers. Out: a value and one slope a number, as reals or as estimates.
// Why: `grad` and every optimiser ask through here, so they agree on what a gradient costs.
#pragma once

#include "runtime/gradient/tape.h"

#include <memory>
#include <optional>

namespace qdo::gradient {

/// qdo_estimate(qdo_ctx *, qdo_env, qdo_list): a number of the record from a list of them.
using FunctionFn = qdo_estimate (*)(qdo_ctx *, void *env, qdo_list);

struct Function {
  FunctionFn fn;
  void *env;
};

/// `among`: as one of so many that were compared.
std::unique_ptr<estimate::Estimate> copyOf(const estimate::Estimate &e, int64_t among = 1);

/// A number that was computed or measured.
struct Result {
  double value = 0;
  double standardError = 0;
  std::unique_ptr<estimate::Estimate> estimate; ///< under shots; belongs to whoever asked
};

struct Evaluation {
  Result value; ///< when asked for
  std::vector<Result> slopes;
};

class Objective {
public:
  /// A function that measures nothing needs no policy; one that does is refused by its record.
  Objective(base::Context &ctx, qdo_site site, Function function);

  /// How many values it has given: those that a rule compares.
  [[nodiscard]] int64_t values() const { return values_; }
  /// Whether the newest evaluation had no sampling error.
  [[nodiscard]] bool exact() const { return !sampled_; }

  /// Null after a failure, and where a slope is no finite number. Adjoint differentiation of what
  /// is exact, else as the clause `gradient` of the policy around the function says. `policyOf`:
  /// who measures the circuits of which slopes. With `wantsValue` it is for a step: by SPSA one
  /// direction is taken, and its slopes have no interval.
  std::optional<Evaluation> gradient(std::span<const double> at, bool wantsValue,
                                     const PolicyOf &policyOf = {});
  std::optional<Result> value(std::span<const double> at);
  /// One random direction of simultaneous perturbation (perturbation.h), with the value here.
  std::optional<Evaluation> perturbed(std::span<const double> at, double size);

private:
  /// Runs the function on a fresh record and hands it to `use`; everything else it made is gone
  /// afterwards.
  bool record(std::span<const double> at, bool active,
              const std::function<bool(Tape &, Node *)> &use);
  bool perturbs() const;
  std::optional<Evaluation> perturbedSlopes(std::span<const double> at, double size);

  base::Context &ctx_;
  const qdo_site site_;
  const Function function_;
  estimate::Policy *policy_; ///< around the function; may be null
  bool sampled_ = false;
  int64_t values_ = 0;
  uint64_t directions_ = 0; ///< taken so far
};

} // namespace qdo::gradient
