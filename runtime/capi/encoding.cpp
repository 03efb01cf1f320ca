// SPDX-License-Identifier: Apache-2.0
// abi.h and host.h, for hosts of libraries: rows in, states and matrices out; arrays of functions.
#include "qdo/runtime/host.h"
#include "runtime/base/guard.h"
#include "runtime/learn/gram.h"

#include <algorithm>

using namespace qdo::base;
using namespace qdo::learn;

static qdo::sim::RowCircuit circuitOf(const qdo_encoding &encoding) {
  return {encoding.circuit,
          {encoding.data, static_cast<size_t>(encoding.data_count)},
          encoding.hole,
          encoding.hole_size};
}

static Rows rowsOf(const qdo_encoding &encoding, const double *numbers, int64_t count) {
  return {{numbers, static_cast<size_t>(count * encoding.hole_size)}, count};
}

extern "C" {

bool qdo_rt_encoding_states(qdo_ctx *ctx, const qdo_encoding *encoding, const double *rows,
                            int64_t count, double *amplitudes) {
  return guarded(ctx, 0, [&](Context &context) {
    return qdo::sim::statesOf(context, 0, circuitOf(*encoding),
                              rowsOf(*encoding, rows, count).numbers,
                              reinterpret_cast<qdo::sim::Amplitude *>(amplitudes));
  });
}

bool qdo_rt_encoding_gram(qdo_ctx *ctx, const qdo_encoding *encoding, const double *rows,
                          int64_t count, double *matrix) {
  return guarded(ctx, 0, [&](Context &context) {
    return gramOf(context, 0, circuitOf(*encoding), rowsOf(*encoding, rows, count), matrix);
  });
}

bool qdo_rt_encoding_cross(qdo_ctx *ctx, const qdo_encoding *encoding, const double *a,
                           int64_t a_count, const double *b, int64_t b_count, double *matrix) {
  return guarded(ctx, 0, [&](Context &context) {
    return crossOf(context, 0, circuitOf(*encoding), rowsOf(*encoding, a, a_count),
                   rowsOf(*encoding, b, b_count), matrix);
  });
}

qdo_array qdo_rt_array_from(qdo_ctx *ctx, const double *numbers, int64_t rows, int64_t columns) {
  return guarded(ctx, 0, [&](Context &context) -> void * {
    auto *array = context.make<Array>(rows, columns);
    std::ranges::copy_n(numbers, static_cast<std::ptrdiff_t>(array->values().size()),
                        array->values().begin());
    return handle(array);
  });
}

bool qdo_rt_array_into(qdo_ctx *ctx, qdo_array array, double *numbers, int64_t count) {
  return guarded(ctx, 0, [&](Context &context) {
    const auto values = as<Array>(array)->values();
    if (static_cast<int64_t>(values.size()) != count) {
      context.fail(0, Kind::BadValue, "the size of a result", values.size(), count);
      return false;
    }
    std::ranges::copy(values, numbers);
    return true;
  });
}

} // extern "C"
