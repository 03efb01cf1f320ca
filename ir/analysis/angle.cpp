// SPDX-License-Identifier: Apache-2.0
// Arithmetic of linear forms.
#include "qdo/ir/angle.h"
#include <cmath>
#include <numbers>

using namespace qdo::ir;

// Rounding of a few hundred sums of angles, and far below what any comparison here tolerates.
static constexpr double rounding = 1e-13;

Angle Angle::operator+(const Angle &other) const {
  Angle sum(number + other.number);
  const auto *left = parts.begin(), *right = other.parts.begin();
  while (left != parts.end() || right != other.parts.end()) {
    if (right == other.parts.end() || (left != parts.end() && left->first < right->first)) {
      sum.parts.push_back(*left++);
    } else if (left == parts.end() || right->first < left->first) {
      sum.parts.push_back(*right++);
    } else {
      double factor = left->second + right->second;
      if (factor != 0)
        sum.parts.push_back({left->first, factor});
      ++left, ++right;
    }
  }
  return sum;
}

Angle Angle::operator*(double factor) const {
  Angle product(number * factor);
  if (factor != 0)
    for (auto [id, own] : parts)
      product.parts.push_back({id, own * factor});
  return product;
}

std::optional<int64_t> qdo::ir::wholeTurns(const Angle &angle, double unit) {
  if (!angle.isConstant())
    return std::nullopt;
  double turns = angle.constant() / unit, whole = std::nearbyint(turns);
  if (!(std::abs(turns) < 1e6) || std::abs(turns - whole) * unit > rounding * (1 + std::abs(turns)))
    return std::nullopt;
  return static_cast<int64_t>(whole);
}

Angle qdo::ir::reduced(const Angle &angle, double period) {
  double constant = angle.constant();
  if (!std::isfinite(constant))
    return angle;
  constant = std::remainder(constant, period);
  if (auto eighths = wholeTurns(constant, std::numbers::pi / 4))
    constant = static_cast<double>(*eighths) * (std::numbers::pi / 4);
  if (constant <= -period / 2)
    constant += period;
  // Set, not added: the difference of the two would round.
  return angle.withConstant(constant);
}
