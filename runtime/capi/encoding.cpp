// SPDX-License-Identifier: Apache-2.0
// abi.h, encodings for hosts: rows in, states and matrices out.
#include "runtime/base/guard.h"
#include "runtime/learn/gram.h"

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

} // extern "C"
