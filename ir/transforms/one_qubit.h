// SPDX-License-Identifier: Apache-2.0
// A 2x2 unitary as at most one gate and a global phase.
#ifndef QDO_IR_TRANSFORMS_ONE_QUBIT_H
#define QDO_IR_TRANSFORMS_ONE_QUBIT_H

#include "qdo/ir/gate_list.h"

namespace qdo::ir {

GateMatrix multiply(const GateMatrix &left, const GateMatrix &right);

/// `matrix` = e^{i global} times the gate, or e^{i global} alone: named if it has a name, otherwise
/// a rotation about X, Y or Z or a phase, otherwise u. Adds to `global`.
std::optional<ListedGate> oneQubitGate(const ListedGate &instead, const GateMatrix &matrix,
                                       unsigned wire, double &global);

} // namespace qdo::ir

#endif
