// SPDX-License-Identifier: Apache-2.0
// How the result of an operation on reals that is not finite is told.
// In: the operation and its operands. Out: text.
// Why here: the elaborator tells it of constants, the runtime of the rest, in the same words.
// Must not: depend on anything but the standard library.
#ifndef QDO_RUNTIME_REAL_RESULT_H
#define QDO_RUNTIME_REAL_RESULT_H

#include <cmath>
#include <cstdio>
#include <string>
#include <string_view>

namespace qdo::reals {

/// `1e+200 * 1e+200`, `sqrt(-1)`. An operation is one of + - * / ^, or the name of a function of
/// the first operand; of arrays, NaN stands for the operands and the name for all.
inline std::string shownOperation(std::string_view operation, double x, double y) {
  auto number = [](double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.6g", value);
    return std::string(text);
  };
  const std::string name(operation);
  if (std::isnan(x))
    return name;
  return operation.size() == 1 ? number(x) + " " + name + " " + number(y)
                               : name + "(" + number(x) + ")";
}

/// What a result that is not finite is called.
inline const char *shownResult(double result) {
  return std::isnan(result) ? "not a number" : "infinite";
}

inline bool isDivisionByZero(std::string_view operation, double divisor) {
  return operation == "/" && divisor == 0;
}

} // namespace qdo::reals

#endif
