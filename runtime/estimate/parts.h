// SPDX-License-Identifier: Apache-2.0
// What one circuit tells of a Pauli sum.
// In: a sum and its groups. Out: circuits with their records, and what their shots say of the sum.
// Why a mean and not one coin a string: the shots of a group have correlations, which the spread of
// the group's whole part of the sum knows and intervals of its strings would have to fear.
// Must not: spend shots, nor be included outside estimate/.
#pragma once

#include "runtime/estimate/estimate.h"
#include "runtime/estimate/pauli_sum.h"
#include "runtime/estimate/quantities.h"
#include "runtime/estimate/readings.h"
#include "runtime/sim/stabilizer_bases.h"

#include <memory>
#include <optional>
#include <vector>

namespace qdo::estimate {

/// A string of the sum, as the circuit reads it: the product of what these qubits show.
struct Member {
  size_t string;
  std::vector<uint64_t> support;
  bool negative; ///< times -1
};

struct Part {
  Readings *readings;
  std::shared_ptr<const sim::JointShots> shots;
  std::vector<Member> members = {};
  double level = 1; ///< weight of the circuit's noise level
  /// The recipe with the gates that are read after, which `shots` is made of; null where there are
  /// none.
  std::shared_ptr<const sim::Appended> turned = {};
};

/// The circuits of a sum, those of a noise level of the policy after those of the one before. None
/// where every weight is 0. Nothing after a failure.
std::optional<std::vector<Part>> partsOf(base::Context &ctx, qdo_site site,
                                         const sim::Recipe &recipe, const Sum &sum,
                                         const Policy &policy, Waits waits);

/// What a part has seen, as a source of the estimate. Its coefficient is that of what an outcome is
/// worth; a coin's that of its fraction of successes, and `offsetOf` has the rest.
Estimate::Term termOf(const Part &part, const Sum &sum, const Policy &policy);
/// A coin counts from the lower end of its range.
double offsetOf(const Part &part, const Sum &sum);

} // namespace qdo::estimate
