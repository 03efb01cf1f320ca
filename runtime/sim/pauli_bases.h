// SPDX-License-Identifier: Apache-2.0
// Outcomes of measuring every qubit along an axis of its own, one shot a basis.
// In: a state, a basis for each shot, a stream. Out: one bit string a shot.
// Why: thousands of bases share their first axes, so a tree over qubits rotates each part of the
// state once and lets the shots that go the same way share it.
#pragma once

#include "runtime/sim/state.h"

#include <span>
#include <vector>

namespace qdo::sim {

/// An axis for each qubit: X has the bit of `x`, Z that of `z`, Y both. Every qubit has one.
struct PauliBasis {
  uint64_t x, z;
  bool operator==(const PauliBasis &) const = default;
};

/// Whether outcomes in this basis tell the Pauli string with these masks.
constexpr bool measures(const PauliBasis &basis, uint64_t x, uint64_t z) {
  return (((basis.x ^ x) | (basis.z ^ z)) & (x | z)) == 0;
}

/// One shot in each basis, from the exact distribution; bit q is 1 where qubit q gave -1. Shot t
/// depends on (seed, stream, first + t, its basis) alone: threads and other shots change nothing.
/// Empty after a failure: OutOfMemory or an interrupt.
std::vector<uint64_t> measureInBases(base::Context &ctx, qdo_site site, StateView state,
                                     std::span<const PauliBasis> bases, uint64_t stream,
                                     uint64_t first = 0);

} // namespace qdo::sim
