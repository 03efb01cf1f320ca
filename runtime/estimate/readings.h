// SPDX-License-Identifier: Apache-2.0
// What a run has read of circuits that read every qubit: by recipe, gates, axes and policy.
// In: a circuit, the strings that somebody wants read. Out: its record; an older one if that reads
// them too. Why: equal (recipe, axes, policy) are one measurement, and an observable that an
// older one answers costs nothing (language.md section 6).
// Must not: be included outside estimate/.
#pragma once

#include "qdo/runtime/diagonal_circuit.h"
#include "runtime/estimate/policy.h"
#include "runtime/sim/backend.h"

#include <memory>
#include <vector>

namespace qdo::estimate {

struct Readings {
  pauli::Reading reading; ///< with a letter on every qubit
  uint64_t stream = 0;
  double seconds = 0; ///< of one shot
  int64_t shots = 0, looks = 0;
  int64_t paid = 0; ///< shots, at least `shots`: paid first, drawn together
  /// One, or one for each group of shots that the policy takes the median of. Never shrinks.
  std::vector<sim::Histogram> parts;
  /// How often each outcome of each part was seen, in their order: for estimates, which keep it.
  /// Null for too many.
  const std::shared_ptr<const std::vector<int64_t>> &counts();
  /// Shots were drawn.
  void drawn();

private:
  std::shared_ptr<const std::vector<int64_t>> counts_; ///< of now, once somebody asked
};

/// The record that reads `strings`, which commute, of the circuit that `circuit` names (its recipe,
/// device and noise), or a new one, with gates where the strings do not agree on every qubit.
/// Qubits without a letter are read along the letter that most others have, so that what is asked
/// of them next may be there already.
Readings &readingsOf(base::Context &ctx, const Policy &policy, uint64_t circuit, int64_t qubits,
                     const pauli::Strings &strings);

/// Axes as a device wants them.
sim::PauliString axesOf(const Readings &readings);

} // namespace qdo::estimate
