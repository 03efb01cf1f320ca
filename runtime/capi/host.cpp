// SPDX-License-Identifier: Apache-2.0
// abi.h and host.h, hosting: opening, closing and ending runs; gates from inside circuits.
#include "qdo/runtime/host.h"
#include "runtime/base/context.h"
#include "runtime/estimate/policy.h"
#include "runtime/sim/backend.h"
#include "runtime/sim/live.h"
#include "runtime/sim/single.h"
#include "runtime/sim/sink.h"

#include <algorithm>
#include <limits>

using qdo::base::Context;
using qdo::base::Kind;

extern "C" {

qdo_ctx *qdo_rt_open(const qdo_options *options) {
  try {
    return new Context(options ? *options : qdo_options{});
  } catch (...) {
    return nullptr; // no memory for a run: there is no context to say so in
  }
}

void qdo_rt_close(qdo_ctx *ctx) { delete static_cast<Context *>(ctx); }

const qdo_failure *qdo_rt_failure(qdo_ctx *ctx) { return Context::of(ctx).failureView(); }

void qdo_rt_recover(qdo_ctx *ctx) {
  Context &context = Context::of(ctx);
  if (context.ok())
    return;
  context.takeFailure();
  // The code that failed has not left its `with` blocks, and an abort discards live qubits.
  context.part<qdo::estimate::Policies>().unwindTo(0);
  context.part<qdo::sim::Devices>().unwindTo(0);
  context.part<qdo::sim::LiveQubits>().endShot();
}

void qdo_rt_use_single_precision(qdo_ctx *ctx) {
  Context::of(ctx).part<qdo::sim::Precision>().single = true;
}

void qdo_rt_interrupt(qdo_ctx *ctx) { Context::of(ctx).requestInterrupt(); }

void qdo_rt_output_closed(qdo_ctx *ctx) { Context::of(ctx).fail(0, Kind::ClosedPipe); }

const char *qdo_rt_spent_text(qdo_ctx *ctx) { return Context::of(ctx).spentText(); }

void qdo_rt_angles(qdo_sink *sink, int32_t rule, const double *data, int64_t count,
                   double *angles) {
  const auto known = static_cast<qdo::angles::Rule>(rule);
  const std::span out(angles, static_cast<size_t>(qdo::angles::angleCount(known, count)));
  auto verdict = qdo::angles::compute(known, {data, static_cast<size_t>(count)}, out);
  if (verdict.problem == qdo::angles::Problem::None)
    return;
  std::ranges::fill(out, std::numeric_limits<double>::quiet_NaN());
  sink->refuse(verdict);
}

} // extern "C"
