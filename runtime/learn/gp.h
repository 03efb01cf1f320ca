// SPDX-License-Identifier: Apache-2.0
// Gaussian process classifiers by least squares: regression on the labels -1 and 1.
// Source: Rasmussen & Williams, Gaussian Processes for Machine Learning (2006), section 6.5
// (labels) and equation 2.25 (the predictive mean). Must not: know data sets, kernels or shots.
#pragma once

#include "runtime/learn/pairwise.h"

namespace qdo::learn::gp {

/// For each two classes the predictive mean of a process with this kernel, of observations 1 (the
/// lower class) and -1 under noise of variance `noise` > 0: coefficients (K + noise I)^-1 y over
/// the rows of both. All rows support. A matrix that noise does not make positive definite (of
/// sampled values, without repair) is solved as it is. Time grows with the cube of the rows.
Trainer trainer(double noise);

} // namespace qdo::learn::gp
