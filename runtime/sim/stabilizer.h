// SPDX-License-Identifier: Apache-2.0
// Recipes on stabiliser tableaus: states, means, fidelities, samples.
// In: recipes whose gates are all Clifford. Out: exact numbers, and draws from exact distributions.
// Why: thousands of qubits instead of dozens, and the same numbers as from the state vector.
#pragma once

#include "runtime/sim/backend.h"
#include "runtime/sim/clifford.h"
#include "runtime/sim/observable.h"
#include "runtime/sim/outcomes.h"
#include "runtime/sim/single.h"
#include "runtime/stabilizer/outcomes.h"

namespace qdo::sim {

/// A stabiliser state and, once somebody asked for them, its outcomes.
class StabilizerState {
public:
  explicit StabilizerState(stabilizer::Tableau tableau) : tableau_(std::move(tableau)) {}
  const stabilizer::Tableau &tableau() const { return tableau_; }
  /// For the thread of the run.
  const stabilizer::Outcomes &outcomes() const;

private:
  stabilizer::Tableau tableau_;
  mutable std::unique_ptr<stabilizer::Outcomes> outcomes_;
};

/// Whether a recipe goes to the tableau by itself: it is Clifford and has many qubits.
bool choosesTableau(base::Context &ctx, const Recipe &recipe);

/// The state of a Clifford recipe. Kept in the run by hash, like state vectors. Null after an
/// interrupt.
std::shared_ptr<const StabilizerState> stabilizerState(base::Context &ctx, qdo_site site,
                                                       const Recipe &recipe);

/// |<p|r>|^2 of two Clifford recipes of as many qubits: 0 or a power of 1/2; 0 after a failure.
double stabilizerFidelity(base::Context &ctx, qdo_site site, const Recipe &p, const Recipe &r);

/// Tr(rho^2) of the qubits of a mask, the others traced out: a power of 1/2.
double stabilizerPurity(const stabilizer::Tableau &state, uint64_t qubits);

/// Measures all qubits `shots` times, with the numbers of one stream. Up to 16 fair coins the
/// outcomes are those that the state vector would draw.
Sampled sampleStabilizer(base::Context &ctx, qdo_site site, const StabilizerState &state,
                         uint64_t stream, int64_t shots);

/// A mask of qubits for each of X and Z, as many words as the state has: an axis for each qubit, Z
/// where neither has it.
struct WideBasis {
  std::vector<uint64_t> x, z;
  WideBasis(const PauliString &string, size_t words);
  bool operator==(const WideBasis &) const = default;
};

/// Turns states so that bases are read as bits. May be used by many threads.
class BasisTurns {
public:
  explicit BasisTurns(base::Context &ctx);
  /// The outcomes of measuring each qubit along its axis.
  stabilizer::Outcomes outcomes(const stabilizer::Tableau &state, const WideBasis &basis) const;

private:
  const stabilizer::Clifford *h_, *sdg_;
};

/// One shot for each basis, as many words each as the state has; what the state vector would draw.
/// Shot i depends on (seed, stream, first + i, its basis) alone. Nothing after an interrupt.
std::optional<std::vector<uint64_t>> measureInBases(base::Context &ctx, qdo_site site,
                                                    const StabilizerState &state,
                                                    std::span<const PauliString> bases,
                                                    uint64_t stream, uint64_t first);

/// A recipe as a state vector or on the tableau, whichever it goes to by itself.
struct Prepared {
  Ready vector;
  std::shared_ptr<const StabilizerState> tableau;
  explicit operator bool() const { return vector || tableau; }
  /// <P>, exact.
  double mean(const Observable::Term &pauli) const;
};

/// Neither after a failure, such as those of prepare().
Prepared prepareAny(base::Context &ctx, qdo_site site, const Recipe &recipe);

/// Measures all qubits `shots` times.
Sampled sample(base::Context &ctx, qdo_site site, const Prepared &state, uint64_t stream,
               int64_t shots);

} // namespace qdo::sim
