// SPDX-License-Identifier: Apache-2.0
// RUN: %qdo-opt %s --qc-merge-rotations | FileCheck %s

// CHECK-LABEL: @symbolic
// CHECK-SAME: %[[T:.*]]: f64, %[[U:.*]]: f64, %[[Q:.*]]: !qc.q)
qc.circuit @symbolic(%t: f64, %u: f64, %q: !qc.q) -> !qc.q attributes {display = ""} {
  // CHECK-NEXT: %[[A:.*]] = arith.addf %[[T]], %[[U]]
  // CHECK-NEXT: %[[B:.*]] = arith.addf %[[A]], %[[T]]
  // CHECK-NEXT: %[[C:.*]] = qc.rx(%[[B]]) %[[Q]]
  // CHECK-NEXT: qc.rz(%[[T]]) %[[C]]
  %0 = qc.rx(%t) %q
  %1 = qc.rx(%u) %0
  %2 = qc.rx(%t) %1
  %3 = qc.rz(%t) %2
  qc.return %3
}

// CHECK-LABEL: @constant
qc.circuit @constant(%q: !qc.q, %r: !qc.q) -> (!qc.q, !qc.q) attributes {display = ""} {
  %a = arith.constant 0.25 : f64
  %b = arith.constant 0.5 : f64
  // CHECK: %[[S:.*]] = arith.constant 7.500000e-01
  // CHECK: qc.rzz(%[[S]])
  // CHECK-NOT: qc.rzz
  %0, %1 = qc.rzz(%a) %q, %r
  %2, %3 = qc.rzz(%b) %0, %1
  qc.return %2, %3
}

// Under the same modifiers only; the angle inside is the sum.
// CHECK-LABEL: @modifiers
// CHECK-SAME: %[[T:.*]]: f64, %[[C:.*]]: !qc.q, %[[D:.*]]: !qc.q, %[[Q:.*]]: !qc.q)
qc.circuit @modifiers(%t: f64, %c: !qc.q, %d: !qc.q, %q: !qc.q) -> (!qc.q, !qc.q, !qc.q) attributes {display = ""} {
  // CHECK-NEXT: %[[S:.*]] = arith.addf %[[T]], %[[T]]
  // CHECK-NEXT: qc.ctrl(%[[C]]) targets(%{{.*}} = %[[D]], %{{.*}} = %[[Q]]) {
  // CHECK-NEXT: qc.cp(%[[S]])
  // CHECK-NOT: qc.cp
  %0:3 = qc.ctrl(%c) targets(%a = %d, %b = %q) {
    %1, %2 = qc.cp(%t) %a, %b
    qc.yield %1, %2 : !qc.q, !qc.q
  }
  %3:3 = qc.ctrl(%0#0) targets(%a = %0#1, %b = %0#2) {
    %1, %2 = qc.cp(%t) %a, %b
    qc.yield %1, %2 : !qc.q, !qc.q
  }
  qc.return %3#0, %3#1, %3#2
}

// u has three angles and no such rule; exchanged roles are another gate.
// CHECK-LABEL: @kept
qc.circuit @kept(%t: f64, %q: !qc.q, %r: !qc.q) -> (!qc.q, !qc.q) attributes {display = ""} {
  // CHECK-COUNT-2: qc.u(
  %0 = qc.u(%t, %t, %t) %q
  %1 = qc.u(%t, %t, %t) %0
  // CHECK-COUNT-2: qc.crx(
  %2, %3 = qc.crx(%t) %1, %r
  %4, %5 = qc.crx(%t) %3, %2
  qc.return %5, %4
}
