// SPDX-License-Identifier: Apache-2.0
// Circuits every outcome of which has a sign, whose mean says how much two states overlap.
// In: two recipes. Out: the real circuit, with ancilla and second register, and what outcomes are
// worth. Why recipes: devices give every gate its noise and every reading its errors.
// Must not: know policies; estimate/ does. Sources: Buhrman, Cleve, Watrous, de Wolf, Physical
// Review Letters 87, 167902 (2001); Garcia-Escartin, Chamorro-Posada, Physical Review A 87, 052330
// (2013), destructive; Cleve, Ekert, Macchiavello, Mosca, Proceedings of the Royal Society A 454,
// 339 (1998), Hadamard.
#pragma once

#include "runtime/sim/backend.h"
#include "runtime/sim/recipe.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace qdo::sim {

class SignCircuit {
public:
  /// p beside r, then a Bell measurement of each pair of qubits: -1 for an odd number of singlets.
  /// The mean is |<p|r>|^2 where nothing errs. Which of the two comes first does not depend on the
  /// order of the arguments.
  static std::shared_ptr<const SignCircuit> destructiveSwap(base::Context &ctx, const Recipe &p,
                                                            const Recipe &r);
  /// p twice, and a Bell measurement of the pairs of the qubits of a mask alone: the mean is
  /// Tr(rho^2) of these, the others traced out (Ekert et al., Physical Review Letters 88, 217901
  /// (2002)).
  static std::shared_ptr<const SignCircuit> purity(base::Context &ctx, const Recipe &p,
                                                   uint64_t qubits);
  /// The same as destructiveSwap with a last qubit that controls the exchange of both and has the
  /// sign.
  static std::shared_ptr<const SignCircuit> swapTest(base::Context &ctx, const Recipe &p,
                                                     const Recipe &r);
  /// A first qubit that controls r and the inverse of p has the sign: the mean is Re or Im <p|r>.
  static std::shared_ptr<const SignCircuit> hadamardTest(base::Context &ctx, const Recipe &p,
                                                         const Recipe &r, bool imaginary);

  const Recipe &recipe() const { return *recipe_; }
  /// What an outcome is worth, when a qubit that was read as 0 or 1 is worth so much in a Pauli
  /// string: 1 and -1, or what undoes errors of reading.
  double value(std::span<const uint64_t> outcome, double zero, double one) const;
  /// The least and the most of that.
  std::pair<double, double> range(double zero, double one) const;
  /// Without sampling error on the device in force; nothing after a failure.
  std::optional<double> exact(base::Context &ctx, qdo_site site) const;

private:
  static std::shared_ptr<const SignCircuit> ofPairs(base::Context &ctx, const Recipe &p,
                                                    const Recipe &r, std::vector<int64_t> pairs,
                                                    const std::string &bell);
  const Recipe *compose(Recipe::Form form, const Recipe *left, const Recipe *right = nullptr);

  /// Not known to the run: a part may be a recipe that lives no longer than its user.
  std::vector<std::unique_ptr<Recipe>> parts_;
  const Recipe *recipe_ = nullptr;
  std::vector<int64_t> pairs_; ///< of qubits q and apart_ + q
  int64_t apart_ = 0;
  int64_t qubit_ = -1; ///< the one that has the sign; -1: the pairs have it
};

/// Its shots on the device in force; nothing after a failure.
std::optional<Coin> coinOf(base::Context &ctx, qdo_site site,
                           const std::shared_ptr<const SignCircuit> &circuit,
                           const Mitigation &mitigation);

} // namespace qdo::sim
