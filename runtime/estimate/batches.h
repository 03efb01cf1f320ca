// SPDX-License-Identifier: Apache-2.0
// Counts of the batches of one coin: whether they agree, and what follows if they do not.
// Why: one drifting batch makes pooled counts claim more than they know. Counts are kept, never
// only means, and merge in any order to the same result.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace qdo::estimate {

/// Counts of one batch.
struct Batch {
  int64_t shots = 0, successes = 0;
  auto operator<=>(const Batch &) const = default;
};

/// A commutative monoid: batches may come and be merged in any order.
class BatchCounts {
public:
  void add(int64_t successes, int64_t shots);
  void merge(const BatchCounts &other);
  bool operator==(const BatchCounts &) const = default;

  int64_t batches() const;
  int64_t successes() const;
  int64_t shots() const;

  /// Cochran's Q of batches that have enough of both outcomes for it; under agreement it has a
  /// chi-squared distribution. Cochran, Supplement to the JRSS 4, 102 (1937).
  struct Homogeneity {
    double q = 0, degrees = 0, pValue = 1;
    /// What the variance of the pooled fraction gains by a spread between batches.
    /// DerSimonian and Laird, Controlled Clinical Trials 7, 177 (1986).
    double extraVariance = 0;
    /// Batches of one coin would look like this less often than once in a hundred times.
    bool disagree() const { return pValue < 0.01; }
  };
  Homogeneity homogeneity() const;
  /// All but one batch that has these counts.
  BatchCounts without(const Batch &batch) const;
  /// Of batches that disagree, the one that does so alone: without it the others agree, without any
  /// other one they do not, and the others have most of the shots. Nothing when there is none.
  std::optional<Batch> outlier() const;
  /// Those whose going would lower Q most, at most `count`, the worst first.
  std::vector<Batch> furthest(size_t count) const;

private:
  std::map<Batch, int64_t> counts_; ///< how many batches have these counts
};

/// Successes and shots of the groups of `combine median_of_means`.
struct Groups {
  std::vector<std::pair<int64_t, int64_t>> counts;

  /// The group of shot `shot` of a batch of `size`: groups are consecutive shots.
  static size_t of(int64_t shot, int64_t size, size_t groups);
  /// The median of the fractions of the groups that have shots, the mean of the middle two.
  double median() const;
};

} // namespace qdo::estimate
