// SPDX-License-Identifier: Apache-2.0
// What the verifiers of qdo refuse.
// RUN: %qdo-opt %s --split-input-file --verify-diagnostics

qc.circuit @c(%t: f64, %q: !qc.q) -> !qc.q attributes {display = ""} {
  %0 = qc.ry(%t) %q
  qc.return %0
}
func.func @f(%a: f64) {
  // expected-error @below {{gives 2 numbers to @c, which takes 1}}
  %p = qdo.prep @c(%a, %a) : !qdo.prep<1>
  return
}

// -----
qc.circuit @c(%q: !qc.q) -> !qc.q attributes {display = ""} {
  qc.return %q
}
func.func @f() {
  // expected-error @below {{has 1 qubits, its type says 2}}
  %p = qdo.prep @c() : !qdo.prep<2>
  return
}

// -----
func.func @f() {
  // expected-error @below {{names no circuit: @missing}}
  %p = qdo.prep @missing() : !qdo.prep<2>
  return
}

// -----
// expected-error @below {{a recipe has at least 0 qubits, not -1}}
func.func private @f(!qdo.prep<-1>)

// -----
func.func @f(%p: !qdo.prep<1>, %r: !qdo.prep<2>) {
  // expected-error @below {{compares a recipe of 1 qubits with one of 2}}
  %f = qdo.fidelity exact %p, %r : !qdo.prep<1>, !qdo.prep<2> -> f64
  return
}

// -----
func.func @f(%p: !qdo.prep<1>) {
  // expected-error @below {{gives an estimate, not 'f64'}}
  %f = qdo.fidelity %p, %p : !qdo.prep<1>, !qdo.prep<1> -> f64
  return
}

// -----
func.func @f(%p: !qdo.prep<1>, %o: !qdo.observable) {
  // expected-error @below {{gives f64 under `exact`, not '!qdo.estimate'}}
  %f = qdo.expect exact %p, %o : !qdo.prep<1> -> !qdo.estimate
  return
}

// -----
func.func @f(%w: f64) {
  // expected-error @below {{needs one weight, x mask and z mask a term, not 1, 2 and 1}}
  %o = qdo.observable(%w) x [0, 1] z [1]
  return
}

// -----
func.func @f(%p: !qdo.prep<2>) -> !qc.q {
  // expected-error @below {{gives 1 qubits, its recipe has 2}}
  %q = "qdo.prepare"(%p) : (!qdo.prep<2>) -> !qc.q
  return %q : !qc.q
}

// -----
func.func @f(%n: i64) {
  // expected-error @below {{has `high` without `low`}}
  %p = qdo.policy "p" high %n
  return
}

// -----
func.func @f(%n: i64) {
  // expected-error @below {{region `until` has arguments ('f64'), expected ('f64', 'f64', 'f64', 'f64', 'f64', 'i64', 'i64')}}
  %p = qdo.policy "p" until {
  ^bb0(%value: f64):
    %t = arith.constant true
    qdo.yield %t : i1
  }
  return
}

// -----
func.func @f(%p: !qdo.policy, %n: i64) {
  // expected-error @below {{region `with` yields ('i64'), expected ('i1')}}
  %0 = qdo.with %p -> (i1) {
    qdo.yield %n : i64
  }
  return
}

// -----
func.func @f(%q: !qc.q) {
  %0 = qdo.estimate {
    // expected-error @below {{uses a qubit from outside of qdo.estimate}}
    %m = qc.measure %q
    qdo.yield %m : i1
  }
  return
}

// -----
func.func @f() {
  // expected-error @below {{field "x" needs one of `column`, `columns`, `range` and `others`}}
  %d = qdo.dataset "d" csv "d.csv" fields [{name = "x", scaled = [0.0, 1.0]}]
  return
}

// -----
func.func @f() {
  // expected-error @below {{does not understand `colum = "y"` of field "x"}}
  %d = qdo.dataset "d" csv "d.csv" fields [{name = "x", colum = "y"}]
  return
}

