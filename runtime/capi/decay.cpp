// SPDX-License-Identifier: Apache-2.0
// keeping.def, decay curves and what was fitted to them.
#include "runtime/observe/decay.h"
#include "qdo/runtime/keeping.h"
#include "runtime/base/guard.h"
#include "runtime/estimate/ledger.h"
#include "runtime/observe/benchmarking.h"
#include "runtime/observe/risk.h"

#include <sstream>

using namespace qdo::base;
using namespace qdo::observe;

static const Curve &curveOf(Context &context, int64_t curve) {
  return context.part<Curves>().all.at(static_cast<size_t>(curve));
}

static int64_t benchmark(Context &context, qdo_site site, BenchmarkingRequest request,
                         qdo_array lengths, qdo_text gates) {
  const qdo::estimate::Policy *policy = qdo::estimate::requirePolicy(context, site);
  if (!policy)
    return 0;
  context.part<qdo::estimate::Ledger>().note(*policy);
  for (double length : as<Array>(lengths)->values())
    request.lengths.push_back(static_cast<int64_t>(length));
  std::istringstream names{std::string(gates)};
  for (std::string name; names >> name;)
    request.gates.push_back(name);
  return measureBenchmarking(context, site, request, *policy).value_or(0);
}

extern "C" {

int64_t qdo_rt_decay(qdo_ctx *ctx, qdo_site site, qdo_prep prep, qdo_observable observable,
                     qdo_array idle, bool echo) {
  return guarded(ctx, site, [&](Context &context) -> int64_t {
    const qdo::estimate::Policy *policy = qdo::estimate::requirePolicy(context, site);
    if (!policy)
      return 0;
    context.part<qdo::estimate::Ledger>().note(*policy);
    const auto times = as<Array>(idle)->values();
    return measureDecay(context, site,
                        {as<qdo::sim::Recipe>(prep),
                         as<qdo::sim::Observable>(observable),
                         {times.begin(), times.end()},
                         echo},
                        *policy)
        .value_or(0);
  });
}

qdo_estimate qdo_rt_decay_value(qdo_ctx *ctx, qdo_site site, int64_t curve, int64_t point) {
  return guarded(ctx, site, [&](Context &context) {
    return handle(curveOf(context, curve).values.at(static_cast<size_t>(point)));
  });
}

int64_t qdo_rt_benchmark(qdo_ctx *ctx, qdo_site site, int64_t qubits, qdo_array lengths,
                         int64_t sequences, qdo_text gates) {
  return guarded(ctx, site, [&](Context &context) {
    return benchmark(context, site, {.qubits = qubits, .sequences = sequences}, lengths, gates);
  });
}

int64_t qdo_rt_benchmark_interleaved(qdo_ctx *ctx, qdo_site site, qdo_prep prep, qdo_array lengths,
                                     int64_t sequences, qdo_text gates) {
  return guarded(ctx, site, [&](Context &context) {
    const auto *recipe = as<qdo::sim::Recipe>(prep);
    return benchmark(context, site,
                     {.qubits = recipe->qubits, .sequences = sequences, .interleaved = recipe},
                     lengths, gates);
  });
}

int64_t qdo_rt_benchmark_reference(qdo_ctx *ctx, int64_t curve) {
  return guarded(ctx, 0, [&](Context &context) { return curveOf(context, curve).reference; });
}

double qdo_rt_benchmark_gates(qdo_ctx *ctx, int64_t curve) {
  return guarded(ctx, 0, [&](Context &context) { return curveOf(context, curve).meanGates; });
}

double qdo_rt_decay_number(qdo_ctx *ctx, qdo_site site, int64_t curve, int64_t part) {
  return guarded(ctx, site, [&](Context &context) -> double {
    const Curve &of = curveOf(context, curve);
    if (!of.fit.identified()) {
      context
          .fail(site, Kind::BadValue, of.quantityName(),
                fmt::format("UNIDENTIFIED ({})", of.fit.reason), "shown by the points")
          .help = of.benchmarks()
                      ? "take more and longer lengths, or more shots; `.fit.status` asks without "
                        "failing"
                      : "wait longer, at more points, with more shots; `.fit.status` asks without "
                        "failing";
      return 0;
    }
    const Quantity &q = of.fit.quantity;
    return part == 0 ? q.value : part == 1 ? q.standardError : part == 2 ? q.low : q.high;
  });
}

double qdo_rt_risk(qdo_ctx *ctx, qdo_site site, qdo_prep prep) {
  return guarded(ctx, site, [&](Context &context) {
    return risk(context, site, *as<qdo::sim::Recipe>(prep)).value_or(0);
  });
}

qdo_string qdo_rt_decay_status(qdo_ctx *ctx, int64_t curve) {
  return guarded(ctx, 0, [&](Context &context) {
    const FitStatus status = curveOf(context, curve).fit.status;
    return handle(context.make<String>(status == FitStatus::Identified ? "identified"
                                       : status == FitStatus::PoorFit  ? "poor fit"
                                                                       : "UNIDENTIFIED"));
  });
}

qdo_string qdo_rt_decay_reason(qdo_ctx *ctx, int64_t curve) {
  return guarded(ctx, 0, [&](Context &context) {
    return handle(context.make<String>(curveOf(context, curve).fit.reason));
  });
}

double qdo_rt_decay_p_value(qdo_ctx *ctx, int64_t curve) {
  return guarded(ctx, 0, [&](Context &context) { return curveOf(context, curve).fit.pValue; });
}

qdo_string qdo_rt_decay_text(qdo_ctx *ctx, qdo_site site, int64_t curve, qdo_text spec) {
  return guarded(ctx, site, [&](Context &context) -> void * {
    try {
      return handle(context.make<String>(curveOf(context, curve).text(spec)));
    } catch (const fmt::format_error &error) {
      context.fail(site, Kind::BadFormat, spec, error.what());
      return nullptr;
    }
  });
}

} // extern "C"
