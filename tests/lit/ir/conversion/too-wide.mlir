// SPDX-License-Identifier: Apache-2.0
// One qubit more than a circuit may have.
// RUN: echo "qc.circuit @wide(" > %t.mlir
// RUN: seq -f "%%%%q%%.0f: !qc.q" -s ", " 0 4096 >> %t.mlir
// RUN: echo ") -> (" >> %t.mlir
// RUN: seq 4096 | sed "s/.*/!qc.q,/" >> %t.mlir
// RUN: echo "!qc.q) attributes {display = \"\"} { qc.return" >> %t.mlir
// RUN: seq -f "%%%%q%%.0f" -s ", " 0 4096 >> %t.mlir
// RUN: echo "}" >> %t.mlir
// RUN: not %qdo-opt %t.mlir --to-llvm 2>&1 | FileCheck %s
// CHECK: error: 'qc.circuit' op has 4097 qubits; compiled circuits have at most 4096
