// SPDX-License-Identifier: Apache-2.0
// Repairs by the eigenvalues of a symmetric matrix. Eigen solves; the rest is bookkeeping.
#include "runtime/learn/psd.h"

#include <Eigen/Eigenvalues>
#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace qdo::learn {

namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Vector = Eigen::VectorXd;
using Solver = Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>;

constexpr std::array<std::string_view, 6> names{"none", "clip", "flip", "shift", "nearest", "cut"};

/// V f(lambda) V^T.
Matrix rebuilt(const Solver &solver, const Vector &values) {
  return solver.eigenvectors() * values.asDiagonal() * solver.eigenvectors().transpose();
}

/// Alternating projections with Dykstra's correction, which makes them end at the nearest point of
/// both sets and not just at one: positive semidefinite, and the diagonal that was given.
Matrix nearest(const Matrix &given) {
  const Vector diagonal = given.diagonal();
  Matrix y = given, correction = Matrix::Zero(given.rows(), given.cols()), x = given;
  constexpr int mostSteps = 200;
  for (int step = 0; step < mostSteps; ++step) {
    const Matrix r = y - correction;
    const Solver solver(Eigen::MatrixXd{r});
    x = rebuilt(solver, solver.eigenvalues().cwiseMax(0));
    correction = x - r;
    Matrix next = x;
    next.diagonal() = diagonal;
    const double moved = (next - y).norm();
    y = std::move(next);
    if (moved <= 1e-8 * std::max(1.0, y.norm()))
      break;
  }
  // The last step set the diagonal, which may leave a negative eigenvalue of rounding: the
  // semidefinite side, scaled to the diagonal, is both.
  for (Eigen::Index i = 0; i < x.rows(); ++i)
    for (Eigen::Index j = 0; j < x.cols(); ++j)
      y(i, j) = x(i, i) > 0 && x(j, j) > 0 && diagonal(i) > 0 && diagonal(j) > 0
                    ? x(i, j) * std::sqrt(diagonal(i) * diagonal(j) / (x(i, i) * x(j, j)))
                    : x(i, j);
  return y;
}

} // namespace

std::optional<Repair> repairNamed(std::string_view name) {
  const auto *found = std::ranges::find(names, name);
  return found == names.end() ? std::nullopt
                              : std::optional(static_cast<Repair>(found - names.begin()));
}

Repaired repairGram(std::span<double> gram, size_t n, Repair method) {
  Repaired done;
  if (method == Repair::None || n == 0)
    return done;
  const auto size = static_cast<Eigen::Index>(n);
  Eigen::Map<Matrix> matrix(gram.data(), size, size);
  const Matrix before = matrix;
  const Solver solver(Eigen::MatrixXd{before}, method == Repair::Shift
                                                   ? Eigen::EigenvaluesOnly
                                                   : Eigen::ComputeEigenvectors);
  const Vector &values = solver.eigenvalues();
  const double rounding = 1e-9 * std::max(values.maxCoeff(), 0.0);
  done.negative = static_cast<size_t>((values.array() < -rounding).count());
  if (done.negative == 0)
    return done;
  done.changed = true;
  done.least = values.minCoeff();
  auto keep = [&](Matrix map) { done.rowMap.assign(map.data(), map.data() + map.size()); };
  switch (method) {
  case Repair::None:
    break;
  case Repair::Shift:
    done.shift = -done.least;
    matrix.diagonal().array() += done.shift;
    break;
  case Repair::Flip:
    matrix = rebuilt(solver, values.cwiseAbs());
    keep(rebuilt(solver, values.cwiseSign()));
    break;
  case Repair::Cut: {
    // The largest stays even of what is noise alone: a matrix of zeros would say nothing.
    const double noise = std::min(-done.least, values.maxCoeff());
    done.negative = static_cast<size_t>((values.array() < noise).count());
    const Vector kept = (values.array() >= noise).cast<double>();
    matrix = rebuilt(solver, values.cwiseProduct(kept));
    keep(rebuilt(solver, kept));
    break;
  }
  case Repair::Clip:
  case Repair::Nearest:
    matrix = method == Repair::Clip ? rebuilt(solver, values.cwiseMax(0)) : nearest(before);
    keep(rebuilt(solver, (values.array() > 0).cast<double>().matrix()));
    break;
  }
  matrix = (0.5 * (matrix + matrix.transpose())).eval(); // exactly symmetric again
  done.distance = (matrix - before).norm();
  return done;
}

double leastEigenvalue(std::span<const double> matrix, size_t n) {
  const auto size = static_cast<Eigen::Index>(n);
  const Eigen::Map<const Matrix> map(matrix.data(), size, size);
  return Solver(Eigen::MatrixXd{map}, Eigen::EigenvaluesOnly).eigenvalues().minCoeff();
}

std::string describe(const Repaired &repaired, Repair method, size_t n) {
  if (!repaired.changed)
    return "none was needed";
  const std::string of =
      fmt::format("{} of {} eigenvalues {} negative, the least {:.4f}", repaired.negative, n,
                  repaired.negative == 1 ? "was" : "were", repaired.least);
  switch (method) {
  case Repair::None:
    break;
  case Repair::Clip:
    return of + ": they were set to 0, and rows of new points are projected alike";
  case Repair::Cut:
    return fmt::format("{} of {} eigenvalues were within the noise, as the least, {:.4f}, says: "
                       "they were set to 0, and rows of new points are projected alike",
                       repaired.negative, n, repaired.least);
  case Repair::Flip:
    return of + ": their sign was turned, and so it is in rows of new points";
  case Repair::Shift:
    return fmt::format("{}: {:.4f} was added to the value of every row with itself", of,
                       repaired.shift);
  case Repair::Nearest:
    return fmt::format("{}: the nearest matrix without them is {:.4f} away, and rows of new points "
                       "are projected alike",
                       of, repaired.distance);
  }
  return of;
}

} // namespace qdo::learn
