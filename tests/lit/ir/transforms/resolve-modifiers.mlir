// SPDX-License-Identifier: Apache-2.0
// RUN: %qdo-opt %s --qc-resolve-modifiers | FileCheck %s

// Controls become part of the gate as far as gates.def goes.
// CHECK-LABEL: @controlled
// CHECK-SAME: %[[T:.*]]: f64, %[[C:.*]]: !qc.q, %[[D:.*]]: !qc.q, %[[Q:.*]]: !qc.q, %[[R:.*]]: !qc.q)
qc.circuit @controlled(%t: f64, %c: !qc.q, %d: !qc.q, %q: !qc.q, %r: !qc.q) -> (!qc.q, !qc.q, !qc.q, !qc.q) attributes {display = ""} {
  // CHECK-NEXT: %[[A:.*]]:2 = qc.cx %[[C]], %[[Q]]
  // CHECK-NEXT: %[[B:.*]]:2 = qc.cp(%[[T]]) %[[A]]#0, %[[A]]#1
  // CHECK-NEXT: %[[E:.*]]:3 = qc.ccx %[[B]]#0, %[[R]], %[[B]]#1
  // CHECK-NEXT: %[[F:.*]]:3 = qc.cswap %[[E]]#0, %[[E]]#1, %[[E]]#2
  %0:3 = qc.ctrl(%c) targets(%a = %q, %b = %r) {
    %2 = qc.x %a
    %3 = qc.p(%t) %2
    %4, %5 = qc.cx %b, %3
    %6, %7 = qc.swap %4, %5
    qc.yield %7, %6 : !qc.q, !qc.q
  }
  // What has no name keeps a control around one gate, with the rest of the controls inside it.
  // CHECK: qc.ctrl(%{{.*}}) targets(%[[X:.*]] = %{{.*}}) {
  // CHECK-NEXT: %[[Y:.*]] = qc.s %[[X]]
  // CHECK-NEXT: qc.yield %[[Y]] : !qc.q
  // CHECK: qc.ctrl(%{{.*}}) targets(%[[X:.*]] = %{{.*}}, %[[Z:.*]] = %{{.*}}) {
  // CHECK-NEXT: qc.crz(%[[T]]) %[[X]], %[[Z]]
  %1:2 = qc.ctrl(%d) targets(%a = %0#1) {
    %2 = qc.s %a
    qc.yield %2 : !qc.q
  }
  %8:3 = qc.ctrl(%0#0, %1#0) targets(%a = %1#1) {
    %2 = qc.rz(%t) %a
    qc.yield %2 : !qc.q
  }
  qc.return %8#0, %8#1, %8#2, %0#2
}

// An inverse reverses, and each gate follows its own rule.
// CHECK-LABEL: @inverted
// CHECK-SAME: %[[T:.*]]: f64, %[[Q:.*]]: !qc.q)
qc.circuit @inverted(%t: f64, %q: !qc.q) -> !qc.q attributes {display = ""} {
  // CHECK-NEXT: %[[N:.*]] = arith.negf %[[T]]
  // CHECK-NEXT: %[[A:.*]] = qc.rx(%[[N]]) %[[Q]]
  // CHECK-NEXT: %[[B:.*]] = qc.inv targets(%[[I:.*]] = %[[A]]) {
  // CHECK-NEXT:   qc.u(%[[T]], %[[T]], %[[T]]) %[[I]]
  // CHECK: %[[C:.*]] = qc.sdg %[[B]]
  // CHECK-NEXT: %[[D:.*]] = qc.h %[[C]]
  // CHECK-NEXT: qc.return %[[D]]
  %0 = qc.inv targets(%a = %q) {
    %1 = qc.h %a
    %2 = qc.s %1
    %3 = qc.u(%t, %t, %t) %2
    %4 = qc.rx(%t) %3
    qc.yield %4 : !qc.q
  }
  qc.return %0
}

// An inverse of an inverse is nothing; angles computed inside come first.
// CHECK-LABEL: @nested
// CHECK-SAME: %[[T:.*]]: f64, %[[Q:.*]]: !qc.q, %[[R:.*]]: !qc.q)
qc.circuit @nested(%t: f64, %q: !qc.q, %r: !qc.q) -> (!qc.q, !qc.q) attributes {display = ""} {
  // CHECK-NEXT: %[[U:.*]] = arith.addf %[[T]], %[[T]]
  // CHECK-NEXT: %[[A:.*]] = qc.t %[[Q]]
  // CHECK-NEXT: %[[B:.*]]:2 = qc.cry(%[[U]]) %[[R]], %[[A]]
  // CHECK-NEXT: qc.return %[[B]]#1, %[[B]]#0
  %0:2 = qc.inv targets(%a = %q, %b = %r) {
    %1:2 = qc.inv targets(%x = %a, %y = %b) {
      %2 = qc.t %x
      %u = arith.addf %t, %t : f64
      %3:2 = qc.ctrl(%y) targets(%z = %2) {
        %4 = qc.ry(%u) %z
        qc.yield %4 : !qc.q
      }
      qc.yield %3#1, %3#0 : !qc.q, !qc.q
    }
    qc.yield %1#0, %1#1 : !qc.q, !qc.q
  }
  qc.return %0#0, %0#1
}

// A power of a rotation is one rotation, of anything else a repetition.
// CHECK-LABEL: @powers
// CHECK-SAME: %[[T:.*]]: f64, %[[Q:.*]]: !qc.q)
qc.circuit @powers(%t: f64, %q: !qc.q) -> !qc.q attributes {display = ""} {
  // CHECK-NEXT: %[[K:.*]] = arith.constant -8.0
  // CHECK-NEXT: %[[M:.*]] = arith.mulf %[[T]], %[[K]]
  // CHECK-NEXT: %[[A:.*]] = qc.p(%[[M]]) %[[Q]]
  // CHECK-NEXT: %[[B:.*]] = qc.tdg %[[A]]
  // CHECK-NEXT: %[[C:.*]] = qc.h %[[B]]
  // CHECK-NEXT: %[[D:.*]] = qc.tdg %[[C]]
  // CHECK-NEXT: %[[E:.*]] = qc.h %[[D]]
  // CHECK-NEXT: qc.return %[[E]]
  %0 = qc.pow(-8) targets(%a = %q) {
    %1 = qc.p(%t) %a
    qc.yield %1 : !qc.q
  }
  %2 = qc.pow(-2) targets(%a = %0) {
    %1 = qc.h %a
    %3 = qc.t %1
    qc.yield %3 : !qc.q
  }
  %4 = qc.pow(0) targets(%a = %2) {
    %1 = qc.h %a
    qc.yield %1 : !qc.q
  }
  qc.return %4
}

// Live code has modifiers too.
// CHECK-LABEL: @live
func.func @live(%q: !qc.q, %r: !qc.q) -> (!qc.q, !qc.q) {
  // CHECK: qc.ch
  %0:2 = qc.ctrl(%q) targets(%a = %r) {
    %1 = qc.h %a
    qc.yield %1 : !qc.q
  }
  return %0#0, %0#1 : !qc.q, !qc.q
}
