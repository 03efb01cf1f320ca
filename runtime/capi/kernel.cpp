// SPDX-License-Identifier: Apache-2.0
// entry_points.def, kernels and models.
#include "runtime/base/guard.h"
#include "runtime/base/hash.h"
#include "runtime/estimate/ledger.h"
#include "runtime/learn/measure.h"
#include "runtime/learn/model.h"

using namespace qdo::base;
using namespace qdo::learn;
using qdo::data::Dataset;

/// The numbers of two rows for a kernel, or null after a failure.
static std::optional<std::pair<RowId, RowId>> rowsOf(Context &context, qdo_site site,
                                                     Kernel &kernel, qdo_array a, qdo_array b) {
  auto first = kernel.intern(context, site, as<Array>(a)->values());
  auto second = first ? kernel.intern(context, site, as<Array>(b)->values()) : std::nullopt;
  const bool code = kernel.form() == Kernel::Form::General; // needs no preparation
  if (!second ||
      (!code && !kernel.prepare(context, site, std::span(&*first, 1), std::span(&*second, 1))))
    return std::nullopt;
  return std::pair(*first, *second);
}

extern "C" {

qdo_kernel qdo_rt_kernel_fidelity(qdo_ctx *ctx, qdo_site site, qdo_text name, qdo_fn circuit,
                                  qdo_data data, int64_t count, int64_t hole, int64_t holeSize) {
  return guarded(ctx, site, [&](Context &context) {
    return handle(fidelityKernel(context, name,
                                 {static_cast<const qdo_circuit *>(circuit),
                                  {data, static_cast<size_t>(count)},
                                  hole,
                                  holeSize}));
  });
}

qdo_kernel qdo_rt_kernel_rbf(qdo_ctx *ctx, qdo_site site, double gamma) {
  return guarded(ctx, site,
                 [&](Context &context) { return handle(rbfKernel(context, site, gamma)); });
}

qdo_kernel qdo_rt_kernel_classical(qdo_ctx *ctx, qdo_site site, qdo_text name, int64_t width,
                                   qdo_fn fn, qdo_env env, int64_t content) {
  return guarded(ctx, site, [&](Context &context) {
    KernelCode code;
    code.exact = reinterpret_cast<decltype(code.exact)>(fn);
    code.exactEnv = env;
    return handle(generalKernel(context, name, code, static_cast<size_t>(width),
                                static_cast<uint64_t>(content)));
  });
}

qdo_kernel qdo_rt_kernel_general(qdo_ctx *ctx, qdo_site site, qdo_text name, int64_t width,
                                 qdo_fn exact, qdo_env exactEnv, int64_t exactContent,
                                 qdo_fn measured, qdo_env measuredEnv, int64_t measuredContent) {
  return guarded(ctx, site, [&](Context &context) {
    KernelCode code{reinterpret_cast<decltype(code.exact)>(exact), exactEnv,
                    reinterpret_cast<decltype(code.measured)>(measured), measuredEnv};
    const uint64_t content = Hasher("body")
                                 .add(static_cast<uint64_t>(exactContent))
                                 .add(static_cast<uint64_t>(measuredContent))
                                 .value();
    return handle(generalKernel(context, name, code, static_cast<size_t>(width), content));
  });
}

double qdo_rt_kernel_exact(qdo_ctx *ctx, qdo_site site, qdo_kernel kernel, qdo_array a,
                           qdo_array b) {
  return guarded(ctx, site, [&](Context &context) {
    Kernel &of = *as<Kernel>(kernel);
    auto rows = rowsOf(context, site, of, a, b);
    if (rows && of.form() == Kernel::Form::General)
      return of.compute(context, site, rows->first, rows->second).value_or(0);
    return rows ? of.exact(rows->first, rows->second) : 0.0;
  });
}

qdo_estimate qdo_rt_kernel_estimate(qdo_ctx *ctx, qdo_site site, qdo_kernel kernel, qdo_array a,
                                    qdo_array b) {
  return guarded(ctx, site, [&](Context &context) -> qdo_estimate {
    Kernel &of = *as<Kernel>(kernel);
    auto rows = rowsOf(context, site, of, a, b);
    auto *estimate = rows ? kernelEstimate(context, site, of, rows->first, rows->second) : nullptr;
    if (estimate)
      context.part<qdo::estimate::Ledger>().note(site, "kernel", *estimate);
    return estimate ? handle(estimate) : nullptr;
  });
}

/// The way that a program names; nothing for "auto". Null after a failure.
static std::optional<std::optional<Repair>> repairOf(Context &context, qdo_site site,
                                                     qdo_string repair) {
  const std::string &name = as<String>(repair)->text;
  const auto known = repairNamed(name);
  if (known || name == "auto")
    return known;
  context.fail(site, Kind::BadValue, "`repair`", fmt::format("\"{}\"", name),
               "\"auto\", \"none\", \"clip\", \"flip\", \"shift\", \"nearest\" or \"cut\"");
  return std::nullopt;
}

qdo_model qdo_rt_svm_train(qdo_ctx *ctx, qdo_site site, qdo_kernel kernel, qdo_dataset rows,
                           double c, qdo_string repair) {
  return guarded(ctx, site, [&](Context &context) -> qdo_model {
    const auto by = repairOf(context, site, repair);
    return by ? handle(trainSvm(context, site, *as<Kernel>(kernel), *as<Dataset>(rows), c, *by))
              : nullptr;
  });
}

qdo_model qdo_rt_gp_train(qdo_ctx *ctx, qdo_site site, qdo_kernel kernel, qdo_dataset rows,
                          double noise, qdo_string repair) {
  return guarded(ctx, site, [&](Context &context) -> qdo_model {
    const auto by = repairOf(context, site, repair);
    return by ? handle(trainGp(context, site, *as<Kernel>(kernel), *as<Dataset>(rows), noise, *by))
              : nullptr;
  });
}

double qdo_rt_model_accuracy(qdo_ctx *ctx, qdo_site site, qdo_model model, qdo_dataset rows) {
  return guarded(ctx, site, [&](Context &context) {
    return accuracy(context, site, *as<Model>(model), *as<Dataset>(rows)).value_or(0);
  });
}

qdo_list qdo_rt_model_score(qdo_ctx *ctx, qdo_site site, qdo_model model, qdo_dataset rows) {
  return guarded(ctx, site, [&](Context &context) -> qdo_list {
    auto score = scoreOf(context, site, *as<Model>(model), *as<Dataset>(rows));
    if (!score)
      return nullptr;
    auto *list = context.make<List>();
    list->slots = {{.real = score->accuracy}, {.whole = score->undecided}};
    list->size = 1;
    return handle(list);
  });
}

qdo_list qdo_rt_model_support(qdo_ctx *ctx, qdo_model model) {
  return guarded(ctx, 0, [&](Context &context) {
    auto *rows = context.make<List>();
    for (size_t row : as<Model>(model)->machine.support())
      rows->slots.push_back({.whole = static_cast<int64_t>(row)});
    rows->size = static_cast<int64_t>(rows->slots.size());
    return handle(rows);
  });
}

int64_t qdo_rt_model_support_size(qdo_ctx *, qdo_model model) {
  return static_cast<int64_t>(as<Model>(model)->support.size());
}

qdo_string qdo_rt_model_repair(qdo_ctx *ctx, qdo_model model) {
  return guarded(ctx, 0, [&](Context &context) {
    return handle(context.make<String>(as<Model>(model)->repair));
  });
}

double qdo_rt_model_uncertainty(qdo_ctx *ctx, qdo_site site, qdo_model model, qdo_array row) {
  return guarded(ctx, site, [&](Context &context) {
    return uncertainty(context, site, *as<Model>(model), as<Array>(row)->values()).value_or(0);
  });
}

double qdo_rt_kernel_novelty(qdo_ctx *ctx, qdo_site site, qdo_kernel kernel, qdo_array row,
                             qdo_dataset rows) {
  return guarded(ctx, site, [&](Context &context) {
    return novelty(context, site, *as<Kernel>(kernel), as<Array>(row)->values(), *as<Dataset>(rows))
        .value_or(0);
  });
}

} // extern "C"
