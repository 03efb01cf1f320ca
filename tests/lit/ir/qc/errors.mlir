// SPDX-License-Identifier: Apache-2.0
// What the verifiers of qc refuse.
// RUN: %qdo-opt %s --split-input-file --verify-diagnostics

qc.circuit @angles(%q: !qc.q) -> !qc.q attributes {display = ""} {
  // expected-error @below {{`ry` takes 1 angles, not 0}}
  %0 = qc.ry %q
  qc.return %0
}

// -----
qc.circuit @qubits(%q: !qc.q) -> !qc.q attributes {display = ""} {
  // expected-error @below {{`cx` acts on 2 qubits, not 1}}
  %0 = qc.cx %q
  qc.return %0
}

// -----
func.func @operands(%q: !qc.q, %t: f64) -> !qc.q {
  // expected-error @below {{takes 1 angles and 1 qubits, not 1 operands}}
  %0 = "qc.rz"(%q) : (!qc.q) -> !qc.q
  return %0 : !qc.q
}

// -----
func.func @kinds(%q: !qc.q, %t: f64) -> !qc.q {
  // expected-error @below {{takes an angle (f64) as operand 0, not '!qc.q'}}
  %0 = "qc.rz"(%q, %t) : (!qc.q, f64) -> !qc.q
  return %0 : !qc.q
}

// -----
func.func @results(%q: !qc.q) {
  // expected-error @below {{gives back its 1 qubits, not 0}}
  "qc.h"(%q) : (!qc.q) -> ()
  return
}

// -----
// expected-error @below {{takes its data first, as f64, then as many qubits as it gives back; argument 0 is '!qc.q'}}
qc.circuit @order(%q: !qc.q, %t: f64) -> !qc.q attributes {display = ""} {
  qc.return %q
}

// -----
// expected-error @below {{gives back only qubits}}
qc.circuit @number(%t: f64) -> f64 attributes {display = ""} {
  qc.return
}

// -----
// expected-error @below {{takes as many qubits as it gives back (1)}}
qc.circuit @more() -> !qc.q attributes {display = ""} {
  qc.return
}

// -----
qc.circuit @unitary(%q: !qc.q) -> !qc.q attributes {display = ""} {
  // expected-error @below {{is neither a gate nor arithmetic; the body of qc.circuit is unitary}}
  qc.discard %q
  %0 = qc.alloc
  qc.return %0
}

// -----
// expected-error @below {{ends with another qubit at place 0 than it began with; use qc.swap to exchange qubits}}
qc.circuit @exchanged(%q: !qc.q, %r: !qc.q) -> (!qc.q, !qc.q) attributes {display = ""} {
  %0 = qc.h %q
  qc.return %r, %0
}

// -----
// expected-error @below {{ends its body with 1 values for 2 qubits}}
qc.circuit @lost(%q: !qc.q, %r: !qc.q) -> (!qc.q, !qc.q) attributes {display = ""} {
  qc.return %q
}

// -----
qc.circuit @captured(%q: !qc.q, %r: !qc.q) -> (!qc.q, !qc.q) attributes {display = ""} {
  %0, %1 = qc.ctrl(%q) targets(%a = %r) {
    // expected-error @below {{uses a qubit from outside of qc.ctrl; name it among the targets}}
    %2 = qc.h %q
    qc.yield %2 : !qc.q
  }
  qc.return %0, %1
}

// -----
qc.circuit @controls(%q: !qc.q) -> !qc.q attributes {display = ""} {
  // expected-error @below {{needs at least one control}}
  %0 = qc.ctrl() targets(%a = %q) {
    qc.yield %a : !qc.q
  }
  qc.return %0
}

// -----
qc.circuit @yields(%q: !qc.q, %r: !qc.q) -> (!qc.q, !qc.q) attributes {display = ""} {
  // expected-error @below {{ends with another qubit at place 0}}
  %0, %1 = qc.inv targets(%a = %q, %b = %r) {
    qc.yield %b, %a : !qc.q, !qc.q
  }
  qc.return %0, %1
}

// -----
func.func @measuredUnderControl(%q: !qc.q, %r: !qc.q) -> (!qc.q, !qc.q) {
  %0, %1 = qc.ctrl(%q) targets(%a = %r) {
    // expected-error @below {{is neither a gate nor arithmetic; the body of qc.ctrl is unitary}}
    %m = qc.measure %a
    %2 = qc.alloc
    qc.yield %2 : !qc.q
  }
  return %0, %1 : !qc.q, !qc.q
}

// -----
func.func @arms(%c: i1, %q: !qc.q) -> !qc.q {
  // expected-error @below {{the yield of `else` has types (), expected ('!qc.q')}}
  %0 = qc.if %c args(%q : !qc.q) -> (!qc.q) {
  ^bb0(%a: !qc.q):
    qc.yield %a : !qc.q
  } else {
  ^bb0(%a: !qc.q):
    qc.discard %a
    qc.yield
  }
  return %0 : !qc.q
}

// -----
func.func @armArguments(%c: i1, %q: !qc.q) -> !qc.q {
  // expected-error @below {{an arm has types (), expected ('!qc.q')}}
  %0 = qc.if %c args(%q : !qc.q) -> (!qc.q) {
    %1 = qc.alloc
    qc.yield %1 : !qc.q
  } else {
  ^bb0(%a: !qc.q):
    qc.yield %a : !qc.q
  }
  return %0 : !qc.q
}

// -----
func.func @outerQubit(%n: i64, %q: !qc.q) {
  qc.for %i = %n to %n step %n {
    // expected-error @below {{uses a qubit from outside of qc.for; carry it in `args`}}
    qc.discard %q
    qc.yield
  }
  return
}

// -----
func.func @whileBody(%q: !qc.q, %c: i1) -> !qc.q {
  // expected-error @below {{the yield of the body has types ('i1'), expected ('!qc.q')}}
  %0 = qc.while args(%q : !qc.q) -> (!qc.q) {
  ^bb0(%a: !qc.q):
    qc.condition %c, %a : !qc.q
  } do {
  ^bb0(%a: !qc.q):
    %m = qc.measure %a
    qc.yield %m : i1
  }
  return %0 : !qc.q
}

// -----
func.func @unknownRule(%a: f64) {
  // expected-error @below {{has the rule "state", which angles.def does not}}
  %0 = qc.angles "state"(%a) -> 1
  return
}

// -----
func.func @countOfAngles(%a: f64) {
  // expected-error @below {{gives 3 angles, not 2}}
  %0:2 = qc.angles "state_real"(%a, %a, %a) -> 2
  return
}

// -----
func.func @pairs(%a: f64) {
  // expected-error @below {{takes complex numbers as pairs, not 3 reals}}
  %0:3 = qc.angles "state_complex"(%a, %a, %a) -> 3
  return
}

// -----
func.func @square(%a: f64) {
  // expected-error @below {{takes a square matrix whose side is a power of 2, not 4 reals}}
  %0:4 = qc.angles "matrix"(%a, %a, %a, %a) -> 4
  return
}
