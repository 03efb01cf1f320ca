// SPDX-License-Identifier: Apache-2.0
// Means of Pauli strings at the end of a Clifford circuit with Pauli errors, and sums of them.
// In: the circuit and its state without errors. Out: exact numbers.
// Why: a mean is the one without errors times a factor for each channel on the way back, 256
// strings at a time.
#pragma once

#include "runtime/base/context.h"
#include "runtime/sim/stabilizer.h"
#include "runtime/stabilizer/frames.h"

#include <functional>

namespace qdo::device {

/// Strings of one width, one after the other.
struct PauliStrings {
  explicit PauliStrings(size_t words) : words(words) {}
  size_t size() const { return x.size() / words; }
  stabilizer::PauliView operator[](size_t i) const {
    return {std::span(x).subspan(i * words, words), std::span(z).subspan(i * words, words)};
  }
  void add(const sim::PauliString &string);

  size_t words;
  std::vector<uint64_t> x, z;
};

/// How many letters a string has.
int weightOf(const stabilizer::PauliView &string);

/// <P> of each string under the errors of the circuit, whose state without them is `ideal`. Nothing
/// after an interrupt.
std::optional<std::vector<double>> noisyMeans(base::Context &ctx, qdo_site site,
                                              const stabilizer::NoisyClifford &circuit,
                                              const stabilizer::Tableau &ideal,
                                              const PauliStrings &strings);

/// The sum of term(P, f) over all 2^k products P of k independent strings that commute, where f is
/// by what errors multiply the mean of P; its sign is not known here. `term` is called from several
/// threads. Nothing after an interrupt.
std::optional<double>
sumOverGroup(base::Context &ctx, qdo_site site, const stabilizer::NoisyClifford &circuit,
             const PauliStrings &generators,
             const std::function<double(const stabilizer::PauliView &string, double factor)> &term);

/// Generators, up to their signs, of the stabilisers of a state that act on these qubits alone.
PauliStrings stabilisersOn(const stabilizer::Tableau &state, uint64_t qubits);

} // namespace qdo::device
