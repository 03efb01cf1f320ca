// SPDX-License-Identifier: Apache-2.0
// Groups of the strings of an observable in the IR, as the run will make them.
#include "compiler/driver/reading_cost.h"

#include "qdo/runtime/diagonal_circuit.h"

#include <algorithm>
#include <map>

namespace qdo::driver {

using namespace qdo::ir;

/// The longest that one of the gates takes, and two: what no string of these qubits exceeds.
static std::optional<std::pair<double, double>> gatesOf(const RecipeWalk &walk) {
  const auto one = walk.longestGate(1), two = walk.longestGate(2);
  return one && two ? std::optional(std::pair(*one, *two)) : std::nullopt;
}

std::optional<double> mostReadingSeconds(const RecipeWalk &walk, int64_t qubits) {
  const auto gates = gatesOf(walk);
  return gates
             ? std::optional(pauli::mostPath(static_cast<int>(qubits), gates->first, gates->second))
             : std::nullopt;
}

ReadingCost readingCost(const RecipeWalk &walk, mlir::Value observable, int64_t qubits,
                        bool commuting) {
  auto op = observable.getDefiningOp<data::ObservableOp>();
  if (!op)
    return {std::nullopt, false, commuting ? mostReadingSeconds(walk, qubits) : 0};
  const size_t terms = op.getWeights().size();
  const size_t words = terms == 0 ? 0 : op.getX().size() / terms;
  using String = std::pair<std::vector<uint64_t>, std::vector<uint64_t>>;
  std::map<String, double> sums;
  bool known = true;
  for (size_t i = 0; i < terms; ++i) {
    String string;
    uint64_t letters = 0;
    for (size_t w = i * words; w < (i + 1) * words; ++w) {
      string.first.push_back(static_cast<uint64_t>(op.getX()[w]));
      string.second.push_back(static_cast<uint64_t>(op.getZ()[w]));
      letters |= string.first.back() | string.second.back();
    }
    if (letters == 0)
      continue;
    const auto weight = constantReal(op.getWeights()[static_cast<unsigned>(i)]);
    known &= weight.has_value();
    sums[string] += weight.value_or(0);
  }
  pauli::Strings strings{std::max<size_t>(words, 1), {}, {}};
  std::vector<double> weights;
  for (const auto &[string, weight] : sums) {
    if (commuting && known && weight == 0)
      continue; // the run does not read it
    strings.x.insert(strings.x.end(), string.first.begin(), string.first.end());
    strings.z.insert(strings.z.end(), string.second.begin(), string.second.end());
    weights.push_back(weight);
  }
  const bool some = known && std::ranges::any_of(sums, [](auto &sum) { return sum.second != 0; });
  if (!commuting)
    return {static_cast<int64_t>(pauli::groupsOf(strings).size()), some};
  if (!known)
    return {static_cast<int64_t>(pauli::mostCommutingGroups(strings)), some,
            mostReadingSeconds(walk, qubits)};
  const auto groups = pauli::commutingGroupsOf(strings, weights);
  ReadingCost cost{static_cast<int64_t>(groups.size()), some, std::nullopt};
  if (const auto gates = gatesOf(walk)) {
    const int wires = static_cast<int>(64 * strings.words);
    cost.seconds = 0;
    for (const auto &group : groups)
      cost.seconds =
          std::max(*cost.seconds, pauli::pathOf(pauli::readingOf(strings, group, wires).gates,
                                                wires, gates->first, gates->second));
  }
  return cost;
}

} // namespace qdo::driver
