// SPDX-License-Identifier: Apache-2.0
// Affine maps over GF(2) of the index of an amplitude.
// In: x, cx and swap gates. Out: which parity of the stored index each wire is.
// Why: such gates move no amplitude; only the meaning of an index changes.
#pragma once

#include <bit>
#include <cstdint>
#include <utility>
#include <vector>

namespace qdo::batch {

inline bool odd(uint64_t bits) { return std::popcount(bits) % 2 != 0; }

/// A bit that is an affine function of an index: the parity of some of its bits, maybe flipped.
struct Parity {
  uint64_t mask = 0;
  bool flip = false;

  bool of(uint64_t index) const { return odd(mask & index) != flip; }
  friend bool operator==(const Parity &, const Parity &) = default;
};

/// A frame: coordinates of the index space. Bit j of an index in this frame is bits[j] of the index
/// in the reference frame, and flips[j] is what changes there when bit j alone changes.
struct Frame {
  std::vector<Parity> bits;
  std::vector<uint64_t> flips;

  /// The reference frame itself.
  explicit Frame(int size) : bits(size), flips(size) {
    for (int j = 0; j < size; ++j)
      bits[j].mask = flips[j] = uint64_t{1} << j;
  }
  int size() const { return static_cast<int>(bits.size()); }

  /// Bit `target` becomes its sum with bit `control`.
  void add(int control, int target) {
    bits[target].mask ^= bits[control].mask;
    bits[target].flip ^= bits[control].flip;
    flips[control] ^= flips[target];
  }
  void exchange(int a, int b) {
    std::swap(bits[a], bits[b]);
    std::swap(flips[a], flips[b]);
  }

  /// A parity of the reference frame as one of this frame.
  Parity parity(Parity reference) const;
  /// A difference of two reference indices in this frame.
  uint64_t difference(uint64_t reference) const;
  /// An index of the reference frame in this frame, and back.
  uint64_t index(uint64_t reference) const;
  uint64_t reference(uint64_t index) const;

  friend bool operator==(const Frame &, const Frame &) = default;
};

/// A mixing of amplitudes whose reference indices differ by `flip`; `bit` tells which is which.
struct Axis {
  Parity bit;
  uint64_t flip;
};

/// A frame in which every axis is a bit of its own, as near to `old` as can be. The axes commute:
/// each bit changes under its own flip only. `places[i]` becomes the bit of axis i.
Frame aligned(const Frame &old, const std::vector<Axis> &axes, std::vector<int> &places);

/// Indices from -> to: an index of frame `from` for every index of frame `to`, as
/// high[k >> lowBits] ^ low[k & (2^lowBits - 1)].
struct IndexTable {
  static constexpr int lowBits = 6;
  std::vector<uint32_t> high, low;

  uint32_t operator[](uint64_t k) const { return high[k >> lowBits] ^ low[k & 63]; }
};
IndexTable indexTable(const std::vector<uint64_t> &columns, uint64_t origin);
IndexTable gatherTable(const Frame &from, const Frame &to);
/// The indices of a frame with `size` bits where all parities are 1, in an order that is kind to
/// caches. `count` becomes their number; 0 when the parities contradict one another.
IndexTable subspaceTable(int size, const std::vector<Parity> &ones, uint64_t &count);

} // namespace qdo::batch
