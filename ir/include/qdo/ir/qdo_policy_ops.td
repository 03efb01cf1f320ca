// SPDX-License-Identifier: Apache-2.0
// Policies and the region that runs under one.
#ifndef QDO_IR_QDO_POLICY_OPS_TD
#define QDO_IR_QDO_POLICY_OPS_TD

include "qdo/ir/qdo_dialect.td"

def Qdo_PolicyOp : Qdo_Op<"policy", [Qdo_Effect, SingleBlock, AttrSizedOperandSegments]> {
  let summary = "how shots are spent";
  let description = [{
    Every clause is optional. The `until` region gets value, stderr, halfwidth, low, high (f64),
    shots and batches (i64) and yields whether a circuit has had enough; it may use classical values
    from above.

    ```mlir
    %p = qdo.policy "thrifty" budget %b low %lo high %hi confidence %c allocate decision until {
    ^bb0(%value: f64, %stderr: f64, %half: f64, %low: f64, %high: f64, %shots: i64, %batches: i64):
      %done = arith.cmpf ole, %half, %eps : f64
      qdo.yield %done : i1
    }
    ```
  }];
  let arguments = (ins StrAttr:$name, Optional<I64>:$budget, Optional<I64>:$low,
                       Optional<I64>:$high, Optional<I64>:$batch, Optional<F64>:$confidence,
                       OptionalAttr<Qdo_Allocate>:$allocate);
  let results = (outs Qdo_Policy:$policy);
  let regions = (region MaxSizedRegion<1>:$until);
  let skipDefaultBuilders = 1;
  let builders = [
    // Null values are clauses left out.
    OpBuilder<(ins "::llvm::StringRef":$name, "::mlir::Value":$budget, "::mlir::Value":$low,
                   "::mlir::Value":$high, "::mlir::Value":$batch, "::mlir::Value":$confidence,
                   "std::optional<Allocate>":$allocate, "bool":$withUntil)>];
  let assemblyFormat = [{
    $name (`budget` $budget^)? (`low` $low^)? (`high` $high^)? (`batch` $batch^)?
    (`confidence` $confidence^)?
    (`allocate` $allocate^)? (`until` $until^)? attr-dict
  }];
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
  let extraClassDeclaration = "::mlir::Block *getUntilBlock() { return &getUntil().front(); }";
}

def Qdo_WithOp : Qdo_Op<"with", [SingleBlock]> {
  let summary = "runs its body once, under a policy";
  let description = "The body runs exactly once, so it may use qubits from above.";
  let arguments = (ins Qdo_Policy:$policy);
  let results = (outs Variadic<AnyType>:$outputs);
  let regions = (region SizedRegion<1>:$body);
  let skipDefaultBuilders = 1;
  let builders = [OpBuilder<(ins "::mlir::TypeRange":$results, "::mlir::Value":$policy)>];
  let assemblyFormat = "$policy (`->` `(` type($outputs)^ `)`)? $body attr-dict";
  let hasRegionVerifier = 1;
  let extraClassDeclaration = "::mlir::Block *getBodyBlock() { return &getBody().front(); }";
}

#endif
