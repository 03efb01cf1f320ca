// SPDX-License-Identifier: Apache-2.0
// entry_points.def, estimates: their numbers, arithmetic, and decisions on them.
#include "runtime/base/guard.h"
#include "runtime/estimate/arithmetic.h"
#include "runtime/estimate/extreme.h"
#include "runtime/estimate/measure.h"
#include "runtime/estimate/norm.h"
#include "runtime/gradient/tape.h"

#include <cmath>

using namespace qdo::base;
using namespace qdo::estimate;

static const Estimate &of(qdo_estimate e) { return *as<Estimate>(e); }

template <class Make> static void *made(qdo_ctx *ctx, qdo_site site, Make make) {
  return guarded(ctx, site, [&](Context &context) -> void * {
    Estimate *result = make(context);
    return result ? handle(result) : nullptr;
  });
}

static bool isTraced(qdo_estimate e) { return as<Object>(e)->kind == ObjectKind::Traced; }

/// A step of the record in force, if one of its numbers is under differentiation.
template <class Make>
static void *recorded(qdo_ctx *ctx, qdo_site site, std::initializer_list<qdo_estimate> operands,
                      Make make) {
  return guarded(ctx, site, [&](Context &context) -> void * {
    qdo::gradient::Tape *tape = context.part<qdo::gradient::Recording>().tape;
    qdo::gradient::Node *nodes[2] = {};
    size_t count = 0;
    for (qdo_estimate operand : operands)
      nodes[count++] = tape->lift(as<Object>(operand));
    return handle(make(*tape, nodes[0], nodes[1]));
  });
}

/// The interval at the confidence of a comparison.
static Interval intervalAt(Context &context, qdo_site site, qdo_estimate e, double confidence) {
  if (confidence > 0 && confidence < 1)
    return of(e).interval(confidence);
  context.fail(site, Kind::BadValue, "the confidence", fmt::format("{}%", confidence * 100),
               "above 0% and below 100%");
  return {-HUGE_VAL, HUGE_VAL};
}

