// SPDX-License-Identifier: Apache-2.0
// The unitary of a circuit as a dense matrix: the referee of every transform.
// Why beside the compiler's own code: it shares nothing with the passes but gates.def.
#ifndef QDO_TESTS_UNIT_IR_DENSE_H
#define QDO_TESTS_UNIT_IR_DENSE_H

#include "qdo/ir/qc.h"
#include <Eigen/Dense>

namespace qdo::tests {

using Matrix = Eigen::MatrixXcd;

/// Global phase included; qubit 0 is the least significant.
Matrix unitary(ir::qc::CircuitOp circuit, llvm::ArrayRef<double> data);

/// A gate on its controls and targets, controls first (least significant).
Matrix gateUnitary(ir::Gate gate, llvm::ArrayRef<double> angles);

/// `matrix` when all of `controls` further, less significant qubits are 1.
Matrix controlled(const Matrix &matrix, unsigned controls);

} // namespace qdo::tests

#endif
