// SPDX-License-Identifier: Apache-2.0
// Circuits, modifiers, sources and sinks of qubits, and control flow of `qc`.
// Why: builders make empty entry blocks with their arguments; whoever builds fills them and adds
// the terminator.
#ifndef QDO_IR_QC_OPS_TD
#define QDO_IR_QC_OPS_TD

include "qdo/ir/qc_dialect.td"
include "qdo/ir/qc_interfaces.td"
include "qdo/ir/qc_gate_ops.td"

def Qc_CircuitOp : Qc_Op<"circuit", [FunctionOpInterface, IsolatedFromAbove, SingleBlock, Symbol]> {
  let summary = "a unitary recipe: real numbers and qubits in, the same qubits out";
  let description = [{
    A symbol whose body is straight-line: gates, modifiers and arithmetic on angles. Data scalars
    (f64) come first, then the qubits; qubit 0 is the least significant. `display` is the name a
    user knows.

    ```mlir
    qc.circuit @c(%x: f64, %q: !qc.q) -> !qc.q attributes {display = "angle"} {
      %0 = qc.ry(%x) %q
      qc.return %0
    }
    ```
  }];
  let arguments = (ins
    SymbolNameAttr:$sym_name, TypeAttrOf<FunctionType>:$function_type, StrAttr:$display,
    OptionalAttr<StrAttr>:$sym_visibility, OptionalAttr<DictArrayAttr>:$arg_attrs,
    OptionalAttr<DictArrayAttr>:$res_attrs);
  let regions = (region SizedRegion<1>:$body);
  let skipDefaultBuilders = 1;
  let builders = [
    OpBuilder<(ins "::llvm::StringRef":$name, "::llvm::StringRef":$display, "unsigned":$dataCount,
                   "unsigned":$qubitCount)>,
  ];
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
  let extraClassDeclaration = [{
    unsigned getDataCount();
    unsigned getQubitCount() { return getNumResults(); }
    ::mlir::Block::BlockArgListType getData() { return getArguments().take_front(getDataCount()); }
    ::mlir::Block::BlockArgListType getQubits() {
      return getArguments().drop_front(getDataCount());
    }
    ::mlir::ArrayRef<::mlir::Type> getArgumentTypes() { return getFunctionType().getInputs(); }
    ::mlir::ArrayRef<::mlir::Type> getResultTypes() { return getFunctionType().getResults(); }
    ::mlir::Region *getCallableRegion() { return &getBody(); }
    ::mlir::Block *getBodyBlock() { return &getBody().front(); }
  }];
}

def Qc_ReturnOp : Qc_Op<"return", [HasParent<"CircuitOp">, Pure, Terminator]> {
  let summary = "ends a circuit with its qubits";
  let arguments = (ins Variadic<Qc_Qubit>:$qubits);
  let assemblyFormat = "($qubits^)? attr-dict";
}

// ---- angles
def Qc_AnglesOp : Qc_Op<"angles", [Pure]> {
  let summary = "angles that native code computes from data";
  let description = [{
    `%t:3 = qc.angles "state_real"(%a, %b, %c, %d) -> 3`: a row of angles.def; angles.h has the
    shapes and formulas. So a state or a matrix that is known only while the program runs is still a
    circuit of fixed gates.
  }];
  let arguments = (ins StrAttr:$rule, Variadic<F64>:$data);
  let results = (outs Variadic<F64>:$angles);
  let skipDefaultBuilders = 1;
  let builders = [OpBuilder<(ins "::qdo::angles::Rule":$rule, "::mlir::ValueRange":$data)>];
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let extraClassDeclaration = "std::optional<::qdo::angles::Rule> getKnownRule();";
}

// ---- modifiers
class Qc_ModifierOp<string mnemonic, list<Trait> traits = []>
    : Qc_Op<mnemonic, !listconcat([Qc_Write, SingleBlock], traits)> {
  let results = (outs Variadic<Qc_Qubit>:$outputs);
  let regions = (region SizedRegion<1>:$body);
  let skipDefaultBuilders = 1;
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
  code modifierDeclaration = [{
    ::mlir::Block *getBodyBlock() { return &getBody().front(); }
    ::mlir::Operation *getYield() { return getBody().front().getTerminator(); }
  }];
  let extraClassDeclaration = modifierDeclaration;
}

