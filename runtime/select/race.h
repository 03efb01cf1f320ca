// SPDX-License-Identifier: Apache-2.0
// Which candidates are among the best, as far as their intervals tell.
// In: scores with intervals that hold together. Out: who is decided and who needs more shots.
// Source: successive acceptance and rejection with confidence intervals (Kalyanakrishnan, Tewari,
// Auer, Stone, ICML 2012).
#pragma once

#include "runtime/estimate/estimate.h"

#include <cstddef>
#include <vector>

namespace qdo::select {

/// The estimate behind the newest score, or null: a part of the run.
struct Scored {
  const estimate::Estimate *estimate = nullptr;
};

class Race {
public:
  Race(size_t candidates, size_t take);
  /// A score and, if it was measured, what its interval is made of. NaN leaves the race.
  void set(size_t candidate, double score, const estimate::Estimate *measured, double confidence);
  /// Takes out of the race who is surely among the `take` best or surely is not.
  void decide();
  const std::vector<size_t> &undecided() const { return undecided_; }
  /// Whether any score has an interval.
  bool anyBars() const { return anyBars_; }
  std::vector<double> scores() const;

private:
  struct Runner {
    double score, low, high;
  };
  std::vector<Runner> runners_;
  std::vector<size_t> undecided_;
  size_t take_;
  bool anyBars_ = false;
};

} // namespace qdo::select
