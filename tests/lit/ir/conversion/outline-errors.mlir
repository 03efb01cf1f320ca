// SPDX-License-Identifier: Apache-2.0
// RUN: %qdo-opt %s --qdo-outline --verify-diagnostics

func.func @memory(%v: i128) {
  // expected-error @below {{cannot capture a value of type 'i128' in `shot`}}
  %e = qdo.estimate {
    %b = arith.trunci %v : i128 to i1
    qdo.yield %b : i1
  }
  return
}
