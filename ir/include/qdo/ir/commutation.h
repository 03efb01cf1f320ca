// SPDX-License-Identifier: Apache-2.0
// When gates may change places, and which exchanges of its qubits a gate does not notice.
#ifndef QDO_IR_COMMUTATION_H
#define QDO_IR_COMMUTATION_H

#include "qdo/ir/gate_list.h"

namespace qdo::ir {

/// Paulis as bits of a set.
enum Axes : uint8_t { NoAxis = 0, AxisX = 1, AxisY = 2, AxisZ = 4 };

/// The Paulis on the gate's qubit at `position` that commute with the gate, whatever its angles. A
/// gate that keeps Z only reads the qubit; one that keeps Z everywhere is diagonal.
uint8_t axesOf(const ListedGate &gate, unsigned position);

/// Diagonal in the computational basis.
bool isDiagonal(const ListedGate &gate);

/// True only if the gates commute: on every shared qubit both are functions of one Pauli.
bool commute(const ListedGate &left, const ListedGate &right);

/// The wires sorted as far as the gate does not notice: equal lists are equal gates.
llvm::SmallVector<unsigned, 3> canonicalWires(const ListedGate &gate);

} // namespace qdo::ir

#endif
