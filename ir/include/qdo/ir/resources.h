// SPDX-License-Identifier: Apache-2.0
// What a circuit costs: counts that a person or a report wants.
// Why an opaque op: who asks for costs needs no header of a dialect.
#ifndef QDO_IR_RESOURCES_H
#define QDO_IR_RESOURCES_H

#include <cstdint>

namespace mlir {
class Operation;
}

namespace qdo::ir {

struct Resources {
  int64_t qubits = 0;
  int64_t gates = 0;    ///< global phases are none
  int64_t depth = 0;    ///< layers of gates, each as early as its qubits allow
  int64_t twoQubit = 0; ///< gates on exactly two qubits
  int64_t larger = 0;   ///< gates on three or more
  int64_t tGates = 0;   ///< T and its inverse under any name, 7 in each Toffoli or Fredkin gate
  /// Gates by an angle that is not known, or that Clifford+T meets only approximately.
  int64_t rotations = 0;
};

/// Of a `qc.circuit`. A modifier that qc-resolve-modifiers has not unfolded is one gate on all of
/// its qubits, and one of `rotations`.
Resources resources(mlir::Operation *circuit);

} // namespace qdo::ir

#endif
