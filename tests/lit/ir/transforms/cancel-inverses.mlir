// SPDX-License-Identifier: Apache-2.0
// RUN: %qdo-opt %s --qc-cancel-inverses | FileCheck %s

// Pairs inside of pairs go too.
// CHECK-LABEL: @pairs
// CHECK-SAME: %[[T:.*]]: f64, %[[Q:.*]]: !qc.q, %[[R:.*]]: !qc.q)
qc.circuit @pairs(%t: f64, %q: !qc.q, %r: !qc.q) -> (!qc.q, !qc.q) attributes {display = ""} {
  // CHECK-NOT: = qc.
  // CHECK: qc.return %[[Q]], %[[R]]
  %n = arith.negf %t : f64
  %0 = qc.h %q
  %1, %2 = qc.cx %0, %r
  %3 = qc.s %1
  %4 = qc.ry(%t) %2
  %5 = qc.ry(%n) %4
  %6 = qc.sdg %3
  %7, %8 = qc.cx %6, %5
  %9 = qc.h %7
  qc.return %9, %8
}

// Gates without a named inverse cancel with qc.inv of themselves; controls must agree.
// CHECK-LABEL: @modifiers
// CHECK-SAME: %[[Q:.*]]: !qc.q, %[[R:.*]]: !qc.q)
qc.circuit @modifiers(%q: !qc.q, %r: !qc.q) -> (!qc.q, !qc.q) attributes {display = ""} {
  // CHECK-NEXT: qc.return %[[Q]], %[[R]]
  %0 = qc.sx %q
  %1 = qc.inv targets(%a = %0) {
    %2 = qc.sx %a
    qc.yield %2 : !qc.q
  }
  %3:2 = qc.ctrl(%1) targets(%a = %r) {
    %2 = qc.t %a
    qc.yield %2 : !qc.q
  }
  %4:2 = qc.ctrl(%3#0) targets(%a = %3#1) {
    %2 = qc.tdg %a
    qc.yield %2 : !qc.q
  }
  qc.return %4#0, %4#1
}

// CHECK-LABEL: @kept
qc.circuit @kept(%t: f64, %u: f64, %q: !qc.q, %r: !qc.q) -> (!qc.q, !qc.q) attributes {display = ""} {
  // Other roles, other angles, a gate between.
  // CHECK: qc.cx
  %0, %1 = qc.cx %q, %r
  // CHECK: qc.cx
  %2, %3 = qc.cx %1, %0
  // CHECK: qc.rx
  %4 = qc.rx(%t) %2
  // CHECK: qc.rx
  %5 = qc.rx(%u) %4
  // CHECK: qc.h
  %6 = qc.h %3
  // CHECK: qc.t
  %7 = qc.t %6
  // CHECK: qc.h
  %8 = qc.h %7
  // CHECK: qc.sx
  %9 = qc.sx %5
  // CHECK: qc.sx
  %10 = qc.sx %9
  qc.return %8, %10
}

// Live code: a gate that another qubit's measurement stands beside is still next to its inverse.
// CHECK-LABEL: @live
func.func @live(%q: !qc.q, %r: !qc.q) -> (!qc.q, i1) {
  // CHECK-NOT: qc.h
  %0 = qc.h %q
  %m = qc.measure %r
  %1 = qc.h %0
  return %1, %m : !qc.q, i1
}
