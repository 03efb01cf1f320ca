// SPDX-License-Identifier: Apache-2.0
// The dialect `qc`, its one type, and the bases of its ops.
// Why: MLIR merges, selects and drops values freely; ops with effects and explicit region arguments
// keep qubits safe.
// Must not: mark any op that touches a qubit as free of effects.
#ifndef QDO_IR_QC_DIALECT_TD
#define QDO_IR_QC_DIALECT_TD

include "mlir/IR/OpBase.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/FunctionInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Qc_Dialect : Dialect {
  let name = "qc";
  let cppNamespace = "::qdo::ir::qc";
  let summary = "how: gates on qubit values, circuits, measurement, control flow with qubits";
  let description = [{
    A qubit is a value with exactly one use. A gate takes it and gives it back as a new value.
    Control, inverse and power are ops with a region. Control flow lists the qubits it carries; no
    region captures a qubit from above.
  }];
  let useDefaultTypePrinterParser = 1;
}

def Qc_Qubit : TypeDef<Qc_Dialect, "Qubit"> {
  let mnemonic = "q";
  let summary = "one qubit: neither copied nor dropped";
}

// What gates, measurements and discards write; because of it they are never merged, moved or
// removed silently.
def Qc_Quantum : Resource<"::qdo::ir::qc::QuantumResource">;
def Qc_Write : MemoryEffects<[MemWrite<Qc_Quantum>]>;

class Qc_Op<string mnemonic, list<Trait> traits = []> : Op<Qc_Dialect, mnemonic, traits>;

#endif
