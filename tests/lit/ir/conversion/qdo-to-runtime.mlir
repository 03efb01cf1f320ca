// SPDX-License-Identifier: Apache-2.0
// RUN: %qdo-opt %s --qdo-to-runtime | FileCheck %s

qc.circuit @angle(%x: f64, %y: f64, %q: !qc.q, %r: !qc.q) -> (!qc.q, !qc.q) attributes {display = "angle"} {
  %0 = qc.ry(%x) %q
  %1 = qc.ry(%y) %r
  qc.return %0, %1
}

// CHECK-LABEL: func.func @recipe
// CHECK-SAME: %[[A:.*]]: f64, %[[B:.*]]: f64
func.func @recipe(%a: f64, %b: f64) -> !qdo.prep<2> {
  // CHECK: %[[DATA:.*]] = qdo.pack(%[[A]], %[[B]])
  // CHECK: %[[FN:.*]] = qdo.function @angle
  // CHECK: %[[COUNT:.*]] = arith.constant 2 : i64
  // CHECK: %[[P:.*]] = qdo.rt @recipe_new(%[[FN]], %[[DATA]], %[[COUNT]]) : {{.*}} -> !qdo.prep<2>
  // CHECK: return %[[P]]
  %p = qdo.prep @angle(%a, %b) : !qdo.prep<2>
  return %p : !qdo.prep<2>
}

// CHECK-LABEL: func.func @kernel
// CHECK-SAME: %[[A:.*]]: f64
func.func @kernel(%a: f64) -> !qdo.kernel {
  // CHECK: %[[ZERO:.*]] = arith.constant 0.0
  // CHECK: qdo.pack(%[[A]], %[[ZERO]])
  // CHECK: %[[OFFSET:.*]] = arith.constant 1 : i64
  // CHECK: %[[SIZE:.*]] = arith.constant 1 : i64
  // CHECK: qdo.rt @kernel_fidelity(%{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %[[OFFSET]], %[[SIZE]])
  %k = qdo.kernel "k" @angle(%a) hole(1, 1)
  return %k : !qdo.kernel
}

// CHECK-LABEL: func.func @values
// CHECK-SAME: %[[P:.*]]: !qdo.prep<2>, %[[W:.*]]: f64
func.func @values(%p: !qdo.prep<2>, %w: f64) -> (f64, !qdo.estimate, complex<f64>) {
  // CHECK: %[[O:.*]] = qdo.rt @observable_new()
  // CHECK: qdo.rt @observable_term(%[[O]], %[[W]], %{{.*}}, %{{.*}})
  %o = qdo.observable (%w) x [2] z [1]
  // CHECK: qdo.rt @exact_fidelity(%[[P]], %[[P]])
  %f = qdo.fidelity exact %p, %p : !qdo.prep<2>, !qdo.prep<2> -> f64
  // CHECK: qdo.rt @estimate_expect(%[[P]], %[[O]])
  %e = qdo.expect %p, %o : !qdo.prep<2> -> !qdo.estimate
  // CHECK: %[[RE:.*]] = qdo.rt @exact_overlap_re(%[[P]], %[[P]])
  // CHECK: %[[IM:.*]] = qdo.rt @exact_overlap_im(%[[P]], %[[P]])
  // CHECK: complex.create %[[RE]], %[[IM]]
  %c = qdo.overlap %p, %p : !qdo.prep<2>, !qdo.prep<2>
  return %f, %e, %c : f64, !qdo.estimate, complex<f64>
}

// CHECK-LABEL: func.func @with
// CHECK-SAME: %[[A:.*]]: !qdo.policy, %[[B:.*]]: !qdo.policy, %[[Q:.*]]: !qc.q
func.func @with(%a: !qdo.policy, %b: !qdo.policy, %q: !qc.q) -> i1 {
  // CHECK-NEXT: qdo.rt @with_push(%[[A]])
  // CHECK-NEXT: qdo.rt @with_push(%[[B]])
  // CHECK-NEXT: %[[M:.*]] = qc.measure %[[Q]]
  // CHECK-NEXT: qdo.rt @with_pop()
  // CHECK-NEXT: qdo.rt @with_pop()
  // CHECK-NEXT: return %[[M]]
  %0 = qdo.with %a -> (i1) {
    %1 = qdo.with %b -> (i1) {
      %m = qc.measure %q
      qdo.yield %m : i1
    }
    qdo.yield %1 : i1
  }
  return %0 : i1
}

// CHECK-LABEL: func.func @dataset
func.func @dataset() -> !qdo.dataset {
  // CHECK: %[[NAME:.*]] = qdo.text "flowers"
  // CHECK: %[[PATH:.*]] = qdo.text "iris.csv"
  // CHECK: %[[D:.*]] = qdo.rt @dataset_csv(%[[NAME]], %[[PATH]])
  // CHECK: qdo.rt @dataset_field_new(%[[D]],
  // CHECK: qdo.rt @dataset_field_column(%[[D]],
  // CHECK: qdo.rt @dataset_field_new(%[[D]],
  // CHECK: qdo.rt @dataset_field_column(%[[D]],
  // CHECK: qdo.rt @dataset_field_column(%[[D]],
  // CHECK: qdo.rt @dataset_field_scaled(%[[D]],
  // CHECK: qdo.rt @dataset_field_range(%[[D]],
  // CHECK: qdo.rt @dataset_field_others(%[[D]],
  // CHECK-COUNT-2: qdo.rt @dataset_split_part(%[[D]],
  // CHECK: qdo.rt @dataset_split_stratified(%[[D]],
  // CHECK: qdo.rt @dataset_finish(%[[D]])
  // CHECK: return %[[D]]
  %d = qdo.dataset "flowers" csv "iris.csv" fields [
      {column = "species", name = "y"}, {columns = ["a", "b"], name = "x", scaled = [0.0, 1.0]},
      {name = "r", range = [2, 4]}, {name = "z", others}]
      split [{fraction = 0.6, part = "train"}, {fraction = 0.4, part = "test"}] stratified
  return %d : !qdo.dataset
}
