// SPDX-License-Identifier: Apache-2.0
// Gram matrices as measured objects, and what they say about a kernel before anything is trained.
// In: kernels, rows, labels. Out: matrices of estimates or numbers; alignments, eigenvalues.
#pragma once

#include "runtime/data/objects.h"
#include "runtime/estimate/estimate.h"
#include "runtime/learn/kernel.h"

namespace qdo::learn {

/// Rows of a matrix given to `gram`: the numbers of a kernel for them. Null after a failure:
/// BadValue.
std::optional<std::vector<RowId>> internMatrix(base::Context &ctx, qdo_site site, Kernel &kernel,
                                               const base::Array &rows);

/// k(x, y) of every row of `xs` with every row of `ys` without sampling error. The same array for
/// both gives a symmetric matrix. Null after a failure.
base::Array *exactGram(base::Context &ctx, qdo_site site, Kernel &kernel, const base::Array &xs,
                       const base::Array &ys);
/// The same under the policy in force: a list of rows, each a list of estimates. Every pair is
/// measured once, and it is the pair that training on the same rows measures.
base::List *measuredGram(base::Context &ctx, qdo_site site, Kernel &kernel, const base::Array &xs,
                         const base::Array &ys);

/// Values (0), standard errors (1), low (2) or high (3) ends of a list of estimates, or of a list
/// of lists of them, as an array. Fails with BadValue when rows have different lengths.
base::Array *numbersOf(base::Context &ctx, qdo_site site, const base::List &list, bool nested,
                       int64_t which);
/// Kernel-target alignment <K, T> / (|K| |T|) (Cristianini et al., NeurIPS 2001) with the labels of
/// `rows` as T: of two classes y_i y_j / (n_i n_j), so that large classes do not rule; -1/(C - 1)
/// between different ones of C. `centred`: K and T are centred first (Cortes, Mohri & Rostamizadeh,
/// JMLR 13, 795 (2012)). With errors of first order under a policy; null after a failure.
estimate::Estimate *alignment(base::Context &ctx, qdo_site site, Kernel &kernel,
                              const data::Dataset &rows, bool centred);
/// <A, B> / (|A| |B|) of two matrices of numbers of the same shape.
double alignmentOf(base::Context &ctx, qdo_site site, const base::Array &a, const base::Array &b);
/// The same of estimates, a list of lists each.
estimate::Estimate *alignmentOf(base::Context &ctx, qdo_site site, const base::List &a,
                                const base::List &b);

/// Of which rows, and by which kernel, `gram` made a matrix.
struct GramRows {
  Kernel *kernel;
  std::vector<RowId> rows;
};
/// Null of a matrix that `gram` did not make, or made of two sets of rows.
const GramRows *gramRows(base::Context &ctx, const base::Object &matrix);

/// The entries of a list of lists of estimates, row by row.
std::vector<const estimate::Estimate *> entriesOf(const base::List &matrix);

/// The smallest eigenvalue of a symmetric matrix, before any repair. 0 after a failure: BadValue.
double leastEigenvalueOf(base::Context &ctx, qdo_site site, const base::Array &matrix);
/// The same of estimates. Its interval is as wide as the matrix may be wrong in spectral norm
/// (Weyl; spectral_error.h), for noise moves the value down by more than its standard error. Null
/// after a failure.
estimate::Estimate *leastEigenvalueOf(base::Context &ctx, qdo_site site, const base::List &matrix);

} // namespace qdo::learn
