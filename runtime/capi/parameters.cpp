// SPDX-License-Identifier: Apache-2.0
// entry_points.def and abi.h, parameters of the program.
// Why as text: the host has checked it against the type, and text says every value exactly.
#include "runtime/base/context.h"
#include "runtime/base/guard.h"

#include <charconv>
#include <map>
#include <string>

using namespace qdo::base;

namespace {
struct Parameters {
  std::map<std::string, std::string, std::less<>> values;
};
} // namespace

static const std::string &valueOf(Context &context, qdo_text name) {
  return context.part<Parameters>().values[name];
}

template <class Number> static Number number(const std::string &text) {
  Number value{};
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

extern "C" {

void qdo_rt_set_param(qdo_ctx *ctx, qdo_text name, qdo_text value) {
  Context::of(ctx).part<Parameters>().values[name] = value;
}

int64_t qdo_rt_param_int(qdo_ctx *ctx, qdo_text name) {
  return number<int64_t>(valueOf(Context::of(ctx), name));
}

double qdo_rt_param_real(qdo_ctx *ctx, qdo_text name) {
  return number<double>(valueOf(Context::of(ctx), name));
}

bool qdo_rt_param_bool(qdo_ctx *ctx, qdo_text name) {
  return valueOf(Context::of(ctx), name) == "true";
}

qdo_string qdo_rt_param_text(qdo_ctx *ctx, qdo_text name) {
  qdo_string text = qdo_rt_text_new(ctx);
  qdo_rt_text_add(ctx, text, valueOf(Context::of(ctx), name).c_str());
  return text;
}

} // extern "C"
