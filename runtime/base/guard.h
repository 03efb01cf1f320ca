// SPDX-License-Identifier: Apache-2.0
// The wall between C++ and the C interface.
// In: the body of an entry point. Out: its value, or zero and a failure in the context.
// Why: no exception crosses abi.h; running out of memory becomes a located failure.
#pragma once

#include "runtime/base/context.h"

#include <exception>
#include <new>
#include <type_traits>

namespace qdo::base {

/// Runs body(Context &), unless the run has already failed.
template <class Body> auto guarded(qdo_ctx *ctx, qdo_site site, Body &&body) {
  using Result = std::invoke_result_t<Body, Context &>;
  Context &context = Context::of(ctx);
  try {
    if (context.ok())
      return body(context);
  } catch (const std::bad_alloc &) {
    context.fail(site, Kind::BadValue, "the memory that this step needs",
                 "more than the machine has left", "less");
  } catch (const std::exception &error) {
    context.fail(site, Kind::BadValue, "an inner step", error.what(), "possible").note =
        "this is a mistake in qdo itself: please report it";
  }
  if constexpr (!std::is_void_v<Result>)
    return Result{};
}

} // namespace qdo::base
