// SPDX-License-Identifier: Apache-2.0
// Indices of amplitudes, put together from bits.
#pragma once

#include <cstdint>

namespace qdo::sim {

/// The low bits of `value` spread over the set bits of `mask`.
inline uint64_t deposit(uint64_t value, uint64_t mask) {
  uint64_t out = 0;
  for (; mask != 0; mask &= mask - 1, value >>= 1)
    if (value & 1)
      out |= mask & -mask;
  return out;
}

} // namespace qdo::sim
