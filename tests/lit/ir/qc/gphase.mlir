// SPDX-License-Identifier: Apache-2.0
// A global phase is a phase of the controls, is negated by an inverse, and reaches the runtime.
// RUN: %qdo-opt %s --check-each --qc-resolve-modifiers | FileCheck %s
// RUN: %qdo-opt %s --qc-resolve-modifiers --to-llvm | FileCheck %s --check-prefix=LLVM

// CHECK-LABEL: @phases
// CHECK-SAME: %[[T:.*]]: f64, %[[A:.*]]: !qc.q, %[[B:.*]]: !qc.q)
// CHECK: %[[N:.*]] = arith.negf %[[T]]
// CHECK: qc.gphase(%[[N]])
// CHECK: qc.gphase(%[[T]])
// CHECK: qc.p(%[[T]]) %[[A]]
// CHECK: qc.cp(%[[T]])
// CHECK-NOT: qc.gphase

// LLVM-LABEL: llvm.func internal @qdo.phases
// LLVM-COUNT-6: llvm.call @qdo_rt_gate
qc.circuit @phases(%t: f64, %a: !qc.q, %b: !qc.q) -> (!qc.q, !qc.q) attributes {display = ""} {
  qc.inv targets() {
    qc.gphase(%t)
    qc.yield
  }
  qc.gphase(%t)
  %0:1 = qc.ctrl(%a) targets() {
    qc.gphase(%t)
    qc.yield
  }
  %1:2 = qc.ctrl(%0#0, %b) targets() {
    qc.gphase(%t)
    qc.yield
  }
  qc.return %1#0, %1#1
}
