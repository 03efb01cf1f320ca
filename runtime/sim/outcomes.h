// SPDX-License-Identifier: Apache-2.0
// What is seen of a state: counts of outcomes, or (on a simulator) its amplitudes.
// In: states. Out: printable objects; bit strings have qubit 0 rightmost and say so.
#pragma once

#include "runtime/sim/prepare.h"

#include <memory>
#include <optional>
#include <span>
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
  /// `stream` names the shots: equal streams are the same data.
  Counts(int64_t qubits, int64_t shots, std::vector<Entry> entries, std::vector<uint64_t> wide = {},
         uint64_t stream = 0)
      : Object(base::ObjectKind::Counts), qubits(qubits), shots(shots), entries(std::move(entries)),
        wide(std::move(wide)), stream(stream) {}
  /// `000: 503, 111: 497 (1000 shots, qubit 0 rightmost)`; of many outcomes the most frequent.
  std::string format(std::string_view spec) const override;

  /// Words of an outcome.
  size_t words() const { return static_cast<size_t>(qubits + 63) / 64; }
  std::span<const uint64_t> outcome(const Entry &entry) const {
    return qubits <= 64 ? std::span(&entry.outcome, 1)
                        : std::span(wide).subspan(entry.outcome * words(), words());
  }

  const int64_t qubits, shots;
  const std::vector<Entry> entries; ///< by outcome, counts above 0
  const std::vector<uint64_t> wide;
  const uint64_t stream;
};

/// The entry of an outcome that is written with qubit 0 rightmost; null for one that never came.
/// Nothing after a failure: BadValue, it is no outcome of so many qubits.
std::optional<const Counts::Entry *> entryOf(base::Context &ctx, qdo_site site,
                                             const Counts &counts, std::string_view outcome);

/// The shots of both, whatever their order. Null after a failure: BadValue, other numbers of
/// qubits.
Counts *merged(base::Context &ctx, qdo_site site, const Counts &a, const Counts &b);

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
