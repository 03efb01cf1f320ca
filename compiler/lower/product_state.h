// SPDX-License-Identifier: Apache-2.0
// The cheapest state near a given one: exact on the highest qubits, a product on the others.
// In: amplitudes and a bound. Out: amplitudes within it, and how many qubits are exact. Why: exact
// preparation doubles with each qubit, while smooth data hardly need their lowest ones. It is the
// best approximation of rank 1 (De Lathauwer, De Moor & Vandewalle, SIAM J. Matrix Anal. Appl. 21,
// 1324 (2000)) of the tensor whose modes are the low qubits and all high ones together.
#pragma once

#include <array>
#include <complex>
#include <vector>

namespace qdo::lower {

struct ProductState {
  int exactQubits = 0;
  double distance = 0; ///< L2 norm of the difference to the normalised state, phase included
  std::vector<std::complex<double>> high;               ///< amplitudes of the exact qubits
  std::vector<std::array<std::complex<double>, 2>> low; ///< of each other qubit, from qubit 0 up
};

/// `state` has 2^n numbers, not all zero. The bound always holds: with n exact qubits the state is
/// the one asked for.
ProductState nearestProductState(std::vector<std::complex<double>> state, double bound);

} // namespace qdo::lower
