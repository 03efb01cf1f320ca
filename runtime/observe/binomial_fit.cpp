// SPDX-License-Identifier: Apache-2.0
// Scoring steps with damping, projected into the box of the parameters.
#include "runtime/observe/binomial_fit.h"

#include <Eigen/Dense>
#include <boost/math/distributions/chi_squared.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace qdo::observe {

namespace {
/// Probabilities of 0 and 1 are never sure: the likelihood stays finite.
constexpr double least = 1e-12;

struct Local {
  double deviance = 0;
  Eigen::VectorXd gradient; ///< of ln L
  Eigen::MatrixXd information;
};
} // namespace

static double logTerm(double count, double expected) {
  return count > 0 ? count * std::log(count / expected) : 0;
}

static double devianceOf(const CurvePoint &point, double p) {
  if (point.isMean())
    return std::pow((point.mean - p) / point.error, 2);
  const double n = static_cast<double>(point.shots), s = static_cast<double>(point.successes);
  p = std::clamp(p, least, 1 - least);
  return 2 * (logTerm(s, n * p) + logTerm(n - s, n * (1 - p)));
}

double deviance(std::span<const CurvePoint> points, const CurveModel &model,
                std::span<const double> at) {
  std::vector<double> slope(model.parameters.size());
  double sum = 0;
  for (const CurvePoint &point : points)
    sum += devianceOf(point, model.probability(point, at, slope));
  return sum;
}

static Local localAt(std::span<const CurvePoint> points, const CurveModel &model,
                     std::span<const double> at) {
  const auto count = static_cast<Eigen::Index>(model.parameters.size());
  Local local{0, Eigen::VectorXd::Zero(count), Eigen::MatrixXd::Zero(count, count)};
  std::vector<double> slope(model.parameters.size());
  for (const CurvePoint &point : points) {
    const double raw = model.probability(point, at, slope);
    // Near the ends the weight would grow without bound on rounding errors alone.
    const double p = std::clamp(raw, 1e-9, 1 - 1e-9);
    const double weight = point.isMean() ? 1 / (point.error * point.error)
                                         : static_cast<double>(point.shots) / (p * (1 - p));
    const Eigen::Map<const Eigen::VectorXd> row(slope.data(), count);
    local.deviance += devianceOf(point, raw);
    local.gradient += weight * (point.fraction() - p) * row;
    local.information += weight * row * row.transpose();
  }
  return local;
}

Maximum maximise(std::span<const CurvePoint> points, const CurveModel &model,
                 std::vector<double> start, std::optional<size_t> fixed) {
  constexpr int mostSteps = 200;
  constexpr double enough = 1e-9; // of the deviance: far below what an interval can see
  const size_t count = model.parameters.size();
  Maximum best{std::move(start), 0, false};
  Local local = localAt(points, model, best.at);
  best.deviance = local.deviance;
  double damping = 1e-3;
  for (int step = 0; step < mostSteps; ++step) {
    // Parameters at the edge of the box that want to leave it are left out of the step.
    std::vector<Eigen::Index> free;
    for (size_t i = 0; i < count; ++i) {
      const auto &box = model.parameters[i];
      const double pull = local.gradient[static_cast<Eigen::Index>(i)];
      const bool held =
          (best.at[i] <= box.low && pull <= 0) || (best.at[i] >= box.high && pull >= 0);
      if (i != fixed && !held)
        free.push_back(static_cast<Eigen::Index>(i));
    }
    if (free.empty()) {
      best.converged = true;
      break;
    }
    Eigen::MatrixXd information = local.information(free, free);
    for (Eigen::Index i = 0; i < information.rows(); ++i)
      information(i, i) += damping * information(i, i) + 1e-12;
    const Eigen::VectorXd gradient = local.gradient(free);
    const Eigen::VectorXd move = information.ldlt().solve(gradient);
    std::vector<double> next = best.at;
    for (size_t k = 0; k < free.size(); ++k) {
      const auto i = static_cast<size_t>(free[k]);
      next[i] = std::clamp(next[i] + move[static_cast<Eigen::Index>(k)], model.parameters[i].low,
                           model.parameters[i].high);
    }
    const double reached = deviance(points, model, next);
    if (reached <= best.deviance) {
      const double gained = best.deviance - reached;
      best.at = std::move(next);
      local = localAt(points, model, best.at);
      best.deviance = reached;
      damping = std::max(damping / 10, 1e-12);
      if (gained < enough) {
        best.converged = true;
        break;
      }
    } else {
      damping *= 10;
      if (damping > 1e12) { // no direction leads down: the minimum, up to rounding
        best.converged = true;
        break;
      }
    }
  }
  return best;
}

