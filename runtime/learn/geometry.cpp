// SPDX-License-Identifier: Apache-2.0
// Both norms of a geometric difference, for each lambda, in the eigenvectors of the classical
// kernel.
#include "runtime/learn/geometry.h"

#include "runtime/learn/health.h"
#include "runtime/learn/measure.h"
#include "runtime/learn/spectral_error.h"

#include <Eigen/Eigenvalues>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

namespace qdo::learn {

using base::Array;
using base::Kind;
using base::List;
using estimate::Estimate;

namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr std::array grid{1.0, 0.5, 0.25, 0.1, 0.05, 0.025, 0.01, 1e-3, 1e-4, 1e-5, 1e-6};
constexpr double mostTraining = 0.045;

/// The largest eigenvalue of a product of Q and a function of C, and how far it moves at most when
/// Q moves by 1 in spectral norm.
struct Norm {
  double largest, moves;
};

/// Of one lambda.
struct Norms {
  Norm training, difference;
};

/// The classical kernel on the rows of a matrix, and the matrix beside it.
class Comparison {
public:
  Comparison(const Array &quantum, const std::vector<double> &classical) {
    const Eigen::Index n = quantum.rows;
    size_ = static_cast<double>(n);
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> q(
        Eigen::Map<const Matrix>(quantum.data, n, n));
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> c(
        Eigen::Map<const Matrix>(classical.data(), n, n));
    const Eigen::VectorXd positive = q.eigenvalues().cwiseMax(0);
    negative_ = std::max(-q.eigenvalues().minCoeff(), 0.0);
    trace_ = q.eigenvalues().sum();
    positiveTrace_ = positive.sum();
    root_ = positive.cwiseSqrt().asDiagonal() * q.eigenvectors().transpose() * c.eigenvectors();
    basis_ = c.eigenvectors();
    const Eigen::VectorXd spectrum = c.eigenvalues().cwiseMax(0);
    spectrum_ = spectrum * (spectrum.sum() > 0 ? size_ / spectrum.sum() : 1.0);
  }

  /// Of lambda (C + lambda)^-1, whose root bounds the training error.
  [[nodiscard]] Norm training(double lambda) const {
    return norm((lambda / (spectrum_.array() + lambda)).square());
  }
  /// Of sqrt(C) (C + lambda)^-1, whose root is the difference.
  [[nodiscard]] Norm difference(double lambda) const {
    return norm(spectrum_.array() / (spectrum_.array() + lambda).square());
  }

  [[nodiscard]] double lambda() const {
    return *std::ranges::find_if(grid, [&](double lambda) {
      return lambda == grid.back() || scaled(training(lambda).largest) <= mostTraining;
    });
  }
  [[nodiscard]] double value() const { return scaled(difference(lambda()).largest); }
  /// How the value moves with each entry of the matrix, row by row, while lambda stays: with x the
  /// eigenvector of sqrt(M) Q sqrt(M) for the largest eigenvalue, that moves by x sqrt(M) dQ
  /// sqrt(M) x.
  [[nodiscard]] std::vector<double> slopes() const {
    const double at = lambda();
    const Eigen::VectorXd weights = spectrum_.array() / (spectrum_.array() + at).square();
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> product(root_ * weights.asDiagonal() *
                                                                 root_.transpose());
    const double largest = product.eigenvalues().tail<1>()[0], value = scaled(largest);
    const Eigen::Index n = root_.rows();
    Matrix slopes = Matrix::Zero(n, n);
    if (value > 0) {
      const Eigen::VectorXd y = basis_ * (weights.asDiagonal() * root_.transpose() *
                                          product.eigenvectors().rightCols<1>());
      slopes = y * y.transpose() * (value / (2 * largest * largest));
      slopes.diagonal().array() -= value / (2 * positiveTrace_);
    }
    return {slopes.data(), slopes.data() + slopes.size()};
  }

  /// The root of an eigenvalue of the scaled matrix.
  [[nodiscard]] double scaled(double eigenvalue) const {
    return std::sqrt(std::max(eigenvalue, 0.0) *
                     (positiveTrace_ > 0 ? size_ / positiveTrace_ : 1.0));
  }
  /// The same where Q and its trace are wrong by at most so much: what was measured is not larger
  /// than Q and the first together, and not smaller than Q without it and what became 0.
  [[nodiscard]] estimate::Interval scaled(const Norm &norm, double wrong, double wrongTrace) const {
    const double most = trace_ - wrongTrace, least = trace_ + wrongTrace;
    return {
        std::sqrt(std::max(norm.largest - (wrong + negative_) * norm.moves, 0.0) * size_ / least),
        most > 0 ? std::sqrt((norm.largest + wrong * norm.moves) * size_ / most)
                 : std::numeric_limits<double>::infinity()};
  }

private:
  [[nodiscard]] Norm norm(const Eigen::ArrayXd &weights) const {
    const Eigen::MatrixXd product = root_ * weights.matrix().asDiagonal() * root_.transpose();
    return {Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(product, Eigen::EigenvaluesOnly)
                .eigenvalues()
                .maxCoeff(),
            weights.maxCoeff()};
  }

