// SPDX-License-Identifier: Apache-2.0
// When a Gram matrix has shots enough for the classifier that is trained on it.
// In: values with errors. Out: how far decision values stray because of the matrix, and because of
// their own kernel values; weights for `allocate decision` from the two.
// Why: a fit averages over many values and a prediction stands on few, so the matrix may be much
// noisier than what it is asked afterwards (docs/decisions/0034-shots-of-training.md).
#pragma once

#include "runtime/learn/measure.h"
#include "runtime/learn/pairwise.h"
#include "runtime/learn/psd.h"

namespace qdo::learn {

/// A Gram matrix as it was measured, n x n and row-major, with a diagonal of 1.
struct MeasuredGram {
  std::vector<double> values;
  std::vector<double> errors;       ///< standard errors, 0 on the diagonal
  std::vector<double> shotVariance; ///< squared errors of one shot alone
};
/// From a triangle below the diagonal: (1,0), (2,0), (2,1), ..
MeasuredGram measuredGram(size_t n, std::span<const double> values, std::span<const double> errors,
                          std::span<const int64_t> shots);

/// Variances of a decision value of a new row.
struct Strays {
  double training = 0; ///< because of the errors of the Gram matrix
  double ownShot = 0;  ///< because of its own kernel values, if each had one shot
};

/// Both for each duel of two classes, (0,1), (0,2), .., (1,2), ..: a fifth of the rows is held out,
/// a classifier is trained on the others, another one on the same matrix with every value moved by
/// its error, up or down at random, and the two are compared on the rows held out (a parametric
/// bootstrap: Efron and Tibshirani, An Introduction to the Bootstrap (1993), 6.5). What the errors
/// of those rows' own values add to the difference is taken off again. The random signs are the
/// same in every run.
///
/// Empty when that would be fewer than five rows: the matrix is small, and is then measured as far
/// as it may be.
std::vector<Strays> straysOf(const MeasuredGram &gram, std::span<const uint32_t> classes,
                             uint32_t classCount, const Trainer &trainer, Repair repair);

/// For the Gram matrix that a classifier is trained on, asked after each look. All pairs matter
/// alike until the standard error of decision values because of the matrix is at most twice that
/// because of their own kernel values with `most` shots each; then none does.
///
/// Alike, because repairs judge by the largest noise anywhere in the matrix. Twice, because the
/// matrix is the dearer part: n / 2 pairs for each one of a row that is hard to decide.
Judge judgeOfTraining(std::span<const uint32_t> classes, uint32_t classCount,
                      const Trainer &trainer, Repair repair, int64_t most);

} // namespace qdo::learn
