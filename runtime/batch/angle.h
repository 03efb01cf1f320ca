// SPDX-License-Identifier: Apache-2.0
// Angles as linear combinations of what data give.
// In: slots of a compiled circuit. Out: sums that merge and cancel while a plan is made.
// Why: a plan is made before any data are seen, so it calculates with names of angles.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <utility>
#include <vector>

namespace qdo::batch {

/// constant + sum of factor * slot, in radians.
struct Angle {
  double constant = 0;
  std::vector<std::pair<int32_t, double>> terms; ///< slot and factor; slots ascend

  Angle(double constant = 0) : constant(constant) {}
  static Angle slot(int32_t slot) {
    Angle angle;
    angle.terms.emplace_back(slot, 1);
    return angle;
  }

  bool isConstant() const { return terms.empty(); }
  /// A constant that equals `value` up to whole multiples of `period`, rounding apart.
  bool is(double value, double period = 2 * std::numbers::pi) const {
    return terms.empty() && std::abs(std::remainder(constant - value, period)) < 1e-15;
  }

  Angle &operator+=(const Angle &other) {
    constant += other.constant;
    if (other.terms.empty())
      return *this;
    std::vector<std::pair<int32_t, double>> sum;
    sum.reserve(terms.size() + other.terms.size());
    auto a = terms.cbegin(), b = other.terms.cbegin();
    while (a != terms.end() || b != other.terms.end()) {
      if (b == other.terms.end() || (a != terms.end() && a->first < b->first)) {
        sum.push_back(*a++);
      } else if (a == terms.end() || b->first < a->first) {
        sum.push_back(*b++);
      } else {
        if (double factor = a->second + b->second; factor != 0)
          sum.emplace_back(a->first, factor);
        ++a, ++b;
      }
    }
    terms = std::move(sum);
    return *this;
  }
  Angle &operator*=(double factor) {
    constant *= factor;
    for (auto &term : terms)
      term.second *= factor;
    return *this;
  }
  friend Angle operator+(Angle a, const Angle &b) { return a += b; }
  friend Angle operator*(Angle a, double factor) { return a *= factor; }
  friend Angle operator-(Angle a) { return a *= -1; }
  friend Angle operator-(Angle a, const Angle &b) { return a += -b; }
  friend bool operator==(const Angle &, const Angle &) = default;
};

} // namespace qdo::batch
