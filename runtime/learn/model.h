// SPDX-License-Identifier: Apache-2.0
// Classifiers of data sets: training, accuracy, and what selection asks of them.
// In: kernels and data sets. Out: models and numbers.
// Why: a prediction costs one kernel value for each support row, so only those are ever asked for.
#pragma once

#include "runtime/data/objects.h"
#include "runtime/learn/kernel.h"
#include "runtime/learn/pairwise.h"
#include "runtime/learn/psd.h"

namespace qdo::learn {

struct Model final : base::Object {
  Model(Kernel *kernel, Pairwise machine, std::vector<std::string> classes)
      : Object(base::ObjectKind::Model), kernel(kernel), machine(std::move(machine)),
        classes(std::move(classes)) {}
  /// "classifier of 3 classes with 17 support vectors".
  std::string format(std::string_view spec) const override;

  Kernel *const kernel;
  const Pairwise machine;
  const std::vector<std::string> classes; ///< names, in the order of the machine's classes
  std::vector<RowId> support;             ///< rows of the kernel, in the order of its support()
  /// Rows whose kernel values a prediction needs: the support rows, or all training rows when the
  /// repair of the Gram matrix mixes them.
  std::vector<RowId> references;
  std::vector<double> weights; ///< how much each reference matters: its largest |coefficient|
  /// references x support, for the values of new points; empty: references are the support rows.
  std::vector<double> rowMap;
  double shift = 0;                           ///< added to the value of a point with itself
  std::string repair;                         ///< what was done to the Gram matrix, in words
  std::shared_ptr<const data::Source> source; ///< of the training rows
};

/// The label of every row as an index into `names`; a label that is not in `names` is their count.
/// With `grow`, the names that occur are collected first, in sorted order. Null: DataNoLabels.
std::optional<std::vector<uint32_t>> labelsOf(base::Context &ctx, qdo_site site,
                                              const data::Dataset &rows, bool grow,
                                              std::vector<std::string> &names);

/// The rows of a data set as a kernel knows them. Null after a failure: DataNoFeatures, BadValue.
std::optional<std::vector<RowId>> internRows(base::Context &ctx, qdo_site site, Kernel &kernel,
                                             const data::Dataset &rows);

/// Trains on the features and labels of `rows`. Classes are those of the rows, in sorted order. A
/// sampled Gram matrix with negative eigenvalues is repaired first, and the run is told
/// (KernelRepaired, once for each place); if no way is given, by Cut when the policy allocates by
/// decisions and by Shift otherwise. Null after a failure: DataTooFewRows, DataOneClass,
/// DataNoLabels, DataNoFeatures, BadValue, or what measuring can end with.
Model *trainModel(base::Context &ctx, qdo_site site, Kernel &kernel, const data::Dataset &rows,
                  const Trainer &trainer, std::optional<Repair> repair = std::nullopt);
/// A support vector classifier with the penalty `c` > 0, else BadValue.
Model *trainSvm(base::Context &ctx, qdo_site site, Kernel &kernel, const data::Dataset &rows,
                double c, std::optional<Repair> repair = std::nullopt);
/// A Gaussian process classifier with labels under noise of this variance > 0, else BadValue.
Model *trainGp(base::Context &ctx, qdo_site site, Kernel &kernel, const data::Dataset &rows,
               double noise, std::optional<Repair> repair = std::nullopt);

/// What a model says about rows whose labels are known.
struct Score {
  double accuracy = 0;   ///< share of rows, 0 to 1, whose label the model predicts
  int64_t undecided = 0; ///< rows whose winner may be another one within the errors of the values
  std::vector<uint32_t> winners = {}; ///< the class of each row, an index into the model's
};
/// A statement about those rows. Kernel values are measured in one batch, weighted with how much
/// they matter to the model. A row is decided when no class can overtake its winner while each
/// duel stays within its interval at the policy's confidence. Null after a failure: DataTooFewRows
/// when there are none.
std::optional<Score> scoreOf(base::Context &ctx, qdo_site site, const Model &model,
                             const data::Dataset &rows);
/// The accuracy alone.
std::optional<double> accuracy(base::Context &ctx, qdo_site site, const Model &model,
                               const data::Dataset &rows);

/// How unsure the model is about a row, in (0, 1]: 1 / (1 + |f|), where f is the decision value
/// between the two classes that got the most one-against-one votes (ties to the lower class, as in
/// prediction). 1 on the boundary, 1/2 on the margin. This is margin sampling: Tong and Koller,
/// JMLR 2, 45 (2001), for two classes; Scheffer, Decomain, Wrobel, IDA 2001, for more.
std::optional<double> uncertainty(base::Context &ctx, qdo_site site, const Model &model,
                                  std::span<const double> row);

/// How unlike a row is to all of `rows`, in [0, 1]: 1 - max_j k(row, row_j); 1 when there are none.
std::optional<double> novelty(base::Context &ctx, qdo_site site, Kernel &kernel,
                              std::span<const double> row, const data::Dataset &rows);

} // namespace qdo::learn
