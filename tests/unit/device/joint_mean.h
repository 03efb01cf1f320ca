// SPDX-License-Identifier: Apache-2.0
// The mean of a Pauli string under a mitigation, from the distribution of what is read along its
// letters.
#pragma once

#include "runtime/sim/backend.h"

#include <bit>
#include <cmath>

namespace noisy {

/// What one shot says of a string.
inline double signOf(const qdo::sim::JointShots &shots, const qdo::sim::PauliString &string,
                     uint64_t outcome) {
  const uint64_t letters = string.x | string.z;
  const int ones = std::popcount(outcome & letters);
  return std::pow(shots.zero, std::popcount(letters) - ones) * std::pow(shots.one, ones);
}

inline double jointMean(qdo::base::Context &ctx, qdo::sim::Backend &device,
                        const qdo::sim::Recipe &recipe, const qdo::sim::PauliString &string,
                        const qdo::sim::Mitigation &mitigation) {
  const auto shots = device.joint(ctx, 0, recipe, string, mitigation);
  const auto probabilities = shots->probabilities(ctx, 0);
  double mean = 0;
  for (size_t k = 0; k < probabilities.size(); ++k)
    mean += probabilities[k] * signOf(*shots, string, k);
  return mean;
}

} // namespace noisy
