// SPDX-License-Identifier: Apache-2.0
// RUN: %qdo-opt %s --qc-remove-dead-gates | FileCheck %s

// CHECK-LABEL: @identities
// CHECK-SAME: %[[T:.*]]: f64, %[[Q:.*]]: !qc.q, %[[R:.*]]: !qc.q)
qc.circuit @identities(%t: f64, %q: !qc.q, %r: !qc.q) -> (!qc.q, !qc.q) attributes {display = ""} {
  // CHECK-NOT: = qc.
  // CHECK: qc.return %[[Q]], %[[R]]
  %zero = arith.constant 0.0 : f64
  %minus = arith.constant -0.0 : f64
  %0 = qc.rz(%zero) %q
  %1 = qc.p(%minus) %0
  %2 = qc.u(%zero, %zero, %zero) %1
  %3, %4 = qc.ryy(%zero) %2, %r
  %5:2 = qc.ctrl(%3) targets(%a = %4) {
    %6 = qc.inv targets(%b = %a) {
      qc.yield %b : !qc.q
    }
    qc.yield %6 : !qc.q
  }
  %7 = qc.pow(0) targets(%a = %5#0) {
    %6 = qc.h %a
    qc.yield %6 : !qc.q
  }
  qc.return %7, %5#1
}

// A whole turn is minus the identity, and its sign counts under a control. Before a discard nothing goes.
// CHECK-LABEL: @kept
func.func @kept(%t: f64, %q: !qc.q) {
  %turn = arith.constant 6.2831853071795862 : f64
  // CHECK: qc.rz
  %0 = qc.rz(%turn) %q
  // CHECK: qc.rx
  %1 = qc.rx(%t) %0
  qc.discard %1
  return
}
