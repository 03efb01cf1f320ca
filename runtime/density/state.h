// SPDX-License-Identifier: Apache-2.0
// Density matrices as real vectors of Pauli coefficients.
// In: maps. Out: coefficients r[P] = Tr(rho P), expectations, probabilities, overlaps.
// Why: 4^n reals instead of 4^n complex numbers, and a noisy gate is one small real matrix.
#pragma once

#include "runtime/base/parallel.h"
#include "runtime/density/maps.h"

#include <functional>
#include <span>
#include <vector>

namespace qdo::density {

/// rho = 2^-n sum_P r[P] P. The index has two bits for each qubit, qubit 0 lowest: I X Y Z.
class State {
public:
  /// |0..0><0..0|, 1 to 16 qubits. Takes 8 * 4^qubits bytes; throws std::bad_alloc.
  explicit State(int qubits);

  int qubits() const { return qubits_; }
  std::span<double> coefficients() { return coefficients_; }
  std::span<const double> coefficients() const { return coefficients_; }

private:
  int qubits_;
  std::vector<double> coefficients_;
};

/// Applies the maps in their order. `stop` is asked once a tile, from any thread; true ends the run
/// early and leaves the state half-way. The same bits for any number of threads.
/// `wide`: with the widest vectors of the machine, which tests compare with what every machine has.
void run(base::ThreadPool &pool, const Maps &maps, State &state,
         const std::function<bool()> &stop = {}, bool wide = true);

/// Tr(rho P) with X on the bits of x, Z on those of z, Y on both.
double expectPauli(const State &state, uint64_t x, uint64_t z);
/// Of every outcome when all qubits are measured, along X on the bits of x, Y on those of both, and
/// else along Z; qubit 0 is the least significant bit.
std::vector<double> probabilities(const State &state, uint64_t x = 0, uint64_t z = 0);
/// Tr(a b): the fidelity if one of them is pure, the purity if they are the same.
double overlap(const State &a, const State &b);

} // namespace qdo::density
