// SPDX-License-Identifier: Apache-2.0
// Which Pauli bases a shadow is measured in.
// In: qubits and a stream, or the strings that will be asked for. Out: one basis a snapshot, with a
// letter on every qubit.
// Sources: Huang, Kueng, Preskill, Nature Physics 16, 1050 (2020); the same, Physical Review
// Letters 127, 030503 (2021), for bases that are chosen.
#pragma once

#include "runtime/sim/backend.h"

#include <span>
#include <vector>

namespace qdo::shadow {

using sim::PauliString;

/// A string that somebody wants to know, and how many snapshots should measure it.
struct Wanted {
  PauliString string;
  int64_t hits;
};

/// Every qubit along X, Y or Z with equal probability. Basis t depends on (seed, stream, t) alone.
std::vector<PauliString> randomBases(uint64_t seed, uint64_t stream, int64_t qubits, int64_t count);

/// Bases chosen one by one and qubit by qubit, each axis the one after which a random continuation
/// would leave least to do. Ends at `most` bases, or when every string has its hits. No random
/// numbers: qubits that nobody asks about are along Z.
std::vector<PauliString> chosenBases(int64_t qubits, std::span<const Wanted> wanted, int64_t most);

} // namespace qdo::shadow
