// SPDX-License-Identifier: Apache-2.0
// RUN: %qdo-opt %s --check-each --qc-elide-swaps | FileCheck %s --check-prefix=ELIDE
// RUN: %qdo-opt %s --check-each --qc-place-swaps | FileCheck %s --check-prefix=PLACE

// Three swaps are one, and it stands at the end, where every qubit comes home.
// ELIDE-LABEL: @circuit
// ELIDE-SAME: f64, %[[A:[a-z0-9]+]]: !qc.q, %[[B:[a-z0-9]+]]: !qc.q, %[[C:[a-z0-9]+]]: !qc.q)
qc.circuit @circuit(%t: f64, %a: !qc.q, %b: !qc.q, %c: !qc.q) -> (!qc.q, !qc.q, !qc.q) attributes {display = ""} {
  // ELIDE: qc.cp
  // ELIDE: qc.h
  // ELIDE: qc.swap
  // ELIDE-NOT: qc.swap
  %0:2 = qc.cp(%t) %a, %b
  %1 = qc.h %0#0
  %2:2 = qc.swap %1, %0#1
  %3:2 = qc.swap %2#1, %c
  %4:2 = qc.swap %2#0, %3#0
  qc.return %4#0, %4#1, %3#1
}

// A swap moves back to the gate on both of its qubits, and what it passes is renamed.
// ELIDE-LABEL: @placed
// PLACE-LABEL: @placed
qc.circuit @placed(%t: f64, %a: !qc.q, %b: !qc.q, %c: !qc.q) -> (!qc.q, !qc.q, !qc.q) attributes {display = ""} {
  // PLACE: %[[P:.*]]:2 = qc.cp
  // PLACE-NEXT: %[[S:.*]]:2 = qc.swap %[[P]]#0, %[[P]]#1
  // PLACE-NEXT: %[[H:.*]] = qc.h %[[S]]#1
  // PLACE-NEXT: qc.cx %[[H]], %
  %0:2 = qc.cp(%t) %a, %b
  %1 = qc.h %0#0
  %2:2 = qc.cx %1, %c
  %3:2 = qc.swap %2#0, %0#1
  qc.return %3#0, %3#1, %2#1
}

// In live code who is who is only a matter of names.
// ELIDE-LABEL: @live
// ELIDE-SAME: (%[[A:.*]]: !qc.q, %[[B:.*]]: !qc.q)
func.func @live(%a: !qc.q, %b: !qc.q) -> (i1, !qc.q) {
  // ELIDE-NEXT: %[[H:.*]] = qc.h %[[A]]
  // ELIDE-NEXT: %[[M:.*]] = qc.measure %[[B]]
  // ELIDE-NEXT: return %[[M]], %[[H]]
  %0:2 = qc.swap %a, %b
  %1 = qc.h %0#1
  %2 = qc.measure %0#0
  return %2, %1 : i1, !qc.q
}

// One swap is the least for its permutation.
// ELIDE-LABEL: @kept
// PLACE-LABEL: @kept
qc.circuit @kept(%a: !qc.q, %b: !qc.q) -> (!qc.q, !qc.q) attributes {display = ""} {
  // ELIDE-NEXT: qc.swap
  // ELIDE-NEXT: qc.h
  // PLACE-NEXT: qc.swap
  // PLACE-NEXT: qc.h
  %0:2 = qc.swap %a, %b
  %1 = qc.h %0#0
  qc.return %1, %0#1
}
