// SPDX-License-Identifier: Apache-2.0
// Gates that multiply basis states by e^{ia} when one parity of their qubits is odd.
// Why one view: t, s, z, p, rz and rzz are the same thing to whoever adds up phases.
#ifndef QDO_IR_PHASE_GATES_H
#define QDO_IR_PHASE_GATES_H

#include "qdo/ir/gate_list.h"

namespace qdo::ir {

/// e^{i global} times e^{i angle} where the parity of all the gate's qubits is odd.
struct ParityPhase {
  Angle angle, global;
};

/// Of a gate without controls; nothing for any other gate.
std::optional<ParityPhase> parityPhase(const ListedGate &gate);

/// The gate on one or two wires with e^{i angle} where their parity is odd, named when it has a
/// name (z, s, t ...); `rotation` wants rz instead of those and of p. Nothing when the angle is
/// zero. What it does beyond, a global phase, is taken from `global`.
std::optional<ListedGate> phaseGate(const ListedGate &instead, llvm::ArrayRef<unsigned> wires,
                                    const Angle &angle, bool rotation, Angle &global);

} // namespace qdo::ir

#endif
