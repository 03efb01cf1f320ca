// SPDX-License-Identifier: Apache-2.0
// Gates of recipes of any width.
// In: a recipe. Out: its gates with their wires as lists, in the order and with the names of
// emit(). Why: masks of 64 bits end at 62 qubits; this walk has none, so that tableaus take
// thousands.
#pragma once

#include "runtime/sim/recipe.h"

#include <array>

namespace qdo::sim {

struct WideGate {
  int gate; ///< row of gates.def
  bool inverse;
  int controls;               ///< how many of the wires
  std::span<const int> wires; ///< controls, then targets; one may be there twice
  std::array<double, 4> angles;
};

/// e^{ia}, or e^{-ia} when turned back, where all controls are 1.
struct WidePhase {
  double angle;
  bool inverse;
  std::span<const int> controls;
  int target; ///< a wire that is no control
};

/// What emitWide() sends gates to.
class WideSink {
public:
  virtual ~WideSink();
  virtual void gate(const WideGate &gate) = 0;
  /// A phase. With controls it is p(2a) and rz(-2a) on its target, as in emit(), or those turned
  /// back; without any it is nothing.
  virtual void globalPhase(const WidePhase &phase);
  /// A gate of a wide circuit with more controls than its table names.
  virtual void manyControls() = 0;
  /// Every qubit waits after the gates before are done.
  virtual void idle(double /*seconds*/) {}
  /// The angles of a circuit are known; its gates come next.
  virtual void angles(std::span<const double> /*slots*/) {}
  /// The circuit has no angles for its data.
  virtual void refuse(const angles::Verdict &verdict) = 0;
  /// Whether nothing more needs to be sent.
  virtual bool done() const { return false; }
};

/// Sends the gates of a recipe, or those of its adjoint, to a sink.
void emitWide(const Recipe &recipe, WideSink &sink, bool inverse = false);

} // namespace qdo::sim
