// SPDX-License-Identifier: Apache-2.0
// Counts of circuits against each other.
#include "runtime/observe/dispersion.h"

#include "runtime/observe/binomial_fit.h"

#include <Eigen/Dense>
#include <boost/math/distributions/students_t.hpp>

#include <algorithm>
#include <map>

namespace qdo::observe {

Pooled pooled(std::span<const CurvePoint> points) {
  std::map<std::pair<int, double>, std::vector<CurvePoint>> places;
  for (const CurvePoint &point : points)
    places[{point.series, point.x}].push_back(point);
  Pooled result;
  for (const auto &[place, circuits] : places) {
    if (circuits.size() == 1) {
      result.points.push_back(circuits.front());
      result.ratios.push_back(1);
      continue;
    }
    CurvePoint sum{place.second, 0, 0, place.first};
    for (const CurvePoint &one : circuits) {
      sum.successes += one.successes;
      sum.shots += one.shots;
    }
    double ratio = 1;
    const double p = sum.fraction(), circuitsHere = static_cast<double>(circuits.size());
    if (p > 0 && p < 1) {
      double squares = 0;
      for (const CurvePoint &one : circuits) {
        const double off = static_cast<double>(one.successes) - static_cast<double>(one.shots) * p;
        squares += off * off;
      }
      ratio = squares * circuitsHere / (circuitsHere - 1) /
              (static_cast<double>(sum.shots) * p * (1 - p));
      result.freedom += std::ssize(circuits) - 1;
    }
    result.points.push_back(sum);
    result.ratios.push_back(ratio);
  }
  return result;
}

double dispersionOf(const Pooled &pooled, const CurveModel &model, std::span<const double> at) {
  if (pooled.freedom == 0)
    return 1;
  // H^-1 J H^-1 over H^-1 of the target, where J weighs each place by its ratio.
  std::vector<size_t> free;
  for (size_t i = 0; i < at.size(); ++i)
    if (i == model.target || (at[i] > model.parameters[i].low && at[i] < model.parameters[i].high))
      free.push_back(i);
  const auto count = static_cast<Eigen::Index>(free.size());
  Eigen::MatrixXd H = Eigen::MatrixXd::Zero(count, count), J = H;
  std::vector<double> slope(at.size());
  for (size_t k = 0; k < pooled.points.size(); ++k) {
    const CurvePoint &point = pooled.points[k];
    const double p = std::clamp(model.probability(point, at, slope), 1e-9, 1 - 1e-9);
    Eigen::VectorXd row(count);
    for (Eigen::Index i = 0; i < count; ++i)
      row[i] = slope[free[static_cast<size_t>(i)]];
    const Eigen::MatrixXd here =
        static_cast<double>(point.shots) / (p * (1 - p)) * row * row.transpose();
    H += here;
    J += pooled.ratios[k] * here;
  }
  const auto target = std::ranges::find(free, model.target) - free.begin();
  const Eigen::LDLT<Eigen::MatrixXd> solver(H);
  const Eigen::VectorXd column = solver.solve(Eigen::VectorXd::Unit(count, target));
  const double plain = column[target], robust = column.dot(J * column);
  return plain > 0 && std::isfinite(robust / plain) ? std::max(robust / plain, 1.0) : 1;
}

double riseOf(double confidence, double dispersion, int64_t freedom) {
  if (freedom == 0)
    return chiSquaredQuantile(confidence);
  const double t = boost::math::quantile(boost::math::students_t(static_cast<double>(freedom)),
                                         (1 + confidence) / 2);
  return dispersion * t * t;
}

} // namespace qdo::observe
