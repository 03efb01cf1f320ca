// SPDX-License-Identifier: Apache-2.0
// Live qubits whose gates have all been Clifford.
// In: Clifford circuits and gates, measurements. Out: outcomes; amplitudes for those who go on with
// a gate that is not Clifford. Why: a measured qubit leaves its place in |0>, so that the next one
// needs no larger tableau: a chain of a thousand teleportations has three places.
#pragma once

#include "runtime/sim/clifford.h"
#include "runtime/sim/state.h"
#include "runtime/stabilizer/tableau.h"

namespace qdo::sim {

class LiveTableau {
public:
  int64_t size() const { return live_; }
  /// Qubits with the ids first, first + 1, ..., in the state of a circuit. Ids rise.
  void prepare(const CliffordCircuit &circuit, int64_t first, int64_t qubits);
  /// Where a qubit is; -1 when it does not live.
  int placeOf(int64_t id) const;
  void gate(const stabilizer::Clifford &gate, const int *places) { tableau_.apply(gate, places); }
  /// X, Y or Z.
  void pauli(int place, bool x, bool z) {
    if (x)
      tableau_.flip(place);
    if (z)
      tableau_.flipPhase(place);
  }
  /// The outcome is certain, or 1 when u < 0.5. The qubit is gone.
  bool measure(int64_t id, double u);
  void clear();
  /// The amplitudes of all that live, up to a common phase, and their ids by wire.
  std::vector<Amplitude> amplitudes(std::vector<int64_t> &ids) const;

private:
  stabilizer::Tableau tableau_;
  int64_t live_ = 0;
  int64_t firstId_ = 0;     ///< of places_
  std::vector<int> places_; ///< by id; -1 for those that are gone
  std::vector<int> free_;   ///< places in |0>
  std::vector<int> prepared_;
};

} // namespace qdo::sim
