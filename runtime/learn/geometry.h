// SPDX-License-Identifier: Apache-2.0
// How much more a kernel can tell apart than a classical one on the same rows.
// In: a Gram matrix that `gram` made, measured or not, and a classical kernel. Out: their geometric
// difference.
// Source: Huang et al., Nature Communications 12, 2631 (2021), section "Geometric difference".
#pragma once

#include "runtime/data/objects.h"
#include "runtime/estimate/estimate.h"
#include "runtime/learn/kernel.h"

#include <string>

namespace qdo::learn {

/// Geometric difference g(C || Q) = sqrt |sqrt(Q) sqrt(C) (C + lambda)^-2 sqrt(C) sqrt(Q)| of a
/// Gram matrix Q that `gram` made and a classical kernel on the same rows. Negative eigenvalues
/// become 0, then both are scaled to trace N. lambda is the largest of a grid for which the bound
/// on the training error, lambda sqrt |sqrt(Q) (C + lambda)^-2 sqrt(Q)|, stays below 0.045. It may
/// exceed sqrt(N): a classical kernel with tiny eigenvalues fits what Q can do only with a small
/// lambda, and then pays for it. 0 after a failure: BadValue.
double geometricDifference(base::Context &ctx, qdo_site site, const base::Array &matrix,
                           Kernel &classical);
/// The same of measured values, a list of lists of estimates. Its interval holds for every Q that
/// SpectralError allows, and every lambda that one of these may choose. Null after a failure.
estimate::Estimate *geometricDifference(base::Context &ctx, qdo_site site, const base::List &matrix,
                                        Kernel &classical);

/// What a difference between these ends says for so many rows.
std::string geometricVerdict(double value, double low, double high, int64_t rows);

} // namespace qdo::learn
