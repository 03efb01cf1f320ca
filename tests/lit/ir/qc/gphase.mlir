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

// Two global phases (row -1), a p and a cp, each four words.
// LLVM: llvm.mlir.global internal constant @qdo.phases.gates(dense<{{.*}}> : tensor<16xi64>)
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
