// SPDX-License-Identifier: Apache-2.0
// Classifiers that are linear in kernel values: one against one, votes of all pairs of classes.
// In: coefficients that someone trained. Out: votes, decision values, what a kernel value counts.
// Why one form: repairs, decided rows and shots by what a value counts look at coefficients only,
// so whatever trains them has all of these. Must not: know data sets, kernels or shots.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace qdo::learn {

/// A trained classifier of `classCount` classes. Values refer to rows by their index in training.
class Pairwise {
public:
  Pairwise() = default;
  /// `support` is grouped by class, `counts` has how many there are of each. Row k of
  /// `coefficients`
  /// ((classes - 1) x support) counts a row of class c in its duel with class k, for k < c, or
  /// k + 1: LIBSVM's sv_coef. `offsets`, one a pair i < j, are subtracted.
  Pairwise(std::vector<size_t> support, std::span<const size_t> counts,
           std::vector<double> coefficients, std::vector<double> offsets);

  [[nodiscard]] uint32_t classCount() const { return classCount_; }
  /// Training rows with a coefficient, grouped by class.
  [[nodiscard]] const std::vector<size_t> &support() const { return support_; }
  /// Of each support row the largest |coefficient| over the duels it is part of.
  [[nodiscard]] const std::vector<double> &importance() const { return importance_; }

  /// What the classifiers say about a point: votes and the value of every pair.
  struct Verdict {
    uint32_t winner;   ///< most votes; a tie falls to the lower class, as in LIBSVM
    uint32_t runnerUp; ///< most votes of the others, ties likewise
    double margin;     ///< decision value between the two, positive for the winner or negative
                       ///< when the winner lost that duel
  };
  /// Judges a point by its kernel values with the support rows, in the order of support().
  [[nodiscard]] Verdict judge(std::span<const double> kernelRow) const;

  /// Decision values of all pairs of classes, (0,1), (0,2), .., (1,2), ..: above 0 for the first.
  [[nodiscard]] std::vector<double> duels(std::span<const double> kernelRow) const;
  /// What each support row's kernel value counts in the duel of classes i < j.
  [[nodiscard]] std::vector<double> duelCoefficients(uint32_t i, uint32_t j) const;

private:
  uint32_t classCount_ = 0;
  std::vector<size_t> support_;
  std::vector<size_t> firstOfClass_; ///< classCount + 1 offsets into support_
  std::vector<double> coefficients_;
  std::vector<double> offsets_;
  std::vector<double> importance_;
};

/// Trains on a Gram matrix (n x n, row-major, symmetric) that nobody needs afterwards, and classes
/// 0..classCount-1, each at least once, in the order in which ties between classes fall.
using Trainer = std::function<Pairwise(std::vector<double> &&gram,
                                       std::span<const uint32_t> classes, uint32_t classCount)>;

/// The rows class by class, in their order inside each: what support() is grouped by.
struct ByClass {
  std::vector<size_t> order;  ///< rows
  std::vector<size_t> counts; ///< rows of each class
};
ByClass byClass(std::span<const uint32_t> classes, uint32_t classCount);

} // namespace qdo::learn
