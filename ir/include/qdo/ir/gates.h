// SPDX-License-Identifier: Apache-2.0
// gates.def for the compiler: a gate as an enumerator, its shape, its matrix, its inverse, its
// controlled form. Why: every pass asks these functions, so a new row in gates.def is a new gate
// everywhere.
#ifndef QDO_IR_GATES_H
#define QDO_IR_GATES_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include <complex>
#include <cstdint>
#include <optional>

namespace qdo::ir {

/// A row of gates.def; the value is its index, which is also what the runtime gets.
enum class Gate : int32_t {
#define QDO_GATE(name, controls, targets, parameters, matrix, inverse, help) name,
#include "qdo/runtime/gates.def"
};

/// How a gate is undone.
enum class Inverse {
  Self,
  Negate, // the same gate with every angle negated
  Named,  // another gate
  Adjoint // no gate of its own: qc.inv around it
};

struct GateInfo {
  llvm::StringLiteral name;
  unsigned controls, targets, parameters;
  llvm::StringLiteral matrix; // the text in gates.def: equal texts are equal matrices
  Inverse inverse;
  Gate named; // for Inverse::Named
  llvm::StringLiteral help;
  unsigned qubits() const { return controls + targets; }
};

using GateMatrix = llvm::SmallVector<std::complex<double>, 16>;

llvm::ArrayRef<GateInfo> allGates();
const GateInfo &gateInfo(Gate gate);
std::optional<Gate> gateNamed(llvm::StringRef name);

/// The gate that is `gate` under `more` further controls, if gates.def has it.
std::optional<Gate> controlledGate(Gate gate, unsigned more);

/// Row-major on the targets alone, first target least significant.
GateMatrix gateMatrix(Gate gate, llvm::ArrayRef<double> angles);

} // namespace qdo::ir

#endif
