// SPDX-License-Identifier: Apache-2.0
// RUN: %qdo-opt %s --check-each --qc-lower-to-basis | FileCheck %s
// RUN: %qdo-opt %s --check-each --qc-spell-one-qubit | FileCheck %s --check-prefix=SPELL
// RUN: %qdo-opt %s --check-each --to-basis | FileCheck %s --check-prefix=BASIS

// BASIS-NOT: qc.{{h|s|t|u|p|y|z|rx|ry|sdg|tdg|swap|ccx|cp|rzz|ctrl|inv|pow}}{{[ (]}}

// 7 T gates and 6 CNOTs.
// CHECK-LABEL: @toffoli
qc.circuit @toffoli(%a: !qc.q, %b: !qc.q, %c: !qc.q) -> (!qc.q, !qc.q, !qc.q) attributes {display = ""} {
  // CHECK-NEXT: qc.h
  // CHECK-NEXT: qc.t
  // CHECK-COUNT-6: qc.cx
  // CHECK-NEXT: qc.h
  // CHECK-NEXT: qc.return
  %0:3 = qc.ccx %a, %b, %c
  qc.return %0#0, %0#1, %0#2
}

// An unknown controlled rotation is two CNOTs; half angles are computed while the program runs.
// CHECK-LABEL: @controlled
// CHECK-SAME: %[[T:.*]]: f64, %[[A:[a-z0-9]+]]: !qc.q, %[[B:[a-z0-9]+]]: !qc.q)
qc.circuit @controlled(%t: f64, %a: !qc.q, %b: !qc.q) -> (!qc.q, !qc.q) attributes {display = ""} {
  // CHECK: %[[P:.*]] = arith.mulf %[[T]], %{{.*}}
  // CHECK: qc.rz(%[[P]]) %[[B]]
  // CHECK: qc.cx %[[A]], %
  // CHECK: qc.rz(
  // CHECK: qc.cx
  // CHECK-NOT: qc.{{[a-z]+}}
  // CHECK: qc.return
  %0:2 = qc.crz(%t) %a, %b
  qc.return %0#0, %0#1
}

// Controls without a name, and an inverse.
// CHECK-LABEL: @modifiers
qc.circuit @modifiers(%a: !qc.q, %b: !qc.q, %c: !qc.q) -> (!qc.q, !qc.q, !qc.q) attributes {display = ""} {
  // CHECK-NOT: qc.{{ctrl|inv}}
  // CHECK: qc.return
  %0:3 = qc.ctrl(%a, %b) targets(%x = %c) {
    %1 = qc.inv targets(%y = %x) {
      %2 = qc.sx %y
      qc.yield %2 : !qc.q
    }
    qc.yield %1 : !qc.q
  }
  qc.return %0#0, %0#1, %0#2
}

// SPELL-LABEL: @one
qc.circuit @one(%t: f64, %a: !qc.q, %b: !qc.q) -> (!qc.q, !qc.q) attributes {display = ""} {
  // One sx for a Hadamard, two for an unknown angle.
  // SPELL: qc.rz
  // SPELL-NEXT: qc.sx
  // SPELL-NEXT: qc.rz
  // SPELL-COUNT-2: qc.sx
  // SPELL-NOT: qc.sx
  // SPELL: qc.gphase
  %0 = qc.h %a
  %1 = qc.ry(%t) %b
  qc.return %0, %1
}
