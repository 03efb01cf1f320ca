// SPDX-License-Identifier: Apache-2.0
// Circuits for tests, written as code, in the form of compiled ones.
#pragma once

#include "qdo/runtime/abi.h"
#include "tests/unit/tabled.h"

#include <cstdlib>
#include <numbers>
#include <string_view>

namespace circuits {

/// Row of a gate in gates.def.
inline int32_t row(std::string_view name) {
  auto all = qdo::gates::all();
  for (size_t i = 0; i < all.size(); ++i)
    if (all[i].name == name)
      return static_cast<int32_t>(i);
  std::abort();
}

/// A gate on one target.
inline void one(qdo_sink *sink, std::string_view name, int64_t target, double a = 0,
                int64_t controls = 0) {
  sink->gate(
      {row(name), false, static_cast<uint64_t>(controls), static_cast<int>(target), -1, {a}});
}

/// std.encodings.zz of language.md section 5.
template <int n, int reps> void zzBody(qdo_sink *sink, const double *x) {
  using std::numbers::pi;
  for (int r = 0; r < reps; ++r) {
    for (int i = 0; i < n; ++i) {
      one(sink, "h", i);
      one(sink, "p", i, 2 * x[i]);
    }
    for (int i = 0; i < n; ++i)
      for (int j = i + 1; j < n; ++j) {
        one(sink, "cx", j, 0, int64_t{1} << i);
        one(sink, "p", j, 2 * (pi - x[i]) * (pi - x[j]));
        one(sink, "cx", j, 0, int64_t{1} << i);
      }
  }
}

template <int n> void ringBody(qdo_sink *sink, const double *w) {
  for (int i = 0; i < n; ++i)
    one(sink, "ry", i, w[i]);
  for (int i = 0; i + 1 < n; ++i)
    one(sink, "cx", i + 1, 0, int64_t{1} << i);
}

/// (|0..0> + |1..1>) / sqrt(2)
template <int n> void catBody(qdo_sink *sink, const double *) {
  one(sink, "h", 0);
  for (int i = 0; i + 1 < n; ++i)
    one(sink, "cx", i + 1, 0, int64_t{1} << i);
}

/// cos(a/2) |0> + sin(a/2) |1>
inline void tiltBody(qdo_sink *sink, const double *a) { one(sink, "ry", 0, a[0]); }

using qdo::test::tabled;
template <int n, int reps> const qdo_circuit *const zz = tabled<zzBody<n, reps>>(n, "zz");
template <int n> const qdo_circuit *const ring = tabled<ringBody<n>>(n, "ring");
template <int n> const qdo_circuit *const cat = tabled<catBody<n>>(n, "cat");
inline const qdo_circuit *const tilt = tabled<tiltBody>(1, "tilt");

} // namespace circuits