Maximum maximiseFrom(std::span<const CurvePoint> points, const CurveModel &model,
                     const std::vector<std::vector<double>> &starts) {
  Maximum best;
  for (const std::vector<double> &start : starts) {
    Maximum one = maximise(points, model, start);
    if (best.at.empty() || one.deviance < best.deviance)
      best = std::move(one);
  }
  return best;
}

/// One side of the profile; `open` when the deviance never rises to `level`.
static std::pair<double, bool> side(std::span<const CurvePoint> points, const CurveModel &model,
                                    const Maximum &best, double level, double step, double edge) {
  const size_t target = model.target;
  std::vector<double> warm = best.at;
  auto risen = [&](double value) {
    std::vector<double> start = warm;
    start[target] = value;
    Maximum there = maximise(points, model, std::move(start), target);
    warm = std::move(there.at);
    return there.deviance - level;
  };
  const double direction = edge > best.at[target] ? 1 : -1;
  double inside = best.at[target], outside = inside;
  for (;; step *= 1.6) {
    outside = inside + direction * step;
    const bool atEdge = direction > 0 ? outside >= edge : outside <= edge;
    if (atEdge)
      outside = edge;
    if (risen(outside) > 0)
      break;
    if (atEdge)
      return {edge, true};
    inside = outside;
  }
  for (int k = 0; k < 60 && std::abs(outside - inside) > 1e-9 * (1 + std::abs(inside)); ++k) {
    const double middle = (inside + outside) / 2;
    (risen(middle) > 0 ? outside : inside) = middle;
  }
  return {(inside + outside) / 2, false};
}

ProfileInterval profile(std::span<const CurvePoint> points, const CurveModel &model,
                        const Maximum &best, double rise) {
  const auto &box = model.parameters[model.target];
  const double level = best.deviance + rise;
  double step = standardErrorOf(points, model, best.at);
  if (!(step > 0) || step > (box.high - box.low) / 4)
    step = (box.high - box.low) / 4;
  ProfileInterval interval;
  std::tie(interval.low, interval.openLow) = side(points, model, best, level, step, box.low);
  std::tie(interval.high, interval.openHigh) = side(points, model, best, level, step, box.high);
  return interval;
}

double standardErrorOf(std::span<const CurvePoint> points, const CurveModel &model,
                       std::span<const double> at) {
  const Local local = localAt(points, model, at);
  // A parameter at an edge of its box is held by the edge, not by the data.
  std::vector<Eigen::Index> free;
  Eigen::Index target = -1;
  for (size_t i = 0; i < at.size(); ++i) {
    const auto &box = model.parameters[i];
    if (i == model.target)
      target = static_cast<Eigen::Index>(free.size());
    if (i == model.target || (at[i] > box.low && at[i] < box.high))
      free.push_back(static_cast<Eigen::Index>(i));
  }
  const Eigen::MatrixXd information = local.information(free, free);
  // By the scale of each parameter, so that the test of rank means something.
  const Eigen::VectorXd scale = information.diagonal().cwiseSqrt();
  if (!(scale.minCoeff() > 0))
    return std::numeric_limits<double>::infinity();
  const Eigen::MatrixXd scaled =
      scale.cwiseInverse().asDiagonal() * information * scale.cwiseInverse().asDiagonal();
  Eigen::FullPivLU<Eigen::MatrixXd> parts(scaled);
  parts.setThreshold(1e-12);
  if (!parts.isInvertible())
    return std::numeric_limits<double>::infinity();
  return std::sqrt(parts.inverse()(target, target)) / scale[target];
}

double goodnessOfFit(double deviance, int64_t points, int64_t parameters) {
  if (points <= parameters)
    return 1;
  const boost::math::chi_squared law(static_cast<double>(points - parameters));
  return boost::math::cdf(boost::math::complement(law, std::max(deviance, 0.0)));
}

double chiSquaredQuantile(double probability) {
  return boost::math::quantile(boost::math::chi_squared(1), probability);
}

double correctedAkaike(double deviance, int64_t points, int64_t parameters) {
  const double n = static_cast<double>(points), k = static_cast<double>(parameters);
  return n - k - 1 > 0 ? deviance + 2 * k + 2 * k * (k + 1) / (n - k - 1)
                       : std::numeric_limits<double>::infinity();
}

} // namespace qdo::observe
