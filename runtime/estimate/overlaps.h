// SPDX-License-Identifier: Apache-2.0
// Ways to measure how much two states overlap.
// In: two recipes, a policy, the way. Out: an estimate that names the way.
// Why several: they differ in qubits, depth and noise, and only one of them sees the phase.
// Sources: Buhrman, Cleve, Watrous, de Wolf, Physical Review Letters 87, 167902 (2001), swap test;
// Garcia-Escartin, Chamorro-Posada, Physical Review A 87, 052330 (2013), the destructive one.
#pragma once

#include "runtime/estimate/estimate.h"
#include "runtime/sim/recipe.h"

#include <optional>
#include <span>
#include <string_view>

namespace qdo::estimate {

/// A way with what it takes; variances are those of one shot at fidelity F.
struct OverlapWay {
  enum class Kind : uint8_t { ComputeUncompute, DestructiveSwap, Swap, Hadamard };
  Kind kind;
  std::string_view name; ///< as programs write it
  /// Qubits for two states on n.
  int64_t (*qubits)(int64_t n);
  double (*variance)(double fidelity);
  bool inverts;  ///< needs the inverse of a preparation
  bool controls; ///< needs controlled gates of all of it
};

/// All of them, the cheapest first: fewest shots at every fidelity, then fewest qubits.
std::span<const OverlapWay> overlapWays();
/// The first that fits into so many qubits; null when none does.
const OverlapWay *cheapestWay(int64_t qubits, int64_t available);

/// |<p|r>|^2 by the way of this name, or by the cheapest one for an empty name. By the Hadamard
/// test it is the sum of two squares, corrected for the variance of each, with a first-order
/// interval. Null after a failure: BadValue for an unknown name.
Estimate *estimateFidelityBy(base::Context &ctx, qdo_site site, const sim::Recipe &p,
                             const sim::Recipe &r, const Policy &policy, std::string_view way);

/// The real or imaginary part of <p|r>, each with its circuit's own phase: the Hadamard test.
Estimate *estimateOverlapPart(base::Context &ctx, qdo_site site, const sim::Recipe &p,
                              const sim::Recipe &r, bool imaginary, const Policy &policy);

} // namespace qdo::estimate
