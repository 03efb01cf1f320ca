// SPDX-License-Identifier: Apache-2.0
// Outcomes of measuring in stabiliser bases, one shot a basis, on any device.
// In: a recipe, a basis for each shot, a stream. Out: one outcome a shot, as stabilizer::Basis
// names them, a bit a qubit and 64 in a word. Why three ways: a state vector is walked in the order
// of the basis, a tableau takes the gates, and a noisy device runs the circuit that measures in the
// basis, with its noise.
#pragma once

#include "qdo/runtime/diagonal_circuit.h"
#include "runtime/sim/backend.h"
#include "runtime/stabilizer/bases.h"

#include <memory>
#include <span>
#include <vector>

namespace qdo::sim {

/// Gates of a basis or a scramble after a recipe, as a recipe of its own; not kept by the run.
class Appended {
public:
  /// `recipe` null: on |0..0>.
  Appended(const Recipe *recipe, int64_t qubits, std::span<const stabilizer::Basis::Gate> gates);
  Appended(Appended &&) = delete; // its parts point at each other
  const Recipe &recipe() const { return *whole_; }

private:
  std::vector<qdo_gate> gates_;
  qdo_circuit circuit_;
  std::unique_ptr<Recipe> leaf_, both_;
  const Recipe *whole_;
};

/// What a device runs to measure in a basis: the recipe, the basis, the scramble if there is one.
/// `recipe` null: on |0..0> of so many qubits.
Appended measuring(const Recipe *recipe, int64_t qubits, const stabilizer::Basis &basis,
                   const stabilizer::Scramble *scramble);

/// What a device runs to read strings that commute as a whole: the recipe, and gates after which
/// they agree on every qubit.
std::shared_ptr<const Appended> reading(const Recipe &recipe, std::span<const pauli::Gate> gates);

/// One shot in each basis on the device in force. With `scrambles`, one for each shot, which are
/// undone in the outcomes; only devices that err run them. Shot t depends on (seed, stream, first +
/// t) and its basis alone. Nothing after a failure.
std::optional<std::vector<uint64_t>>
measureInStabilizerBases(base::Context &ctx, qdo_site site, const Recipe *recipe, int64_t qubits,
                         std::span<const stabilizer::Basis> bases,
                         std::span<const stabilizer::Scramble> scrambles, uint64_t stream,
                         uint64_t first = 0);

/// |<s|r>|^2 for the states that these outcomes name; r without noise, from its amplitudes, or from
/// a tableau where r goes there by itself. Nothing after a failure.
std::optional<std::vector<double>> overlapsWith(base::Context &ctx, qdo_site site, const Recipe &r,
                                                std::span<const stabilizer::Basis> bases,
                                                std::span<const uint64_t> outcomes);

} // namespace qdo::sim
