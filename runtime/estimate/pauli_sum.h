// SPDX-License-Identifier: Apache-2.0
// Pauli sums as they are measured: strings, weights, and which strings one circuit reads.
// In: an observable, the `group` of a policy. Out: groups of strings.
// Must not: be included outside estimate/.
#pragma once

#include "qdo/runtime/pauli_groups.h"
#include "runtime/estimate/policy.h"
#include "runtime/sim/observable.h"

#include <vector>

namespace qdo::estimate {

/// The strings of a sum that is measured; identities are in `offset`.
struct Sum {
  double offset = 0;
  pauli::Strings strings; ///< with masks for all qubits of the recipe
  std::vector<double> weights;
};

Sum sumOf(const sim::Observable &observable, int64_t qubits);

/// What one circuit is asked for.
struct Group {
  std::vector<size_t> members; ///< of the sum, those with a weight; ascending
  pauli::Strings read;         ///< who reads these reads the members
};

/// The groups of a sum, without those that have no weight.
std::vector<Group> groupsOf(const Sum &sum, Grouping grouping);

} // namespace qdo::estimate
