// SPDX-License-Identifier: Apache-2.0
// Preprocessing that learns from training rows, and folds of rows for validation.
// In: a data set. Out: a data set of the same rows and parts with other features.
// Why: what is fitted on rows that are tested on makes a model look better than it is.
#pragma once

#include "runtime/data/objects.h"

namespace qdo::data {

/// The features of every row along the `to` directions of largest variance (principal component
/// analysis; Pearson 1901), centred. Fitted on the part `train` of a whole data set, on the rows
/// themselves of any other. Directions are ordered by variance; each has its largest entry
/// positive. Null after a failure: DataNoFeatures, DataPartMissing, DataTooFewRows, BadValue.
Dataset *pca(base::Context &ctx, qdo_site site, const Dataset &rows, int64_t to);

/// Every feature with mean 0 and variance 1 over the rows that are fitted on, which are those of
/// pca(). A feature that is constant there becomes 0.
Dataset *standardise(base::Context &ctx, qdo_site site, const Dataset &rows);

/// Fold `which` of `folds`: the rows of that fold (`test`), or all others. Which rows are in a fold
/// is a function of the run's seed and the rows; classes are dealt evenly, so are the rows. Null
/// after a failure: BadValue unless 2 <= folds <= rows.
Dataset *fold(base::Context &ctx, qdo_site site, const Dataset &rows, int64_t folds, int64_t which,
              bool test);

} // namespace qdo::data
