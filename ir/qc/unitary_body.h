// SPDX-License-Identifier: Apache-2.0
// What bodies of circuits and modifiers have in common: straight-line, unitary, each wire ends
// where it began.
#ifndef QDO_IR_QC_UNITARY_BODY_H
#define QDO_IR_QC_UNITARY_BODY_H

#include "qdo/ir/qc.h"

namespace qdo::ir::qc {

/// `qubits` are the body's own; `ends` is what its terminator hands on.
mlir::LogicalResult verifyUnitaryBody(mlir::Operation *owner, mlir::Block &body,
                                      mlir::ValueRange qubits, mlir::ValueRange ends);

} // namespace qdo::ir::qc

#endif
