// SPDX-License-Identifier: Apache-2.0
// Gates and noise as real matrices on Pauli coefficients.
// In: gate calls, noise channels. Out: a list of maps, neighbours folded into one where that is
// free. Why: in the basis of Pauli strings a density matrix is real, noise is one more factor, and
// a Clifford gate is a permutation with signs. Source: Pauli-transfer matrices, Greenbaum,
// arXiv:1509.02921, section 2.
#pragma once

#include "runtime/gates/gates.h"

#include <array>
#include <cstdint>
#include <vector>

namespace qdo::density {

/// Row-major on one qubit, in the order I X Y Z.
using Map1 = std::array<double, 16>;
/// Row-major on two; index = first qubit + 4 * second.
using Map2 = std::array<double, 256>;

/// A real map of `wires` (rising); index = sum_i 4^i letter of wires[i].
struct Map {
  std::vector<int> wires;
  std::vector<double> matrix; ///< 4^k x 4^k, row-major

  size_t size() const { return size_t{1} << 2 * wires.size(); }
};

/// (1 - p) rho + p/3 (X rho X + Y rho Y + Z rho Z).
Map1 depolarising(double p);
/// An X with probability p.
Map1 bitFlip(double p);
/// Decay of |1> to |0> with probability `gamma` (Nielsen and Chuang, equation 8.108).
Map1 amplitudeDamping(double gamma);
/// Loss of phase with probability `lambda` (the same, equation 8.127).
Map1 phaseDamping(double lambda);

/// (1 - p) rho + p I / 2^k on `wires`; the parameter of Qiskit Aer's depolarizing_error.
Map depolarisingOn(std::vector<int> wires, double p);
/// Decay of |1> to |0> with probability `gamma`, then a phase flip with probability `flip`.
Map1 relaxation(double gamma, double flip);

/// A circuit with noise.
class Maps {
public:
  explicit Maps(int qubits) : qubits_(qubits), last_(static_cast<size_t>(qubits), -1) {}

  int qubits() const { return qubits_; }
  /// At most `mostWires` wires, controls included, all different.
  void gate(const gates::GateCall &call);
  static constexpr int mostWires = 5;
  void map(int qubit, const Map1 &matrix);
  void map(int first, int second, const Map2 &matrix);
  /// Wires rising, at most `mostWires`.
  void map(Map matrix) { add(std::move(matrix)); }
  /// What the maps do to observables: the transposes, last map first.
  Maps transposed() const;

  const std::vector<Map> &list() const { return maps_; }

private:
  void add(Map map);

  int qubits_;
  std::vector<Map> maps_{};
  std::vector<int64_t> last_; ///< for each qubit the last map that touches it, or -1
};

} // namespace qdo::density
