// SPDX-License-Identifier: Apache-2.0
// How far a symmetric matrix of estimates is from the true one.
// In: the estimates. Out: bounds on the spectral norm of the error and on that of the trace.
// Why: eigenvalues do not move to first order alone. Noise spreads the spectrum of every matrix, so
// the least eigenvalue of a measured one lies below the true one however small each error is; only
// the norm of the whole error says how far (Weyl).
// Source: Tropp, Foundations of Computational Mathematics 12, 389 (2012), theorem 4.1: matrix
// Gaussian series.
#pragma once

#include "runtime/base/context.h"
#include "runtime/estimate/estimate.h"

#include <cstddef>
#include <functional>
#include <span>

namespace qdo::learn {

class SpectralError {
public:
  /// The n x n entries, row by row. Errors of one record add up in the worst way, as they do in
  /// sums of estimates.
  SpectralError(std::span<const estimate::Estimate *const> entries, size_t n);

  /// sqrt(2 v ln(2 n / error)), where v bounds the norm of the sum of the squared error matrices of
  /// the sources. First order: errors are taken as normal ones. 0 where nothing was measured.
  [[nodiscard]] double norm(double error) const;
  /// Of the sum of the diagonal.
  [[nodiscard]] double trace(double error) const;

private:
  double n_, spread_ = 0, traceVariance_ = 0;
};

/// The value of a function of such a matrix. `slopes`, one an entry, give its standard error;
/// `interval` says between what ends it is, with an error probability, for all looks together. What
/// is computed from it further takes it for one number that was measured.
estimate::Estimate *
spectralEstimate(base::Context &ctx, std::span<const estimate::Estimate *const> entries, size_t n,
                 double value, std::span<const double> slopes,
                 std::function<estimate::Interval(const SpectralError &, double error)> interval);

} // namespace qdo::learn
