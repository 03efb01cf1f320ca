// SPDX-License-Identifier: Apache-2.0
// Tiles of a state: amplitudes that agree on all places but a few.
// In: the local places. Out: where tiles begin and where their rows are, and a buffer of a thread.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <vector>

namespace qdo::sweep {

/// The bits of `value` at `places` (rising).
inline uint64_t deposit(uint64_t value, const std::vector<int> &places) {
  uint64_t out = 0;
  for (size_t i = 0; i < places.size(); ++i)
    out |= (value >> i & 1) << places[i];
  return out;
}

class Tiles {
public:
  /// `local` is rising, and its first `rowBits` are 0, 1, ..
  Tiles(int qubits, const std::vector<int> &local, int rowBits) : rowBits_(rowBits) {
    for (int q = 0; q < qubits; ++q)
      if (!std::ranges::binary_search(local, q))
        outside_.push_back(q);
    const std::vector<int> rows(local.begin() + rowBits, local.end());
    offsets_.resize(uint64_t{1} << rows.size());
    for (uint64_t row = 0; row < offsets_.size(); ++row)
      offsets_[row] = deposit(row, rows) * 2;
  }

  int64_t count() const { return int64_t{1} << outside_.size(); }
  /// Index of the first amplitude of a tile.
  uint64_t index(int64_t tile) const { return deposit(static_cast<uint64_t>(tile), outside_); }
  /// In real numbers, from the first of the tile.
  const std::vector<uint64_t> &offsets() const { return offsets_; }
  uint64_t rowReals() const { return uint64_t{2} << rowBits_; }

private:
  int rowBits_;
  std::vector<int> outside_;
  std::vector<uint64_t> offsets_;
};

/// Memory that a thread keeps for its tiles. Throws std::bad_alloc.
template <class T> T *tileBuffer(uint64_t reals) {
  struct Free {
    void operator()(void *p) const { std::free(p); }
  };
  thread_local std::unique_ptr<void, Free> memory;
  thread_local uint64_t size = 0;
  const uint64_t bytes = (reals * sizeof(T) + 4095) / 4096 * 4096;
  if (bytes > size) {
    memory.reset(std::aligned_alloc(4096, bytes));
    size = memory ? bytes : 0;
    if (!memory)
      throw std::bad_alloc();
  }
  return static_cast<T *>(memory.get());
}

} // namespace qdo::sweep
