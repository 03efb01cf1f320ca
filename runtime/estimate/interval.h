// SPDX-License-Identifier: Apache-2.0
// Clopper-Pearson intervals, whose coverage holds for every probability and number of shots.
// Source: Clopper and Pearson, Biometrika 26, 404 (1934), by inverse incomplete beta functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>

namespace qdo::estimate {

struct Interval {
  double low, high;
  double halfWidth() const { return (high - low) / 2; }
};

/// The interval that misses the true probability with at most `error / 2` on each side.
/// shots > 0, 0 < error < 1.
Interval clopperPearson(int64_t successes, int64_t shots, double error);

/// Agresti-Coull (The American Statistician 52, 119, 1998): two successes and two failures are
/// added, so no count claims an error of 0.
double standardError(int64_t successes, int64_t shots);

/// The value below which a standard normal variable lies with this probability, 0 < p < 1.
double normalQuantile(double probability);

/// Remembers intervals: in a Gram matrix the same counts come thousands of times. One a run.
class IntervalCache {
public:
  Interval get(int64_t successes, int64_t shots, double error);

private:
  struct Key {
    int64_t successes, shots;
    double error;
    bool operator==(const Key &) const = default;
  };
  struct Hash {
    size_t operator()(const Key &key) const;
  };
  std::unordered_map<Key, Interval, Hash> known_;
};

} // namespace qdo::estimate
