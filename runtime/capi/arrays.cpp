// SPDX-License-Identifier: Apache-2.0
// entry_points.def, arrays of reals.
// Why: an index outside of an array is a located failure, and arrays are values: what changes one
// makes a new one.
#include "qdo/runtime/real_result.h"
#include "runtime/base/guard.h"
#include "runtime/base/hash.h"
#include "runtime/base/philox.h"

#include <algorithm>
#include <cmath>
#include <numbers>
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

/// The numbers of rows low..high of something with `size` rows, or a failure.
static bool insideRange(Context &context, qdo_site site, int64_t low, int64_t high, int64_t size) {
  if (low >= 0 && low <= high && high <= size)
    return true;
  context.fail(site, Kind::IndexOutOfRange, low < 0 || low > size ? low : high, size + 1);
  return false;
}

/// Element by element; 0 +, 1 -, 2 *, 3 /, 4 ^.
static double combine(int64_t op, double a, double b) {
  return op == 0 ? a + b : op == 1 ? a - b : op == 2 ? a * b : op == 3 ? a / b : std::pow(a, b);
}

static Array *sized(Context &context, qdo_site site, int64_t rows, int64_t columns) {
  constexpr int64_t most = int64_t{1} << 40;
  if (rows >= 0 && columns >= 0 && rows <= most && columns <= most &&
      rows * std::max<int64_t>(columns, 1) <= most)
    return context.make<Array>(rows, columns);
  context.fail(site, Kind::BadValue, "the size of an array", fmt::format("{} x {}", rows, columns),
               "0 or more, and in all below 2^40");
  return nullptr;
}

namespace {
/// How many arrays of random numbers the run has made: each has a stream of its own.
struct RandomArrays {
  uint64_t count = 0;
};
} // namespace

template <class Draw>
static void *randomArray(qdo_ctx *ctx, qdo_site site, int64_t rows, int64_t columns, Draw draw) {
  return guarded(ctx, site, [&](Context &context) -> void * {
    Array *array = sized(context, site, rows, columns);
    if (!array)
      return nullptr;
    const uint64_t number = context.part<RandomArrays>().count++;
    RandomStream stream(context.seed(), Hasher("random array").add(number).value());
    for (double &value : array->values())
      value = draw(stream);
    return handle(array);
  });
}

