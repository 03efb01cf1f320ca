// SPDX-License-Identifier: Apache-2.0
// From the table of a circuit to gates with angles.
#include "runtime/sim/circuit.h"

#include <algorithm>

namespace qdo::sim {

std::vector<double> anglesOf(const qdo_circuit &circuit, const double *data, qdo_sink &sink) {
  std::vector<double> slots(static_cast<size_t>(circuit.slot_count));
  std::copy_n(circuit.constants, circuit.constant_count, slots.begin());
  circuit.angles(&sink, data, slots.data());
  return slots;
}

void send(const qdo_circuit &circuit, const double *data, qdo_sink &sink) {
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
