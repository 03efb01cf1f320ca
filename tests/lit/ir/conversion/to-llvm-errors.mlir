// SPDX-License-Identifier: Apache-2.0
// RUN: %qdo-opt %s --to-llvm --split-input-file --verify-diagnostics

qc.circuit @powers(%q: !qc.q) -> !qc.q attributes {display = ""} {
  // expected-error @below {{is not a single gate; run qc-resolve-modifiers first}}
  %0 = qc.pow(2) targets(%a = %q) {
    %1 = qc.h %a
    qc.yield %1 : !qc.q
  }
  qc.return %0
}
