// SPDX-License-Identifier: Apache-2.0
// Every op of qdo, read and written twice.
// RUN: %qdo-opt %s | %qdo-opt | FileCheck %s
// RUN: %qdo-opt %s --mlir-print-op-generic | %qdo-opt | FileCheck %s

qc.circuit @angle(%x: f64, %y: f64, %q: !qc.q, %r: !qc.q) -> (!qc.q, !qc.q) attributes {display = "angle"} {
  %0 = qc.ry(%x) %q
  %1 = qc.ry(%y) %r
  qc.return %0, %1
}

// CHECK-LABEL: func.func @recipes
func.func @recipes(%a: f64, %b: f64) -> (f64, complex<f64>, !qdo.estimate) {
  // CHECK: qdo.prep @angle(%{{.*}}, %{{.*}}) : !qdo.prep<2>
  %p = qdo.prep @angle(%a, %b) : !qdo.prep<2>
  // CHECK: qdo.observable(%{{.*}}, %{{.*}}) x [0, 1] z [3, 0]
  %o = qdo.observable (%a, %b) x [0, 1] z [3, 0]
  // CHECK: qdo.fidelity exact %{{.*}}, %{{.*}} : !qdo.prep<2>, !qdo.prep<2> -> f64
  %f = qdo.fidelity exact %p, %p : !qdo.prep<2>, !qdo.prep<2> -> f64
  // CHECK: qdo.expect %{{.*}}, %{{.*}} : !qdo.prep<2> -> !qdo.estimate
  %e = qdo.expect %p, %o : !qdo.prep<2> -> !qdo.estimate
  // CHECK: qdo.overlap %{{.*}}, %{{.*}} : !qdo.prep<2>, !qdo.prep<2>
  %c = qdo.overlap %p, %p : !qdo.prep<2>, !qdo.prep<2>
  // CHECK: qdo.kernel "k" @angle(%{{.*}}) hole(1, 1)
  %k = qdo.kernel "k" @angle(%a) hole(1, 1)
  // CHECK: qdo.estimate {
  %s = qdo.estimate {
    // CHECK: %{{.*}}:2 = qdo.prepare %{{.*}} : !qdo.prep<2>
    %q:2 = qdo.prepare %p : !qdo.prep<2>
    qc.discard %q#0
    %m = qc.measure %q#1
    // CHECK: qdo.yield %{{.*}} : i1
    qdo.yield %m : i1
  }
  return %f, %c, %s : f64, complex<f64>, !qdo.estimate
}

// CHECK-LABEL: func.func @policies
func.func @policies(%n: i64, %eps: f64) -> i1 {
  // CHECK: qdo.policy "all" budget %{{.*}} low %{{.*}} high %{{.*}} batch %{{.*}} confidence %{{.*}} allocate decision until {
  %p = qdo.policy "all" budget %n low %n high %n batch %n confidence %eps allocate decision until {
  ^bb0(%value: f64, %stderr: f64, %half: f64, %low: f64, %high: f64, %shots: i64, %batches: i64):
    %done = arith.cmpf ole, %half, %eps : f64
    qdo.yield %done : i1
  }
  // CHECK: qdo.policy "none"{{$}}
  %none = qdo.policy "none"
  %q = qc.alloc
  // CHECK: qdo.with %{{.*}} -> (i1) {
  %r = qdo.with %p -> (i1) {
    %m = qc.measure %q
    qdo.yield %m : i1
  }
  // CHECK: qdo.with %{{[0-9]+}} {
  qdo.with %none {
    qdo.yield
  }
  return %r : i1
}