  double size_ = 0, negative_ = 0, trace_ = 0, positiveTrace_ = 0;
  Eigen::MatrixXd root_;  ///< of the positive part of Q, in the eigenvectors of C
  Eigen::MatrixXd basis_; ///< these
  Eigen::VectorXd spectrum_;
};

/// What the difference may be when the matrix is wrong by no more than that.
estimate::Interval range(const Comparison &comparison, const std::vector<Norms> &norms,
                         double wrong, double wrongTrace) {
  const double value = comparison.value();
  estimate::Interval all{value, value};
  for (const Norms &at : norms) {
    const estimate::Interval training = comparison.scaled(at.training, wrong, wrongTrace);
    if (&at == &norms.back() || training.low <= mostTraining) { // it may be this lambda
      const estimate::Interval one = comparison.scaled(at.difference, wrong, wrongTrace);
      all.low = std::min(all.low, one.low);
      all.high = std::max(all.high, one.high);
    }
    if (training.high <= mostTraining) // and no smaller one
      break;
  }
  return all;
}

} // namespace

/// Null after a failure.
static std::optional<Comparison> compare(base::Context &ctx, qdo_site site,
                                         const base::Object &made, const Array &values,
                                         Kernel &classical) {
  const GramRows *rows = gramRows(ctx, made);
  if (!rows) {
    ctx.fail(site, Kind::BadValue, "the first argument of `geometric_difference`",
             "a matrix whose rows are not known", "what `gram(k, xs)` gave")
        .help = "the classical kernel is computed on the rows that the matrix was measured for";
    return std::nullopt;
  }
  std::vector<RowId> ids;
  for (RowId row : rows->rows) {
    auto id = classical.intern(ctx, site, rows->kernel->row(row));
    if (!id)
      return std::nullopt;
    ids.push_back(*id);
  }
  const auto other = gramMatrix(ctx, site, classical, ids);
  return other ? std::optional<Comparison>(std::in_place, values, *other) : std::nullopt;
}

double geometricDifference(base::Context &ctx, qdo_site site, const Array &matrix,
                           Kernel &classical) {
  const auto comparison = compare(ctx, site, matrix, matrix, classical);
  return comparison ? comparison->value() : 0;
}

Estimate *geometricDifference(base::Context &ctx, qdo_site site, const List &matrix,
                              Kernel &classical) {
  const Array *values = numbersOf(ctx, site, matrix, true, 0);
  const auto comparison = values ? compare(ctx, site, matrix, *values, classical) : std::nullopt;
  if (!comparison)
    return nullptr;
  std::vector<Norms> norms;
  for (double lambda : grid)
    norms.push_back({comparison->training(lambda), comparison->difference(lambda)});
  return spectralEstimate(ctx, entriesOf(matrix), static_cast<size_t>(values->rows),
                          comparison->value(), comparison->slopes(),
                          [comparison = *comparison,
                           norms = std::move(norms)](const SpectralError &wrong, double error) {
                            return range(comparison, norms, wrong.norm(error / 2),
                                         wrong.trace(error / 2));
                          });
}

std::string geometricVerdict(double value, double low, double high, int64_t rows) {
  const double root = std::sqrt(static_cast<double>(rows));
  if (high < root)
    return fmt::format("{:.2f} is below the root of the {} rows, {:.2f}: no advantage over this "
                       "classical kernel is possible on them",
                       value, rows, root);
  if (low < root)
    return fmt::format(
        "{:.2f} may be anything from {:.2f} to {:.2f}, and the root of the {} rows is "
        "{:.2f}: more shots would decide whether an advantage over this classical "
        "kernel is possible on them",
        value, low, high, rows, root);
  return fmt::format("{:.2f} reaches the root of the {} rows, {:.2f}: some labels of them are "
                     "easier for this kernel; whether yours are, only a comparison says",
                     value, rows, root);
}

} // namespace qdo::learn
