// SPDX-License-Identifier: Apache-2.0
// RUN: %qdo-opt %s --qc-resolve-modifiers --qdo-recognise-kernels | FileCheck %s

qc.circuit @e(%x: f64, %q: !qc.q) -> !qc.q attributes {display = "e"} {
  %0 = qc.rx(%x) %q
  qc.return %0
}
qc.circuit @zero(%q: !qc.q, %r: !qc.q) -> (!qc.q, !qc.q) attributes {display = "zero"} {
  qc.return %q, %r
}

// E(x, y) and then E(v, w) backwards: the half of it is E.
// CHECK-NOT: @there_and_back(
// CHECK: qc.circuit @there_and_back.half(%[[X:.*]]: f64, %[[Y:.*]]: f64, %[[Q:[a-z0-9]+]]: !qc.q, %[[R:[a-z0-9]+]]: !qc.q)
// CHECK-NEXT: %[[H:.*]] = qc.h %[[Q]]
// CHECK-NEXT: %[[P:.*]] = arith.mulf %[[X]], %[[Y]]
// CHECK-NEXT: %[[Z:.*]]:2 = qc.rzz(%[[P]]) %[[H]], %[[R]]
// CHECK-NEXT: %[[U:.*]] = qc.ry(%[[X]]) %[[Z]]#1
// CHECK-NEXT: qc.return %[[Z]]#0, %[[U]]
qc.circuit @there_and_back(%x: f64, %y: f64, %v: f64, %w: f64, %q: !qc.q, %r: !qc.q) -> (!qc.q, !qc.q) attributes {display = "k"} {
  %p = arith.mulf %x, %y : f64
  %0 = qc.h %q
  %1:2 = qc.rzz(%p) %0, %r
  %2 = qc.ry(%x) %1#1
  %3:2 = qc.inv targets(%a = %1#0, %b = %2) {
    %p2 = arith.mulf %v, %w : f64
    %4 = qc.h %a
    %5:2 = qc.rzz(%p2) %4, %b
    %6 = qc.ry(%v) %5#1
    qc.yield %5#0, %6 : !qc.q, !qc.q
  }
  qc.return %3#0, %3#1
}

// The second half is another circuit: its angle belongs to other data than before.
// CHECK: qc.circuit @other
qc.circuit @other(%x: f64, %y: f64, %v: f64, %w: f64, %q: !qc.q, %r: !qc.q) -> (!qc.q, !qc.q) attributes {display = "o"} {
  %0 = qc.rx(%x) %q
  %1 = qc.ry(%x) %0
  %v2 = arith.negf %v : f64
  %w2 = arith.negf %w : f64
  %2 = qc.ry(%w2) %1
  %3 = qc.rx(%v2) %2
  qc.return %3, %r
}

// CHECK-LABEL: func.func @main
// CHECK-SAME: (%[[A:.*]]: f64, %[[B:.*]]: f64)
func.func @main(%a: f64, %b: f64) {
  // CHECK-DAG: %[[PA:.*]] = qdo.prep @e(%[[A]])
  // CHECK-DAG: %[[PB:.*]] = qdo.prep @e(%[[B]])
  // CHECK: qdo.fidelity exact %[[PA]], %[[PB]] {kernel = @e}
  %0 = qdo.prep @e(%a) : !qdo.prep<1>
  %1 = qdo.prep @e(%b) : !qdo.prep<1>
  %2 = qdo.fidelity exact %0, %1 : !qdo.prep<1>, !qdo.prep<1> -> f64
  // CHECK-DAG: %[[HA:.*]] = qdo.prep @there_and_back.half(%[[A]], %[[B]])
  // CHECK-DAG: %[[HB:.*]] = qdo.prep @there_and_back.half(%[[B]], %[[A]])
  // CHECK: qdo.fidelity %[[HA]], %[[HB]] {kernel = @there_and_back.half}
  %3 = qdo.prep @there_and_back(%a, %b, %b, %a) : !qdo.prep<2>
  %4 = qdo.prep @zero() : !qdo.prep<2>
  %5 = qdo.fidelity %4, %3 : !qdo.prep<2>, !qdo.prep<2> -> !qdo.estimate
  // CHECK: %[[O:.*]] = qdo.prep @other
  // CHECK: qdo.fidelity %[[O]], %{{[0-9]+}} : 
  %6 = qdo.prep @other(%a, %b, %a, %b) : !qdo.prep<2>
  %7 = qdo.fidelity %6, %4 : !qdo.prep<2>, !qdo.prep<2> -> !qdo.estimate
  return
}
