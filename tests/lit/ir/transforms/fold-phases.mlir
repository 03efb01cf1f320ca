// SPDX-License-Identifier: Apache-2.0
// RUN: %qdo-opt %s --check-each --qc-fold-phases | FileCheck %s

// Both phases are of q + r, far apart and one of them by name; angles may be unknown.
// CHECK-LABEL: @parities
// CHECK-SAME: %[[T:.*]]: f64, %[[U:.*]]: f64, %[[Q:.*]]: !qc.q, %[[R:.*]]: !qc.q)
qc.circuit @parities(%t: f64, %u: f64, %q: !qc.q, %r: !qc.q) -> (!qc.q, !qc.q) attributes {display = ""} {
  // CHECK: %[[A:.*]]:2 = qc.cx %[[Q]], %[[R]]
  // CHECK: %[[S:.*]] = arith.addf %[[T]], %[[U]]
  // CHECK: %[[B:.*]] = qc.rz(%[[S]]) %[[A]]#1
  // CHECK: %[[C:.*]]:2 = qc.cx %[[A]]#0, %[[B]]
  // CHECK: %[[D:.*]]:2 = qc.cx %[[C]]#1, %[[C]]#0
  // CHECK-NOT: qc.rz
  %0:2 = qc.cx %q, %r
  %1 = qc.rz(%t) %0#1
  %2:2 = qc.cx %0#0, %1
  %3:2 = qc.cx %2#1, %2#0
  %4 = qc.rz(%u) %3#1
  %5:2 = qc.cx %3#0, %4
  qc.return %5#1, %5#0
}

// Through a Hadamard on another qubit, and with the complement: the difference of angles, and what
// is left over is a global phase.
// CHECK-LABEL: @complement
// CHECK-SAME: %[[T:.*]]: f64, %[[U:.*]]: f64, %[[Q:.*]]: !qc.q, %[[R:.*]]: !qc.q)
qc.circuit @complement(%t: f64, %u: f64, %q: !qc.q, %r: !qc.q) -> (!qc.q, !qc.q) attributes {display = ""} {
  // CHECK-DAG: %[[D:.*]] = arith.subf %[[T]], %[[U]]
  // CHECK-DAG: qc.p(%[[D]]) %[[Q]]
  // CHECK-DAG: qc.gphase(%[[U]])
  // CHECK-NOT: qc.p(
  %0 = qc.p(%t) %q
  %1 = qc.h %r
  %2 = qc.x %0
  %3 = qc.p(%u) %2
  qc.return %3, %1
}

// T gates become S and vanish; an rzz of the parity that a wire holds goes into that wire.
// CHECK-LABEL: @constants
qc.circuit @constants(%t: f64, %q: !qc.q, %r: !qc.q) -> (!qc.q, !qc.q) attributes {display = ""} {
  // CHECK: qc.s
  // CHECK-NOT: qc.rzz
  // CHECK: qc.cx
  // CHECK: qc.rz
  // CHECK-NOT: qc.t
  %0 = qc.t %q
  %1 = qc.t %r
  %2:2 = qc.rzz(%t) %0, %1
  %3:2 = qc.cx %2#0, %2#1
  %4 = qc.t %3#0
  %5 = qc.rz(%t) %3#1
  %6:2 = qc.cx %4, %5
  %7 = qc.tdg %6#1
  qc.return %6#0, %7
}

// A Hadamard makes a new variable; a controlled gate does too, on its target but not its control.
// CHECK-LABEL: @kept
qc.circuit @kept(%t: f64, %q: !qc.q, %r: !qc.q) -> (!qc.q, !qc.q) attributes {display = ""} {
  // CHECK: qc.rz
  // CHECK: qc.h
  // CHECK: qc.rz
  // CHECK: qc.ch
  // CHECK: qc.rz
  %0 = qc.rz(%t) %q
  %1 = qc.h %0
  %2 = qc.rz(%t) %1
  %3:2 = qc.ch %r, %2
  %4 = qc.rz(%t) %3#1
  qc.return %4, %3#0
}
