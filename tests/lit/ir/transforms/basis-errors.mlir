// SPDX-License-Identifier: Apache-2.0
// RUN: %qdo-opt %s --qc-lower-to-basis --verify-diagnostics

qc.circuit @wide(%q: !qc.q, %c0: !qc.q, %c1: !qc.q, %c2: !qc.q, %c3: !qc.q, %c4: !qc.q, %c5: !qc.q, %c6: !qc.q, %c7: !qc.q, %c8: !qc.q, %c9: !qc.q, %c10: !qc.q, %c11: !qc.q, %c12: !qc.q) -> (!qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q) attributes {display = ""} {
  // expected-error @below {{has 13 controls; gates under more than 12 have no spelling of bearable length}}
  %0:14 = qc.ctrl(%c0, %c1, %c2, %c3, %c4, %c5, %c6, %c7, %c8, %c9, %c10, %c11, %c12) targets(%x = %q) {
    %1 = qc.h %x
    qc.yield %1 : !qc.q
  }
  qc.return %0#13, %0#0, %0#1, %0#2, %0#3, %0#4, %0#5, %0#6, %0#7, %0#8, %0#9, %0#10, %0#11, %0#12
}
