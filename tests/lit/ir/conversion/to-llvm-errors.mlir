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

// -----
// expected-error @below {{has 64 qubits; compiled circuits have at most 63}}
qc.circuit @wide(%q0: !qc.q, %q1: !qc.q, %q2: !qc.q, %q3: !qc.q, %q4: !qc.q, %q5: !qc.q, %q6: !qc.q, %q7: !qc.q, %q8: !qc.q, %q9: !qc.q, %q10: !qc.q, %q11: !qc.q, %q12: !qc.q, %q13: !qc.q, %q14: !qc.q, %q15: !qc.q, %q16: !qc.q, %q17: !qc.q, %q18: !qc.q, %q19: !qc.q, %q20: !qc.q, %q21: !qc.q, %q22: !qc.q, %q23: !qc.q, %q24: !qc.q, %q25: !qc.q, %q26: !qc.q, %q27: !qc.q, %q28: !qc.q, %q29: !qc.q, %q30: !qc.q, %q31: !qc.q, %q32: !qc.q, %q33: !qc.q, %q34: !qc.q, %q35: !qc.q, %q36: !qc.q, %q37: !qc.q, %q38: !qc.q, %q39: !qc.q, %q40: !qc.q, %q41: !qc.q, %q42: !qc.q, %q43: !qc.q, %q44: !qc.q, %q45: !qc.q, %q46: !qc.q, %q47: !qc.q, %q48: !qc.q, %q49: !qc.q, %q50: !qc.q, %q51: !qc.q, %q52: !qc.q, %q53: !qc.q, %q54: !qc.q, %q55: !qc.q, %q56: !qc.q, %q57: !qc.q, %q58: !qc.q, %q59: !qc.q, %q60: !qc.q, %q61: !qc.q, %q62: !qc.q, %q63: !qc.q)
    -> (!qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q, !qc.q) attributes {display = ""} {
  qc.return %q0, %q1, %q2, %q3, %q4, %q5, %q6, %q7, %q8, %q9, %q10, %q11, %q12, %q13, %q14, %q15, %q16, %q17, %q18, %q19, %q20, %q21, %q22, %q23, %q24, %q25, %q26, %q27, %q28, %q29, %q30, %q31, %q32, %q33, %q34, %q35, %q36, %q37, %q38, %q39, %q40, %q41, %q42, %q43, %q44, %q45, %q46, %q47, %q48, %q49, %q50, %q51, %q52, %q53, %q54, %q55, %q56, %q57, %q58, %q59, %q60, %q61, %q62, %q63
}
