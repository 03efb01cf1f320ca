// SPDX-License-Identifier: Apache-2.0
// The gates of a recipe in order, with where each angle comes from.
// In: a recipe. Out: gates on wires; for each angle a slot of a leaf's table and a factor.
// Why: a derivative needs to know which number an angle was made of, which a state does not.
#pragma once

#include "runtime/sim/recipe.h"

#include <span>
#include <vector>

namespace qdo::gradient {

struct SourcedGate {
  /// The angle is factor * slots[slot] of a leaf; slot < 0: nobody can change it.
  struct Source {
    int32_t leaf = -1, slot = -1;
    double factor = 1;
  };
  gates::GateCall call;
  Source angles[4];

  /// A global phase: it has an angle, and no wires.
  [[nodiscard]] bool isPhase() const { return call.gate == QDO_GLOBAL_PHASE; }
};

/// A recipe taken apart. Gates stand in the order in which sim::Recorder keeps them.
struct Sequence {
  int qubits = 0;
  std::vector<SourcedGate> gates;
  /// Circuits with data, each once however often it is applied, with the angles they have.
  struct Leaf {
    const sim::Recipe *recipe;
    std::vector<double> slots;
  };
  std::vector<Leaf> leaves;
  angles::Verdict refused; ///< data that have no angles

  /// The same gates on the same wires with angles from the same places; angles may differ.
  bool sameShape(const Sequence &other) const;
};

Sequence sequenceOf(const sim::Recipe &recipe);

} // namespace qdo::gradient
