// SPDX-License-Identifier: Apache-2.0
// RUN: %qdo-opt %s --check-each --qc-resynthesise-parities | FileCheck %s

// Phases of all pairs of three qubits: each CNOT after the first makes a new pair. 5, not 6.
// CHECK-LABEL: @pairs
// CHECK-COUNT-5: qc.cx
// CHECK-NOT: qc.cx
qc.circuit @pairs(%t: f64, %a: !qc.q, %b: !qc.q, %c: !qc.q) -> (!qc.q, !qc.q, !qc.q) attributes {display = ""} {
  %0:2 = qc.cx %a, %b
  %1 = qc.rz(%t) %0#1
  %2:2 = qc.cx %0#0, %1
  %3:2 = qc.cx %2#0, %c
  %4 = qc.p(%t) %3#1
  %5:2 = qc.cx %3#0, %4
  %6:2 = qc.cx %2#1, %5#1
  %7 = qc.rz(%t) %6#1
  %8:2 = qc.cx %6#0, %7
  qc.return %5#0, %8#0, %8#1
}

// A swap after a phase of the same pair is three CNOTs together.
// CHECK-LABEL: @swapped
// CHECK-COUNT-3: qc.cx
// CHECK-NOT: qc.{{cx|swap}}
qc.circuit @swapped(%t: f64, %a: !qc.q, %b: !qc.q) -> (!qc.q, !qc.q) attributes {display = ""} {
  %0:2 = qc.cx %a, %b
  %1 = qc.rz(%t) %0#1
  %2:2 = qc.cx %0#0, %1
  %3:2 = qc.swap %2#0, %2#1
  qc.return %3#0, %3#1
}

// CNOTs that are a chain in disguise, with a NOT on the way.
// CHECK-LABEL: @linear
// CHECK-COUNT-2: qc.cx
// CHECK-NOT: qc.cx
// CHECK: qc.x
qc.circuit @linear(%a: !qc.q, %b: !qc.q, %c: !qc.q) -> (!qc.q, !qc.q, !qc.q) attributes {display = ""} {
  %0:2 = qc.cx %a, %b
  %1:2 = qc.cx %0#0, %c
  %2 = qc.x %1#0
  %3:2 = qc.cx %0#1, %1#1
  %4:2 = qc.cx %2, %3#1
  %5:2 = qc.cx %4#0, %4#1
  qc.return %5#0, %3#0, %5#1
}

// A Hadamard between makes another variable; two CNOTs are the least for one phase.
// CHECK-LABEL: @kept
qc.circuit @kept(%t: f64, %a: !qc.q, %b: !qc.q) -> (!qc.q, !qc.q) attributes {display = ""} {
  // CHECK-NEXT: qc.cx
  // CHECK-NEXT: qc.h
  // CHECK-NEXT: qc.cx
  // CHECK-NEXT: qc.rz
  // CHECK-NEXT: qc.cx
  %0:2 = qc.cx %a, %b
  %1 = qc.h %0#1
  %2:2 = qc.cx %0#0, %1
  %3 = qc.rz(%t) %2#1
  %4:2 = qc.cx %2#0, %3
  qc.return %4#0, %4#1
}
