// SPDX-License-Identifier: Apache-2.0
// A circuit as a dense matrix at one point of its data, global phase included.
// Why: what every pass must keep; small circuits are few numbers.
// Must not: be a simulator: the cost is that of a matrix for each gate.
#ifndef QDO_IR_DENSE_H
#define QDO_IR_DENSE_H

#include "qdo/ir/qc.h"
#include <complex>
#include <vector>

namespace qdo::ir {

/// Column by column, qubit 0 least significant.
using DenseMatrix = std::vector<std::complex<double>>;

/// The circuit's unitary where its data are `data`. Nothing when an angle cannot be computed there
/// (a logarithm of a negative number).
std::optional<DenseMatrix> denseUnitary(qc::CircuitOp circuit, llvm::ArrayRef<double> data);

/// What the circuit under one more control, the most significant qubit, makes of `state`: the
/// control is handed to each gate.
std::optional<DenseMatrix> applyControlled(qc::CircuitOp circuit, llvm::ArrayRef<double> data,
                                           DenseMatrix state);

} // namespace qdo::ir

#endif
