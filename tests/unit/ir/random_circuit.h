// SPDX-License-Identifier: Apache-2.0
// Builds circuits from a list of choices, so that rapidcheck can make them smaller.
#ifndef QDO_TESTS_UNIT_IR_RANDOM_CIRCUIT_H
#define QDO_TESTS_UNIT_IR_RANDOM_CIRCUIT_H

#include "mlir/IR/BuiltinOps.h"
#include "qdo/ir/qc.h"
#include <vector>

namespace qdo::tests {

constexpr unsigned randomData = 2, randomQubits = 4;

/// What a circuit is made of: each number is one decision; when they run out the circuit ends.
using Choices = std::vector<uint32_t>;

/// @c(2 x f64, 4 qubits): gates of gates.def, nested modifiers (unless `flat`), computed angles,
/// repetitions.
mlir::OwningOpRef<mlir::ModuleOp> randomCircuit(mlir::MLIRContext &context, const Choices &choices,
                                                bool flat = false);

/// The same gates, then their inverse as one qc.inv: the identity.
mlir::OwningOpRef<mlir::ModuleOp> thereAndBack(mlir::MLIRContext &context, const Choices &choices);

ir::qc::CircuitOp circuitOf(mlir::ModuleOp module);

} // namespace qdo::tests

#endif
