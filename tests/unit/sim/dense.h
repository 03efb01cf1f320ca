// SPDX-License-Identifier: Apache-2.0
// A tiny simulator on dense matrices, made of Kronecker products: what the real one is held to.
// Why: written from the gates' textbook definitions, sharing no code or record with the runtime.
#pragma once

#include <Eigen/Dense>

#include <string>
#include <vector>

namespace dense {

using Matrix = Eigen::MatrixXcd;
using Vector = Eigen::VectorXcd;

/// The unitary of a gate on its targets (first target = lower bit), without its controls.
Matrix gate(const std::string &name, const double *angles);
/// Number of controls in the gate's name: 2 for ccx.
int controlsIn(const std::string &name);

/// kron(a, b): b has the lower qubits.
Matrix kron(const Matrix &a, const Matrix &b);
/// X, Y, Z or I by letter.
Matrix pauli(char letter);
/// `letters[q]` on qubit q.
Matrix pauliString(const std::string &letters);

/// `unitary` on the targets (one or two) of `qubits` qubits, if all controls are 1.
Matrix embed(const Matrix &unitary, const std::vector<int> &controls,
             const std::vector<int> &targets, int qubits);

} // namespace dense
