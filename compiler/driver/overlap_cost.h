// SPDX-License-Identifier: Apache-2.0
// What one shot of each way to measure an overlap takes, beyond its two preparations.
// In: recipes of the IR and the name of a way (estimate::overlapWays). Out: seconds, or nothing.
#pragma once

#include "compiler/driver/recipe_walk.h"

#include "llvm/ADT/StringRef.h"

namespace qdo::driver {

/// a + b and n a, where they are known.
inline std::optional<double> plus(std::optional<double> a, std::optional<double> b) {
  return a && b ? std::optional(*a + *b) : std::nullopt;
}
inline std::optional<double> times(double n, std::optional<double> a) {
  return a ? std::optional(n * *a) : std::nullopt;
}

/// The qubits of a value that is a recipe.
int64_t qubitsOf(mlir::Value recipe);

/// The longest path through the circuit of a random stabiliser basis of so many qubits.
std::optional<double> basisSeconds(const RecipeWalk &walk, int64_t qubits);

/// The gates that a way adds to both preparations of so many qubits each. The cheapest way (an
/// empty name) never takes longer than compute-uncompute, which adds nothing.
std::optional<double> addedBy(const RecipeWalk &walk, llvm::StringRef way, int64_t qubits);

/// Both preparations, which may run side by side but are counted one after the other, and what the
/// way adds. Angles are moved where the program has them; under a Hadamard test the gates are
/// controlled.
RecipeCost overlapCost(const RecipeWalk &walk, mlir::Value p, mlir::Value r, llvm::StringRef way);

} // namespace qdo::driver
