// SPDX-License-Identifier: Apache-2.0
// Recipes of many qubits: gates are collected and done in sweeps over memory.
// In: the gates of a recipe. Out: the state.
// Why: below this size a state is in the caches anyway and planning costs more than it saves.
#pragma once

#include "runtime/sim/single_state.h"
#include "runtime/sim/sink.h"

#include <vector>

namespace qdo::sim {

/// From this many qubits on, LargeSink is faster than StateSink.
constexpr int largeQubits = 11;

/// Collects gates and does them in portions; call finish() after the last. An interrupt of the run
/// ends the work within a tile or a portion, and leaves the state half-way. `View`: StateView or
/// SingleView.
template <class View> class SweepSink final : public qdo_sink {
public:
  /// `zero`: the state is |0..0>.
  SweepSink(base::Context &ctx, View state, bool zero) : ctx_(ctx), state_(state), zero_(zero) {}
  void gate(const GateCall &call) override;
  void finish();

  /// A gate got one qubit twice; it was left out.
  bool aliased() const { return aliased_; }
  /// No gate had an angle that is no number. (What is multiplied into a zero is not seen later.)
  bool finite() const { return finite_; }

private:
  base::Context &ctx_;
  View state_;
  bool zero_, aliased_ = false, finite_ = true;
  std::vector<GateCall> calls_;
};

using LargeSink = SweepSink<StateView>;

/// |0...0>, on all threads.
void setZero(base::Context &ctx, StateView state);
void setZero(base::Context &ctx, SingleView state);
/// Sum of squared moduli, on all threads; the same for any number of them.
double squaredNorm(base::Context &ctx, StateView state);
double squaredNorm(base::Context &ctx, SingleView state);

} // namespace qdo::sim
