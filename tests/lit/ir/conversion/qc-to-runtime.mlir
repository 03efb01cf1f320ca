// SPDX-License-Identifier: Apache-2.0
// Live qubits become ids.
// RUN: %qdo-opt %s --qc-to-runtime | FileCheck %s

// CHECK-LABEL: func.func @gates
// CHECK-SAME: %[[T:.*]]: f64, %[[Q:.*]]: i64, %[[R:.*]]: i64) -> (i64, i64)
func.func @gates(%t: f64, %q: !qc.q, %r: !qc.q) -> (!qc.q, !qc.q) {
  // CHECK: %[[W:.*]] = qdo.pack_wires(%[[Q]], %[[R]])
  // CHECK: %[[G:.*]] = arith.constant 21 : i64
  // CHECK: %[[I:.*]] = arith.constant false
  // CHECK: %[[N:.*]] = arith.constant 2 : i64
  // CHECK: qdo.rt @live_gate(%[[G]], %[[I]], %[[W]], %[[N]], %[[T]], %{{.*}}, %{{.*}}, %{{.*}})
  %0, %1 = qc.crz(%t) %q, %r
  // CHECK: %[[W2:.*]] = qdo.pack_wires(%[[Q]], %[[R]])
  // CHECK: arith.constant true
  // CHECK: qdo.rt @live_gate(%{{.*}}, %{{.*}}, %[[W2]],
  // CHECK: return %[[R]], %[[Q]]
  %2, %3 = qc.ctrl(%0) targets(%a = %1) {
    %4 = qc.inv targets(%b = %a) {
      %5 = qc.sx %b
      qc.yield %5 : !qc.q
    }
    qc.yield %4 : !qc.q
  }
  return %3, %2 : !qc.q, !qc.q
}

// CHECK-LABEL: func.func @life
// CHECK-SAME: %[[P:.*]]: !qdo.prep<2>
func.func @life(%p: !qdo.prep<2>) -> i1 {
  // CHECK: qdo.function @qdo.zero
  // CHECK: %[[Z:.*]] = qdo.rt @recipe_new
  // CHECK: %[[A:.*]] = qdo.rt @live_prepare(%[[Z]])
  %a = qc.alloc
  // CHECK: %[[Q:.*]] = qdo.rt @live_prepare(%[[P]])
  // CHECK: %[[R:.*]] = arith.addi %[[Q]]
  %q:2 = qdo.prepare %p : !qdo.prep<2>
  // CHECK: qdo.rt @live_discard(%[[A]])
  qc.discard %a
  // CHECK: qdo.rt @live_measure(%[[R]])
  %m = qc.measure %q#1
  // CHECK: qdo.rt @live_measure(%[[Q]])
  %n = qc.measure %q#0
  return %m : i1
}

// CHECK-LABEL: func.func @control
// CHECK-SAME: %[[C:.*]]: i1, %[[N:.*]]: i64, %[[Q:.*]]: i64
func.func @control(%c: i1, %n: i64, %q: !qc.q) -> !qc.q {
  // CHECK: %[[I:.*]] = scf.if %[[C]] -> (i64) {
  // CHECK:   qdo.rt @live_gate
  // CHECK:   scf.yield %[[Q]] : i64
  // CHECK: } else {
  // CHECK:   scf.yield %[[Q]] : i64
  %0 = qc.if %c args(%q : !qc.q) -> (!qc.q) {
  ^bb0(%a: !qc.q):
    %x = qc.x %a
    qc.yield %x : !qc.q
  } else {
  ^bb0(%a: !qc.q):
    qc.yield %a : !qc.q
  }
  // CHECK: %[[F:.*]] = scf.for %{{.*}} = %[[N]] to %[[N]] step %[[N]] iter_args(%[[B:.*]] = %[[I]]) -> (i64)
  // CHECK:   scf.yield %[[B]] : i64
  %1 = qc.for %i = %n to %n step %n args(%a = %0 : !qc.q) {
    %x = qc.x %a
    qc.yield %x : !qc.q
  }
  // CHECK: scf.while (%[[D:.*]] = %[[F]]) : (i64) -> i64 {
  // CHECK:   scf.condition(%[[C]]) %[[D]] : i64
  // CHECK: } do {
  %2 = qc.while args(%1 : !qc.q) -> (!qc.q) {
  ^bb0(%a: !qc.q):
    qc.condition %c, %a : !qc.q
  } do {
  ^bb0(%a: !qc.q):
    qc.yield %a : !qc.q
  }
  // CHECK: call @gates({{.*}}) : (f64, i64, i64) -> (i64, i64)
  return %2 : !qc.q
}
func.func @calls(%t: f64, %q: !qc.q, %r: !qc.q) -> (!qc.q, !qc.q) {
  %0:2 = call @gates(%t, %q, %r) : (f64, !qc.q, !qc.q) -> (!qc.q, !qc.q)
  return %0#0, %0#1 : !qc.q, !qc.q
}
// CHECK-LABEL: func.func @angles
func.func @angles(%a: f64, %q: !qc.q) -> !qc.q {
  // CHECK: %[[D:.*]] = qdo.pack(%{{.*}}, %{{.*}})
  // CHECK: %[[A:.*]] = qdo.rt @live_angles(%{{.*}}, %[[D]], %{{.*}})
  // CHECK: %[[T:.*]] = qdo.rt @array_get(%[[A]], %{{.*}})
  %t = qc.angles "state_real_normalised"(%a, %a) -> 1
  // CHECK: qdo.rt @live_gate({{.*}}%[[T]]
  %0 = qc.ry(%t) %q
  return %0 : !qc.q
}
// CHECK: qc.circuit private @qdo.zero
