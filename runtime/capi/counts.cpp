// SPDX-License-Identifier: Apache-2.0
// entry_points.def, counts of outcomes.
#include "qdo/runtime/abi.h"
#include "runtime/base/guard.h"
#include "runtime/estimate/shares.h"
#include "runtime/sim/outcomes.h"

using namespace qdo::base;
using qdo::sim::Counts;

extern "C" {

int64_t qdo_rt_counts_of(qdo_ctx *ctx, qdo_site site, qdo_counts counts, qdo_string outcome) {
  return guarded(ctx, site, [&](Context &context) -> int64_t {
    const auto entry =
        qdo::sim::entryOf(context, site, *as<Counts>(counts), as<String>(outcome)->text);
    return entry && *entry ? (*entry)->count : 0;
  });
}

qdo_estimate qdo_rt_counts_probability(qdo_ctx *ctx, qdo_site site, qdo_counts counts,
                                       qdo_string outcome) {
  return guarded(ctx, site, [&](Context &context) -> qdo_estimate {
    auto *found =
        qdo::estimate::probabilityOf(context, site, *as<Counts>(counts), as<String>(outcome)->text);
    return found ? handle(found) : nullptr;
  });
}

int64_t qdo_rt_counts_size(qdo_ctx *, qdo_counts counts) {
  return std::ssize(as<Counts>(counts)->entries);
}

int64_t qdo_rt_counts_shots(qdo_ctx *, qdo_counts counts) { return as<Counts>(counts)->shots; }

int64_t qdo_rt_counts_qubits(qdo_ctx *, qdo_counts counts) { return as<Counts>(counts)->qubits; }

qdo_counts qdo_rt_counts_add(qdo_ctx *ctx, qdo_site site, qdo_counts a, qdo_counts b) {
  return guarded(ctx, site, [&](Context &context) -> qdo_counts {
    Counts *both = qdo::sim::merged(context, site, *as<Counts>(a), *as<Counts>(b));
    return both ? handle(both) : nullptr;
  });
}

} // extern "C"
