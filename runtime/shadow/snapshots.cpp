// SPDX-License-Identifier: Apache-2.0
// Packing snapshots into words.
#include "runtime/shadow/snapshots.h"

#include <algorithm>

namespace qdo::shadow {

Snapshots::Snapshots(int64_t qubits, std::span<const sim::PauliBasis> bases,
                     std::span<const uint64_t> outcomes)
    : qubits_(qubits) {
  words_.reserve(bases.size() * static_cast<size_t>(3 * qubits) / 64 + 1);
  for (size_t t = 0; t < bases.size(); ++t)
    add({bases[t], outcomes[t]});
}

/// `qubits` bits from this place on.
uint64_t Snapshots::read(uint64_t bit) const {
  const size_t word = bit / 64;
  const uint64_t shift = bit % 64;
  uint64_t value = words_[word] >> shift;
  if (shift + static_cast<uint64_t>(qubits_) > 64)
    value |= words_[word + 1] << (64 - shift);
  return value & ((uint64_t{1} << qubits_) - 1);
}

void Snapshots::write(uint64_t bit, uint64_t value) {
  const size_t word = bit / 64;
  const uint64_t shift = bit % 64;
  words_[word] |= value << shift;
  if (shift + static_cast<uint64_t>(qubits_) > 64)
    words_[word + 1] |= value >> (64 - shift);
}

Snapshot Snapshots::operator[](int64_t at) const {
  const auto n = static_cast<uint64_t>(qubits_);
  const uint64_t first = static_cast<uint64_t>(at) * 3 * n;
  return {{read(first), read(first + n)}, read(first + 2 * n)};
}

void Snapshots::add(const Snapshot &snapshot) {
  const auto n = static_cast<uint64_t>(qubits_);
  const uint64_t first = static_cast<uint64_t>(size_) * 3 * n;
  words_.resize((first + 3 * n + 63) / 64, 0);
  write(first, snapshot.basis.x);
  write(first + n, snapshot.basis.z);
  write(first + 2 * n, snapshot.outcome);
  ++size_;
}

std::vector<Snapshot> Snapshots::all() const {
  std::vector<Snapshot> result;
  result.reserve(static_cast<size_t>(size_));
  for (int64_t t = 0; t < size_; ++t)
    result.push_back((*this)[t]);
  return result;
}

int64_t Snapshots::countBases() const {
  std::vector<std::pair<uint64_t, uint64_t>> bases;
  bases.reserve(static_cast<size_t>(size_));
  for (int64_t t = 0; t < size_; ++t) {
    const Snapshot snapshot = (*this)[t];
    bases.emplace_back(snapshot.basis.x, snapshot.basis.z);
  }
  std::ranges::sort(bases);
  return std::ranges::unique(bases).begin() - bases.begin();
}

Snapshots Snapshots::fromWords(int64_t qubits, int64_t count, std::vector<uint64_t> words) {
  Snapshots snapshots(qubits);
  snapshots.size_ = count;
  snapshots.words_ = std::move(words);
  return snapshots;
}

} // namespace qdo::shadow
