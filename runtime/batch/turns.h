// SPDX-License-Identifier: Apache-2.0
// One-qubit gates as e^{i phase} P(after) RY(turn) P(before), and runs of them on one wire.
// Why: phases merge into diagonals, and a rotation about Y is real: half the arithmetic.
#pragma once

#include "runtime/batch/angle.h"

#include <string_view>

namespace qdo::batch {

struct Turn {
  Angle phase, before, turn, after;
};

/// The gate of this name in gates.def, without controls. Throws std::invalid_argument.
Turn turnOf(std::string_view name, const Angle (&angles)[4]);
Turn inverse(const Turn &turn);

/// Gates of one wire in a row: P(first), then RY(turn) and P(after) for each step.
struct Run {
  struct Step {
    Angle turn, after;
  };
  Angle phase, first;
  std::vector<Step> steps;

  bool empty() const { return steps.empty() && phase.is(0) && first.is(0); }
  /// Appends a gate. Rotations with nothing or a Z between them become one.
  void push(const Turn &gate);
  /// Makes one step of several constant ones.
  void simplify();
  /// first, turn, after, turn, after, ...
  std::vector<Angle> alternating() const;
};

} // namespace qdo::batch
