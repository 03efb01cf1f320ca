// SPDX-License-Identifier: Apache-2.0
// entry_points.def, Gram matrices: making them, their numbers, what they say, writing them.
#include "runtime/base/guard.h"
#include "runtime/base/npy.h"
#include "runtime/learn/geometry.h"
#include "runtime/learn/health.h"

using namespace qdo::base;
using namespace qdo::learn;
using qdo::data::Dataset;

extern "C" {

qdo_array qdo_rt_gram_exact(qdo_ctx *ctx, qdo_site site, qdo_kernel kernel, qdo_array xs,
                            qdo_array ys) {
  return guarded(ctx, site, [&](Context &context) {
    return handle(exactGram(context, site, *as<Kernel>(kernel), *as<Array>(xs), *as<Array>(ys)));
  });
}

qdo_list qdo_rt_gram_measured(qdo_ctx *ctx, qdo_site site, qdo_kernel kernel, qdo_array xs,
                              qdo_array ys) {
  return guarded(ctx, site, [&](Context &context) {
    return handle(measuredGram(context, site, *as<Kernel>(kernel), *as<Array>(xs), *as<Array>(ys)));
  });
}

qdo_array qdo_rt_list_estimates(qdo_ctx *ctx, qdo_site site, qdo_list list, bool nested,
                                int64_t which) {
  return guarded(ctx, site, [&](Context &context) {
    return handle(numbersOf(context, site, *as<List>(list), nested, which));
  });
}

double qdo_rt_array_min_eigenvalue(qdo_ctx *ctx, qdo_site site, qdo_array array) {
  return guarded(ctx, site, [&](Context &context) {
    return leastEigenvalueOf(context, site, *as<Array>(array));
  });
}

qdo_estimate qdo_rt_list_min_eigenvalue(qdo_ctx *ctx, qdo_site site, qdo_list list) {
  return guarded(ctx, site, [&](Context &context) {
    return handle(leastEigenvalueOf(context, site, *as<List>(list)));
  });
}

void qdo_rt_array_write_npy(qdo_ctx *ctx, qdo_site site, qdo_array array, qdo_string path) {
  guarded(ctx, site, [&](Context &context) {
    writeNpy(context, site, *as<Array>(array), as<String>(path)->text);
  });
}

qdo_estimate qdo_rt_kernel_alignment(qdo_ctx *ctx, qdo_site site, qdo_kernel kernel,
                                     qdo_dataset rows, bool centred) {
  return guarded(ctx, site, [&](Context &context) {
    return handle(alignment(context, site, *as<Kernel>(kernel), *as<Dataset>(rows), centred));
  });
}

double qdo_rt_gram_alignment(qdo_ctx *ctx, qdo_site site, qdo_array a, qdo_array b) {
  return guarded(ctx, site, [&](Context &context) {
    return alignmentOf(context, site, *as<Array>(a), *as<Array>(b));
  });
}

qdo_estimate qdo_rt_gram_alignment_measured(qdo_ctx *ctx, qdo_site site, qdo_list a, qdo_list b) {
  return guarded(ctx, site, [&](Context &context) {
    return handle(alignmentOf(context, site, *as<List>(a), *as<List>(b)));
  });
}

double qdo_rt_geometric_difference(qdo_ctx *ctx, qdo_site site, qdo_array matrix,
                                   qdo_kernel classical) {
  return guarded(ctx, site, [&](Context &context) {
    return geometricDifference(context, site, *as<Array>(matrix), *as<Kernel>(classical));
  });
}

qdo_estimate qdo_rt_geometric_difference_measured(qdo_ctx *ctx, qdo_site site, qdo_list matrix,
                                                  qdo_kernel classical) {
  return guarded(ctx, site, [&](Context &context) {
    return handle(geometricDifference(context, site, *as<List>(matrix), *as<Kernel>(classical)));
  });
}

qdo_string qdo_rt_geometric_verdict(qdo_ctx *ctx, double difference, double low, double high,
                                    int64_t rows) {
  return guarded(ctx, 0, [&](Context &context) {
    return handle(context.make<String>(geometricVerdict(difference, low, high, rows)));
  });
}

} // extern "C"