def Qc_CtrlOp : Qc_ModifierOp<"ctrl", [AttrSizedOperandSegments]> {
  let summary = "applies its body when every control is |1>";
  let description = [{
    Results are the controls, then the targets. The body may use angles from above, never qubits.
    `%c1, %t1 = qc.ctrl(%c) targets(%a = %t) { %0 = qc.h %a  qc.yield %0 }`
  }];
  let arguments = (ins Variadic<Qc_Qubit>:$controls, Variadic<Qc_Qubit>:$targets);
  let builders = [OpBuilder<(ins "::mlir::ValueRange":$controls, "::mlir::ValueRange":$targets)>];
  let assemblyFormat = [{
    `(` $controls `)` `targets` `` custom<Targets>($targets, $body) attr-dict ``
    custom<QubitTypes>(ref($controls), ref($targets), type($outputs))
  }];
}

def Qc_InvOp : Qc_ModifierOp<"inv"> {
  let summary = "applies the inverse of its body";
  let description = [{
    `%t1 = qc.inv targets(%a = %t) { ... }`: the body reversed, each gate inverted.
  }];
  let arguments = (ins Variadic<Qc_Qubit>:$targets);
  let builders = [OpBuilder<(ins "::mlir::ValueRange":$targets)>];
  let assemblyFormat = [{
    `targets` `` custom<Targets>($targets, $body) attr-dict ``
    custom<TargetTypes>(ref($targets), type($outputs))
  }];
}

def Qc_PowOp : Qc_ModifierOp<"pow"> {
  let summary = "applies its body several times; a negative exponent applies the inverse";
  let description = "`%t1 = qc.pow(-2) targets(%a = %t) { ... }`. Exponent 0 is the identity.";
  let arguments = (ins I64Attr:$exponent, Variadic<Qc_Qubit>:$targets);
  let builders = [OpBuilder<(ins "int64_t":$exponent, "::mlir::ValueRange":$targets)>];
  let assemblyFormat = [{
    `(` $exponent `)` `targets` `` custom<Targets>($targets, $body) attr-dict ``
    custom<TargetTypes>(ref($targets), type($outputs))
  }];
}

def Qc_GPhaseOp : Qc_Op<"gphase", [Qc_Write]> {
  let summary = "multiplies the state by e^{ia}";
  let description = [{
    `qc.gphase(%a)` touches no qubit, but under qc.ctrl it is a phase of the controls. Programs
    cannot say it; passes that change phases leave the difference here.
  }];
  let arguments = (ins F64:$angle);
  let assemblyFormat = "`(` $angle `)` attr-dict";
}

// ---- where qubits begin and end
def Qc_AllocOp : Qc_Op<"alloc", [Qc_Write]> {
  let summary = "a new live qubit in |0>";
  let description = "Two allocations are two qubits: the effect keeps them from being merged.";
  let results = (outs Res<Qc_Qubit, "", [MemAlloc<Qc_Quantum>]>:$qubit);
  let assemblyFormat = "attr-dict";
}

def Qc_MeasureOp : Qc_Op<"measure", [Qc_Write]> {
  let summary = "measures a live qubit in the computational basis and consumes it";
  let arguments = (ins Qc_Qubit:$qubit);
  let results = (outs I1:$outcome);
  let assemblyFormat = "$qubit attr-dict";
}

def Qc_DiscardOp : Qc_Op<"discard", [Qc_Write]> {
  let summary = "gives a live qubit up without looking at it";
  let arguments = (ins Qc_Qubit:$qubit);
  let assemblyFormat = "$qubit attr-dict";
}

// ---- control flow with explicit carried values
def Qc_YieldOp
    : Qc_Op<"yield", [Pure, Terminator,
                      ParentOneOf<["CtrlOp", "InvOp", "PowOp", "IfOp", "WhileOp", "ForOp"]>]> {
  let summary = "ends a region of qc with what it hands on";
  let arguments = (ins Variadic<AnyType>:$values);
  let assemblyFormat = "($values^ `:` type($values))? attr-dict";
}