extern "C" {

double qdo_rt_estimate_value(qdo_ctx *, qdo_estimate e) { return of(e).value; }
double qdo_rt_estimate_stderr(qdo_ctx *, qdo_estimate e) { return of(e).standardError; }
double qdo_rt_estimate_low(qdo_ctx *, qdo_estimate e) { return of(e).low; }
double qdo_rt_estimate_high(qdo_ctx *, qdo_estimate e) { return of(e).high; }
int64_t qdo_rt_estimate_shots(qdo_ctx *, qdo_estimate e) { return of(e).shots; }
qdo_string qdo_rt_estimate_method(qdo_ctx *ctx, qdo_estimate e) {
  return guarded(ctx, 0, [&](Context &context) {
    std::string way(!of(e).way.empty()                         ? of(e).way
                    : of(e).form == Estimate::Form::FirstOrder ? "arithmetic"
                    : of(e).form == Estimate::Form::Bracketed  ? "extreme"
                                                               : "counts");
    if (of(e).setAside > 0)
      way += fmt::format(", {} of {} batches set aside", of(e).setAside, of(e).batches);
    // Its interval promises less than it says: bench/bench_coverage.cpp.
    if (of(e).approximate())
      way += ", wilson (approximate)";
    return handle(context.make<String>(std::move(way)));
  });
}

bool qdo_rt_estimate_above(qdo_ctx *ctx, qdo_site site, qdo_estimate e, double threshold,
                           double confidence) {
  return guarded(ctx, site, [&](Context &context) {
    return intervalAt(context, site, e, confidence).low > threshold;
  });
}

bool qdo_rt_estimate_below(qdo_ctx *ctx, qdo_site site, qdo_estimate e, double threshold,
                           double confidence) {
  return guarded(ctx, site, [&](Context &context) {
    return intervalAt(context, site, e, confidence).high < threshold;
  });
}

bool qdo_rt_estimate_inside(qdo_ctx *ctx, qdo_site site, qdo_estimate e, double low, double high,
                            double confidence) {
  return guarded(ctx, site, [&](Context &context) {
    const Interval interval = intervalAt(context, site, e, confidence);
    return interval.low >= low && interval.high <= high;
  });
}

qdo_estimate qdo_rt_estimate_number(qdo_ctx *ctx, double value) {
  return made(ctx, 0, [&](Context &context) { return number(context, value); });
}

qdo_estimate qdo_rt_estimate_affine(qdo_ctx *ctx, qdo_estimate e, double factor, double offset) {
  if (isTraced(e))
    return recorded(ctx, 0, {e},
                    [&](auto &tape, auto *x, auto *) { return tape.affine(x, factor, offset); });
  return made(ctx, 0, [&](Context &context) { return affine(context, of(e), factor, offset); });
}

qdo_estimate qdo_rt_estimate_sum(qdo_ctx *ctx, qdo_estimate a, qdo_estimate b, double factor) {
  if (isTraced(a) || isTraced(b))
    return recorded(ctx, 0, {a, b},
                    [&](auto &tape, auto *x, auto *y) { return tape.sum(x, y, factor); });
  return made(ctx, 0, [&](Context &context) { return sum(context, of(a), of(b), factor); });
}

qdo_estimate qdo_rt_estimate_product(qdo_ctx *ctx, qdo_estimate a, qdo_estimate b) {
  if (isTraced(a) || isTraced(b))
    return recorded(ctx, 0, {a, b},
                    [](auto &tape, auto *x, auto *y) { return tape.product(x, y); });
  return made(ctx, 0, [&](Context &context) { return product(context, of(a), of(b)); });
}

qdo_estimate qdo_rt_estimate_quotient(qdo_ctx *ctx, qdo_site site, qdo_estimate a, qdo_estimate b) {
  if (isTraced(a) || isTraced(b))
    return recorded(ctx, site, {a, b},
                    [&](auto &tape, auto *x, auto *y) { return tape.quotient(site, x, y); });
  return made(ctx, site, [&](Context &context) { return quotient(context, site, of(a), of(b)); });
}

qdo_estimate qdo_rt_estimate_power(qdo_ctx *ctx, qdo_site site, qdo_estimate e, double exponent) {
  if (isTraced(e))
    return recorded(ctx, site, {e},
                    [&](auto &tape, auto *x, auto *) { return tape.power(site, x, exponent); });
  return made(ctx, site, [&](Context &context) { return power(context, site, of(e), exponent); });
}

qdo_estimate qdo_rt_estimate_function(qdo_ctx *ctx, qdo_site site, qdo_estimate e,
                                      int64_t function) {
  if (isTraced(e))
    return recorded(ctx, site, {e}, [&](auto &tape, auto *x, auto *) {
      return tape.apply(site, x, static_cast<Function>(function));
    });
  return made(ctx, site, [&](Context &context) {
    return apply(context, site, of(e), static_cast<Function>(function));
  });
}

qdo_estimate qdo_rt_estimate_extreme(qdo_ctx *ctx, qdo_estimate a, qdo_estimate b, bool largest) {
  return made(ctx, 0, [&](Context &context) {
    const Estimate *const both[] = {&of(a), &of(b)};
    return extreme(context, both, largest);
  });
}

/// The estimates of a list, or of a list of lists.
static std::vector<const Estimate *> estimatesOf(const List &list, bool nested) {
  std::vector<const Estimate *> all;
  for (const List::Slot &slot : list.slots) {
    if (!nested) {
      all.push_back(as<Estimate>(slot.object));
      continue;
    }
    for (const List::Slot &inner : as<List>(slot.object)->slots)
      all.push_back(as<Estimate>(inner.object));
  }
  return all;
}

qdo_estimate qdo_rt_list_norm(qdo_ctx *ctx, qdo_list list, bool nested) {
  return made(ctx, 0, [&](Context &context) {
    return normOf(context, estimatesOf(*as<List>(list), nested));
  });
}

qdo_estimate qdo_rt_list_extreme(qdo_ctx *ctx, qdo_site site, qdo_list list, bool nested,
                                 bool largest) {
  return made(ctx, site, [&](Context &context) -> Estimate * {
    const auto all = estimatesOf(*as<List>(list), nested);
    if (!all.empty())
      return extreme(context, all, largest);
    context.fail(site, Kind::BadValue, "the array", "empty", "not empty");
    return nullptr;
  });
}

void qdo_rt_fresh_begin(qdo_ctx *ctx) {
  guarded(ctx, 0, [](Context &context) { context.part<Freshness>().begin(); });
}

void qdo_rt_fresh_end(qdo_ctx *ctx) {
  guarded(ctx, 0, [](Context &context) { context.part<Freshness>().end(); });
}

} // extern "C"
