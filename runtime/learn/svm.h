// SPDX-License-Identifier: Apache-2.0
// A support vector classifier on a precomputed kernel: LIBSVM's C-SVC, one against one.
// In: a Gram matrix and class indices. Out: support rows, coefficients, votes.
// Why: LIBSVM with scikit-learn's settings, so that published accuracies are matched to the last
// row. Must not: know data sets, kernels or shots.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace qdo::learn {

/// A trained classifier of `classCount` classes. Values refer to rows by their index in training.
class Svm {
public:
  /// Trains on n rows. `gram` is n x n, row-major, symmetric; `classes` holds 0..classCount-1, each
  /// at least once and in the order in which ties between classes fall; `c` > 0 is the penalty.
  ///
  /// Settings are those of scikit-learn's SVC: tolerance 1e-3, shrinking, no class weights. A Gram
  /// matrix of sampled entries may have negative eigenvalues; it is used as it is: SMO then
  /// replaces a non-positive curvature by a small constant and still ends (Chen, Fan, Lin, IEEE TNN
  /// 17, 893 (2006)), in a stationary point that need not be the global one; LIBSVM stops it after
  /// 10^7 steps (or 100 n) at the latest.
  static Svm train(std::span<const double> gram, std::span<const uint32_t> classes,
                   uint32_t classCount, double c);
  /// The same on a matrix that nobody needs afterwards: without a second one beside it if its
  /// capacity is room(n).
  static Svm trainOn(std::vector<double> &&gram, std::span<const uint32_t> classes,
                     uint32_t classCount, double c);
  /// Numbers that training on n rows takes: n^2 and a little.
  static size_t room(size_t n);

  [[nodiscard]] uint32_t classCount() const { return classCount_; }
  /// Training rows with a coefficient, grouped by class.
  [[nodiscard]] const std::vector<size_t> &support() const { return support_; }
  /// |alpha| of each support row: the largest over the one-against-one classifiers it is part of.
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
  std::vector<double> coefficients_; ///< (classCount - 1) x support, LIBSVM's sv_coef
  std::vector<double> rho_;          ///< one per pair i < j
  std::vector<double> importance_;
};

} // namespace qdo::learn
