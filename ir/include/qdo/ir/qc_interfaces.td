// SPDX-License-Identifier: Apache-2.0
// What every gate op can say about itself.
// Why: passes, checkers and conversions read gates.def through this and never name a gate class.
#ifndef QDO_IR_QC_INTERFACES_TD
#define QDO_IR_QC_INTERFACES_TD

include "mlir/IR/OpBase.td"

def Qc_UnitaryOpInterface : OpInterface<"UnitaryOpInterface"> {
  let cppNamespace = "::qdo::ir::qc";
  let description = [{
    One row of gates.def applied to qubits. Operands are the angles, then the controls, then the
    targets; results are the qubits in the same order.
  }];
  let methods = [
    InterfaceMethod<"the row in gates.def", "::qdo::ir::Gate", "getGate">,
  ];
  let extraSharedClassDeclaration = [{
    const ::qdo::ir::GateInfo &getInfo() { return ::qdo::ir::gateInfo($_op.getGate()); }
    ::mlir::OperandRange getAngles() {
      return $_op->getOperands().take_front(getInfo().parameters);
    }
    ::mlir::OperandRange getQubits() {
      return $_op->getOperands().drop_front(getInfo().parameters);
    }
    ::mlir::OperandRange getControls() { return getQubits().take_front(getInfo().controls); }
    ::mlir::OperandRange getTargets() { return getQubits().drop_front(getInfo().controls); }
    /// The angles, when all are constants.
    std::optional<::llvm::SmallVector<double, 4>> getConstantAngles() {
      return ::qdo::ir::qc::constantAngles(getAngles());
    }
    /// The matrix on the targets alone (row-major, first target least significant), when the angles
    /// are constants.
    std::optional<::qdo::ir::GateMatrix> getMatrix() {
      auto angles = getConstantAngles();
      if (!angles)
        return std::nullopt;
      return ::qdo::ir::gateMatrix($_op.getGate(), *angles);
    }
  }];
  let verify = [{ return ::qdo::ir::qc::verifyGate($_op); }];
}

#endif
