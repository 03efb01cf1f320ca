// SPDX-License-Identifier: Apache-2.0
// Layers of a gate on each qubit and CZ on neighbours, with depolarising noise after each gate, on
// a density matrix, by a program written for them alone.
// Out: coefficients of Pauli strings; two bits of the index for each qubit, qubit 0 lowest: I X Y
// Z.
#pragma once

#include "bench/machine.h"

#include <array>
#include <span>
#include <vector>

namespace hand {

class DepolarisedLayers {
public:
  /// `angles`: those of the gate u of every layer and qubit. `probability`: of the noise. Six
  /// qubits and more.
  DepolarisedLayers(int qubits, std::span<const std::array<double, 3>> angles, double probability);
  void run(qdo::base::ThreadPool &pool);
  std::span<const double> coefficients() const { return {state_.data(), state_.size()}; }

private:
  using Rotation = std::array<double, 9>; ///< of (X, Y, Z), row-major

  void lowQubits(qdo::base::ThreadPool &pool, const Rotation *rotations);
  void highQubits(qdo::base::ThreadPool &pool, const Rotation *rotations);

  int qubits_, low_; ///< the lower qubits are those of a tile
  double kept_;      ///< of a letter, by the noise
  std::vector<Rotation> rotations_;
  machine::Memory<double> state_;
};

} // namespace hand
