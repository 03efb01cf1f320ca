// SPDX-License-Identifier: Apache-2.0
// From the table of a circuit to gates with angles.
#include "runtime/sim/circuit.h"

#include <algorithm>
#include <bit>
#include <cassert>

namespace qdo::sim {

std::vector<double> anglesOf(const qdo_circuit &circuit, const double *data, qdo_sink &sink) {
  std::vector<double> slots(static_cast<size_t>(circuit.slot_count));
  std::copy_n(circuit.constants, circuit.constant_count, slots.begin());
  circuit.angles(&sink, data, slots.data());
  return slots;
}

std::vector<int> controlsOf(const qdo_circuit &circuit, const qdo_gate &gate) {
  std::vector<int> wires;
  if (circuit.qubits <= QDO_MASK_QUBITS) {
    for (uint64_t rest = gate.controls; rest != 0; rest &= rest - 1)
      wires.push_back(std::countr_zero(rest));
  } else {
    for (uint64_t rest = gate.controls; rest != 0; rest >>= 16)
      wires.push_back(static_cast<int>(rest & 0xFFFF) - 1);
  }
  return wires;
}

void send(const qdo_circuit &circuit, const double *data, qdo_sink &sink) {
  assert(circuit.qubits <= QDO_MASK_QUBITS);
  const std::vector<double> slots = anglesOf(circuit, data, sink);
  for (const qdo_gate &gate : std::span(circuit.gates, static_cast<size_t>(circuit.gate_count))) {
    if (gate.gate == QDO_GLOBAL_PHASE) {
      sink.globalPhase(slots[static_cast<size_t>(gate.angles[0])]);
      continue;
    }
    GateCall call{gate.gate, gate.inverse != 0, gate.controls, gate.target0, gate.target1, {}};
    for (int i = 0; i < 4 && gate.angles[i] >= 0; ++i)
      call.angles[i] = slots[static_cast<size_t>(gate.angles[i])];
    sink.gate(call);
  }
}

} // namespace qdo::sim
