// SPDX-License-Identifier: Apache-2.0
// Every way to break the law that a qubit has exactly one use.
// RUN: %qdo-opt %s --verify-linearity --split-input-file --verify-diagnostics
// The check is there without being asked for, too.
// RUN: %qdo-opt %s --cse --split-input-file --verify-diagnostics

func.func @twice() -> (!qc.q, !qc.q) {
  // expected-error @below {{a qubit is used more than once}}
  %q = qc.alloc
  // expected-note @below {{used here}}
  %a = qc.h %q
  // expected-note @below {{used here}}
  %b = qc.x %q
  return %a, %b : !qc.q, !qc.q
}

// -----
func.func @leak() {
  %q = qc.alloc
  // expected-error @below {{a qubit is dropped: it must go into a gate, a measurement or a discard}}
  %a = qc.h %q
  return
}

// -----
// expected-error @below {{a qubit is dropped}}
func.func @argument(%q: !qc.q) {
  return
}

// -----
func.func @arm(%c: i1, %q: !qc.q) {
  qc.if %c args(%q : !qc.q) {
  ^bb0(%a: !qc.q):
    qc.discard %a
    qc.yield
  } else {
  // expected-error @below {{a qubit is dropped}}
  ^bb0(%a: !qc.q):
    qc.yield
  }
  return
}

// -----
func.func @foreign(%c: i1, %q: !qc.q, %r: !qc.q) {
  // expected-error @below {{`arith.select` cannot hold qubits}}
  %s = arith.select %c, %q, %r : !qc.q
  qc.discard %s
  return
}

// -----
func.func @scfIf(%c: i1, %q: !qc.q, %r: !qc.q) -> (!qc.q, !qc.q) {
  // expected-error @below {{`scf.if` cannot hold qubits}}
  %s:2 = scf.if %c -> (!qc.q, !qc.q) {
    %y = qc.alloc
    // expected-error @below {{`scf.yield` cannot hold qubits}}
    // expected-error @below {{a qubit from outside is used inside of `scf.if`, which need not run exactly once}}
    scf.yield %q, %y : !qc.q, !qc.q
  } else {
    %x = qc.alloc
    // expected-error @below {{`scf.yield` cannot hold qubits}}
    // expected-error @below {{a qubit from outside is used inside of `scf.if`, which need not run exactly once}}
    scf.yield %x, %r : !qc.q, !qc.q
  }
  return %s#0, %s#1 : !qc.q, !qc.q
}

// -----
func.func @loop(%n: index, %q: !qc.q) {
  scf.for %i = %n to %n step %n {
    // expected-error @below {{a qubit from outside is used inside of `scf.for`, which need not run exactly once}}
    qc.discard %q
  }
  return
}

// -----
func.func @otherBlock(%c: i1, %q: !qc.q) {
  cf.cond_br %c, ^bb1, ^bb2
^bb1:
  // expected-error @below {{a qubit is used in another block than its own, so not on every path}}
  qc.discard %q
  cf.br ^bb2
^bb2:
  return
}

// -----
func.func @branch(%q: !qc.q) {
  // expected-error @below {{`cf.br` cannot hold qubits}}
  cf.br ^bb1(%q : !qc.q)
^bb1(%r: !qc.q):
  qc.discard %r
  return
}

// -----
func.func @aggregate(%m: tuple<!qc.q, i1>) {
  // expected-error @above {{a qubit cannot be part of another type: 'tuple<!qc.q, i1>'}}
  return
}
