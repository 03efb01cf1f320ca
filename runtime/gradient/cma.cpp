// SPDX-License-Identifier: Apache-2.0
// CMA-ES: search by a normal distribution that learns its shape. It needs values only.
// Source: Hansen, "The CMA evolution strategy: a tutorial", arXiv:1604.00772 (2016), with its
// default parameters.
#include "runtime/gradient/optimizer.h"

#include "runtime/base/hash.h"
#include "runtime/base/philox.h"

#include <Eigen/Eigenvalues>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace qdo::gradient {

using Matrix = Eigen::MatrixXd;
using Column = Eigen::VectorXd;

/// Standard normal numbers (Box and Muller 1958).
static Column normals(base::RandomStream &random, Eigen::Index size) {
  Column out(size);
  for (Eigen::Index i = 0; i < size; ++i) {
    const double radius = std::sqrt(-2 * std::log(1 - random.uniform()));
    out[i] = radius * std::cos(2 * std::numbers::pi * random.uniform());
  }
  return out;
}

std::string cma(base::Context &ctx, qdo_site site, const Optimizer &by, Objective &objective,
                Fit &fit) {
  const auto q = static_cast<Eigen::Index>(fit.at.size());
  const auto size = static_cast<double>(q);
  const auto lambda = static_cast<Eigen::Index>(
      by.population > 0 ? std::max<int64_t>(by.population, 4)
                        : 4 + static_cast<int64_t>(std::floor(3 * std::log(size))));
  const Eigen::Index mu = lambda / 2;
  Column weights(mu);
  for (Eigen::Index i = 0; i < mu; ++i)
    weights[i] =
        std::log((static_cast<double>(lambda) + 1) / 2) - std::log(static_cast<double>(i) + 1);
  weights /= weights.sum();
  const double muEff = 1 / weights.squaredNorm();
  const double cSigma = (muEff + 2) / (size + muEff + 5);
  const double dSigma = 1 + 2 * std::max(0.0, std::sqrt((muEff - 1) / (size + 1)) - 1) + cSigma;
  const double cC = (4 + muEff / size) / (size + 4 + 2 * muEff / size);
  const double c1 = 2 / ((size + 1.3) * (size + 1.3) + muEff);
  const double cMu =
      std::min(1 - c1, 2 * (muEff - 2 + 1 / muEff) / ((size + 2) * (size + 2) + muEff));
  const double expected = std::sqrt(size) * (1 - 1 / (4 * size) + 1 / (21 * size * size));

  Column mean = Eigen::Map<const Column>(fit.at.data(), q);
  Column pathSigma = Column::Zero(q), pathC = Column::Zero(q);
  Matrix covariance = Matrix::Identity(q, q);
  double sigma = by.sigma;
  base::RandomStream random(ctx.seed(), base::Hasher("cma").add(fit.at).value());
  double best = HUGE_VAL;

  struct Candidate {
    Column step; ///< from the mean, in units of sigma
    double value;
  };
  for (int64_t generation = 0; generation < by.steps; ++generation) {
    const Eigen::SelfAdjointEigenSolver<Matrix> shape(covariance);
    const Column axes = shape.eigenvalues().cwiseMax(1e-20).cwiseSqrt();
    const Matrix &basis = shape.eigenvectors();
    std::vector<Candidate> candidates;
    for (Eigen::Index k = 0; k < lambda; ++k) {
      const Column step = basis * axes.cwiseProduct(normals(random, q));
      const Column point = mean + sigma * step;
      auto value = objective.value({point.data(), static_cast<size_t>(q)});
      if (!value)
        return "";
      const double v = std::isfinite(value->value) ? value->value : HUGE_VAL; // never chosen
      candidates.push_back({step, v});
      if (v < best) {
        best = v;
        fit.at.assign(point.data(), point.data() + q);
        fit.value = std::move(*value);
        fit.known = fit.at;
      }
    }
    if (best == HUGE_VAL) {
      ctx.fail(site, base::Kind::LossNotFinite, stepsOf(fit));
      return "";
    }
    std::ranges::stable_sort(candidates, {}, &Candidate::value);
    Column move = Column::Zero(q);
    for (Eigen::Index i = 0; i < mu; ++i)
      move += weights[i] * candidates[static_cast<size_t>(i)].step;
    mean += sigma * move;
    pathSigma = (1 - cSigma) * pathSigma +
                std::sqrt(cSigma * (2 - cSigma) * muEff) *
                    (basis * axes.cwiseInverse().cwiseProduct(basis.transpose() * move));
    const double turns = static_cast<double>(generation) + 1;
    const bool moving = pathSigma.norm() / std::sqrt(1 - std::pow(1 - cSigma, 2 * turns)) <
                        (1.4 + 2 / (size + 1)) * expected;
    pathC = (1 - cC) * pathC;
    if (moving)
      pathC += std::sqrt(cC * (2 - cC) * muEff) * move;
    Matrix ranked = Matrix::Zero(q, q);
    for (Eigen::Index i = 0; i < mu; ++i) {
      const Column &step = candidates[static_cast<size_t>(i)].step;
      ranked += weights[i] * step * step.transpose();
    }
    covariance = (1 - c1 - cMu + (moving ? 0 : c1 * cC * (2 - cC))) * covariance +
                 c1 * pathC * pathC.transpose() + cMu * ranked;
    sigma *= std::exp(cSigma / dSigma * (pathSigma.norm() / expected - 1));
    ++fit.steps;
    fit.history.push_back(copyOf(fit.value, objective.values()));
    if (sigma * axes.maxCoeff() < 1e-10)
      return "converged";
  }
  return "steps";
}

} // namespace qdo::gradient
