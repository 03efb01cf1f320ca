// SPDX-License-Identifier: Apache-2.0
// Ops of `qdo`: recipes, observables, measured values, live blocks and runtime calls; policies and
// data come from includes.
// Why: builders make empty entry blocks with their arguments; whoever builds fills them and adds
// the terminator.
#ifndef QDO_IR_QDO_OPS_TD
#define QDO_IR_QDO_OPS_TD

include "qdo/ir/qc_dialect.td"
include "qdo/ir/qdo_dialect.td"
include "qdo/ir/qdo_policy_ops.td"
include "qdo/ir/qdo_data_ops.td"
include "qdo/ir/qdo_runtime_ops.td"
include "qdo/ir/qdo_gradient_ops.td"

def Qdo_YieldOp : Qdo_Op<"yield", [Pure, Terminator,
                                   ParentOneOf<["WithOp", "PolicyOp", "SelectOp", "EstimateOp",
                                                "GeneralKernelOp", "GradOp", "MinimizeOp"]>]> {
  let summary = "ends a region of qdo with its values";
  let arguments = (ins Variadic<AnyType>:$values);
  let assemblyFormat = "($values^ `:` type($values))? attr-dict";
}

// ---- recipes
def Qdo_PrepOp : Qdo_Op<"prep", [Qdo_Effect, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "the recipe of a circuit applied to data";
  let description = [{
    `%p = qdo.prep @zz(%a, %b) : !qdo.prep<2>`: one operand for each data scalar of the circuit.
  }];
  let arguments = (ins FlatSymbolRefAttr:$circuit, Variadic<F64>:$data);
  let results = (outs Qdo_Prep:$prep);
  let builders = [OpBuilder<(ins "::llvm::StringRef":$circuit, "::mlir::ValueRange":$data,
                                 "int64_t":$qubits)>];
  let assemblyFormat = "$circuit `(` $data `)` attr-dict `:` qualified(type($prep))";
}

def Qdo_PrepareOp : Qdo_Op<"prepare", [Qdo_Effect]> {
  let summary = "live qubits in the state of a recipe";
  let description = [{
    `%q:2 = qdo.prepare %p : !qdo.prep<2>`. Two of them are two states: the effect keeps them apart.
  }];
  let arguments = (ins Qdo_Prep:$prep);
  let results = (outs Res<Variadic<Qc_Qubit>, "", [MemAlloc<Qdo_Runtime>]>:$qubits);
  let skipDefaultBuilders = 1;
  let builders = [OpBuilder<(ins "::mlir::Value":$prep)>];
  let assemblyFormat = "$prep attr-dict `:` custom<PreparedQubits>(type($prep), type($qubits))";
  let hasVerifier = 1;
}

def Qdo_ObservableOp : Qdo_Op<"observable", [Qdo_Effect]> {
  let summary = "a weighted sum of Pauli strings";
  let description = [{
    One weight, one x mask and one z mask for each term; bit q of a mask is qubit q, Y has both
    bits. `%o = qdo.observable (%w) x [0] z [3]` is w * Z[0] * Z[1].
  }];
  let arguments = (ins Variadic<F64>:$weights, DenseI64ArrayAttr:$x, DenseI64ArrayAttr:$z);
  let results = (outs Qdo_Observable:$observable);
  let assemblyFormat = "`(` $weights `)` `x` $x `z` $z attr-dict";
  let hasVerifier = 1;
}

// ---- values of states
class Qdo_BraKetOp<string mnemonic, Type right> : Qdo_Op<mnemonic, [Qdo_Effect]> {
  let description = [{
    Under `exact` the result is the number itself (f64), otherwise an estimate under the innermost
    policy.
  }];
  let arguments = (ins Qdo_Prep:$prep, right:$other, UnitAttr:$exact);
  let results = (outs AnyTypeOf<[F64, Qdo_Estimate]>:$value);
  let skipDefaultBuilders = 1;
  let builders = [OpBuilder<(ins "::mlir::Value":$prep, "::mlir::Value":$other, "bool":$exact)>];
  let hasVerifier = 1;
}

def Qdo_FidelityOp : Qdo_BraKetOp<"fidelity", Qdo_Prep> {
  let summary = "|<p|r>|^2";
  let assemblyFormat = [{
    (`exact` $exact^)? $prep `,` $other attr-dict `:` qualified(type($prep)) `,`
    qualified(type($other)) `->` type($value)
  }];
}

def Qdo_ExpectOp : Qdo_BraKetOp<"expect", Qdo_Observable> {
  let summary = "<p|O|p>";
  let assemblyFormat = [{
    (`exact` $exact^)? $prep `,` $other attr-dict `:` qualified(type($prep)) `->` type($value)
  }];
}

def Qdo_OverlapOp : Qdo_Op<"overlap", [Qdo_Effect]> {
  let summary = "<p|r>, exactly";
  let arguments = (ins Qdo_Prep:$prep, Qdo_Prep:$other);
  let results = (outs Complex<F64>:$value);
  let assemblyFormat = [{
    $prep `,` $other attr-dict `:` qualified(type($prep)) `,` qualified(type($other))
  }];
  let builders = [OpBuilder<(ins "::mlir::Value":$prep, "::mlir::Value":$other)>];
  let hasVerifier = 1;
}

def Qdo_EstimateOp : Qdo_Op<"estimate", [SingleBlock]> {
  let summary = "the mean of a block of live code that yields a bool, run once a shot";
  let description = "The region may use classical values from above, never qubits.";
  let results = (outs Qdo_Estimate:$estimate);
  let regions = (region SizedRegion<1>:$body);
  let skipDefaultBuilders = 1;
  let builders = [OpBuilder<(ins)>];
  let assemblyFormat = "$body attr-dict";
  let hasRegionVerifier = 1;
  let extraClassDeclaration = "::mlir::Block *getBodyBlock() { return &getBody().front(); }";
}

#endif