// CHECK-LABEL: func.func @data
func.func @data(%n: i64, %k: i64, %policy: !qdo.policy, %model: !qdo.model) -> !qdo.selection {
  // CHECK: qdo.dataset "flowers" csv "iris.csv" fields [{column = "species", name = "y"}, {columns = ["a", "b"], name = "x", scaled = [0.000000e+00, 1.000000e+00]}, {name = "r", range = [2, 4]}, {name = "z", others}] split [{fraction = 6.000000e-01 : f64, part = "train"}] stratified
  %d = qdo.dataset "flowers" csv "iris.csv" fields [
      {column = "species", name = "y"}, {columns = ["a", "b"], name = "x", scaled = [0.0, 1.0]},
      {name = "r", range = [2, 4]}, {name = "z", others}]
      split [{fraction = 0.6, part = "train"}] stratified
  // CHECK: split_by "fold"
  %e = qdo.dataset "folded" csv "iris.csv" fields [{column = "species", name = "y"}] split_by "fold"
  // CHECK: qdo.general_kernel "k" width 2 exact {
  // CHECK: } measured {
  %code = qdo.general_kernel "k" width 2 exact {
  ^bb0(%a: !qdo.array, %b: !qdo.array):
    %value = qdo.rt @array_dot(%a, %b) : (!qdo.array, !qdo.array) -> f64
    qdo.yield %value : f64
  } measured {
  ^bb0(%a: !qdo.array, %b: !qdo.array):
    %value = qdo.rt @array_dot(%a, %b) : (!qdo.array, !qdo.array) -> f64
    %estimate = qdo.rt @estimate_number(%value) : (f64) -> !qdo.estimate
    qdo.yield %estimate : !qdo.estimate
  }
  // CHECK: qdo.general_kernel "c" width 1 exact {
  // CHECK-NOT: measured
  %classical = qdo.general_kernel "c" width 1 exact {
  ^bb0(%a: !qdo.array, %b: !qdo.array):
    %one = arith.constant 1.0 : f64
    qdo.yield %one : f64
  }
  // CHECK: qdo.select "chosen" from %{{.*}} start %{{.*}} stratified take %{{.*}} with %{{.*}} learn {
  %s = qdo.select "chosen" from %d start %n stratified take %k with %policy learn {
  ^bb0(%sel: !qdo.selection):
    qdo.yield %model : !qdo.model
  // CHECK: } score {
  } score {
  ^bb0(%sel: !qdo.selection, %it: !qdo.row):
    %field = qdo.text "w"
    %w = qdo.rt @row_real(%it, %field) : (!qdo.row, !qdo.text) -> f64
    qdo.yield %w : f64
  // CHECK: } stop reasons ["enough"] {
  } stop reasons ["enough"] {
  ^bb0(%sel: !qdo.selection):
    qdo.yield %n : i64
  // CHECK: } each {
  } each {
  ^bb0(%sel: !qdo.selection):
    qdo.yield
  }
  // CHECK: qdo.select "bare" from %{{.*}} start %{{.*}} take %{{.*}} score {
  %bare = qdo.select "bare" from %e start %n take %k score {
  ^bb0(%sel: !qdo.selection, %it: !qdo.row):
    %w = arith.constant 1.0 : f64
    qdo.yield %w : f64
  }
  return %s : !qdo.selection
}

// CHECK-LABEL: func.func @runtime
func.func @runtime(%a: f64, %n: i64) {
  // CHECK: qdo.text "hello\0A"
  %t = qdo.text "hello\n"
  // CHECK: qdo.rt @text_new() : () -> !qdo.string
  %s = qdo.rt @text_new() : () -> !qdo.string
  // CHECK: qdo.rt @text_add(%{{.*}}, %{{.*}}) : (!qdo.string, !qdo.text) -> ()
  qdo.rt @text_add(%s, %t) : (!qdo.string, !qdo.text) -> ()
  // CHECK: qdo.function @angle
  %f = qdo.function @angle
  // CHECK: qdo.capture(%{{.*}}, %{{.*}}) : f64, i64
  %e = qdo.capture(%a, %n) : f64, i64
  // CHECK: %{{.*}}:2 = qdo.captured %{{.*}} : f64, i64
  %c:2 = qdo.captured %e : f64, i64
  // CHECK: qdo.pack(%{{.*}}, %{{.*}})
  %d = qdo.pack(%a, %a)
  // CHECK: qdo.pack_wires(%{{.*}})
  %w = qdo.pack_wires(%n)
  return
}
