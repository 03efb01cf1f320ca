// SPDX-License-Identifier: Apache-2.0
// Encodings written by hand as code; tests::tabled gives them the form of compiled ones.
#pragma once

#include "qdo/runtime/abi.h"
#include "tests/unit/tabled.h"

#include <array>
#include <numbers>
#include <utility>

namespace qdo::test {

enum Gate : int32_t {
#define QDO_GATE(name, controls, targets, parameters, matrix, inverse, help) name##Gate,
#include "qdo/runtime/gates.def"
};

inline void one(qdo_sink *sink, Gate gate, int q, double angle = 0) {
  sink->gate({gate, false, 0, q, -1, {angle}});
}

using Circuit = const qdo_circuit *(*)();

/// [H on all, RZ(x_i), exp(-i x_i x_j Z_i Z_j / 2) for i < j]^repeats. With `pairsOnce` the pairs
/// are in the first repeat alone, which is what PennyLane up to 0.33 did and what was published.
template <int n, int repeats, bool pairsOnce = false> void iqp(qdo_sink *sink, const double *x) {
  for (int r = 0; r < repeats; ++r) {
    for (int i = 0; i < n; ++i)
      one(sink, hGate, i);
    for (int i = 0; i < n; ++i)
      one(sink, rzGate, i, x[i]);
    if (r == 0 || !pairsOnce)
      for (int i = 0; i < n; ++i)
        for (int j = i + 1; j < n; ++j)
          sink->gate({rzzGate, false, 0, i, j, {x[i] * x[j]}});
  }
}

/// On every qubit [RX(-pi/4), RY(-x)]^layers.
template <int n, int layers> void separable(qdo_sink *sink, const double *x) {
  for (int i = 0; i < n; ++i)
    for (int layer = 0; layer < layers; ++layer) {
      one(sink, rxGate, i, -std::numbers::pi / 4);
      one(sink, ryGate, i, -x[i]);
    }
}

/// A family of circuits for 0..most qubits as a table.
template <template <int> class Family, int most> constexpr auto table() {
  return []<int... n>(std::integer_sequence<int, n...>) {
    return std::array<Circuit, most + 1>{Family<n>::circuit...};
  }(std::make_integer_sequence<int, most + 1>{});
}

} // namespace qdo::test
