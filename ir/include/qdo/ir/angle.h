// SPDX-License-Identifier: Apache-2.0
// An angle as a linear form: a constant plus multiples of numbers that only the run knows.
// Why linear: sums, opposites and halves of angles can then be compared, and opposite ones vanish.
#ifndef QDO_IR_ANGLE_H
#define QDO_IR_ANGLE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include <algorithm>
#include <optional>

namespace qdo::ir {

class Angle {
public:
  Angle(double constant = 0) : number(constant) {}
  static Angle unknown(unsigned id) {
    Angle angle;
    angle.parts.push_back({id, 1});
    return angle;
  }

  double constant() const { return number; }
  /// (id, factor) by increasing id; no factor is zero.
  llvm::ArrayRef<std::pair<unsigned, double>> terms() const { return parts; }
  bool isConstant() const { return parts.empty(); }
  bool isZero() const { return parts.empty() && number == 0; }

  Angle withConstant(double constant) const {
    Angle angle(*this);
    angle.number = constant;
    return angle;
  }
  Angle operator+(const Angle &other) const;
  Angle operator*(double factor) const;
  Angle operator-() const { return *this * -1; }
  Angle operator-(const Angle &other) const { return *this + -other; }
  bool operator==(const Angle &other) const = default;
  bool operator<(const Angle &other) const {
    if (number != other.number)
      return number < other.number;
    return std::lexicographical_compare(parts.begin(), parts.end(), other.parts.begin(),
                                        other.parts.end());
  }

private:
  double number;
  llvm::SmallVector<std::pair<unsigned, double>, 2> parts;
};

/// How often `unit` goes into a constant angle, when up to rounding that is a whole number.
std::optional<int64_t> wholeTurns(const Angle &angle, double unit);

/// The angle without the multiples of `period` in its constant, in (-period/2, period/2]; up to
/// rounding a multiple of pi/4 becomes exactly that.
Angle reduced(const Angle &angle, double period);

} // namespace qdo::ir

#endif
