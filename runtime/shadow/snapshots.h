// SPDX-License-Identifier: Apache-2.0
// Snapshots of a classical shadow, packed: three bits a qubit and shot.
// In: bases and outcomes. Out: the same, by number.
// Why compact: a record is kept, saved and asked again; 20,000 snapshots of 12 qubits are 90 kB.
#pragma once

#include "runtime/sim/pauli_bases.h"

#include <cstdint>
#include <span>
#include <vector>

namespace qdo::shadow {

struct Snapshot {
  sim::PauliBasis basis;
  uint64_t outcome; ///< bit q is 1 where qubit q gave -1
  bool operator==(const Snapshot &) const = default;
};

/// Snapshots of 1 to 62 qubits.
class Snapshots {
public:
  explicit Snapshots(int64_t qubits) : qubits_(qubits) {}
  Snapshots(int64_t qubits, std::span<const sim::PauliBasis> bases,
            std::span<const uint64_t> outcomes);

  int64_t qubits() const { return qubits_; }
  int64_t size() const { return size_; }
  Snapshot operator[](int64_t at) const;
  void add(const Snapshot &snapshot);
  /// All of them, unpacked: what loops over many observables work on.
  std::vector<Snapshot> all() const;
  /// How many different bases there are.
  int64_t countBases() const;
  /// Bits in order: of each snapshot the x bits, the z bits, the outcome; the last word is filled
  /// up with zeros.
  const std::vector<uint64_t> &words() const { return words_; }
  static Snapshots fromWords(int64_t qubits, int64_t count, std::vector<uint64_t> words);

private:
  uint64_t read(uint64_t bit) const;
  void write(uint64_t bit, uint64_t value);

  int64_t qubits_, size_ = 0;
  std::vector<uint64_t> words_;
};

} // namespace qdo::shadow
