// SPDX-License-Identifier: Apache-2.0
// Which Pauli bases a shadow is measured in.
// In: qubits and a stream, or the strings that will be asked for. Out: one basis a snapshot.
// Sources: Huang, Kueng, Preskill, Nature Physics 16, 1050 (2020); the same, Physical Review
// Letters 127, 030503 (2021), for bases that are chosen.
#pragma once

#include "runtime/base/context.h"
#include "runtime/sim/observable.h"
#include "runtime/sim/pauli_bases.h"

#include <span>
#include <vector>

namespace qdo::shadow {

using sim::PauliBasis;

/// A string that somebody wants to know, and how many snapshots should measure it.
struct Wanted {
  uint64_t x, z;
  int64_t hits;
};

/// Every qubit along X, Y or Z with equal probability. Basis t depends on (seed, stream, t) alone.
std::vector<PauliBasis> randomBases(uint64_t seed, uint64_t stream, int64_t qubits, int64_t count);

/// Bases chosen one by one and qubit by qubit, each axis the one after which a random continuation
/// would leave least to do. Ends at `most` bases, or when every string has its hits. No random
/// numbers: qubits that nobody asks about are along Z.
std::vector<PauliBasis> chosenBases(int64_t qubits, std::span<const Wanted> wanted, int64_t most);

} // namespace qdo::shadow
