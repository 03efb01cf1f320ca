// SPDX-License-Identifier: Apache-2.0
// The loop that decides which rows of a pool deserve to be encoded next.
// In: clauses as generated functions. Out: the chosen rows, the newest model, why it stopped.
// Why: language.md section 9; every choice is a function of seed, scores and row numbers.
// Must not: know kernels beyond telling them which rows may be asked for.
#pragma once

#include "runtime/data/objects.h"
#include "runtime/estimate/policy.h"
#include "runtime/learn/model.h"

#include <string>
#include <vector>

namespace qdo::select {

/// Clauses as generated code; a failing one leaves its failure in the context.
using LearnFn = void *(*)(qdo_ctx * ctx, void *env); ///< a model handle
using ScoreFn = double (*)(qdo_ctx *ctx, void *env, void *row);
using StopFn = int64_t (*)(qdo_ctx *ctx, void *env); ///< 0: go on; k: the k-th reason
using EachFn = void (*)(qdo_ctx *ctx, void *env);

template <class Fn> struct Clause {
  Fn fn = nullptr;
  void *env = nullptr;
  explicit operator bool() const { return fn != nullptr; }
};

struct Selection final : base::Object {
  Selection(base::Context &ctx, std::string name, data::Dataset *pool);
  /// "chosen: 24 rows of flowers.train after 3 rounds".
  std::string format(std::string_view spec) const override;

  /// Runs the loop:
  ///
  ///   choose `startCount` rows; learn; then, while no reason to stop holds:
  ///   round += 1; score every candidate; take the best; learn; each round
  ///
  /// Higher scores are better, ties go to the lowest row, scores that are not numbers are dropped
  /// for the round (ScoreNanDropped). Reasons are tested after the first learning (round 0) and
  /// after `each round`. When fewer candidates than `takeCount` are left they are all taken; when
  /// none is left the loop stops ("pool is dry"). When a budget or a deadline ends after the first
  /// model was learned, the loop stops ("budget", "deadline") and keeps the newest complete model;
  /// before that the failure stands. Fails with DataTooFewRows, BadValue, ScoreAllNan, and whatever
  /// a clause fails with.
  void run(base::Context &ctx, qdo_site site);

  const std::string name;
  data::Dataset *const pool;
  data::Dataset *const chosen; ///< grows; rows in the order of choice

  int64_t startCount = 0, takeCount = 0;
  bool stratified = false;
  qdo_site startSite = 0, takeSite = 0;
  estimate::Policy *policy = nullptr; ///< null: the one in force
  // Each may be absent; without a score all candidates are equal.
  Clause<LearnFn> learn;
  Clause<ScoreFn> score;
  Clause<StopFn> stop;
  Clause<EachFn> each;
  std::vector<std::string> reasons; ///< texts of reasons 1, 2, ...

  learn::Model *model = nullptr; ///< the newest complete one
  int64_t round = 0;
  std::string stopped; ///< why, or empty while it runs
};

/// The first rows: `count` positions in the pool, ascending, at random by the run's seed and the
/// selection's name. Stratified: every class gets its share within one row, and at least one row
/// when there are enough for that. Empty after a failure: DataTooFewRows, DataNoLabels, BadValue.
std::vector<size_t> startRows(base::Context &ctx, const Selection &selection);

/// Positions of the `count` highest scores, best first, ties to the lower position, NaN left out.
std::vector<size_t> best(std::span<const double> scores, size_t count);

} // namespace qdo::select
