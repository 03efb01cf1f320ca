// SPDX-License-Identifier: Apache-2.0
// The gates of gates.def as data: names, arities and matrices.
// In: a row of gates.def and its angles. Out: the unitary on the targets alone, before controls.
// Why: simulators, recorders and tests read one record.
#pragma once

#include <array>
#include <complex>
#include <cstdint>
#include <span>
#include <string_view>

namespace qdo::gates {

using Amplitude = std::complex<double>;

struct GateInfo {
  std::string_view name;
  int controls, targets, parameters;
};

/// All gates in the order of gates.def, which is how the ABI numbers them.
std::span<const GateInfo> all();

/// Row-major; 2x2 for one target (the first four), 4x4 for two. The first target is the lower bit.
using GateMatrix = std::array<Amplitude, 16>;

/// One gate on named wires. `controls` holds every control, those of the gate's own name too.
struct GateCall {
  int gate;
  bool inverse;
  uint64_t controls;
  int target0;
  int target1; ///< -1 for one target
  double angles[4];
};

/// The matrix of gates.def for these angles (radians), conjugate-transposed when `inverse`.
GateMatrix gateMatrix(const GateCall &call);

} // namespace qdo::gates
