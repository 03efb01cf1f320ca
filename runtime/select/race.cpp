// SPDX-License-Identifier: Apache-2.0
// Racing by intervals.
#include "runtime/select/race.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace qdo::select {

Race::Race(size_t candidates, size_t take)
    : runners_(candidates, {0, -HUGE_VAL, HUGE_VAL}), undecided_(candidates), take_(take) {
  std::iota(undecided_.begin(), undecided_.end(), size_t{0});
}

void Race::set(size_t candidate, double score, const estimate::Estimate *measured,
               double confidence) {
  runners_[candidate] = {score, -HUGE_VAL, HUGE_VAL};
  if (std::isnan(score)) {
    runners_[candidate].high = -HUGE_VAL; // it is never taken
    return;
  }
  if (!measured)
    return;
  anyBars_ = true;
  const estimate::Interval interval = measured->interval(confidence);
  runners_[candidate].low = interval.low;
  runners_[candidate].high = interval.high;
}

void Race::decide() {
  std::vector<double> lows, highs;
  for (const Runner &runner : runners_) {
    lows.push_back(runner.low);
    highs.push_back(runner.high);
  }
  std::ranges::sort(lows);
  std::ranges::sort(highs);
  std::erase_if(undecided_, [&](size_t candidate) {
    const Runner &me = runners_[candidate];
    if (std::isnan(me.score))
      return true;
    // Others that may be as good, and others that surely are better.
    const auto rivals = highs.end() - std::ranges::lower_bound(highs, me.low) - 1;
    const auto betters = lows.end() - std::ranges::upper_bound(lows, me.high);
    return rivals < static_cast<std::ptrdiff_t>(take_) ||
           betters >= static_cast<std::ptrdiff_t>(take_);
  });
}

std::vector<double> Race::scores() const {
  std::vector<double> scores;
  for (const Runner &runner : runners_)
    scores.push_back(runner.score);
  return scores;
}

} // namespace qdo::select
