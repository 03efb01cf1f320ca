// SPDX-License-Identifier: Apache-2.0
// Snapshots in random Clifford bases: drawing, timing, keeping.
// In: a recipe and how many. Out: a basis and an outcome each, which name a stabiliser state.
// Why beside Pauli bases: a fidelity takes as few snapshots on 50 qubits as on 5; the price is a
// circuit on all qubits before each measurement.
// Source: Huang, Kueng, Preskill, Nature Physics 16, 1050 (2020).
#pragma once

#include "runtime/sim/stabilizer_bases.h"

#include <optional>
#include <span>
#include <vector>

namespace qdo::shadow {

/// Fidelities are numbers of the size 2^n, and a double holds 2^1023.
constexpr int64_t mostCliffordQubits = 1000;

struct CliffordSnapshot {
  stabilizer::Basis basis;
  std::vector<uint64_t> outcome; ///< as many words as the masks of the basis
  bool operator==(const CliffordSnapshot &) const = default;
};

/// The bases first .. first + count of a stream, each as likely as the others. Basis t depends on
/// (seed, stream, t) alone.
std::vector<stabilizer::Basis> randomCliffords(uint64_t seed, uint64_t stream, int64_t qubits,
                                               int64_t first, int64_t count);
/// The same for what else is in a uniformly random Clifford circuit.
std::vector<stabilizer::Scramble> randomScrambles(uint64_t seed, uint64_t stream, int64_t qubits,
                                                  int64_t count);

/// How long the gates of each of these measurements take on the device in force, in seconds.
/// `recipe` null: of |0..0>.
std::vector<double> secondsOf(base::Context &ctx, const sim::Recipe *recipe, int64_t qubits,
                              std::span<const stabilizer::Basis> bases,
                              std::span<const stabilizer::Scramble> scrambles);

/// |<s|r>|^2 of each snapshot s. Nothing after a failure.
std::optional<std::vector<double>> overlapsOf(base::Context &ctx, qdo_site site,
                                              std::span<const CliffordSnapshot> snapshots,
                                              const sim::Recipe &r);

/// To keep them: of each the outcome, the pivots, the rows, as masks.
std::vector<uint64_t> wordsOf(std::span<const CliffordSnapshot> snapshots);
/// Nothing unless the words are exactly `count` snapshots of so many qubits.
std::optional<std::vector<CliffordSnapshot>> cliffordsFrom(std::span<const uint64_t> words,
                                                           int64_t qubits, int64_t count);

} // namespace qdo::shadow
