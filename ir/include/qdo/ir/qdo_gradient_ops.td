// SPDX-License-Identifier: Apache-2.0
// Gradients and optimisers: ops whose region is the function to differentiate.
#ifndef QDO_IR_QDO_GRADIENT_OPS_TD
#define QDO_IR_QDO_GRADIENT_OPS_TD

include "qdo/ir/qdo_dialect.td"

def Qdo_GradOp : Qdo_Op<"grad", [SingleBlock]> {
  let summary = "the gradient of a function at a point";
  let description = [{
    The region gets a list of numbers of the record, one a parameter, and yields one: an estimate.
    The result is an array under `exact`, a list of estimates under shots. The region may use
    classical values from above, never qubits.

    ```mlir
    %g = qdo.grad exact at %w -> !qdo.array {
    ^bb0(%numbers: !qdo.list):
      ...
      qdo.yield %loss : !qdo.estimate
    }
    ```
  }];
  let arguments = (ins Qdo_Array:$at, UnitAttr:$exact);
  let results = (outs AnyTypeOf<[Qdo_Array, Qdo_List]>:$gradient);
  let regions = (region SizedRegion<1>:$function);
  let skipDefaultBuilders = 1;
  let builders = [OpBuilder<(ins "::mlir::Value":$at, "bool":$exact)>];
  let assemblyFormat = "(`exact` $exact^)? `at` $at `->` type($gradient) $function attr-dict";
  let hasRegionVerifier = 1;
}

def Qdo_MinimizeOp : Qdo_Op<"minimize", [SingleBlock]> {
  let summary = "goes downhill on a function";
  let description = "The region is that of `qdo.grad`.";
  let arguments = (ins Qdo_Array:$from, Qdo_Optimizer:$by);
  let results = (outs Qdo_Fit:$fit);
  let regions = (region SizedRegion<1>:$function);
  let skipDefaultBuilders = 1;
  let builders = [OpBuilder<(ins "::mlir::Value":$from, "::mlir::Value":$by)>];
  let assemblyFormat = "`from` $from `by` $by $function attr-dict";
  let hasRegionVerifier = 1;
}

#endif
