// SPDX-License-Identifier: Apache-2.0
// A wrong pass is found and named, also one that is wrong by a global phase alone.
// RUN: %qdo-opt %s --check-each --optimise | FileCheck %s --check-prefix=RIGHT
// RUN: not %qdo-opt %s --check-each --test-forget-gate 2>&1 | FileCheck %s --check-prefix=GATE
// RUN: not %qdo-opt %s --check-each --test-forget-phase 2>&1 | FileCheck %s --check-prefix=PHASE
// RUN: not %qdo-opt %s --check-each --test-forget-gate --canonicalize 2>&1 | FileCheck %s --check-prefix=GATE
// RUN: %qdo-opt %s --test-forget-gate --test-forget-phase | FileCheck %s --check-prefix=UNSEEN

// RIGHT: qc.circuit @c
// UNSEEN: qc.circuit @c
// UNSEEN-NOT: qc.p
// GATE: check-each.mlir:[[@LINE+5]]:1: error: the pass `test-forget-gate` changed circuit @c: entries of its unitary differ by up to {{[0-9.e+-]+}}, under one more control by up to {{[0-9.e+-]+}}
// GATE-NOT: error
// PHASE: check-each.mlir:[[@LINE+3]]:1: error: the pass `test-forget-phase` changed circuit @c: entries of its unitary differ by up to {{[0-9.e+-]+}}
// PHASE-NOT: error

qc.circuit @c(%t: f64, %q: !qc.q, %r: !qc.q) -> (!qc.q, !qc.q) attributes {display = ""} {
  %0 = qc.p(%t) %q
  %1, %2 = qc.cx %0, %r
  %3 = qc.h %2
  qc.return %1, %3
}

// A zero angle is one of many points, so an angle that matters is not missed. The exact same
// circuit is no mistake.
qc.circuit @empty(%t: f64, %q: !qc.q) -> !qc.q attributes {display = ""} {
  qc.return %q
}
