// SPDX-License-Identifier: Apache-2.0
// Gates that read an overlap.
#include "compiler/driver/overlap_cost.h"

#include <algorithm>

namespace qdo::driver {

int64_t qubitsOf(mlir::Value recipe) {
  const auto prep = mlir::dyn_cast<ir::data::PrepType>(recipe.getType());
  return prep ? static_cast<int64_t>(prep.getQubits()) : 0;
}

/// In the order of stabilizer::Basis::circuit, with k pivots: the CX of pivot i and qubit j waits
/// for those of i before it and for those of j: n - 1 one after another at most. The CZ of the
/// pivots i and j < i likewise, and is the (i + j)-th at most: 2 k - 3. No path has more than one S
/// and one H.
std::optional<double> basisSeconds(const RecipeWalk &walk, int64_t qubits) {
  const auto n = static_cast<double>(qubits);
  const double path = std::min(n * (n - 1) / 2, 3 * n); // or no more than there are
  return plus(times(path, walk.longestGate(2)), times(2, walk.longestGate(1)));
}

std::optional<double> addedBy(const RecipeWalk &walk, llvm::StringRef way, int64_t qubits) {
  const auto one = walk.longestGate(1), two = walk.longestGate(2);
  if (way == "destructive swap")
    return plus(one, two);
  if (way == "swap")
    return plus(times(2, one), times(static_cast<double>(qubits), walk.longestGate(3)));
  if (way == "hadamard")
    return times(3, one);
  return way == "shadow" ? basisSeconds(walk, qubits) : 0;
}

RecipeCost overlapCost(const RecipeWalk &walk, mlir::Value p, mlir::Value r, llvm::StringRef way) {
  const auto both = [&](int64_t controls) {
    RecipeCost cost = walk.of(p, controls);
    cost += walk.of(r, controls);
    return cost;
  };
  RecipeCost cost = both(0);
  if (way == "hadamard")
    cost.seconds = both(1).seconds;
  cost.seconds = plus(cost.seconds, addedBy(walk, way, qubitsOf(p)));
  return cost;
}

} // namespace qdo::driver
