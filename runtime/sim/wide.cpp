// SPDX-License-Identifier: Apache-2.0
// The walk over a recipe with lists of wires.
#include "runtime/sim/wide.h"

#include "runtime/sim/circuit.h"

#include <algorithm>
#include <utility>

namespace qdo::sim {

WideSink::~WideSink() = default;

void WideSink::globalPhase(const WidePhase &phase) {
  if (phase.controls.empty())
    return;
  auto rowOf = [](std::string_view name) {
    return static_cast<int>(std::ranges::find(gates::all(), name, &gates::GateInfo::name) -
                            gates::all().begin());
  };
  static const int p = rowOf("p"), rz = rowOf("rz");
  std::vector<int> wires(phase.controls.begin(), phase.controls.end());
  wires.push_back(phase.target);
  const auto count = static_cast<int>(phase.controls.size());
  const WideGate first{p, phase.inverse, count, wires, {2 * phase.angle}};
  const WideGate second{rz, phase.inverse, count, wires, {-2 * phase.angle}};
  gate(phase.inverse ? second : first);
  gate(phase.inverse ? first : second);
}

namespace {

/// Forwards what it gets and moves one angle of one gate, counted as Recorder counts.
class MovedSink final : public WideSink {
public:
  MovedSink(WideSink &sink, int64_t which, int angle, double by)
      : sink_(sink), which_(which), angle_(angle), by_(by) {}
  void gate(const WideGate &gate) override {
    WideGate moved = gate;
    if (seen++ == which_)
      moved.angles[static_cast<size_t>(angle_)] += by_;
    sink_.gate(moved);
  }
  void globalPhase(const WidePhase &phase) override {
    if (!phase.controls.empty())
      return WideSink::globalPhase(phase);
    WidePhase moved = phase;
    if (seen++ == which_)
      moved.angle += by_;
    sink_.globalPhase(moved);
  }
  void idle(double seconds) override { sink_.idle(seconds); }
  void manyControls() override { sink_.manyControls(); }
  void angles(std::span<const double> slots) override { sink_.angles(slots); }
  void refuse(const angles::Verdict &verdict) override { sink_.refuse(verdict); }
  bool done() const override { return sink_.done(); }
  int64_t seen = 0;

private:
  WideSink &sink_;
  int64_t which_;
  int angle_;
  double by_;
};

/// Sees how many gates there are.
class NoSink final : public WideSink {
  void gate(const WideGate &) override {}
  void manyControls() override {}
  void refuse(const angles::Verdict &) override {}
};

class Walk {
public:
  explicit Walk(WideSink &sink) : sink_(&sink) {}

  /// The recipe on the wires from `shift` on, where the controls are 1. What is turned back,
  /// repeated or controlled does not wait.
  void recipe(const Recipe &recipe, int shift, bool inverse, bool waits) {
    if (sink_->done())
      return;
    switch (recipe.form) {
    case Recipe::Form::Idle:
      this->recipe(*recipe.left, shift, inverse, waits);
      if (waits)
        sink_->idle(recipe.data[0]);
      return;
    case Recipe::Form::Moved:
      return moved(recipe, shift, inverse, waits);
    case Recipe::Form::Leaf:
      return leaf(recipe, shift, inverse);
    case Recipe::Form::Then:
      this->recipe(inverse ? *recipe.right : *recipe.left, shift, inverse, waits);
      return this->recipe(inverse ? *recipe.left : *recipe.right, shift, inverse, waits);
    case Recipe::Form::Tensor: {
      const int upper = shift + static_cast<int>(recipe.left->qubits);
      const auto &[first, second] =
          inverse ? std::pair(recipe.right, recipe.left) : std::pair(recipe.left, recipe.right);
      this->recipe(*first, inverse ? upper : shift, inverse, waits);
      return this->recipe(*second, inverse ? shift : upper, inverse, waits);
    }
    case Recipe::Form::Adjoint:
      return this->recipe(*recipe.left, shift, !inverse, false);
    case Recipe::Form::Power:
      for (int64_t i = 0; i < recipe.exponent && !sink_->done(); ++i)
        this->recipe(*recipe.left, shift, inverse, false);
      return;
    case Recipe::Form::Control: {
      const int more = static_cast<int>(recipe.exponent);
      for (int i = 0; i < more; ++i)
        controls_.push_back(shift + i);
      const auto outer = std::exchange(inner_, {shift + more, inverse});
      this->recipe(*recipe.left, shift + more, inverse, false);
      inner_ = outer;
      controls_.resize(controls_.size() - static_cast<size_t>(more));
      return;
    }
    }
  }

private:
  void moved(const Recipe &recipe, int shift, bool inverse, bool waits) {
    WideSink &outer = *sink_;
    int64_t which = recipe.exponent;
    if (inverse) { // counted from the other end
      NoSink nothing;
      MovedSink counter(nothing, -1, 0, 0);
      sink_ = &counter;
      this->recipe(*recipe.left, shift, false, false);
      which = counter.seen - 1 - which;
    }
    MovedSink sink(outer, which, recipe.angle, recipe.shift);
    sink_ = &sink;
    this->recipe(*recipe.left, shift, inverse, waits);
    sink_ = &outer;
  }

  void leaf(const Recipe &recipe, int shift, bool inverse) {
    const qdo_circuit &circuit = *recipe.circuit;
    CheckSink check;
    const std::vector<double> slots = anglesOf(circuit, recipe.data.data(), check);
    if (check.refused().problem != angles::Problem::None)
      sink_->refuse(check.refused());
    sink_->angles(slots);
    const std::span gates(circuit.gates, static_cast<size_t>(circuit.gate_count));
    for (size_t i = 0; i < gates.size() && !sink_->done(); ++i)
      gate(circuit, gates[inverse ? gates.size() - 1 - i : i], slots, shift, inverse);
  }

  void gate(const qdo_circuit &circuit, const qdo_gate &gate, const std::vector<double> &slots,
            int shift, bool inverse) {
    WideGate made{gate.gate, (gate.inverse != 0) != inverse, 0, {}, {}};
    for (size_t i = 0; i < 4 && gate.angles[i] >= 0; ++i)
      made.angles[i] = slots[static_cast<size_t>(gate.angles[i])];
    if (gate.gate == QDO_GLOBAL_PHASE)
      return phase(made.angles[0], inverse);
    if (circuit.qubits > QDO_MASK_QUBITS && gate.controls >> 48 == QDO_MORE_CONTROLS)
      return sink_->manyControls();
    wires_ = controls_;
    for (int wire : controlsOf(circuit, gate))
      wires_.push_back(shift + wire);
    made.controls = static_cast<int>(wires_.size());
    wires_.push_back(shift + gate.target0);
    if (gate.target1 >= 0)
      wires_.push_back(shift + gate.target1);
    made.wires = wires_;
    sink_->gate(made);
  }

  /// What is turned back inside of a control has the other sign, as when it is recorded.
  void phase(double angle, bool inverse) {
    const bool outside = !controls_.empty() && inner_.inverse;
    sink_->globalPhase({inverse != outside ? -angle : angle, outside, controls_, inner_.target});
  }

  WideSink *sink_;
  std::vector<int> controls_, wires_;
  /// Of the innermost control: the first wire that it controls, and whether it is turned back.
  struct {
    int target;
    bool inverse;
  } inner_{0, false};
};

} // namespace

void emitWide(const Recipe &recipe, WideSink &sink, bool inverse) {
  Walk(sink).recipe(recipe, 0, inverse, !inverse);
}

} // namespace qdo::sim
