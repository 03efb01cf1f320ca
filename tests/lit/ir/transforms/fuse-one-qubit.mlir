// SPDX-License-Identifier: Apache-2.0
// RUN: %qdo-opt %s --check-each --qc-fuse-one-qubit | FileCheck %s

// A constant run is one gate, named if it has a name; what is left over is a global phase.
// CHECK-LABEL: @constant
qc.circuit @constant(%q: !qc.q, %r: !qc.q) -> (!qc.q, !qc.q) attributes {display = ""} {
  // CHECK: qc.z %
  // CHECK: qc.x %
  // CHECK-NOT: qc.{{[a-z]}}{{.*}} %
  // CHECK: qc.return
  %0 = qc.h %q
  %1 = qc.x %0
  %2 = qc.h %1
  %3 = qc.sx %r
  %4 = qc.sx %3
  qc.return %2, %4
}

// Cliffords change the axis of a rotation by an unknown angle, and meet behind it.
// CHECK-LABEL: @symbolic
// CHECK-SAME: %[[T:.*]]: f64, %[[Q:[a-z0-9]+]]: !qc.q, %[[R:[a-z0-9]+]]: !qc.q)
qc.circuit @symbolic(%t: f64, %q: !qc.q, %r: !qc.q) -> (!qc.q, !qc.q) attributes {display = ""} {
  // CHECK-DAG: %[[N:.*]] = arith.negf %[[T]]
  // CHECK-DAG: qc.rx(%[[T]]) %[[Q]]
  // CHECK-DAG: qc.rz(%[[N]]) %[[R]]
  // CHECK-NOT: qc.h
  // CHECK-NOT: qc.x
  // CHECK: qc.return
  %0 = qc.h %q
  %1 = qc.rz(%t) %0
  %2 = qc.h %1
  %3 = qc.x %r
  %4 = qc.rz(%t) %3
  %5 = qc.x %4
  qc.return %2, %5
}

// An unknown angle about an axis that the constant tilts stays where it is, and so does a run that
// a gate on two qubits interrupts.
// CHECK-LABEL: @kept
qc.circuit @kept(%t: f64, %q: !qc.q, %r: !qc.q) -> (!qc.q, !qc.q) attributes {display = ""} {
  // CHECK: qc.t
  // CHECK: qc.rx
  // CHECK: qc.h
  // CHECK: qc.cx
  // CHECK: qc.h
  %0 = qc.t %q
  %1 = qc.rx(%t) %0
  %2 = qc.h %1
  %3:2 = qc.cx %2, %r
  %4 = qc.h %3#0
  qc.return %4, %3#1
}
