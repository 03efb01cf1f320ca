// SPDX-License-Identifier: Apache-2.0
// Critical paths.
#include "runtime/sim/device_time.h"

#include "runtime/noise/clock.h"
#include "runtime/sim/backend.h"
#include "runtime/sim/clifford.h"
#include "runtime/sim/wide.h"

#include <algorithm>
#include <bit>

namespace qdo::sim {

double DeviceTime::gate(int controls, bool twoTargets) const {
  const int qubits = controls + 1 + twoTargets;
  if (qubits <= 2)
    return qubits == 1 ? oneQubit : twoQubit;
  return twoQubit * 6 * (qubits - 2);
}

namespace {
/// When each qubit is free again.
class Clock final : public qdo_sink {
public:
  Clock(const DeviceTime &device, int64_t qubits)
      : device_(device), free_(static_cast<size_t>(std::max<int64_t>(qubits, 0)), 0) {}

  void gate(const GateCall &call) override {
    if (call.target0 < 0)
      return; // a global phase takes no time
    double start = 0;
    each(call, [&](double &free) { start = std::max(start, free); });
    const double end = start + device_.gate(std::popcount(call.controls), call.target1 >= 0);
    each(call, [&](double &free) { free = end; });
    last_ = std::max(last_, end);
  }
  void gate(int controls, bool twoTargets, std::span<const int> wires) {
    double start = 0;
    for (int wire : wires)
      start = std::max(start, free_[static_cast<size_t>(wire)]);
    const double end = start + device_.gate(controls, twoTargets);
    for (int wire : wires)
      free_[static_cast<size_t>(wire)] = end;
    last_ = std::max(last_, end);
  }
  double last() const { return last_; }

private:
  template <class Visit> void each(const GateCall &call, Visit visit) {
    auto wire = [&](int at) {
      if (at >= 0 && static_cast<size_t>(at) < free_.size())
        visit(free_[static_cast<size_t>(at)]);
    };
    for (uint64_t rest = call.controls; rest != 0; rest &= rest - 1)
      wire(std::countr_zero(rest));
    wire(call.target0);
    wire(call.target1);
  }

  const DeviceTime &device_;
  std::vector<double> free_;
  double last_ = 0;
};
} // namespace

DeviceTime deviceTime(base::Context &ctx) {
  DeviceTime time = ctx.part<DeviceTime>();
  if (const noise::Noise *noise = backend(ctx).times()) {
    time.oneQubit = noise->duration(noise::Noise::everyGate, 1);
    time.twoQubit = noise->duration(noise::Noise::everyGate, 2);
    time.measurement = noise->readoutSeconds;
    time.oneAsZero = noise->readout.p10;
    time.zeroAsOne = noise->readout.p01;
    if (noise->t1 != noise::Noise::never)
      time.t1 = noise->t1;
  }
  return time;
}

double circuitSeconds(const Recipe &recipe, const DeviceTime &device) {
  Clock clock(device, recipe.qubits);
  emit(recipe, clock);
  return clock.last();
}

namespace {
/// The same with the times that a noise gives each gate, of recipes of any width.
class NoisyClock final : public WideSink {
public:
  NoisyClock(const noise::Noise &noise, int64_t qubits)
      : clock_(noise, static_cast<int>(qubits)), qubits_(qubits) {}
  void gate(const WideGate &gate) override {
    // Gates that cannot be are reported by whoever runs them.
    if (!std::ranges::all_of(gate.wires, [&](int wire) { return wire < qubits_; }))
      return;
    clock_.start(gate.wires, passed_);
    clock_.finish(noise::nameOf(gate.gate, gate.inverse, gate.controls), gate.wires, passed_);
  }
  void manyControls() override {}
  void refuse(const angles::Verdict &) override {}
  void idle(double seconds) override { clock_.all(seconds, passed_); }
  double now() const { return clock_.now(); }

private:
  noise::Clock clock_;
  int64_t qubits_;
  noise::Clock::Passed passed_ = [](int, double) {};
};
} // namespace

double circuitSeconds(base::Context &ctx, const Recipe &recipe) {
  if (const noise::Noise *noise = backend(ctx).times()) {
    NoisyClock clock(*noise, recipe.qubits);
    emitWide(recipe, clock);
    return clock.now();
  }
  const DeviceTime device = deviceTime(ctx);
  if (recipe.qubits <= QDO_MASK_QUBITS)
    return circuitSeconds(recipe, device);
  // So wide are only circuits that a tableau takes.
  Clock clock(device, recipe.qubits);
  for (const CliffordOp &op : cliffordCircuit(ctx, recipe)->ops) {
    const std::span wires(op.wires, static_cast<size_t>(op.gate->wires));
    clock.gate(op.gate->wires - 1, false, wires);
  }
  return clock.last();
}

double circuitSeconds(const qdo_circuit &circuit, const DeviceTime &device) {
  Clock clock(device, circuit.qubits);
  for (int64_t i = 0; i < circuit.gate_count; ++i) {
    const qdo_gate &gate = circuit.gates[i];
    clock.gate({gate.gate, gate.inverse != 0, gate.controls, gate.target0, gate.target1, {}});
  }
  return clock.last();
}

} // namespace qdo::sim
