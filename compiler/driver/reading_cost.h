// SPDX-License-Identifier: Apache-2.0
// What the circuits that read a Pauli sum take, beyond the recipe.
// In: an observable of the IR, how its strings are grouped. Out: circuits, and seconds of gates.
#pragma once

#include "compiler/driver/recipe_walk.h"

#include <optional>

namespace qdo::driver {

struct ReadingCost {
  std::optional<int64_t> circuits;   ///< at most; none: the run knows the strings
  bool some = false;                 ///< at least one is measured
  std::optional<double> seconds = 0; ///< of the gates that one of them adds, at most
};

/// `commuting`: strings that commute as a whole are read by one circuit, after entangling gates.
/// Where the run knows the weights, which order the strings, the bounds hold for any.
ReadingCost readingCost(const RecipeWalk &walk, mlir::Value observable, int64_t qubits,
                        bool commuting);

/// Seconds of the gates that read any strings of so many qubits which commute, at most.
std::optional<double> mostReadingSeconds(const RecipeWalk &walk, int64_t qubits);

} // namespace qdo::driver
