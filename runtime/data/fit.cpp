// SPDX-License-Identifier: Apache-2.0
// Fits on training rows alone; the fitted numbers stay with the data set that they made.
#include "runtime/data/fit.h"

#include "runtime/base/hash.h"
#include "runtime/base/philox.h"

#include <Eigen/Eigenvalues>

#include <algorithm>
#include <cmath>
#include <map>

namespace qdo::data {

using base::Kind;

namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// The rows that a fit may look at, or null after a failure.
const std::vector<size_t> *fittedRows(base::Context &ctx, qdo_site site, const Dataset &rows) {
  const bool whole = rows.rows.size() == rows.source->table->rowCount();
  if (!whole || rows.source->parts.empty())
    return &rows.rows;
  if (const Part *train = rows.source->part("train"))
    return &train->rows;
  ctx.fail(site, Kind::DataPartMissing, rows.name, "train").help =
      "what is fitted is fitted on the part `train`, so that no other part leaks into it";
  return nullptr;
}

const Field *featuresOf(base::Context &ctx, qdo_site site, const Dataset &rows) {
  const Field *field = rows.source->features();
  if (!field)
    ctx.fail(site, Kind::DataNoFeatures, rows.name).help =
        "name the field of features `x`: a list of columns";
  return field;
}

/// The numbers of some rows, a row each.
Matrix matrixOf(const Field &field, std::span<const size_t> rows) {
  Matrix matrix(static_cast<Eigen::Index>(rows.size()), static_cast<Eigen::Index>(field.width()));
  double *to = matrix.data();
  for (size_t row : rows)
    to = std::copy_n(field.row(row).data(), field.width(), to);
  return matrix;
}

/// The same data set with (x - centre) directions for its features.
Dataset *transformed(base::Context &ctx, const Dataset &rows, const Field &field,
                     const Eigen::RowVectorXd &centre, const Matrix &directions,
                     const Eigen::VectorXd &variance, std::string name) {
  auto source = std::make_shared<Source>(*rows.source);
  source->origin = rows.source;
  source->fitted = {std::move(name),
                    {centre.data(), centre.data() + centre.size()},
                    {directions.data(), directions.data() + directions.size()},
                    {variance.data(), variance.data() + variance.size()}};
  Field &features = source->fields[static_cast<size_t>(&field - rows.source->fields.data())];
  const Eigen::Map<const Matrix> all(field.values.data(),
                                     static_cast<Eigen::Index>(rows.source->table->rowCount()),
                                     static_cast<Eigen::Index>(field.width()));
  const Matrix values = (all.rowwise() - centre) * directions;
  features.values.assign(values.data(), values.data() + values.size());
  features.matrix = true;
  features.columns.resize(static_cast<size_t>(directions.cols())); // how many there are now
  return ctx.make<Dataset>(std::move(source), rows.rows, rows.name);
}

} // namespace

Dataset *pca(base::Context &ctx, qdo_site site, const Dataset &rows, int64_t to) {
  const Field *field = featuresOf(ctx, site, rows);
  const std::vector<size_t> *fitted = field ? fittedRows(ctx, site, rows) : nullptr;
  if (!fitted)
    return nullptr;
  if (fitted->size() < 2) {
    ctx.fail(site, Kind::DataTooFewRows, rows.name, fitted->size(), 2);
    return nullptr;
  }
  const auto width = static_cast<int64_t>(field->width());
  if (to < 1 || to > width) {
    ctx.fail(site, Kind::BadValue, "`to` of `pca`", to,
             fmt::format("from 1 to the {} features of `{}`", width, rows.name));
    return nullptr;
  }
  const Matrix train = matrixOf(*field, *fitted);
  const Eigen::RowVectorXd centre = train.colwise().mean();
  const Matrix centred = train.rowwise() - centre;
  const Eigen::MatrixXd covariance =
      centred.transpose() * centred / static_cast<double>(fitted->size() - 1);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(covariance);
  Matrix directions = solver.eigenvectors().rowwise().reverse().leftCols(to);
  for (Eigen::Index c = 0; c < directions.cols(); ++c) {
    Eigen::Index largest = 0;
    directions.col(c).cwiseAbs().maxCoeff(&largest);
    if (directions(largest, c) < 0)
      directions.col(c) *= -1;
  }
  const Eigen::VectorXd variance = solver.eigenvalues().reverse().head(to);
  return transformed(ctx, rows, *field, centre, directions, variance, "pca");
}

Dataset *standardise(base::Context &ctx, qdo_site site, const Dataset &rows) {
  const Field *field = featuresOf(ctx, site, rows);
  const std::vector<size_t> *fitted = field ? fittedRows(ctx, site, rows) : nullptr;
  if (!fitted)
    return nullptr;
  if (fitted->empty()) {
    ctx.fail(site, Kind::DataTooFewRows, rows.name, 0, 1);
    return nullptr;
  }
  const Matrix train = matrixOf(*field, *fitted);
  const Eigen::RowVectorXd centre = train.colwise().mean();
  const Eigen::VectorXd variance = (train.rowwise() - centre).colwise().squaredNorm().transpose() /
                                   static_cast<double>(fitted->size());
  Matrix directions = Matrix::Zero(train.cols(), train.cols());
  for (Eigen::Index c = 0; c < train.cols(); ++c) {
    // A column of one value has a variance of rounding.
    const double rounding = 1e-14 * std::max(std::abs(centre(c)), 1e-300);
    const double deviation = std::sqrt(variance(c));
    directions(c, c) = deviation > rounding ? 1 / deviation : 0;
  }
  return transformed(ctx, rows, *field, centre, directions, variance, "standardise");
}

Dataset *fold(base::Context &ctx, qdo_site site, const Dataset &rows, int64_t folds, int64_t which,
              bool test) {
  const auto size = static_cast<int64_t>(rows.rows.size());
  if (folds < 2 || folds > size) {
    ctx.fail(site, Kind::BadValue, "`folds`", folds,
             fmt::format("from 2 to the {} rows of `{}`", size, rows.name));
    return nullptr;
  }
  std::vector<uint32_t> classes(rows.source->table->rowCount(), 0);
  if (const Field *labels = rows.source->labels())
    classes = rows.source->classesOf(*labels).ofRow;
  // Class by class in a random order; the count goes on, so that folds differ by one row at most.
  const uint64_t stream = base::Hasher("folds").add(rows.source->name).value();
  std::map<uint32_t, std::vector<std::pair<uint64_t, size_t>>> places;
  for (size_t i = 0; i < rows.rows.size(); ++i)
    places[classes[rows.rows[i]]].emplace_back(
        base::RandomStream(ctx.seed(), stream, rows.rows[i]).next(), i);
  std::vector<bool> inFold(rows.rows.size(), false);
  int64_t dealt = 0;
  for (auto &[label, members] : places) {
    std::ranges::sort(members);
    for (const auto &[word, place] : members)
      inFold[place] = dealt++ % folds == which;
  }
  std::vector<size_t> chosen;
  for (size_t i = 0; i < rows.rows.size(); ++i)
    if (inFold[i] == test)
      chosen.push_back(rows.rows[i]);
  return ctx.make<Dataset>(rows.source, std::move(chosen), rows.name);
}

} // namespace qdo::data