// -----
func.func @f() {
  // expected-error @below {{has a field without a `name`}}
  %d = qdo.dataset "d" csv "d.csv" fields [{column = "y"}]
  return
}

// -----
func.func @f() {
  // expected-error @below {{needs `part` and `fraction` in {part = "train"}}}
  %d = qdo.dataset "d" csv "d.csv" fields [] split [{part = "train"}]
  return
}

// -----
func.func @f() {
  // expected-error @below {{is split by fractions or by a column, not both}}
  %d = qdo.dataset "d" csv "d.csv" fields [] split [{part = "train", fraction = 1.0}] split_by "c"
  return
}

// -----
func.func @f() {
  // expected-error @below {{is `stratified` without a `split`}}
  %d = qdo.dataset "d" csv "d.csv" fields [] stratified
  return
}

// -----
qc.circuit @c(%t: f64, %q: !qc.q) -> !qc.q attributes {display = ""} {
  %0 = qc.ry(%t) %q
  qc.return %0
}
func.func @f(%a: f64) {
  // expected-error @below {{gives 1 numbers and a hole of 1 to @c, which takes 1}}
  %k = qdo.kernel "k" @c(%a) hole(0, 1)
  return
}

// -----
qc.circuit @c(%t: f64, %q: !qc.q) -> !qc.q attributes {display = ""} {
  %0 = qc.ry(%t) %q
  qc.return %0
}
func.func @f() {
  // expected-error @below {{has a hole (1, 1) that is not inside its data}}
  %k = qdo.kernel "k" @c() hole(1, 1)
  return
}

// -----
func.func @f(%d: !qdo.dataset, %n: i64) {
  // expected-error @below {{region `score` yields ('i64'), expected ('f64')}}
  %s = qdo.select "s" from %d start %n take %n score {
  ^bb0(%sel: !qdo.selection, %it: !qdo.row):
    qdo.yield %n : i64
  }
  return
}

// -----
func.func @f() {
  // expected-error @below {{compares rows of 0 numbers}}
  %k = qdo.general_kernel "k" width 0 exact {
  ^bb0(%a: !qdo.array, %b: !qdo.array):
    %one = arith.constant 1.0 : f64
    qdo.yield %one : f64
  }
  return
}

// -----
func.func @f(%n: i64) {
  // expected-error @below {{region `exact` yields ('i64'), expected ('f64')}}
  %k = qdo.general_kernel "k" width 1 exact {
  ^bb0(%a: !qdo.array, %b: !qdo.array):
    qdo.yield %n : i64
  }
  return
}

// -----
func.func @f(%n: i64) {
  // expected-error @below {{the runtime has no entry point `int_divide`}}
  %0 = qdo.rt @int_divide(%n, %n) : (i64, i64) -> i64
  return
}

// -----
func.func @f(%n: i64) {
  // expected-error @below {{`int_div` takes 2 arguments, not 1}}
  %0 = qdo.rt @int_div(%n) : (i64) -> i64
  return
}

// -----
func.func @f(%n: f64) {
  %i = arith.constant 1 : i64
  // expected-error @below {{`int_div` takes int64_t as argument 1, not 'f64'}}
  %0 = qdo.rt @int_div(%i, %n) : (i64, f64) -> i64
  return
}

// -----
func.func @f(%n: i64) {
  // expected-error @below {{`int_div` gives int64_t}}
  %0 = qdo.rt @int_div(%n, %n) : (i64, i64) -> f64
  return
}

// -----
func.func @f(%s: !qdo.string, %t: !qdo.text) {
  // expected-error @below {{`text_add_object` takes qdo_object as argument 2, not '!qdo.text'}}
  qdo.rt @text_add_object(%s, %t, %t) : (!qdo.string, !qdo.text, !qdo.text) -> ()
  return
}

// -----
func.func @f() {
  // expected-error @below {{names no function or circuit: @g}}
  %0 = qdo.function @g
  return
}

// -----
func.func @f(%m: memref<2xf64>) {
  // expected-error @below {{a value of type 'memref<2xf64>' cannot be captured}}
  %0 = qdo.capture(%m) : memref<2xf64>
  return
}
