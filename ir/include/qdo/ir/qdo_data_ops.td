// SPDX-License-Identifier: Apache-2.0
// Data sets, kernels and selection loops.
#ifndef QDO_IR_QDO_DATA_OPS_TD
#define QDO_IR_QDO_DATA_OPS_TD

include "qdo/ir/qdo_dialect.td"

def Qdo_DatasetOp : Qdo_Op<"dataset", [Qdo_Effect]> {
  let summary = "reads, splits and scales a table";
  let description = [{
    A field is a dictionary: `name`, then one of `column = "c"`, `columns = ["a", "b"]`,
    `range = [a, b]` (columns a to b-1) or the unit `others`; optionally `scaled = [lo, hi]`. A
    part is `part = "train"`, `fraction = 0.6`.

    ```mlir
    %d = qdo.dataset "flowers" csv "iris.csv" fields [ {column = "species", name = "y"} ]
        split [ {fraction = 0.6, part = "train"}, {fraction = 0.4, part = "test"} ] stratified
    ```
  }];
  let arguments = (ins StrAttr:$name, StrAttr:$path, DictArrayAttr:$fields,
                       OptionalAttr<DictArrayAttr>:$parts, UnitAttr:$stratified,
                       OptionalAttr<StrAttr>:$split_by);
  let results = (outs Qdo_Dataset:$dataset);
  let assemblyFormat = [{
    $name `csv` $path `fields` $fields (`split` $parts^)? (`stratified` $stratified^)?
    (`split_by` $split_by^)? attr-dict
  }];
  let hasVerifier = 1;
}

def Qdo_KernelOp : Qdo_Op<"kernel", [Qdo_Effect,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "the fidelity kernel of an encoding with one hole";
  let description = [{
    Data points fill `size` consecutive data scalars from `offset`; the template gives the others in
    order. `%k = qdo.kernel "k" @zz(%a) hole(1, 4)`.
  }];
  let arguments = (ins StrAttr:$name, FlatSymbolRefAttr:$circuit, Variadic<F64>:$template_data,
                       I64Attr:$offset, I64Attr:$size);
  let results = (outs Qdo_Kernel:$kernel);
  let assemblyFormat = [{
    $name $circuit `(` $template_data `)` `hole` `(` $offset `,` $size `)` attr-dict
  }];
  let hasVerifier = 1;
}

def Qdo_GeneralKernelOp : Qdo_Op<"general_kernel", [SingleBlock]> {
  let summary = "a kernel whose value is computed by code";
  let description = [{
    Both regions get two rows of `width` numbers. `exact` yields f64; `measured`, which may be left
    out by a kernel that measures nothing, yields an estimate under the policy in force. Regions may
    use classical values from above, never qubits.

    ```mlir
    %k = qdo.general_kernel "k" width 4 exact {
    ^bb0(%a: !qdo.array, %b: !qdo.array):
      ...
      qdo.yield %value : f64
    } measured {...}
    ```
  }];
  let arguments = (ins StrAttr:$name, I64Attr:$width);
  let results = (outs Qdo_Kernel:$kernel);
  let regions = (region SizedRegion<1>:$exact, MaxSizedRegion<1>:$measured);
  let skipDefaultBuilders = 1;
  let builders = [OpBuilder<(ins "::llvm::StringRef":$name, "int64_t":$width, "bool":$measures)>];
  let assemblyFormat = [{
    $name `width` $width `exact` $exact (`measured` $measured^)? attr-dict
  }];
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
}

def Qdo_SelectOp : Qdo_Op<"select", [SingleBlock]> {
  let summary = "a loop that decides which rows deserve to be chosen next";
  let description = [{
    Each region's first argument is the selection. `learn` yields a model, `score` gets a candidate
    row too and yields f64, `stop` yields i64 (0: go on, k: the k-th reason), `each` yields nothing.
    All but `score` may be left empty. Regions may use classical values from above, never qubits.

    ```mlir
    %s = qdo.select "chosen" from %pool start %n stratified take %k with %p learn {
    ^bb0(%sel: !qdo.selection):
      ...
    } score {
    ^bb0(%sel: !qdo.selection, %it: !qdo.row):
      ...
    } stop reasons ["accuracy"] {...} each {...}
    ```
  }];
  let arguments = (ins StrAttr:$name, Qdo_Dataset:$pool, I64:$start, UnitAttr:$stratified,
                       I64:$take, Optional<Qdo_Policy>:$policy,
                       OptionalAttr<StrArrayAttr>:$reasons);
  let results = (outs Qdo_Selection:$selection);
  let regions = (region MaxSizedRegion<1>:$learn, SizedRegion<1>:$score, MaxSizedRegion<1>:$stop,
                        MaxSizedRegion<1>:$each);
  let skipDefaultBuilders = 1;
  let builders = [
    // `policy` may be null. Regions get their blocks when asked for; no reasons means no `stop`.
    OpBuilder<(ins "::llvm::StringRef":$name, "::mlir::Value":$pool, "::mlir::Value":$start,
                   "bool":$stratified, "::mlir::Value":$take, "::mlir::Value":$policy,
                   "::llvm::ArrayRef<::llvm::StringRef>":$reasons, "bool":$withLearn,
                   "bool":$withEach)>];
  let assemblyFormat = [{
    $name `from` $pool `start` $start (`stratified` $stratified^)? `take` $take (`with` $policy^)?
    (`learn` $learn^)? `score` $score (`stop` `reasons` $reasons^ $stop)? (`each` $each^)? attr-dict
  }];
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
}

#endif
