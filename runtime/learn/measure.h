// SPDX-License-Identifier: Apache-2.0
// Kernel values under the policy in force: exact, or measured with shots.
// In: rows and how much each matters. Out: matrices of values.
// Why: every entry that one step needs goes into one batch, so that `allocate` can rank them and an
//      interval's error probability is spent once.
#pragma once

#include "runtime/estimate/estimate.h"
#include "runtime/learn/kernel.h"

namespace qdo::learn {

/// New weights for the pairs of a matrix from their values, errors and shots so far, row-major over
/// points and references, or over the triangle below the diagonal (1,0), (2,0), (2,1), ..: what the
/// model that uses them still cannot decide. Used under `allocate decision`.
using Judge = estimate::Reweigh;

/// K[i][j] of every point with every reference: points x references, row-major. `weights` has one
/// weight a reference, or is empty when nobody knows what matters. Null after a failure:
/// BudgetExhausted, Interrupted, OutOfMemory, no policy.
std::optional<std::vector<double>> kernelRows(base::Context &ctx, qdo_site site, Kernel &kernel,
                                              std::span<const RowId> points,
                                              std::span<const RowId> references,
                                              std::span<const double> weights);

/// The Gram matrix of rows: n x n, symmetric. The diagonal of a fidelity and of rbf is 1; a general
/// kernel computes it. Entry (i, j) is weighted with the
/// product of what both rows mattered in the newest classifier on this kernel (Kernel::importance;
/// a row it did not know counts as much as its mean support row); before the first nothing is
/// weighted.
///
/// A matrix of sampled entries is symmetric but may have small negative eigenvalues; it is returned
/// as it was measured (psd.h repairs). Before the first shot a policy that cannot resolve the
/// spread of the values is warned of (concentration.h).
///
/// `explained`: how far below 0 sampling errors take an eigenvalue. Of fidelities, whose entries
/// err independently, 2 max_i sqrt(sum_j e_ij^2) + 3 max e_ij (the norm of a random matrix:
/// Bandeira and van Handel, Annals of Probability 44, 2479 (2016), with three errors for its tail);
/// of kernels that are code, whose entries may share what was measured, twice the Frobenius norm of
/// the errors.
std::optional<std::vector<double>> gramMatrix(base::Context &ctx, qdo_site site, Kernel &kernel,
                                              std::span<const RowId> rows,
                                              const Judge &judge = nullptr,
                                              double *explained = nullptr);

/// Whether values of this kernel have sampling errors under the policy in force.
bool isSampled(base::Context &ctx, const Kernel &kernel);

/// How careful a decision is to be.
struct Care {
  double deviates; ///< half-width of an interval at the policy's confidence, in errors
  int64_t most;    ///< shots that one pair can get
};
/// Null unless the policy in force allocates by decisions and this kernel's pairs are its circuits.
std::optional<Care> careOfDecision(base::Context &ctx, const Kernel &kernel);

/// Values with their standard errors, as judging with them needs.
struct Measured {
  std::vector<double> values;
  std::vector<double> errors; ///< 0 for what is exact
  double deviates = 0;        ///< half-width of an interval at the policy's confidence, in errors
};
/// kernelRows with errors.
std::optional<Measured> measuredRows(base::Context &ctx, qdo_site site, Kernel &kernel,
                                     std::span<const RowId> points,
                                     std::span<const RowId> references,
                                     std::span<const double> weights, const Judge &judge = nullptr);

/// Every value of `rows` with `columns` as an estimate, row-major; a pair is one estimate wherever
/// it stands, and it is the one that gramMatrix measures. Empty after a failure.
std::vector<estimate::Estimate *> kernelEstimates(base::Context &ctx, qdo_site site, Kernel &kernel,
                                                  std::span<const RowId> rows,
                                                  std::span<const RowId> columns);

/// One value as an estimate. A classical kernel, and a row with itself, have no error and cost
/// nothing: the circuit that prepares and unprepares the same recipe always ends in 0..0.
estimate::Estimate *kernelEstimate(base::Context &ctx, qdo_site site, Kernel &kernel, RowId a,
                                   RowId b);

// ---- general_kernel.cpp: the same two of a kernel that is code. Every pair is evaluated once, the
// row that the run met first in front; nothing is weighted, as the body decides what it measures.
std::optional<Measured> generalRows(base::Context &ctx, qdo_site site, Kernel &kernel,
                                    std::span<const RowId> points,
                                    std::span<const RowId> references);
std::optional<std::vector<double>> generalGram(base::Context &ctx, qdo_site site, Kernel &kernel,
                                               std::span<const RowId> rows,
                                               double *explained = nullptr);

} // namespace qdo::learn
