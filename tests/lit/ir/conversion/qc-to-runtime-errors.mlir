// SPDX-License-Identifier: Apache-2.0
// RUN: %qdo-opt %s --qc-to-runtime --verify-diagnostics

func.func @f(%q: !qc.q) -> !qc.q {
  // expected-error @below {{is not a single gate; run qc-resolve-modifiers first}}
  %0 = qc.pow(2) targets(%a = %q) {
    %1 = qc.h %a
    qc.yield %1 : !qc.q
  }
  return %0 : !qc.q
}
