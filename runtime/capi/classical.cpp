// SPDX-License-Identifier: Apache-2.0
// entry_points.def, checked arithmetic and arrays.
// Why: what C leaves undefined (division by zero, overflow, bounds) is a located failure here.
#include "runtime/base/guard.h"

#include <algorithm>
#include <numeric>

using namespace qdo::base;

static bool inside(Context &context, qdo_site site, int64_t index, int64_t size) {
  if (index >= 0 && index < size)
    return true;
  context.fail(site, Kind::IndexOutOfRange, index, size);
  return false;
}

/// min, max and mean need a number.
static bool hasNumbers(Context &context, qdo_site site, const Array &array) {
  if (array.size() > 0)
    return true;
  context.fail(site, Kind::BadValue, "the size of the array", 0, "at least 1");
  return false;
}

static double sum(const Array &array) {
  auto values = array.values();
  return std::accumulate(values.begin(), values.end(), 0.0);
}

extern "C" {

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

qdo_array qdo_rt_array_new(qdo_ctx *ctx, int64_t rows, int64_t columns) {
  return guarded(ctx, 0,
                 [&](Context &context) { return handle(context.make<Array>(rows, columns)); });
}

void qdo_rt_array_set(qdo_ctx *ctx, qdo_site site, qdo_array array, int64_t index, double value) {
  guarded(ctx, site, [&](Context &context) {
    if (inside(context, site, index, as<Array>(array)->size()))
      as<Array>(array)->data[index] = value;
  });
}

double qdo_rt_array_get(qdo_ctx *ctx, qdo_site site, qdo_array array, int64_t index) {
  return guarded(ctx, site, [&](Context &context) {
    const bool found = inside(context, site, index, as<Array>(array)->size());
    return found ? as<Array>(array)->data[index] : 0.0;
  });
}

qdo_array qdo_rt_array_row(qdo_ctx *ctx, qdo_site site, qdo_array array, int64_t index) {
  return guarded(ctx, site, [&](Context &context) -> void * {
    Array &whole = *as<Array>(array);
    if (!inside(context, site, index, whole.rows))
      return nullptr;
    double *row = whole.data + index * whole.width();
    return handle(context.make<Array>(row, whole.width(), 0));
  });
}

int64_t qdo_rt_array_size(qdo_ctx *ctx, qdo_array array) {
  return guarded(ctx, 0, [&](Context &) { return as<Array>(array)->rows; });
}

double qdo_rt_array_sum(qdo_ctx *ctx, qdo_array array) {
  return guarded(ctx, 0, [&](Context &) { return sum(*as<Array>(array)); });
}

double qdo_rt_array_mean(qdo_ctx *ctx, qdo_site site, qdo_array array) {
  return guarded(ctx, site, [&](Context &context) {
    const Array &all = *as<Array>(array);
    return hasNumbers(context, site, all) ? sum(all) / static_cast<double>(all.size()) : 0.0;
  });
}

double qdo_rt_array_min(qdo_ctx *ctx, qdo_site site, qdo_array array) {
  return guarded(ctx, site, [&](Context &context) {
    const Array &all = *as<Array>(array);
    return hasNumbers(context, site, all) ? std::ranges::min(all.values()) : 0.0;
  });
}

double qdo_rt_array_max(qdo_ctx *ctx, qdo_site site, qdo_array array) {
  return guarded(ctx, site, [&](Context &context) {
    const Array &all = *as<Array>(array);
    return hasNumbers(context, site, all) ? std::ranges::max(all.values()) : 0.0;
  });
}

} // extern "C"
