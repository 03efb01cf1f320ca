// SPDX-License-Identifier: Apache-2.0
// Snapshots of a classical shadow, packed: three bits a qubit and shot.
// In: bases and outcomes, of any number of qubits. Out: the same, as masks of 64 qubits a word.
// Why compact: a record is kept, saved and asked again; 20,000 snapshots of 12 qubits are 90 kB.
#pragma once

#include "runtime/sim/backend.h"

#include <cstdint>
#include <span>
#include <vector>

namespace qdo::shadow {

/// Words of a mask with a bit for each qubit.
constexpr size_t maskWords(int64_t qubits) { return static_cast<size_t>((qubits + 63) / 64); }
/// The bits of the last of them that are qubits.
constexpr uint64_t lastMask(int64_t qubits) {
  return qubits % 64 == 0 ? ~uint64_t{0} : (uint64_t{1} << qubits % 64) - 1;
}

/// 64 qubits of a Pauli string or a basis: X on the bits of x, Z on those of z, Y on both.
struct Letters {
  uint64_t x, z;
  uint64_t support() const { return x | z; }
};
template <class String> Letters lettersOf(const String &string, size_t word) {
  if (word == 0)
    return {string.x, string.z};
  if (word > string.more.size())
    return {0, 0};
  return {string.more[word - 1].first, string.more[word - 1].second};
}
template <class String> size_t stringWords(const String &string) { return 1 + string.more.size(); }

class Snapshots {
public:
  explicit Snapshots(int64_t qubits) : qubits_(qubits) {}
  /// `outcomes`: maskWords(qubits) each; bit q is 1 where qubit q gave -1.
  Snapshots(int64_t qubits, std::span<const sim::PauliString> bases,
            std::span<const uint64_t> outcomes);

  int64_t qubits() const { return qubits_; }
  int64_t size() const { return size_; }
  void add(const sim::PauliString &basis, std::span<const uint64_t> outcome);
  /// All of them, unpacked: of each the x bits, the z bits, the outcome, as masks. What loops over
  /// many observables work on.
  std::vector<uint64_t> all() const;
  /// Bits in order: of each snapshot the x bits, the z bits, the outcome; the last word is filled
  /// up with zeros.
  const std::vector<uint64_t> &words() const { return words_; }
  static Snapshots fromWords(int64_t qubits, int64_t count, std::vector<uint64_t> words);

private:
  int64_t qubits_, size_ = 0;
  std::vector<uint64_t> words_;
};

/// How many of these bases of so many qubits are different.
int64_t differentBases(int64_t qubits, std::span<const sim::PauliString> bases);

} // namespace qdo::shadow
