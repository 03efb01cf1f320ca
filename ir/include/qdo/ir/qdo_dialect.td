// SPDX-License-Identifier: Apache-2.0
// The dialect `qdo` and its types: one for each handle of abi.h.
// Why: recipes, policies, estimates and data are copyable handles; only `!qc.q` is linear.
#ifndef QDO_IR_QDO_DIALECT_TD
#define QDO_IR_QDO_DIALECT_TD

include "mlir/IR/OpBase.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Qdo_Dialect : Dialect {
  let name = "qdo";
  // Not `qdo`: inside a namespace of that name the project's own outer one would be hidden.
  let cppNamespace = "::qdo::ir::data";
  let summary = "what: recipes, measured values, policies, data, kernels, selection";
  let description = [{
    A program says what it wants in this dialect; `qdo-to-runtime` turns it into calls of the
    runtime's entry points, which `qdo.rt` spells and verifies.
  }];
  let dependentDialects = ["::qdo::ir::qc::QcDialect"];
  let useDefaultTypePrinterParser = 1;
}

class Qdo_Handle<string className, string name, string text> : TypeDef<Qdo_Dialect, className> {
  let mnemonic = name;
  let summary = text;
}

def Qdo_String : Qdo_Handle<"String", "string", "text made while the program runs">;
def Qdo_Text : Qdo_Handle<"Text", "text", "constant zero-terminated text">;
def Qdo_Array : Qdo_Handle<"Array", "array", "reals of one or two dimensions">;
def Qdo_List : Qdo_Handle<"List", "list", "elements of any kind, as many as the run finds">;
def Qdo_Amplitudes : Qdo_Handle<"Amplitudes", "amplitudes", "a state vector to look at">;
def Qdo_Observable : Qdo_Handle<"Observable", "observable", "a real-weighted sum of Pauli strings">;
def Qdo_Policy : Qdo_Handle<"Policy", "policy", "how shots are spent">;
def Qdo_Estimate : Qdo_Handle<"Estimate", "estimate", "a measured number with its uncertainty">;
def Qdo_Counts : Qdo_Handle<"Counts", "counts", "outcomes of samples">;
def Qdo_Dataset : Qdo_Handle<"Dataset", "dataset", "rows of data">;
def Qdo_Row : Qdo_Handle<"Row", "row", "one row of a dataset">;
def Qdo_Kernel : Qdo_Handle<"Kernel", "kernel", "similarity of two data points">;
def Qdo_Model : Qdo_Handle<"Model", "model", "something trained">;
def Qdo_Selection : Qdo_Handle<"Selection", "selection",
    "a selection loop and the rows it has chosen">;

def Qdo_Noise : Qdo_Handle<"Noise", "noise", "what a device does to its qubits">;
def Qdo_Device : Qdo_Handle<"Device", "device", "what circuits run on">;
def Qdo_Optimizer : Qdo_Handle<"Optimizer", "optimizer", "how `minimize` goes downhill">;
def Qdo_Fit : Qdo_Handle<"Fit", "fit", "what `minimize` reached">;

def Qdo_Prep : TypeDef<Qdo_Dialect, "Prep"> {
  let mnemonic = "prep";
  let summary = "the recipe of a state on so many qubits: copyable";
  let parameters = (ins "int64_t":$qubits);
  let assemblyFormat = "`<` $qubits `>`";
  let genVerifyDecl = 1;
}

// What only the steps towards the runtime use.
def Qdo_Fn : Qdo_Handle<"Fn", "fn", "address of a generated function">;
def Qdo_Env : Qdo_Handle<"Env", "env", "values that a generated function captured">;
def Qdo_Data : Qdo_Handle<"Data", "data", "reals in consecutive memory">;
def Qdo_Wires : Qdo_Handle<"Wires", "wires", "ids of live qubits in consecutive memory">;

def Qdo_Allocate : I64EnumAttr<"Allocate", "which circuits get shots first", [
    I64EnumAttrCase<"Uniform", 0, "uniform">,
    I64EnumAttrCase<"Neyman", 1, "neyman">,
    I64EnumAttrCase<"Decision", 2, "decision">]> {
  let cppNamespace = "::qdo::ir::data";
}

def Qdo_Runtime : Resource<"::qdo::ir::data::RuntimeResource">;
def Qdo_Effect : MemoryEffects<[MemRead<Qdo_Runtime>, MemWrite<Qdo_Runtime>]>;

class Qdo_Op<string mnemonic, list<Trait> traits = []> : Op<Qdo_Dialect, mnemonic, traits>;

#endif
