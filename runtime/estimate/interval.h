// SPDX-License-Identifier: Apache-2.0
// Intervals for the probability of a coin: Clopper-Pearson, whose coverage holds for every
// probability and number of shots; the beta mixture, which holds at all numbers of shots at once;
// Wilson, which holds about and on average.
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
/// shots > 0, 0 < error < 1. Clopper and Pearson, Biometrika 26, 404 (1934), by inverse incomplete
/// beta functions.
Interval clopperPearson(int64_t successes, int64_t shots, double error);

/// The score interval, which covers about and on average over probabilities, not for each.
/// Wilson, JASA 22, 209 (1927).
Interval wilson(int64_t successes, int64_t shots, double error);

/// {m: s ln m + f ln(1 - m) >= ln [B(s + 1/2, f + 1/2) / B(1/2, 1/2)] - ln(1 / error)}: the
/// probability is in all of these intervals at once, whenever one looks, except with `error`.
/// Robbins' mixture for coins (Howard, Ramdas, McAuliffe, Sekhon, Annals of Statistics 49, 1055,
/// 2021). Counts may be real: see bounded.h.
Interval betaMixture(double successes, double failures, double error);

/// ln [B(s + 1/2, f + 1/2) / B(1/2, 1/2)]: the likelihood of the counts, averaged over coins.
double logBetaMixture(double successes, double failures);

/// {m: s ln m + f ln(1 - m) >= least}, an interval because the left side is concave; s / (s + f)
/// must be in it.
Interval likelihoodInterval(double s, double f, double least);

/// Agresti-Coull (The American Statistician 52, 119, 1998): two successes and two failures are
/// added, so no count claims an error of 0.
double standardError(int64_t successes, int64_t shots);

/// The value below which a standard normal variable lies with this probability, 0 < p < 1.
double normalQuantile(double probability);

enum class Method : uint8_t; // confidence.h

/// Remembers intervals: in a Gram matrix the same counts come thousands of times. One a run.
class IntervalCache {
public:
  /// coinInterval of confidence.h.
  Interval get(Method method, int64_t successes, int64_t shots, double error);

private:
  struct Key {
    Method method;
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
