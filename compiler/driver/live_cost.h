// SPDX-License-Identifier: Apache-2.0
// What one shot of a block of live qubits takes at most: gates on its longest path, and their time.
// In: a block of the optimised IR, the times of its device. Out: numbers, or why there are none.
// Why sums: gates of live code run one after another (sim::LiveQubits), so they are the time
// itself. Must not: guess how often a loop turns.
#pragma once

#include "compiler/driver/recipe_walk.h"

namespace qdo::driver {

struct LiveCost {
  std::optional<int64_t> gates = 0, twoQubit = 0, larger = 0; ///< written in the block
  std::optional<double> seconds = 0;                          ///< with those of what it prepares
  const char *unknown = nullptr;                              ///< why a number is missing
};

LiveCost liveCost(ir::data::EstimateOp block, const RecipeWalk &walk);

} // namespace qdo::driver
