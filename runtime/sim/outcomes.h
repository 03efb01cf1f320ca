// SPDX-License-Identifier: Apache-2.0
// What is seen of a state: counts of outcomes, or (on a simulator) its amplitudes.
// In: states. Out: printable objects; bit strings have qubit 0 rightmost and say so.
#pragma once

#include "runtime/sim/prepare.h"

#include <memory>
#include <vector>

namespace qdo::sim {

struct Counts final : base::Object {
  struct Entry {
    uint64_t outcome;
    int64_t count;
    Entry() {} // not set: a million of them are made before they are filled
    Entry(uint64_t outcome, int64_t count) : outcome(outcome), count(count) {}
  };

  /// Above 64 qubits the outcome of an entry is the number of its bits in `wide`, which has as many
  /// words as are needed for each.
  Counts(int64_t qubits, int64_t shots, std::vector<Entry> entries, std::vector<uint64_t> wide = {})
      : Object(base::ObjectKind::Counts), qubits(qubits), shots(shots), entries(std::move(entries)),
        wide(std::move(wide)) {}
  /// `000: 503, 111: 497 (1000 shots, qubit 0 rightmost)`; of many outcomes the most frequent.
  std::string format(std::string_view spec) const override;

  const int64_t qubits, shots;
  const std::vector<Entry> entries; ///< by outcome, counts above 0
  const std::vector<uint64_t> wide;
};

/// What was sampled, in the form of Counts.
struct Sampled {
  std::vector<Counts::Entry> entries;
  std::vector<uint64_t> wide = {};
};

struct Amplitudes final : base::Object {
  explicit Amplitudes(std::shared_ptr<const State> state)
      : Object(base::ObjectKind::Amplitudes), state(std::move(state)) {}
  /// `0.707107 |00> + 0.707107 |11> (qubit 0 rightmost)`.
  std::string format(std::string_view spec) const override;

  const std::shared_ptr<const State> state;
};

/// Measures all qubits `shots` times: counts drawn from the exact distribution with the numbers of
/// one stream, by outcome. The same for any number of threads; there is no order of shots, and more
/// shots are another draw (docs/decisions/0013).
std::vector<Counts::Entry> sampleOutcomes(base::Context &ctx, StateView state, uint64_t stream,
                                          int64_t shots);

} // namespace qdo::sim
