// SPDX-License-Identifier: Apache-2.0
// Packing snapshots into words.
#include "runtime/shadow/snapshots.h"

#include <algorithm>

namespace qdo::shadow {

Snapshots::Snapshots(int64_t qubits, std::span<const sim::PauliString> bases,
                     std::span<const uint64_t> outcomes)
    : qubits_(qubits) {
  const size_t each = maskWords(qubits);
  words_.reserve(bases.size() * static_cast<size_t>(3 * qubits) / 64 + 1);
  for (size_t t = 0; t < bases.size(); ++t)
    add(bases[t], outcomes.subspan(t * each, each));
}

/// `count` bits from this place on, at most 64.
static uint64_t read(std::span<const uint64_t> words, uint64_t bit, uint64_t count) {
  const size_t word = bit / 64;
  const uint64_t shift = bit % 64;
  uint64_t value = words[word] >> shift;
  if (shift + count > 64)
    value |= words[word + 1] << (64 - shift);
  return count == 64 ? value : value & ((uint64_t{1} << count) - 1);
}

static void write(std::span<uint64_t> words, uint64_t bit, uint64_t count, uint64_t value) {
  const size_t word = bit / 64;
  const uint64_t shift = bit % 64;
  words[word] |= value << shift;
  if (shift + count > 64)
    words[word + 1] |= value >> (64 - shift);
}

void Snapshots::add(const sim::PauliString &basis, std::span<const uint64_t> outcome) {
  const auto n = static_cast<uint64_t>(qubits_);
  const uint64_t first = static_cast<uint64_t>(size_) * 3 * n;
  words_.resize((first + 3 * n + 63) / 64, 0);
  for (uint64_t q = 0; q < n; q += 64) {
    const uint64_t count = std::min<uint64_t>(64, n - q);
    const Letters letters = lettersOf(basis, q / 64);
    write(words_, first + q, count, letters.x);
    write(words_, first + n + q, count, letters.z);
    write(words_, first + 2 * n + q, count, outcome[q / 64]);
  }
  ++size_;
}

std::vector<uint64_t> Snapshots::all() const {
  const auto n = static_cast<uint64_t>(qubits_);
  std::vector<uint64_t> masks;
  masks.reserve(static_cast<size_t>(3 * size_) * maskWords(qubits_));
  for (uint64_t first = 0; first < static_cast<uint64_t>(3 * size_) * n; first += n) // one mask
    for (uint64_t q = 0; q < n; q += 64)
      masks.push_back(read(words_, first + q, std::min<uint64_t>(64, n - q)));
  return masks;
}

Snapshots Snapshots::fromWords(int64_t qubits, int64_t count, std::vector<uint64_t> words) {
  Snapshots snapshots(qubits);
  snapshots.size_ = count;
  snapshots.words_ = std::move(words);
  return snapshots;
}

int64_t differentBases(int64_t qubits, std::span<const sim::PauliString> bases) {
  const size_t each = 2 * maskWords(qubits);
  std::vector<uint64_t> masks;
  masks.reserve(bases.size() * each);
  for (const sim::PauliString &basis : bases)
    for (size_t word = 0; word < each / 2; ++word) {
      const Letters letters = lettersOf(basis, word);
      masks.insert(masks.end(), {letters.x, letters.z});
    }
  std::vector<const uint64_t *> order;
  order.reserve(bases.size());
  for (size_t t = 0; t < bases.size(); ++t)
    order.push_back(&masks[t * each]);
  std::ranges::sort(order, [&](const uint64_t *a, const uint64_t *b) {
    return std::lexicographical_compare(a, a + each, b, b + each);
  });
  return std::ranges::unique(order, [&](const uint64_t *a,
                                        const uint64_t *b) { return std::equal(a, a + each, b); })
             .begin() -
         order.begin();
}

} // namespace qdo::shadow
