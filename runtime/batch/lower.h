// SPDX-License-Identifier: Apache-2.0
// From the gates of a compiled circuit to layers.
// In: a table of gates. Out: layers, the frame in which the wires are read at the end, and the
// rotations that are fused from several and have their angles calculated for each row.
#pragma once

#include "qdo/runtime/circuit.h"
#include "runtime/batch/layers.h"

namespace qdo::batch {

/// P(angles[2k]) RY(angles[2k-1]) ... P(angles[2]) RY(angles[1]) P(angles[0]), from right to left
/// in time: one unitary e^{i phase} P(after) RY(turn) P(before), whose angles become four slots.
struct Fusion {
  std::vector<Angle> angles;
  int32_t into; ///< slots of turn, before, after, phase
};

struct Lowered {
  std::vector<Layer> layers;
  Angle constant; ///< phase of the whole
  std::vector<Fusion> fusions;
  Frame wires;       ///< bit q is wire q
  int32_t slots = 0; ///< of the circuit and of the fusions
};

/// Throws std::invalid_argument for a gate that is no row of gates.def or names a wire twice.
Lowered lower(const qdo_circuit &circuit);

} // namespace qdo::batch
