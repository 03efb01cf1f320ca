// SPDX-License-Identifier: Apache-2.0
// Calls of the runtime, and what only the steps towards it use: function addresses, captures,
// packed numbers.
#ifndef QDO_IR_QDO_RUNTIME_OPS_TD
#define QDO_IR_QDO_RUNTIME_OPS_TD

include "qdo/ir/qc_dialect.td"
include "qdo/ir/qdo_dialect.td"

def Qdo_TextOp : Qdo_Op<"text", [Pure]> {
  let summary = "constant text";
  let arguments = (ins StrAttr:$value);
  let results = (outs Qdo_Text:$text);
  let builders = [OpBuilder<(ins "::llvm::StringRef":$value)>];
  let assemblyFormat = "$value attr-dict";
}

def Qdo_RtOp : Qdo_Op<"rt", [Qdo_Effect]> {
  let summary = "calls an entry point of the runtime";
  let description = [{
    Verified against entry_points.def. The context and the site are not operands: the conversion
    adds them, the site from the op's location. `%r = qdo.rt @int_div(%a, %b) : (i64, i64) -> i64`
  }];
  let arguments = (ins SymbolNameAttr:$entry, Variadic<AnyType>:$arguments);
  let results = (outs Optional<AnyType>:$output);
  let skipDefaultBuilders = 1;
  let builders = [
    OpBuilder<(ins "::llvm::StringRef":$entry, "::mlir::ValueRange":$arguments,
                   "::mlir::TypeRange":$results)>,
    // Result type from the table; `prepQubits` is the size of a prep result.
    OpBuilder<(ins "::llvm::StringRef":$entry, "::mlir::ValueRange":$arguments,
                   CArg<"int64_t", "0">:$prepQubits)>];
  let assemblyFormat = [{
    $entry `(` $arguments `)` attr-dict `:` functional-type($arguments, results)
  }];
  let hasVerifier = 1;
}

def Qdo_FunctionOp : Qdo_Op<"function", [Pure, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "the address of a circuit or of a generated function";
  let arguments = (ins FlatSymbolRefAttr:$callee);
  let results = (outs Qdo_Fn:$fn);
  let assemblyFormat = "$callee attr-dict";
}

def Qdo_CaptureOp : Qdo_Op<"capture", [Qdo_Effect]> {
  let summary = "packs values for a generated function";
  let description = [{
    `%e = qdo.capture (%a, %b) : f64, i64`: one slot of eight bytes each, two for a complex number.
  }];
  let arguments = (ins Variadic<AnyType>:$values);
  let results = (outs Qdo_Env:$env);
  let assemblyFormat = "(`(` $values^ `)`)? attr-dict (`:` type($values)^)?";
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// Slots of eight bytes that a value of this type takes; 0 when it cannot be captured.
    static unsigned slots(::mlir::Type type);
  }];
}

def Qdo_CapturedOp : Qdo_Op<"captured", [Pure]> {
  let summary = "unpacks what qdo.capture packed";
  let arguments = (ins Qdo_Env:$env);
  let results = (outs Variadic<AnyType>:$values);
  let assemblyFormat = "$env attr-dict (`:` type($values)^)?";
  let hasVerifier = 1;
}

def Qdo_PackOp : Qdo_Op<"pack", [Qdo_Effect]> {
  let summary = "reals in consecutive memory, for the next call";
  let arguments = (ins Variadic<F64>:$values);
  let results = (outs Qdo_Data:$data);
  let assemblyFormat = "`(` $values `)` attr-dict";
}

def Qdo_PackWiresOp : Qdo_Op<"pack_wires", [Qdo_Effect]> {
  let summary = "ids of live qubits in consecutive memory, for the next call";
  let arguments = (ins Variadic<I64>:$ids);
  let results = (outs Qdo_Wires:$wires);
  let assemblyFormat = "`(` $ids `)` attr-dict";
}

#endif
