// SPDX-License-Identifier: Apache-2.0
// RUN: %qdo-opt %s --check-each --qc-resynthesise-pairs | FileCheck %s
// RUN: %qdo-opt %s --check-each --qc-resynthesise-pairs | FileCheck %s --check-prefix=COUNT

// Any constant block is at most three CNOTs.
// COUNT-LABEL: @generic
// COUNT-COUNT-3: qc.cx
// COUNT-NOT: qc.c{{[a-z]}}
// COUNT: qc.return
qc.circuit @generic(%q: !qc.q, %r: !qc.q) -> (!qc.q, !qc.q) attributes {display = ""} {
  %a = arith.constant 0.37 : f64
  %b = arith.constant -1.21 : f64
  %0:2 = qc.crx(%a) %q, %r
  %1 = qc.u(%a, %b, %a) %0#0
  %2:2 = qc.cry(%b) %1, %0#1
  %3:2 = qc.ryy(%a) %2#1, %2#0
  %4 = qc.t %3#0
  %5:2 = qc.ch %3#1, %4
  qc.return %5#0, %5#1
}

// Two rotations with one ZZ axis are two CNOTs: y = 0 in the canonical form.
// COUNT-LABEL: @two
// COUNT-COUNT-2: qc.cx
// COUNT-NOT: qc.{{c|r}}{{[a-z]}}{{[a-z]}}
// COUNT: qc.return
qc.circuit @two(%q: !qc.q, %r: !qc.q) -> (!qc.q, !qc.q) attributes {display = ""} {
  %a = arith.constant 0.37 : f64
  %b = arith.constant 0.9 : f64
  %0:2 = qc.rzz(%a) %q, %r
  %1:2 = qc.rxx(%b) %0#0, %0#1
  %2:2 = qc.rzz(%a) %1#0, %1#1
  qc.return %2#0, %2#1
}

// A CNOT and a CZ with a Hadamard between are one CNOT or none.
// COUNT-LABEL: @none
// COUNT-NOT: qc.{{cx|cz}}
// COUNT: qc.return
qc.circuit @none(%q: !qc.q, %r: !qc.q) -> (!qc.q, !qc.q) attributes {display = ""} {
  %0:2 = qc.cx %q, %r
  %1 = qc.h %0#1
  %2:2 = qc.cz %0#0, %1
  %3 = qc.h %2#1
  qc.return %2#0, %3
}

// Nothing is gained here: an unknown angle, one gate alone, two CNOTs that need two.
// CHECK-LABEL: @kept
qc.circuit @kept(%t: f64, %q: !qc.q, %r: !qc.q) -> (!qc.q, !qc.q) attributes {display = ""} {
  // CHECK-NEXT: qc.swap
  // CHECK-NEXT: qc.rxx
  // CHECK-NEXT: qc.cx
  // CHECK-NEXT: qc.cx
  // CHECK-NEXT: qc.return
  %0:2 = qc.swap %q, %r
  %1:2 = qc.rxx(%t) %0#0, %0#1
  %2:2 = qc.cx %1#0, %1#1
  %3:2 = qc.cx %2#1, %2#0
  qc.return %3#1, %3#0
}
