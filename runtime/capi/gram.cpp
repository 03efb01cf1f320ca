// SPDX-License-Identifier: Apache-2.0
// entry_points.def, Gram matrices: making them, their numbers, what they say, writing them.
#include "runtime/base/guard.h"
#include "runtime/base/npy.h"
#include "runtime/learn/health.h"
#include "runtime/learn/psd.h"

#include <cmath>

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

qdo_estimate qdo_rt_list_norm(qdo_ctx *ctx, qdo_list list, bool nested) {
  return guarded(
      ctx, 0, [&](Context &context) { return handle(normOf(context, *as<List>(list), nested)); });
}

double qdo_rt_array_min_eigenvalue(qdo_ctx *ctx, qdo_site site, qdo_array array) {
  return guarded(ctx, site, [&](Context &context) {
    const Array &matrix = *as<Array>(array);
    bool symmetric = matrix.rows == matrix.columns && matrix.rows > 0;
    for (int64_t i = 0; symmetric && i < matrix.rows; ++i)
      for (int64_t j = 0; j < i; ++j)
        symmetric &= std::abs(matrix.row(i)[static_cast<size_t>(j)] -
                              matrix.row(j)[static_cast<size_t>(i)]) <= 1e-12;
    if (symmetric)
      return leastEigenvalue(matrix.values(), static_cast<size_t>(matrix.rows));
    context.fail(site, Kind::BadValue, "the matrix of `.min_eigenvalue`",
                 fmt::format("{} x {} and {}symmetric", matrix.rows, matrix.columns,
                             matrix.rows == matrix.columns ? "not " : "so not "),
                 "symmetric");
    return 0.0;
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

double qdo_rt_geometric_difference(qdo_ctx *ctx, qdo_site site, qdo_object matrix, qdo_array values,
                                   qdo_kernel classical) {
  return guarded(ctx, site, [&](Context &context) {
    return geometricDifference(context, site, *as<Object>(matrix), *as<Array>(values),
                               *as<Kernel>(classical));
  });
}

qdo_string qdo_rt_geometric_verdict(qdo_ctx *ctx, double difference, int64_t rows) {
  return guarded(ctx, 0, [&](Context &context) {
    const double root = std::sqrt(static_cast<double>(rows));
    return handle(context.make<String>(
        difference < root
            ? fmt::format("{:.2f} is below the root of the {} rows, {:.2f}: no advantage over this "
                          "classical kernel is possible on them",
                          difference, rows, root)
            : fmt::format("{:.2f} reaches the root of the {} rows, {:.2f}: some labels of them are "
                          "easier for this kernel; whether yours are, only a comparison says",
                          difference, rows, root)));
  });
}

} // extern "C"