extern "C" {

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

int64_t qdo_rt_array_argmax(qdo_ctx *ctx, qdo_site site, qdo_array array) {
  return guarded(ctx, site, [&](Context &context) -> int64_t {
    auto values = as<Array>(array)->values();
    return hasNumbers(context, site, *as<Array>(array))
               ? std::ranges::max_element(values) - values.begin()
               : 0;
  });
}

int64_t qdo_rt_array_argmin(qdo_ctx *ctx, qdo_site site, qdo_array array) {
  return guarded(ctx, site, [&](Context &context) -> int64_t {
    auto values = as<Array>(array)->values();
    return hasNumbers(context, site, *as<Array>(array))
               ? std::ranges::min_element(values) - values.begin()
               : 0;
  });
}

void qdo_rt_array_same_size(qdo_ctx *ctx, qdo_site site, int64_t a, int64_t b) {
  guarded(ctx, site, [&](Context &context) {
    if (a != b)
      context.fail(site, Kind::BadValue, "the size of the second array", b, a);
  });
}

double qdo_rt_array_dot(qdo_ctx *ctx, qdo_site site, qdo_array a, qdo_array b) {
  return guarded(ctx, site, [&](Context &context) {
    const Array &x = *as<Array>(a), &y = *as<Array>(b);
    qdo_rt_array_same_size(&context, site, x.size(), y.size());
    return context.ok() ? std::inner_product(x.data, x.data + x.size(), y.data, 0.0) : 0.0;
  });
}

qdo_array qdo_rt_array_combine(qdo_ctx *ctx, qdo_site site, qdo_array a, int64_t op, qdo_array b) {
  return guarded(ctx, site, [&](Context &context) -> void * {
    const Array &x = *as<Array>(a), &y = *as<Array>(b);
    qdo_rt_array_same_size(&context, site, x.size(), y.size());
    if (!context.ok())
      return nullptr;
    Array *result = context.make<Array>(x.rows, x.columns);
    for (int64_t i = 0; i < x.size(); ++i)
      result->data[i] = combine(op, x.data[i], y.data[i]);
    return handle(result);
  });
}

qdo_array qdo_rt_array_scale(qdo_ctx *ctx, qdo_array a, int64_t op, double factor) {
  return guarded(ctx, 0, [&](Context &context) {
    const Array &x = *as<Array>(a);
    Array *result = context.make<Array>(x.rows, x.columns);
    for (int64_t i = 0; i < x.size(); ++i)
      result->data[i] = combine(op, x.data[i], factor);
    return handle(result);
  });
}

void qdo_rt_array_check(qdo_ctx *ctx, qdo_site site, qdo_array array, qdo_text operation) {
  guarded(ctx, site, [&](Context &context) {
    const Array &all = *as<Array>(array);
    const double *first = all.data, *end = first + all.size();
    const double *bad = std::find_if(first, end, [](double v) { return !std::isfinite(v); });
    if (bad != end)
      context.fail(site, Kind::BadValue,
                   fmt::format("element {} of what `{}` gives", bad - first, operation),
                   qdo::reals::shownResult(*bad), "a finite number");
  });
}

qdo_array qdo_rt_array_slice(qdo_ctx *ctx, qdo_site site, qdo_array array, int64_t low,
                             int64_t high) {
  return guarded(ctx, site, [&](Context &context) -> void * {
    const Array &whole = *as<Array>(array);
    if (!insideRange(context, site, low, high, whole.rows))
      return nullptr;
    Array *part = context.make<Array>(high - low, whole.columns);
    std::copy_n(whole.data + low * whole.width(), part->size(), part->data);
    return handle(part);
  });
}

qdo_array qdo_rt_array_replaced(qdo_ctx *ctx, qdo_site site, qdo_array array, int64_t row,
                                int64_t column, double value) {
  return guarded(ctx, site, [&](Context &context) -> void * {
    const Array &old = *as<Array>(array);
    if (!inside(context, site, row, old.rows) ||
        (old.columns > 0 && !inside(context, site, column, old.columns)))
      return nullptr;
    Array *changed = context.make<Array>(old.rows, old.columns);
    std::copy_n(old.data, old.size(), changed->data);
    changed->data[row * old.width() + std::max<int64_t>(column, 0)] = value;
    return handle(changed);
  });
}

qdo_array qdo_rt_array_flatten(qdo_ctx *ctx, qdo_array array) {
  return guarded(ctx, 0, [&](Context &context) {
    Array &whole = *as<Array>(array);
    return handle(context.make<Array>(whole.data, whole.size(), 0));
  });
}

qdo_array qdo_rt_array_linspace(qdo_ctx *ctx, qdo_site site, double from, double to,
                                int64_t points) {
  return guarded(ctx, site, [&](Context &context) -> void * {
    if (points < 1) {
      context.fail(site, Kind::BadValue, "the number of points", points, "1 or more");
      return nullptr;
    }
    Array *array = sized(context, site, points, 0);
    for (int64_t i = 0; array && i < points; ++i)
      array->data[i] = points == 1 ? from
                                   : from + (to - from) * static_cast<double>(i) /
                                                static_cast<double>(points - 1);
    return array ? handle(array) : nullptr;
  });
}

qdo_array qdo_rt_array_zeros(qdo_ctx *ctx, qdo_site site, int64_t rows, int64_t columns) {
  return guarded(ctx, site, [&](Context &context) -> void * {
    Array *array = sized(context, site, rows, columns);
    return array ? handle(array) : nullptr;
  });
}

qdo_array qdo_rt_array_random_normal(qdo_ctx *ctx, qdo_site site, int64_t rows, int64_t columns,
                                     double scale) {
  return randomArray(ctx, site, rows, columns, [&](RandomStream &stream) {
    // Box and Muller (1958); 1 - u is never 0.
    const double radius = std::sqrt(-2 * std::log(1 - stream.uniform()));
    return scale * radius * std::cos(2 * std::numbers::pi * stream.uniform());
  });
}

qdo_array qdo_rt_array_random_uniform(qdo_ctx *ctx, qdo_site site, int64_t rows, int64_t columns,
                                      double scale) {
  return randomArray(ctx, site, rows, columns,
                     [&](RandomStream &stream) { return scale * stream.uniform(); });
}

} // extern "C"