def Qc_ConditionOp : Qc_Op<"condition", [HasParent<"WhileOp">, Terminator]> {
  let summary = "goes on with the body of a qc.while, or leaves it";
  let arguments = (ins I1:$condition, Variadic<AnyType>:$values);
  let assemblyFormat = "$condition (`,` $values^ `:` type($values))? attr-dict";
}

def Qc_IfOp : Qc_Op<"if", [SingleBlock]> {
  let summary = "a choice that carries qubits";
  let description = [{
    Both arms get the carried values as block arguments, so that each path uses a qubit once by
    itself.

    ```mlir
    %1 = qc.if %c args(%0 : !qc.q) -> (!qc.q) {
    ^bb0(%a: !qc.q):
      %2 = qc.x %a
      qc.yield %2 : !qc.q
    } else {
    ^bb0(%a: !qc.q):
      qc.yield %a : !qc.q
    }
    ```
  }];
  let arguments = (ins I1:$condition, Variadic<AnyType>:$inits);
  let results = (outs Variadic<AnyType>:$outputs);
  let regions = (region SizedRegion<1>:$thenRegion, SizedRegion<1>:$elseRegion);
  let skipDefaultBuilders = 1;
  let builders = [OpBuilder<(ins "::mlir::TypeRange":$results, "::mlir::Value":$condition,
                                 "::mlir::ValueRange":$inits)>];
  let assemblyFormat = [{
    $condition (`args` `(` $inits^ `:` type($inits) `)`)? (`->` `(` type($outputs)^ `)`)?
    $thenRegion `else` $elseRegion attr-dict
  }];
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
  let extraClassDeclaration = [{
    ::mlir::Block *getThenBlock() { return &getThenRegion().front(); }
    ::mlir::Block *getElseBlock() { return &getElseRegion().front(); }
  }];
}

def Qc_WhileOp : Qc_Op<"while", [SingleBlock]> {
  let summary = "a loop that carries qubits and asks before each turn";
  let description = [{
    The first region gets the carried values and ends with qc.condition, whose values go to the body
    or out. The body ends with qc.yield, whose values go back to the first region.
  }];
  let arguments = (ins Variadic<AnyType>:$inits);
  let results = (outs Variadic<AnyType>:$outputs);
  let regions = (region SizedRegion<1>:$before, SizedRegion<1>:$after);
  let skipDefaultBuilders = 1;
  let builders = [OpBuilder<(ins "::mlir::TypeRange":$results, "::mlir::ValueRange":$inits)>];
  let assemblyFormat = [{
    (`args` `(` $inits^ `:` type($inits) `)`)? (`->` `(` type($outputs)^ `)`)?
    $before `do` $after attr-dict
  }];
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
  let extraClassDeclaration = [{
    ::mlir::Block *getBeforeBlock() { return &getBefore().front(); }
    ::mlir::Block *getAfterBlock() { return &getAfter().front(); }
  }];
}

def Qc_ForOp : Qc_Op<"for", [SingleBlock]> {
  let summary = "a counted loop that carries qubits";
  let description = [{
    Counts from lower (included) to upper (excluded) in i64. The body gets the counter and the
    carried values.
    `%1 = qc.for %i = %lb to %ub step %s args(%a = %0 : !qc.q) { ... qc.yield %2 : !qc.q }`
  }];
  let arguments = (ins I64:$lower, I64:$upper, I64:$step, Variadic<AnyType>:$inits);
  let results = (outs Variadic<AnyType>:$outputs);
  let regions = (region SizedRegion<1>:$body);
  let skipDefaultBuilders = 1;
  let builders = [OpBuilder<(ins "::mlir::Value":$lower, "::mlir::Value":$upper,
                                 "::mlir::Value":$step, "::mlir::ValueRange":$inits)>];
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
  let extraClassDeclaration = [{
    ::mlir::Block *getBodyBlock() { return &getBody().front(); }
    ::mlir::BlockArgument getCounter() { return getBody().front().getArgument(0); }
  }];
}

#endif
