// SPDX-License-Identifier: Apache-2.0
// Lawful programs that a naive count of uses would refuse, and what stock passes do to them.
// RUN: %qdo-opt %s --verify-linearity --canonicalize --cse --canonicalize | FileCheck %s

// Two sources are two qubits, whatever CSE thinks.
// CHECK-LABEL: @sources
func.func @sources() -> (i1, i1) {
  // CHECK-COUNT-2: qc.alloc
  %q = qc.alloc
  %r = qc.alloc
  // CHECK-COUNT-2: qc.h
  %0 = qc.h %q
  %1 = qc.h %r
  // CHECK-COUNT-2: qc.measure
  %m = qc.measure %0
  %n = qc.measure %1
  return %m, %n : i1, i1
}

// Two preparations of one recipe too.
// CHECK-LABEL: @recipes
func.func @recipes(%p: !qdo.prep<1>) -> (!qc.q, !qc.q) {
  // CHECK-COUNT-2: qdo.prepare
  %q = qdo.prepare %p : !qdo.prep<1>
  %r = qdo.prepare %p : !qdo.prep<1>
  return %q, %r : !qc.q, !qc.q
}

// Each arm uses the qubit once; canonicalization makes no arith.select of it.
// CHECK-LABEL: @arms
func.func @arms(%c: i1, %q: !qc.q, %r: !qc.q) -> (!qc.q, !qc.q) {
  // CHECK: qc.if
  // CHECK-NOT: arith.select
  %0:2 = qc.if %c args(%q, %r : !qc.q, !qc.q) -> (!qc.q, !qc.q) {
  ^bb0(%a: !qc.q, %b: !qc.q):
    qc.yield %a, %b : !qc.q, !qc.q
  } else {
  ^bb0(%a: !qc.q, %b: !qc.q):
    qc.yield %b, %a : !qc.q, !qc.q
  }
  return %0#0, %0#1 : !qc.q, !qc.q
}

// A gate whose qubit is given up later is no dead code.
// CHECK-LABEL: @gates
func.func @gates() {
  // CHECK: qc.alloc
  // CHECK: qc.h
  // CHECK: qc.discard
  %q = qc.alloc
  %0 = qc.h %q
  qc.discard %0
  return
}

// Measuring twice is two measurements; an outcome nobody reads is one too.
// CHECK-LABEL: @outcomes
func.func @outcomes(%q: !qc.q) {
  // CHECK: qc.measure
  %m = qc.measure %q
  return
}

// The body of `with` runs exactly once.
// CHECK-LABEL: @with
func.func @with(%p: !qdo.policy, %q: !qc.q) -> i1 {
  // CHECK: qdo.with
  %0 = qdo.with %p -> (i1) {
    %1 = qdo.with %p -> (i1) {
      %m = qc.measure %q
      qdo.yield %m : i1
    }
    qdo.yield %1 : i1
  }
  return %0 : i1
}

// A function type mentions qubits without holding one.
// CHECK-LABEL: @types
func.func @types() -> ((!qc.q) -> !qc.q) {
  %f = func.constant @id : (!qc.q) -> !qc.q
  return %f : (!qc.q) -> !qc.q
}
func.func private @id(%q: !qc.q) -> !qc.q {
  return %q : !qc.q
}
