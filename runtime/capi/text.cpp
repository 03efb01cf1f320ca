// SPDX-License-Identifier: Apache-2.0
// entry_points.def, text and output.
#include "runtime/base/format.h"
#include "runtime/base/guard.h"

#include <charconv>

using namespace qdo::base;

/// Appends what `make` formats; a spec that does not fit is BadFormat at its place.
template <class Make>
static void add(qdo_ctx *ctx, qdo_site site, qdo_string text, qdo_text spec, Make make) {
  guarded(ctx, site, [&](Context &context) {
    try {
      as<String>(text)->text += make();
    } catch (const fmt::format_error &error) {
      context.fail(site, Kind::BadFormat, spec, error.what());
    }
  });
}

extern "C" {

double qdo_rt_text_real(qdo_ctx *ctx, qdo_site site, qdo_string text) {
  return guarded(ctx, site, [&](Context &context) {
    const std::string &label = as<String>(text)->text;
    double number = 0;
    const auto [end, error] = std::from_chars(label.data(), label.data() + label.size(), number);
    if (error != std::errc() || end != label.data() + label.size())
      context.fail(site, Kind::BadValue, "this label", "`" + label + "`",
                   "a number to be computed with");
    return number;
  });
}

qdo_string qdo_rt_text_new(qdo_ctx *ctx) {
  return guarded(ctx, 0, [](Context &context) { return handle(context.make<String>()); });
}

void qdo_rt_text_add(qdo_ctx *ctx, qdo_string text, qdo_text more) {
  guarded(ctx, 0, [&](Context &) { as<String>(text)->text += more; });
}

void qdo_rt_text_add_int(qdo_ctx *ctx, qdo_site site, qdo_string text, qdo_text spec,
                         int64_t value) {
  add(ctx, site, text, spec, [&] { return formatInt(spec, value); });
}

void qdo_rt_text_add_real(qdo_ctx *ctx, qdo_site site, qdo_string text, qdo_text spec,
                          double value) {
  add(ctx, site, text, spec, [&] { return formatReal(spec, value); });
}

void qdo_rt_text_add_complex(qdo_ctx *ctx, qdo_site site, qdo_string text, qdo_text spec, double re,
                             double im) {
  add(ctx, site, text, spec, [&] { return formatComplex(spec, re, im); });
}

void qdo_rt_text_add_duration(qdo_ctx *ctx, qdo_site site, qdo_string text, qdo_text spec,
                              double seconds) {
  add(ctx, site, text, spec, [&] { return formatDuration(spec, seconds); });
}

void qdo_rt_text_add_bool(qdo_ctx *ctx, qdo_site site, qdo_string text, qdo_text spec, bool value) {
  add(ctx, site, text, spec, [&] { return formatBool(spec, value); });
}

void qdo_rt_text_add_object(qdo_ctx *ctx, qdo_site site, qdo_string text, qdo_text spec,
                            qdo_object object) {
  add(ctx, site, text, spec, [&] { return as<Object>(object)->format(spec); });
}

bool qdo_rt_text_equal(qdo_ctx *ctx, qdo_string a, qdo_string b) {
  return guarded(ctx, 0, [&](Context &) { return as<String>(a)->text == as<String>(b)->text; });
}

void qdo_rt_print(qdo_ctx *ctx, qdo_site site, qdo_string text) {
  guarded(ctx, site, [&](Context &context) {
    if (!context.stopHere(site))
      context.write(as<String>(text)->text + '\n');
  });
}

void qdo_rt_assert_failed(qdo_ctx *ctx, qdo_site site, qdo_string message) {
  guarded(ctx, site, [&](Context &context) {
    if (context.stopHere(site))
      return;
    const std::string &text = as<String>(message)->text;
    context.fail(site, Kind::AssertionFailed, text.empty() ? std::string() : ": " + text);
  });
}

} // extern "C"
