// SPDX-License-Identifier: Apache-2.0
// Gram matrices and their summaries. Errors are of first order: every summary knows its slope in
// each pair, so pairs that two matrices share count once.
#include "runtime/learn/health.h"

#include "runtime/estimate/arithmetic.h"
#include "runtime/learn/measure.h"
#include "runtime/learn/model.h"
#include "runtime/learn/psd.h"
#include "runtime/learn/spectral_error.h"

#include <Eigen/Eigenvalues>

#include <algorithm>
#include <cmath>

namespace qdo::learn {

using base::Array;
using base::Kind;
using base::List;
using estimate::Estimate;

namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// What `gram` made its matrices of.
struct Origins {
  std::unordered_map<const base::Object *, GramRows> of;
};

Eigen::Map<const Matrix> view(const Array &array) {
  return {array.data, array.rows, array.width()};
}

/// The estimates of a list, or of a list of lists, in order.
std::vector<const Estimate *> flat(const List &list, bool nested) {
  std::vector<const Estimate *> all;
  for (const List::Slot &slot : list.slots) {
    if (!nested) {
      all.push_back(base::as<Estimate>(slot.object));
      continue;
    }
    for (const List::Slot &inner : base::as<List>(slot.object)->slots)
      all.push_back(base::as<Estimate>(inner.object));
  }
  return all;
}

bool isSymmetric(base::Context &ctx, qdo_site site, const Array &matrix) {
  bool symmetric = matrix.rows == matrix.columns && matrix.rows > 0;
  for (int64_t i = 0; symmetric && i < matrix.rows; ++i)
    for (int64_t j = 0; j < i; ++j)
      symmetric &= std::abs(matrix.row(i)[static_cast<size_t>(j)] -
                            matrix.row(j)[static_cast<size_t>(i)]) <= 1e-12;
  if (!symmetric)
    ctx.fail(site, Kind::BadValue, "the matrix of `.min_eigenvalue`",
             fmt::format("{} x {} and {}symmetric", matrix.rows, matrix.columns,
                         matrix.rows == matrix.columns ? "not " : "so not "),
             "symmetric");
  return symmetric;
}

} // namespace

std::optional<std::vector<RowId>> internMatrix(base::Context &ctx, qdo_site site, Kernel &kernel,
                                               const Array &rows) {
  std::vector<RowId> ids;
  ids.reserve(static_cast<size_t>(rows.rows));
  for (int64_t i = 0; i < rows.rows; ++i) {
    auto id = kernel.intern(ctx, site, rows.row(i));
    if (!id)
      return std::nullopt;
    ids.push_back(*id);
  }
  return ids;
}

/// The rows of both sides of a matrix as the kernel knows them.
static std::optional<std::pair<std::vector<RowId>, std::vector<RowId>>>
internSides(base::Context &ctx, qdo_site site, Kernel &kernel, const Array &xs, const Array &ys) {
  auto rows = internMatrix(ctx, site, kernel, xs);
  auto columns = rows ? internMatrix(ctx, site, kernel, ys) : std::nullopt;
  if (!columns)
    return std::nullopt;
  return std::pair(std::move(*rows), std::move(*columns));
}

Array *exactGram(base::Context &ctx, qdo_site site, Kernel &kernel, const Array &xs,
                 const Array &ys) {
  auto sides = internSides(ctx, site, kernel, xs, ys);
  if (!sides)
    return nullptr;
  auto &[rows, columns] = *sides;
  auto values = rows == columns ? gramMatrix(ctx, site, kernel, rows)
                                : kernelRows(ctx, site, kernel, rows, columns, {});
  if (!values)
    return nullptr;
  auto *matrix = ctx.make<Array>(xs.rows, ys.rows, std::move(*values));
  if (rows == columns)
    ctx.part<Origins>().of[matrix] = {&kernel, std::move(rows)};
  return matrix;
}

List *measuredGram(base::Context &ctx, qdo_site site, Kernel &kernel, const Array &xs,
                   const Array &ys) {
  auto sides = internSides(ctx, site, kernel, xs, ys);
  if (!sides)
    return nullptr;
  auto &[rows, columns] = *sides;
  const auto all = kernelEstimates(ctx, site, kernel, rows, columns);
  if (!ctx.ok())
    return nullptr;
  auto *matrix = ctx.make<List>();
  for (size_t i = 0; i < rows.size(); ++i) {
    auto *row = ctx.make<List>();
    row->size = static_cast<int64_t>(columns.size());
    for (size_t j = 0; j < columns.size(); ++j)
      row->slots.push_back({.object = base::handle(all[i * columns.size() + j])});
    matrix->slots.push_back({.object = base::handle(row)});
  }
  matrix->size = static_cast<int64_t>(rows.size());
  if (rows == columns)
    ctx.part<Origins>().of[matrix] = {&kernel, std::move(rows)};
  return matrix;
}

Array *numbersOf(base::Context &ctx, qdo_site site, const List &list, bool nested, int64_t which) {
  const int64_t width = nested && list.size > 0 ? base::as<List>(list.slots[0].object)->size : 0;
  if (nested)
    for (const List::Slot &slot : list.slots)
      if (base::as<List>(slot.object)->size != width) {
        ctx.fail(site, Kind::BadValue, "the size of a row", base::as<List>(slot.object)->size,
                 width);
        return nullptr;
      }
  auto *numbers = ctx.make<Array>(list.size, width);
  std::ranges::transform(flat(list, nested), numbers->data, [&](const Estimate *e) {
    return which == 0 ? e->value : which == 1 ? e->standardError : which == 2 ? e->low : e->high;
  });
  return numbers;
}

