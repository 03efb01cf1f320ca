// SPDX-License-Identifier: Apache-2.0
// Compiled circuits on sinks.
// In: a circuit's table and the numbers of its data. Out: its gates, with their angles, in order.
// Why: simulators, recorders and checks all see the same GateCalls.
#pragma once

#include "qdo/runtime/circuit.h"
#include "runtime/sim/sink.h"

#include <span>

namespace qdo::sim {

/// The angles of a circuit for `data` (its real parameters, flattened), one a slot, in radians.
/// What has no angles is refused to the sink; its slots are then not numbers.
std::vector<double> anglesOf(const qdo_circuit &circuit, const double *data, qdo_sink &sink);

/// The controls of a gate of a circuit, of any width.
std::vector<int> controlsOf(const qdo_circuit &circuit, const qdo_gate &gate);

/// Sends the gates of a circuit of at most QDO_MASK_QUBITS qubits with `data` to the sink.
void send(const qdo_circuit &circuit, const double *data, qdo_sink &sink);

} // namespace qdo::sim
