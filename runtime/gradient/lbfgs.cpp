// SPDX-License-Identifier: Apache-2.0
// Limited-memory BFGS with a line search for the strong Wolfe conditions.
// Source: Nocedal and Wright, Numerical Optimization, 2nd ed. (2006), algorithms 3.5, 3.6 and 7.4.
#include "runtime/gradient/optimizer.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <numeric>

namespace qdo::gradient {

namespace {

using Vector = std::vector<double>;

double dot(const Vector &a, const Vector &b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

Vector along(const Vector &from, const Vector &direction, double length) {
  Vector to = from;
  for (size_t i = 0; i < to.size(); ++i)
    to[i] += length * direction[i];
  return to;
}

struct Point {
  Vector at, slopes;
  Result value;
};

/// A point with its value and gradient; nullopt after a failure.
std::optional<Point> look(Objective &objective, Vector at) {
  auto here = objective.gradient(at, true);
  if (!here)
    return std::nullopt;
  Point point{std::move(at), {}, std::move(here->value)};
  for (const Result &slope : here->slopes)
    point.slopes.push_back(slope.value);
  return point;
}

/// The step of the cubic through two values and slopes; kept inside the interval.
double cubic(double a, double fa, double ga, double b, double fb, double gb) {
  const double d1 = ga + gb - 3 * (fa - fb) / (a - b);
  const double d2 = std::copysign(std::sqrt(std::max(0.0, d1 * d1 - ga * gb)), b - a);
  const double step = b - (b - a) * (gb + d2 - d1) / (gb - ga + 2 * d2);
  const double low = std::min(a, b), high = std::max(a, b), margin = 0.1 * (high - low);
  return std::isfinite(step) ? std::clamp(step, low + margin, high - margin) : (a + b) / 2;
}

constexpr double sufficient = 1e-4, curvature = 0.9;

class Search {
public:
  Search(Objective &objective, const Point &from, const Vector &direction)
      : objective_(objective), from_(from), direction_(direction),
        slope_(dot(from.slopes, direction)) {}

  /// A point that meets the strong Wolfe conditions, or the best there was; nullopt after a
  /// failure.
  std::optional<Point> run(double first) {
    Trial before{0, from_.value.value, slope_, {}};
    double length = first;
    for (int turn = 0; turn < 20; ++turn) {
      auto trial = attempt(length);
      if (!trial)
        return std::nullopt;
      if (!descends(*trial) || (turn > 0 && trial->value >= before.value))
        return zoom(std::move(before), std::move(*trial));
      if (std::fabs(trial->slope) <= -curvature * slope_)
        return std::move(trial->point);
      if (trial->slope >= 0)
        return zoom(std::move(*trial), std::move(before));
      before = std::move(*trial);
      length *= 2;
    }
    return std::move(before.point);
  }

private:
  struct Trial {
    double length, value, slope;
    std::optional<Point> point; ///< absent: where the search began
  };

  std::optional<Trial> attempt(double length) {
    auto point = look(objective_, along(from_.at, direction_, length));
    if (!point)
      return std::nullopt;
    const double value = point->value.value, slope = dot(point->slopes, direction_);
    return Trial{length, value, slope, std::move(point)};
  }

  [[nodiscard]] bool descends(const Trial &t) const {
    return t.value <= from_.value.value + sufficient * t.length * slope_;
  }

  std::optional<Point> zoom(Trial low, Trial high) {
    for (int turn = 0; turn < 30 && std::fabs(high.length - low.length) > 1e-14; ++turn) {
      auto trial =
          attempt(cubic(low.length, low.value, low.slope, high.length, high.value, high.slope));
      if (!trial)
        return std::nullopt;
      if (!descends(*trial) || trial->value >= low.value) {
        high = std::move(*trial);
        continue;
      }
      if (std::fabs(trial->slope) <= -curvature * slope_)
        return std::move(trial->point);
      if (trial->slope * (high.length - low.length) >= 0)
        high = std::move(low);
      low = std::move(*trial);
    }
    if (low.point)
      return std::move(low.point);
    return Point{from_.at, from_.slopes, {from_.value.value, from_.value.standardError, nullptr}};
  }

  Objective &objective_;
  const Point &from_;
  const Vector &direction_;
  double slope_;
};

struct Pair {
  Vector step, change;
  double curvature;
};

/// Minus the inverse Hessian times the gradient, from the last pairs (two-loop recursion).
Vector direction(const Vector &slopes, const std::deque<Pair> &pairs) {
  Vector q = slopes, shares(pairs.size());
  for (size_t i = pairs.size(); i-- > 0;) {
    shares[i] = dot(pairs[i].step, q) / pairs[i].curvature;
    q = along(q, pairs[i].change, -shares[i]);
  }
  if (!pairs.empty()) {
    const Pair &last = pairs.back();
    const double scale = last.curvature / dot(last.change, last.change);
    for (double &entry : q)
      entry *= scale;
  }
  for (size_t i = 0; i < pairs.size(); ++i)
    q = along(q, pairs[i].step, shares[i] - dot(pairs[i].change, q) / pairs[i].curvature);
  for (double &entry : q)
    entry = -entry;
  return q;
}

} // namespace

std::string lbfgs(base::Context &ctx, qdo_site site, const Optimizer &by, Objective &objective,
                  Fit &fit) {
  constexpr size_t memory = 10;
  std::deque<Pair> pairs;
  auto here = look(objective, fit.at);
  if (!here || !note(ctx, site, fit, copyOf(here->value)))
    return "";
  for (int64_t step = 0; step < by.steps; ++step) {
    const double length = std::sqrt(dot(here->slopes, here->slopes));
    if (length <= 1e-9 * std::max(1.0, std::fabs(here->value.value)))
      return "converged";
    Vector down = direction(here->slopes, pairs);
    if (dot(down, here->slopes) >= 0) { // what was learnt does not fit here any more
      pairs.clear();
      down = direction(here->slopes, pairs);
    }
    auto next = Search(objective, *here, down).run(pairs.empty() ? std::min(1.0, 1 / length) : 1.0);
    if (!next)
      return "";
    Pair pair{along(next->at, here->at, -1), along(next->slopes, here->slopes, -1), 0};
    pair.curvature = dot(pair.step, pair.change);
    const double gained = here->value.value - next->value.value;
    if (dot(pair.step, pair.step) == 0)
      return "converged"; // no point on the line is better
    fit.at = next->at;
    if (!note(ctx, site, fit, copyOf(next->value, objective.values())))
      return "";
    if (pair.curvature > 1e-14 * dot(pair.change, pair.change)) {
      pairs.push_back(std::move(pair));
      if (pairs.size() > memory)
        pairs.pop_front();
    }
    here = std::move(next);
    ++fit.steps;
    if (std::fabs(gained) <= 1e-12 * std::max(1.0, std::fabs(here->value.value)))
      return "converged";
  }
  return "steps";
}

} // namespace qdo::gradient
