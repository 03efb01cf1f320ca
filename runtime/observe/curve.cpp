// SPDX-License-Identifier: Apache-2.0
// Models of decaying curves.
#include "runtime/observe/curve.h"

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace qdo::observe {

static constexpr double turn = 2 * std::numbers::pi;

/// exp(-(x / L)^power) and its derivative by ln L.
static std::pair<double, double> envelope(double x, double logL, int power) {
  const double ratio = x / std::exp(logL);
  const double u = power == 1 ? ratio : ratio * ratio;
  const double e = std::exp(-u);
  return {e, u > 700 ? 0 : e * power * u};
}

CurveModel decayModel(double shortest, double longest, int power) {
  CurveModel model;
  model.parameters = {
      {"start", 0, 1}, {"end", 0, 1}, {"ln L", std::log(shortest), std::log(longest)}};
  model.target = 2;
  model.probability = [power](const CurvePoint &point, std::span<const double> at,
                              std::span<double> slope) {
    const auto [e, byLog] = envelope(point.x, at[2], power);
    slope[0] = e;
    slope[1] = 1 - e;
    slope[2] = (at[0] - at[1]) * byLog;
    return at[1] + (at[0] - at[1]) * e;
  };
  return model;
}

CurveModel fringeModel(double shortest, double longest, int power, double highest) {
  CurveModel model;
  model.parameters = {{"ln L", std::log(shortest), std::log(longest)},
                      {"frequency", 0, highest},
                      {"middle", 0, 1},
                      {"cosine", -1, 1},
                      {"sine", -1, 1}};
  model.target = 0;
  model.probability = [power](const CurvePoint &point, std::span<const double> at,
                              std::span<double> slope) {
    const auto [e, byLog] = envelope(point.x, at[0], power);
    const double angle = turn * at[1] * point.x, c = std::cos(angle), s = std::sin(angle);
    const double wave = at[3] * c + at[4] * s;
    slope[0] = wave * byLog;
    slope[1] = e * turn * point.x * (at[4] * c - at[3] * s);
    slope[2] = 1;
    slope[3] = e * c;
    slope[4] = e * s;
    return at[2] + e * wave;
  };
  return model;
}

CurveModel interleavedModel(double shortest, double longest) {
  CurveModel model;
  // A ratio above 1 is noise, but the interval has to be able to see it.
  model.parameters = {{"ratio", 1e-6, 1.5},
                      {"ln L", std::log(shortest), std::log(longest)},
                      {"start", 0, 1},
                      {"end", 0, 1},
                      {"start of the second", 0, 1},
                      {"end of the second", 0, 1}};
  model.target = 0;
  model.probability = [](const CurvePoint &point, std::span<const double> at,
                         std::span<double> slope) {
    const auto [plain, byLog] = envelope(point.x, at[1], 1);
    std::ranges::fill(slope, 0.0);
    const size_t first = point.series == 0 ? 2 : 4;
    double e = plain, byL = byLog;
    if (point.series != 0) {
      const double power = std::pow(at[0], point.x);
      e = std::min(plain * power, 1.0);
      byL = e < 1 ? byLog * power : 0;
      slope[0] = e < 1 ? (at[first] - at[first + 1]) * e * point.x / at[0] : 0;
    }
    slope[1] = (at[first] - at[first + 1]) * byL;
    slope[first] = e;
    slope[first + 1] = 1 - e;
    return at[first + 1] + (at[first] - at[first + 1]) * e;
  };
  return model;
}

/// Weighted least squares for the linear parameters with these columns: sum of squares, solution.
template <int N, class Columns>
static std::pair<double, Eigen::Matrix<double, N, 1>> linearFit(std::span<const CurvePoint> points,
                                                                Columns columns) {
  Eigen::Matrix<double, N, N> normal = Eigen::Matrix<double, N, N>::Identity() * 1e-9;
  Eigen::Matrix<double, N, 1> right = Eigen::Matrix<double, N, 1>::Zero();
  double squares = 0;
  for (const CurvePoint &point : points) {
    const double shots = static_cast<double>(point.shots);
    const double p = (static_cast<double>(point.successes) + 1) / (shots + 2);
    const double weight = point.isMean() ? 1 / (point.error * point.error) : shots / (p * (1 - p));
    const Eigen::Matrix<double, N, 1> row = columns(point.x);
    normal += weight * row * row.transpose();
    right += weight * point.fraction() * row;
    squares += weight * point.fraction() * point.fraction();
  }
  const Eigen::Matrix<double, N, 1> solution = normal.ldlt().solve(right);
  return {squares - right.dot(solution), solution};
}

static double clamped(const CurveModel &model, size_t i, double value) {
  return std::clamp(value, model.parameters[i].low, model.parameters[i].high);
}

namespace {
struct Start {
  double squares;
  std::vector<double> at;
};
} // namespace

static std::vector<std::vector<double>> best(std::vector<Start> starts, size_t count) {
  std::ranges::stable_sort(starts, {}, &Start::squares);
  std::vector<std::vector<double>> result;
  for (const Start &start : starts)
    if (result.size() < count)
      result.push_back(start.at);
  return result;
}

std::vector<std::vector<double>> startsOfDecay(std::span<const CurvePoint> points,
                                               const CurveModel &model, int power) {
  constexpr int steps = 32;
  const auto &box = model.parameters[2];
  std::vector<Start> starts;
  for (int k = 0; k < steps; ++k) {
    const double logL = box.low + (box.high - box.low) * (k + 0.5) / steps;
    const auto [squares, linear] = linearFit<2>(points, [&](double x) {
      const double e = envelope(x, logL, power).first;
      return Eigen::Vector2d(e, 1 - e);
    });
    starts.push_back({squares, {clamped(model, 0, linear[0]), clamped(model, 1, linear[1]), logL}});
  }
  return best(std::move(starts), 2);
}

std::vector<std::vector<double>> startsOfFringe(std::span<const CurvePoint> points,
                                                const CurveModel &model, int power) {
  constexpr int lengths = 12;
  const auto &box = model.parameters[0];
  const int frequencies = 2 * static_cast<int>(points.size());
  std::vector<Start> starts;
  for (int k = 0; k < lengths; ++k)
    for (int j = 1; j <= frequencies; ++j) {
      const double logL = box.low + (box.high - box.low) * (k + 0.5) / lengths;
      const double f = model.parameters[1].high * j / frequencies;
      const auto [squares, linear] = linearFit<3>(points, [&](double x) {
        const double e = envelope(x, logL, power).first, angle = turn * f * x;
        return Eigen::Vector3d(1, e * std::cos(angle), e * std::sin(angle));
      });
      starts.push_back({squares,
                        {logL, f, clamped(model, 2, linear[0]), clamped(model, 3, linear[1]),
                         clamped(model, 4, linear[2])}});
    }
  return best(std::move(starts), 4);
}

} // namespace qdo::observe
