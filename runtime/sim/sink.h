// SPDX-License-Identifier: Apache-2.0
// What circuit functions send their gates to.
// In: GateCalls. Out: a changed state, a recording, or the same gates on shifted wires.
// Why: one compiled circuit serves simulation, adjoints, powers, products and export.
#pragma once

#include "qdo/runtime/angles.h"
#include "runtime/gates/gates.h"

#include <vector>

/// The C interface knows this type by name only.
struct qdo_sink {
  virtual ~qdo_sink() = default;
  virtual void gate(const qdo::gates::GateCall &call) = 0;
  /// e^{ia} on the whole state: two gates for whom phases matter, nothing on a machine.
  virtual void globalPhase(double angle);
  /// Every qubit waits, for so many seconds after the gates before are done. Only noise sees it.
  virtual void idle(double /*seconds*/) {}
  /// The circuit has no angles for its data. The first reason stays.
  virtual void refuse(const qdo::angles::Verdict &verdict) {
    if (refused_.problem == qdo::angles::Problem::None)
      refused_ = verdict;
  }
  const qdo::angles::Verdict &refused() const { return refused_; }

private:
  qdo::angles::Verdict refused_;
};

namespace qdo::sim {

using gates::GateCall;

struct StateView;

/// Applies gates to a state as they come. A gate whose wires repeat is not applied but noted.
class StateSink final : public qdo_sink {
public:
  explicit StateSink(StateView &state) : state_(state) {}
  void gate(const GateCall &call) override;
  /// A gate got one qubit twice (the caller reports RuntimeAlias; a circuit cannot).
  bool aliased() const { return aliased_; }

private:
  StateView &state_;
  bool aliased_ = false;
};

/// Keeps gates in order.
class Recorder final : public qdo_sink {
public:
  void gate(const GateCall &call) override { calls_.push_back(call); }
  void globalPhase(double angle) override;
  /// Global phases are calls of the gate QDO_GLOBAL_PHASE.
  const std::vector<GateCall> &calls() const { return calls_; }
  void replay(qdo_sink &sink) const;
  /// The inverse circuit: the inverses in reverse order.
  void replayInverse(qdo_sink &sink) const;

private:
  std::vector<GateCall> calls_;
};

/// Forwards what it gets and adds to one angle of one gate, counted as Recorder keeps them.
class MovingSink final : public qdo_sink {
public:
  MovingSink(qdo_sink &sink, size_t gate, int angle, double by)
      : sink_(sink), which_(gate), angle_(angle), by_(by) {}
  void gate(const GateCall &call) override;
  void globalPhase(double angle) override {
    sink_.globalPhase(seen_++ == which_ ? angle + by_ : angle);
  }
  void idle(double seconds) override { sink_.idle(seconds); }
  void refuse(const angles::Verdict &verdict) override { sink_.refuse(verdict); }

private:
  qdo_sink &sink_;
  size_t which_, seen_ = 0;
  int angle_;
  double by_;
};

/// Forwards gates with every wire moved up.
class ShiftedSink final : public qdo_sink {
public:
  ShiftedSink(qdo_sink &sink, int by) : sink_(sink), by_(by) {}
  void gate(const GateCall &call) override;
  void globalPhase(double angle) override { sink_.globalPhase(angle); }
  void idle(double seconds) override { sink_.idle(seconds); }
  void refuse(const angles::Verdict &verdict) override { sink_.refuse(verdict); }

private:
  qdo_sink &sink_;
  int by_;
};

/// Forwards gates with every wire moved up and the new lowest wires as further controls.
class ControlledSink final : public qdo_sink {
public:
  ControlledSink(qdo_sink &sink, int controls) : sink_(sink), controls_(controls) {}
  void gate(const GateCall &call) override;

private:
  qdo_sink &sink_;
  int controls_;
};

/// Looks only at whether the circuit has angles for its data.
class CheckSink final : public qdo_sink {
public:
  void gate(const GateCall &) override {}
};

/// True when no wire of the call is named twice.
bool wiresDiffer(const GateCall &call);

} // namespace qdo::sim
