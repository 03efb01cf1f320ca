// SPDX-License-Identifier: Apache-2.0
// RUN: %qdo-opt %s --check-each --qc-commute | FileCheck %s

// A control only reads its qubit, so phases pass it; X passes the target.
// CHECK-LABEL: @through
// CHECK-SAME: %[[T:.*]]: f64, %[[U:.*]]: f64, %[[Q:.*]]: !qc.q, %[[R:.*]]: !qc.q)
qc.circuit @through(%t: f64, %u: f64, %q: !qc.q, %r: !qc.q) -> (!qc.q, !qc.q) attributes {display = ""} {
  // CHECK-NEXT: %[[S:.*]] = arith.addf %[[T]], %[[U]]
  // CHECK-NEXT: %[[A:.*]] = qc.rz(%[[S]]) %[[Q]]
  // CHECK-NEXT: %[[B:.*]]:2 = qc.cx %[[A]], %[[R]]
  // CHECK-NEXT: qc.return %[[B]]#0, %[[B]]#1
  %0 = qc.rz(%t) %q
  %1 = qc.x %r
  %2:2 = qc.cx %0, %1
  %3 = qc.rz(%u) %2#0
  %4 = qc.x %2#1
  qc.return %3, %4
}

// A symmetric gate does not mind the order of its qubits, nor do its controls.
// CHECK-LABEL: @symmetric
// CHECK-SAME: f64, %[[Q:[a-z0-9]+]]: !qc.q, %[[R:[a-z0-9]+]]: !qc.q, %[[S:[a-z0-9]+]]: !qc.q)
qc.circuit @symmetric(%t: f64, %q: !qc.q, %r: !qc.q, %s: !qc.q) -> (!qc.q, !qc.q, !qc.q) attributes {display = ""} {
  // CHECK-NOT: = qc.
  // CHECK: qc.return %[[Q]], %[[R]], %[[S]]
  %n = arith.negf %t : f64
  %0:2 = qc.cz %q, %r
  %1:2 = qc.cp(%t) %0#0, %0#1
  %2:3 = qc.ccx %1#0, %1#1, %s
  %3:3 = qc.ccx %2#1, %2#0, %2#2
  %4:2 = qc.cp(%n) %3#0, %3#1
  %5:2 = qc.cz %4#0, %4#1
  qc.return %5#1, %5#0, %3#2
}

// CNOTs with one target commute with each other; those in a chain do not.
// CHECK-LABEL: @cnots
qc.circuit @cnots(%q: !qc.q, %r: !qc.q, %s: !qc.q) -> (!qc.q, !qc.q, !qc.q) attributes {display = ""} {
  // CHECK-COUNT-4: qc.cx
  // CHECK-NOT: qc.cx
  %0:2 = qc.cx %q, %s
  %1:2 = qc.cx %r, %0#1
  %2:2 = qc.cx %0#0, %1#1
  %3:2 = qc.cx %2#0, %1#0
  %4:2 = qc.cx %3#1, %2#1
  %5:2 = qc.cx %3#0, %4#0
  qc.return %5#0, %5#1, %4#1
}

// A Hadamard commutes with nothing here, and cx of exchanged roles is another gate.
// CHECK-LABEL: @kept
qc.circuit @kept(%t: f64, %q: !qc.q, %r: !qc.q) -> (!qc.q, !qc.q) attributes {display = ""} {
  // CHECK-COUNT-2: qc.rz
  // CHECK-COUNT-2: qc.cx
  %0 = qc.rz(%t) %q
  %1 = qc.h %0
  %2 = qc.rz(%t) %1
  %3:2 = qc.cx %2, %r
  %4:2 = qc.cx %3#1, %3#0
  qc.return %4#1, %4#0
}
