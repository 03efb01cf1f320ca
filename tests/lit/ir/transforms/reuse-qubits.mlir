// SPDX-License-Identifier: Apache-2.0
// RUN: %qdo-opt %s --qc-reuse-qubits | FileCheck %s

// Three qubits one after the other: only two are alive at a time.
// CHECK-LABEL: @late
func.func @late() -> (i1, i1, i1) {
  // CHECK-NEXT: %[[A:.*]] = qc.alloc
  // CHECK-NEXT: %[[HA:.*]] = qc.h %[[A]]
  // CHECK-NEXT: %[[B:.*]] = qc.alloc
  // CHECK-NEXT: %[[CX:.*]]:2 = qc.cx %[[HA]], %[[B]]
  // CHECK-NEXT: qc.measure %[[CX]]#0
  // CHECK-NEXT: %[[C:.*]] = qc.alloc
  // CHECK-NEXT: %[[HC:.*]] = qc.h %[[C]]
  // CHECK-NEXT: qc.cx %[[CX]]#1, %[[HC]]
  %a = qc.alloc
  %b = qc.alloc
  %c = qc.alloc
  %0 = qc.h %c
  %1 = qc.h %a
  %2:2 = qc.cx %1, %b
  %m = qc.measure %2#0
  %3:2 = qc.cx %2#1, %0
  %n = qc.measure %3#0
  %o = qc.measure %3#1
  return %m, %n, %o : i1, i1, i1
}

// A whole state sinks as well, to the branch that takes it but not into it.
// CHECK-LABEL: @state
func.func @state(%p: !qdo.prep<2>, %q: !qc.q) {
  // CHECK-NEXT: %[[M:.*]] = qc.measure
  // CHECK-NEXT: %[[S:.*]]:2 = qdo.prepare
  // CHECK-NEXT: qc.if %[[M]] args(%[[S]]#0, %[[S]]#1
  %s:2 = qdo.prepare %p : !qdo.prep<2>
  %m = qc.measure %q
  qc.if %m args(%s#0, %s#1 : !qc.q, !qc.q) {
  ^bb0(%x: !qc.q, %y: !qc.q):
    qc.discard %x
    qc.discard %y
    qc.yield
  } else {
  ^bb0(%x: !qc.q, %y: !qc.q):
    qc.discard %y
    qc.discard %x
    qc.yield
  }
  return
}

// Measurements keep their order, and a gate on an old qubit stays.
// CHECK-LABEL: @kept
func.func @kept(%q: !qc.q, %r: !qc.q) -> (i1, i1) {
  // CHECK-NEXT: qc.h
  // CHECK-NEXT: qc.measure %{{.*}}
  // CHECK-NEXT: qc.measure %{{.*}}
  %0 = qc.h %r
  %m = qc.measure %q
  %n = qc.measure %0
  return %m, %n : i1, i1
}
