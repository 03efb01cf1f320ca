// SPDX-License-Identifier: Apache-2.0
// The dialect `qc` for C++: its type, ops and interface, and helpers to build and read gates.
#ifndef QDO_IR_QC_H
#define QDO_IR_QC_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "qdo/ir/gates.h"
#include "qdo/runtime/angles.h"

#include "qdo/ir/qc_dialect.h.inc"

namespace qdo::ir::qc {

/// The memory that gates write: all of a run's qubits.
struct QuantumResource : mlir::SideEffects::Resource::Base<QuantumResource> {
  mlir::StringRef getName() final { return "qubits"; }
};

/// The value of each angle when all are constants.
std::optional<llvm::SmallVector<double, 4>> constantAngles(mlir::ValueRange angles);

// Shared by all gate ops.
void buildGate(mlir::OperationState &state, mlir::ValueRange angles, mlir::ValueRange qubits);
mlir::ParseResult parseGate(mlir::OpAsmParser &parser, mlir::OperationState &state, Gate gate);
void printGate(mlir::OpAsmPrinter &printer, mlir::Operation *op);
mlir::LogicalResult verifyGate(mlir::Operation *op);

} // namespace qdo::ir::qc

#define GET_TYPEDEF_CLASSES
#include "qdo/ir/qc_types.h.inc"

#include "qdo/ir/qc_interfaces.h.inc"

#define GET_OP_CLASSES
#include "qdo/ir/qc_ops.h.inc"

namespace qdo::ir::qc {

/// Builds the op of any gate: `qubits` are the controls, then the targets; results come in the same
/// order.
UnitaryOpInterface createGate(mlir::OpBuilder &builder, mlir::Location loc, Gate gate,
                              mlir::ValueRange angles, mlir::ValueRange qubits);

/// A circuit, or a modifier inside one: an op whose region holds only unitary code.
bool isModifier(mlir::Operation *op);
/// What the body of a circuit is made of, arithmetic on angles aside: a gate, a modifier or a
/// global phase.
bool isUnitary(mlir::Operation *op);

inline bool isQubit(mlir::Type type) { return mlir::isa<QubitType>(type); }
inline bool isQubit(mlir::Value value) { return isQubit(value.getType()); }

/// Stable 64-bit hash of what a circuit or function does: its printed form without name and
/// locations, and the hashes of the circuits and functions it refers to.
uint64_t contentHash(mlir::Operation *symbol);
/// On a circuit whose angles are differentiated by its data. It changes nothing that a circuit
/// does.
constexpr llvm::StringLiteral differentiableAttr = "qdo.differentiable";
/// The hash of a circuit as it was when this was first asked: later phases spell its angles
/// otherwise, but it stays the same circuit.
uint64_t keptContentHash(CircuitOp circuit);

} // namespace qdo::ir::qc

#endif