Estimate *alignment(base::Context &ctx, qdo_site site, Kernel &kernel, const data::Dataset &rows,
                    bool centred) {
  std::vector<std::string> classes;
  auto labels = labelsOf(ctx, site, rows, true, classes);
  if (!labels)
    return nullptr;
  if (classes.size() < 2) {
    ctx.fail(site, Kind::DataOneClass, rows.name, classes.empty() ? "" : classes[0]);
    return nullptr;
  }
  auto ids = internRows(ctx, site, kernel, rows);
  if (!ids)
    return nullptr;
  const size_t n = ids->size();
  std::vector<const Estimate *> estimates;
  Matrix k(static_cast<Eigen::Index>(n), static_cast<Eigen::Index>(n));
  if (isSampled(ctx, kernel)) {
    auto made = kernelEstimates(ctx, site, kernel, *ids, *ids);
    estimates.assign(made.begin(), made.end());
    if (ctx.ok())
      std::ranges::transform(estimates, k.data(), &Estimate::value);
  } else if (auto values = gramMatrix(ctx, site, kernel, *ids)) {
    std::ranges::copy(*values, k.data());
  }
  if (!ctx.ok())
    return nullptr;

  std::vector<double> members(classes.size(), 0);
  for (uint32_t label : *labels)
    ++members[label];
  Matrix t(k.rows(), k.cols());
  const double apart = -1 / static_cast<double>(classes.size() - 1);
  for (Eigen::Index i = 0; i < t.rows(); ++i)
    for (Eigen::Index j = 0; j < t.cols(); ++j) {
      const uint32_t a = (*labels)[static_cast<size_t>(i)], b = (*labels)[static_cast<size_t>(j)];
      t(i, j) = (a == b ? 1 : apart) / (members[a] * members[b]);
    }
  if (centred)
    for (Matrix *m : {&k, &t}) {
      m->rowwise() -= m->colwise().mean().eval();
      m->colwise() -= m->rowwise().mean().eval();
    }
  const double sizeK = k.norm(), sizeT = t.norm(), product = k.cwiseProduct(t).sum();
  if (sizeK == 0 || sizeT == 0)
    return estimate::number(ctx, 0);
  const double value = product / (sizeK * sizeT);
  if (estimates.empty())
    return estimate::number(ctx, value);
  std::vector<std::pair<const Estimate *, double>> slopes;
  for (size_t i = 0; i < estimates.size(); ++i) {
    const auto at = static_cast<Eigen::Index>(i);
    slopes.emplace_back(estimates[i],
                        (t.data()[at] / sizeT - value * k.data()[at] / sizeK) / sizeK);
  }
  return estimate::linearised(ctx, value, slopes);
}

double alignmentOf(base::Context &ctx, qdo_site site, const Array &a, const Array &b) {
  if (a.rows != b.rows || a.columns != b.columns) {
    ctx.fail(site, Kind::BadValue, "the shape of the second matrix",
             fmt::format("{} x {}", b.rows, b.columns), fmt::format("{} x {}", a.rows, a.columns));
    return 0;
  }
  const double sizes = view(a).norm() * view(b).norm();
  return sizes == 0 ? 0 : view(a).cwiseProduct(view(b)).sum() / sizes;
}

Estimate *alignmentOf(base::Context &ctx, qdo_site site, const List &a, const List &b) {
  const Array *x = numbersOf(ctx, site, a, true, 0);
  const Array *y = x ? numbersOf(ctx, site, b, true, 0) : nullptr;
  const double value = y ? alignmentOf(ctx, site, *x, *y) : 0;
  if (!ctx.ok())
    return nullptr;
  const double sizeX = view(*x).norm(), sizeY = view(*y).norm();
  if (sizeX == 0 || sizeY == 0)
    return estimate::number(ctx, 0);
  std::vector<std::pair<const Estimate *, double>> slopes;
  const auto left = flat(a, true), right = flat(b, true);
  for (size_t i = 0; i < left.size(); ++i) {
    const double u = x->data[i] / sizeX, v = y->data[i] / sizeY;
    slopes.emplace_back(left[i], (v - value * u) / sizeX);
    slopes.emplace_back(right[i], (u - value * v) / sizeY);
  }
  return estimate::linearised(ctx, value, slopes);
}

const GramRows *gramRows(base::Context &ctx, const base::Object &matrix) {
  const auto &known = ctx.part<Origins>().of;
  const auto found = known.find(&matrix);
  return found == known.end() ? nullptr : &found->second;
}

std::vector<const Estimate *> entriesOf(const List &matrix) { return flat(matrix, true); }

double leastEigenvalueOf(base::Context &ctx, qdo_site site, const Array &matrix) {
  return isSymmetric(ctx, site, matrix)
             ? leastEigenvalue(matrix.values(), static_cast<size_t>(matrix.rows))
             : 0;
}

Estimate *leastEigenvalueOf(base::Context &ctx, qdo_site site, const List &matrix) {
  const Array *values = numbersOf(ctx, site, matrix, true, 0);
  if (!values || !isSymmetric(ctx, site, *values))
    return nullptr;
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(view(*values));
  const double least = solver.eigenvalues()[0];
  const Matrix slopes =
      solver.eigenvectors().leftCols<1>() * solver.eigenvectors().leftCols<1>().transpose();
  return spectralEstimate(ctx, entriesOf(matrix), static_cast<size_t>(values->rows), least,
                          {slopes.data(), static_cast<size_t>(slopes.size())},
                          [least](const SpectralError &wrong, double error) {
                            const double most = wrong.norm(error);
                            return estimate::Interval{least - most, least + most};
                          });
}

} // namespace qdo::learn
