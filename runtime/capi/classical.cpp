// SPDX-License-Identifier: Apache-2.0
// entry_points.def, checked arithmetic.
// Why: what C leaves undefined (division by zero, overflow) is a located failure here.
#include "qdo/runtime/real_result.h"
#include "runtime/base/guard.h"

#include <cmath>

using namespace qdo::base;

/// A result that does not fit is a failure at its place.
template <class Operation>
static int64_t checked(qdo_ctx *ctx, qdo_site site, int64_t a, int64_t b, const char *sign,
                       Operation overflows) {
  int64_t result = 0;
  if (!overflows(a, b, &result)) [[likely]]
    return result;
  guarded(ctx, site, [&](Context &context) {
    context.fail(site, Kind::BadValue, fmt::format("{} {} {}", a, sign, b), "too large",
                 "within 64 bits");
  });
  return 0;
}

extern "C" {

int64_t qdo_rt_int_add(qdo_ctx *ctx, qdo_site site, int64_t a, int64_t b) {
  return checked(ctx, site, a, b, "+",
                 [](auto x, auto y, auto *r) { return __builtin_add_overflow(x, y, r); });
}

int64_t qdo_rt_int_sub(qdo_ctx *ctx, qdo_site site, int64_t a, int64_t b) {
  return checked(ctx, site, a, b, "-",
                 [](auto x, auto y, auto *r) { return __builtin_sub_overflow(x, y, r); });
}

int64_t qdo_rt_int_mul(qdo_ctx *ctx, qdo_site site, int64_t a, int64_t b) {
  return checked(ctx, site, a, b, "*",
                 [](auto x, auto y, auto *r) { return __builtin_mul_overflow(x, y, r); });
}

int64_t qdo_rt_int_abs(qdo_ctx *ctx, qdo_site site, int64_t a) {
  return a < 0 ? qdo_rt_int_sub(ctx, site, 0, a) : a;
}

int64_t qdo_rt_int_of_real(qdo_ctx *ctx, qdo_site site, double value) {
  if (value >= -0x1p63 && value < 0x1p63) [[likely]] // false for NaN as well
    return static_cast<int64_t>(value);
  return guarded(ctx, site, [&](Context &context) -> int64_t {
    context.fail(site, Kind::BadValue, "the whole number", fmt::format("{}", value),
                 "within 64 bits");
    return 0;
  });
}

void qdo_rt_real_check(qdo_ctx *ctx, qdo_site site, double result, qdo_text operation, double x,
                       double y) {
  if (std::isfinite(result)) [[likely]]
    return;
  guarded(ctx, site, [&](Context &context) {
    if (qdo::reals::isDivisionByZero(operation, y))
      context.fail(site, Kind::DivisionByZero);
    else
      context.fail(site, Kind::BadValue,
                   fmt::format("`{}`", qdo::reals::shownOperation(operation, x, y)),
                   qdo::reals::shownResult(result), "a finite number");
  });
}

int64_t qdo_rt_range_size(qdo_ctx *ctx, qdo_site site, int64_t from, int64_t to) {
  return to <= from ? 0 : qdo_rt_int_sub(ctx, site, to, from);
}

int64_t qdo_rt_int_div(qdo_ctx *ctx, qdo_site site, int64_t a, int64_t b) {
  return guarded(ctx, site, [&](Context &context) -> int64_t {
    if (b == 0)
      context.fail(site, Kind::DivisionByZero);
    else if (a == INT64_MIN && b == -1)
      context.fail(site, Kind::BadValue, "the quotient", "2^63", "below 2^63");
    else
      return a / b - (a % b != 0 && (a < 0) != (b < 0));
    return 0;
  });
}

int64_t qdo_rt_int_mod(qdo_ctx *ctx, qdo_site site, int64_t a, int64_t b) {
  return guarded(ctx, site, [&](Context &context) -> int64_t {
    if (b == 0)
      context.fail(site, Kind::DivisionByZero);
    if (b == 0 || b == -1) // -1: the remainder is 0, but INT64_MIN % -1 traps
      return 0;
    const int64_t rest = a % b;
    return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
  });
}

int64_t qdo_rt_int_pow(qdo_ctx *ctx, qdo_site site, int64_t base, int64_t exponent) {
  return guarded(ctx, site, [&](Context &context) -> int64_t {
    if (exponent < 0) {
      context.fail(site, Kind::BadValue, "the exponent", exponent, "0 or more");
      return 0;
    }
    int64_t result = 1, square = base;
    bool overflow = false;
    for (int64_t rest = exponent; rest > 0;) {
      if (rest & 1)
        overflow |= __builtin_mul_overflow(result, square, &result);
      rest >>= 1;
      if (rest > 0) // the square after the last bit is not needed and may be too large
        overflow |= __builtin_mul_overflow(square, square, &square);
    }
    if (overflow) {
      context.fail(site, Kind::BadValue, fmt::format("{}^{}", base, exponent), "too large",
                   "within 64 bits");
      return 0;
    }
    return result;
  });
}

} // extern "C"
