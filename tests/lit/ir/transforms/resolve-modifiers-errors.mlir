// SPDX-License-Identifier: Apache-2.0
// RUN: %qdo-opt %s --qc-resolve-modifiers --split-input-file --verify-diagnostics

qc.circuit @huge(%q: !qc.q) -> !qc.q attributes {display = ""} {
  // expected-error @below {{unfolds to more than 1000000 gates; lower its exponents}}
  %0 = qc.pow(2000000) targets(%a = %q) {
    %1 = qc.h %a
    qc.yield %1 : !qc.q
  }
  qc.return %0
}

// -----
// Each turn does nothing, but there are too many of them.
qc.circuit @idle(%q: !qc.q) -> !qc.q attributes {display = ""} {
  // expected-error @below {{unfolds to more than 1000000 turns; lower its exponents}}
  %0 = qc.pow(-9223372036854775808) targets(%a = %q) {
    %1 = qc.pow(0) targets(%b = %a) {
      qc.yield %b : !qc.q
    }
    qc.yield %1 : !qc.q
  }
  qc.return %0
}
