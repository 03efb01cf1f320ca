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
#include <vector>

namespace qdo::sim {

class SignCircuit {
public:
  /// p beside r, then a Bell measurement of each pair of qubits: -1 for an odd number of singlets.
  /// The mean is |<p|r>|^2 where nothing errs. Which of the two comes first does not depend on the
  /// order of the arguments.
  static std::shared_ptr<const SignCircuit> destructiveSwap(base::Context &ctx, const Recipe &p,
                                                            const Recipe &r);
  /// The same with a last qubit that controls the exchange of both and has the sign.
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
  const Recipe *compose(Recipe::Form form, const Recipe *left, const Recipe *right = nullptr);

  /// Not known to the run: a part may be a recipe that lives no longer than its user.
  std::vector<std::unique_ptr<Recipe>> parts_;
  const Recipe *recipe_ = nullptr;
  int64_t pairs_ = 0; ///< qubits i and pairs_ + i; 0: the sign is that of qubit_
  int64_t qubit_ = 0;
};

/// Its shots on the device in force; nothing after a failure.
std::optional<Coin> coinOf(base::Context &ctx, qdo_site site,
                           const std::shared_ptr<const SignCircuit> &circuit,
                           const Mitigation &mitigation);

} // namespace qdo::sim
