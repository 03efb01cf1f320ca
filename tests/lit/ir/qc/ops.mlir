// SPDX-License-Identifier: Apache-2.0
// Every op of qc, read and written twice.
// RUN: %qdo-opt %s | %qdo-opt | FileCheck %s
// RUN: %qdo-opt %s --mlir-print-op-generic | %qdo-opt | FileCheck %s

// CHECK-LABEL: qc.circuit @gates(%{{.*}}: f64, %{{.*}}: f64, %{{.*}}: !qc.q, %{{.*}}: !qc.q) -> (!qc.q, !qc.q) attributes {display = "all gates"}
qc.circuit @gates(%a: f64, %b: f64, %q: !qc.q, %r: !qc.q) -> (!qc.q, !qc.q) attributes {display = "all gates"} {
  // CHECK: qc.h %
  %0 = qc.h %q
  // CHECK: qc.u(%{{.*}}, %{{.*}}, %{{.*}}) %
  %1 = qc.u(%a, %b, %a) %0
  // CHECK: %{{.*}}:2 = qc.cx %{{.*}}, %
  %2, %3 = qc.cx %1, %r
  // CHECK: qc.rzz(%{{.*}}) %{{.*}}, %
  %4, %5 = qc.rzz(%b) %2, %3
  // CHECK: qc.return %{{.*}}, %
  qc.return %4, %5
}

// CHECK-LABEL: qc.circuit @angles
qc.circuit @angles(%a: f64, %b: f64, %c: f64, %d: f64, %q: !qc.q) -> !qc.q attributes {display = "angles"} {
  // CHECK: %[[T:.*]]:3 = qc.angles "state_real"(%{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}) -> 3
  %t:3 = qc.angles "state_real"(%a, %b, %c, %d) -> 3
  // CHECK: qc.ry(%[[T]]#2)
  %0 = qc.ry(%t#2) %q
  qc.return %0
}

// CHECK-LABEL: qc.circuit private @empty
qc.circuit private @empty() attributes {display = ""} {
  qc.return
}

// CHECK-LABEL: qc.circuit @modifiers
qc.circuit @modifiers(%t: f64, %q: !qc.q, %r: !qc.q) -> (!qc.q, !qc.q) attributes {display = "modifiers"} {
  // CHECK: qc.ctrl(%{{.*}}) targets(%[[A:.*]] = %{{.*}}) {
  // CHECK-NEXT: qc.ry(%{{.*}}) %[[A]]
  // CHECK-NEXT: qc.yield %{{.*}} : !qc.q
  %0, %1 = qc.ctrl(%q) targets(%a = %r) {
    %x = qc.ry(%t) %a
    qc.yield %x : !qc.q
  }
  // CHECK: qc.inv targets(%{{.*}} = %{{.*}}, %{{.*}} = %{{.*}}) {
  %2, %3 = qc.inv targets(%a = %0, %b = %1) {
    // CHECK: qc.pow(-3) targets(
    %x = qc.pow(-3) targets(%c = %a) {
      %y = qc.t %c
      qc.yield %y : !qc.q
    }
    qc.yield %x, %b : !qc.q, !qc.q
  }
  qc.return %2, %3
}

// CHECK-LABEL: func.func @live
func.func @live(%n: i64) -> i1 {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  // CHECK: qc.alloc
  %q = qc.alloc
  %r = qc.alloc
  // CHECK: qc.measure %
  %m = qc.measure %r
  // CHECK: qc.if %{{.*}} args(%{{.*}}, %{{.*}} : !qc.q, i64) -> (!qc.q, i64) {
  // CHECK: ^bb0(%{{.*}}: !qc.q, %{{.*}}: i64):
  // CHECK: } else {
  %p:2 = qc.if %m args(%q, %n : !qc.q, i64) -> (!qc.q, i64) {
  ^bb0(%a: !qc.q, %k: i64):
    %x = qc.x %a
    qc.yield %x, %k : !qc.q, i64
  } else {
  ^bb0(%a: !qc.q, %k: i64):
    qc.yield %a, %one : !qc.q, i64
  }
  // CHECK: qc.for %{{.*}} = %{{.*}} to %{{.*}} step %{{.*}} args(%{{.*}} = %{{.*}}, %{{.*}} = %{{.*}} : !qc.q, i64) {
  %f:2 = qc.for %i = %zero to %n step %one args(%a = %p#0, %s = %p#1 : !qc.q, i64) {
    %x = qc.h %a
    %t = arith.addi %s, %i : i64
    qc.yield %x, %t : !qc.q, i64
  }
  // CHECK: qc.for %{{.*}} = %{{.*}} to %{{.*}} step %{{.*}} {
  qc.for %i = %zero to %n step %one {
    qc.yield
  }
  // CHECK: qc.while args(%{{.*}} : !qc.q) -> (!qc.q) {
  %w = qc.while args(%f#0 : !qc.q) -> (!qc.q) {
  ^bb0(%a: !qc.q):
    %s = qc.alloc
    %c = qc.measure %s
    // CHECK: qc.condition %{{.*}}, %{{.*}} : !qc.q
    qc.condition %c, %a : !qc.q
  // CHECK: } do {
  } do {
  ^bb0(%a: !qc.q):
    %x = qc.x %a
    qc.yield %x : !qc.q
  }
  // CHECK: qc.discard %
  qc.discard %w
  return %m : i1
}
