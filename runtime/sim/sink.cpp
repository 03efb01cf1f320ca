// SPDX-License-Identifier: Apache-2.0
// What becomes of gates that a circuit function sends.
#include "runtime/sim/sink.h"

#include "qdo/runtime/circuit.h"
#include "runtime/sim/state.h"

#include <algorithm>
#include <ranges>

/// e^{ia} is diag(1, e^{2ia}) then diag(e^{ia}, e^{-ia}) on any qubit, so that it can be
/// controlled.
void qdo_sink::globalPhase(double angle) {
  using qdo::gates::all, qdo::gates::GateInfo;
  auto rowOf = [](std::string_view name) {
    return static_cast<int>(std::ranges::find(all(), name, &GateInfo::name) - all().begin());
  };
  static const int p = rowOf("p"), rz = rowOf("rz");
  gate({p, false, 0, 0, -1, {2 * angle}});
  gate({rz, false, 0, 0, -1, {-2 * angle}});
}

namespace qdo::sim {

bool wiresDiffer(const GateCall &call) {
  uint64_t targets = uint64_t{1} << call.target0;
  if (call.target1 >= 0) {
    if (call.target1 == call.target0)
      return false;
    targets |= uint64_t{1} << call.target1;
  }
  return (call.controls & targets) == 0;
}

void StateSink::gate(const GateCall &call) {
  if (wiresDiffer(call))
    apply(state_, call);
  else
    aliased_ = true;
}

void Recorder::globalPhase(double angle) {
  calls_.push_back({QDO_GLOBAL_PHASE, false, 0, 0, -1, {angle}});
}

void Recorder::replay(qdo_sink &sink) const {
  sink.refuse(refused());
  for (const GateCall &call : calls_)
    if (call.gate == QDO_GLOBAL_PHASE)
      sink.globalPhase(call.angles[0]);
    else
      sink.gate(call);
}

void Recorder::replayInverse(qdo_sink &sink) const {
  sink.refuse(refused());
  for (GateCall call : std::views::reverse(calls_)) {
    call.inverse = !call.inverse;
    if (call.gate == QDO_GLOBAL_PHASE)
      sink.globalPhase(-call.angles[0]);
    else
      sink.gate(call);
  }
}

void MovingSink::gate(const GateCall &call) {
  GateCall moved = call;
  if (seen_++ == which_)
    moved.angles[angle_] += by_;
  sink_.gate(moved);
}

void ShiftedSink::gate(const GateCall &call) {
  GateCall moved = call;
  moved.controls <<= by_;
  moved.target0 += by_;
  if (moved.target1 >= 0)
    moved.target1 += by_;
  sink_.gate(moved);
}

void ControlledSink::gate(const GateCall &call) {
  GateCall controlled = call;
  controlled.controls <<= controls_;
  controlled.controls |= (uint64_t{1} << controls_) - 1;
  controlled.target0 += controls_;
  if (controlled.target1 >= 0)
    controlled.target1 += controls_;
  sink_.gate(controlled);
}

} // namespace qdo::sim
