// SPDX-License-Identifier: Apache-2.0
// Support vector classifiers: LIBSVM's C-SVC on a precomputed kernel.
// Why: LIBSVM with scikit-learn's settings, so that published accuracies are matched to the last
// row. Must not: know data sets, kernels or shots.
#pragma once

#include "runtime/learn/pairwise.h"

namespace qdo::learn::svm {

/// Trains with the penalty `c` > 0; coefficients are alpha times the sign of the class.
///
/// Settings are those of scikit-learn's SVC: tolerance 1e-3, shrinking, no class weights. A Gram
/// matrix of sampled entries may have negative eigenvalues; it is used as it is: SMO then
/// replaces a non-positive curvature by a small constant and still ends (Chen, Fan, Lin, IEEE TNN
/// 17, 893 (2006)), in a stationary point that need not be the global one; LIBSVM stops it after
/// 10^7 steps (or 100 n) at the latest. A matrix whose capacity is room(n) is trained on without a
/// second one beside it.
Trainer trainer(double c);

/// Numbers that training on n rows takes: n^2 and a little.
size_t room(size_t n);

} // namespace qdo::learn::svm
