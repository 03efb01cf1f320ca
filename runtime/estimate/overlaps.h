// SPDX-License-Identifier: Apache-2.0
// Ways to measure how much two states overlap, and which is the cheapest on a device.
// In: two recipes, a policy, the way. Out: an estimate that names the way.
// Why several: they differ in qubits, depth and noise, and only one of them sees the phase.
// Sources: Buhrman, Cleve, Watrous, de Wolf, Physical Review Letters 87, 167902 (2001), swap test;
// Garcia-Escartin, Chamorro-Posada, Physical Review A 87, 052330 (2013), the destructive one;
// Huang, Kueng, Preskill, Nature Physics 16, 1050 (2020), shadows.
#pragma once

#include "runtime/estimate/estimate.h"
#include "runtime/sim/recipe.h"

#include <optional>
#include <span>
#include <string_view>

namespace qdo::estimate {

/// How long the gates of two preparations take, in seconds, one after the other or side by side.
struct GateTimes {
  double p, r;
  double clifford; ///< of a random Clifford circuit on as many qubits
  double one, two; ///< of a gate on one qubit, on two
};

/// A way with what it takes; variances are those of one shot at fidelity F.
struct OverlapWay {
  enum class Kind : uint8_t { ComputeUncompute, DestructiveSwap, Swap, Hadamard, Shadow };
  Kind kind;
  std::string_view name; ///< as programs write it
  /// Qubits for two states on n.
  int64_t (*qubits)(int64_t n);
  double (*variance)(double fidelity);
  /// Of the gates of one shot, in seconds.
  double (*gates)(int64_t n, const GateTimes &times);
  bool inverts;  ///< needs the inverse of a preparation
  bool controls; ///< needs controlled gates of all of it
  bool knows;    ///< needs the amplitudes of r, which it does not prepare
};

/// All of them, those with the fewest shots first.
std::span<const OverlapWay> overlapWays();
/// The way with the least device time for a given precision, at the fidelity where that is most:
/// (its variance there) * (its gates and `around`, in seconds, measurement and reset). Of equal
/// ones the first. Null when none fits into `available` qubits.
const OverlapWay *cheapestWay(int64_t qubits, int64_t available, const GateTimes &times,
                              double around);
/// The same for two recipes on the device in force under a policy. On a device with noise it is
/// compute-uncompute: the others mean another number there, or are not simulated. What does not
/// fit is left to whoever measures to say.
const OverlapWay &cheapestWay(base::Context &ctx, const sim::Recipe &p, const sim::Recipe &r,
                              const Policy &policy);
/// The way of this name; null after BadValue, which lists the names.
const OverlapWay *overlapWayNamed(base::Context &ctx, qdo_site site, std::string_view name);

/// |<p|r>|^2 by a way, all but Shadow, which is in runtime/shadow. By the Hadamard test it is the
/// sum of two squares, corrected for the variance of each, with a first-order interval. Null after
/// a failure: DeviceTooSmall where the way takes more qubits than the device has.
Estimate *estimateFidelityBy(base::Context &ctx, qdo_site site, const sim::Recipe &p,
                             const sim::Recipe &r, const Policy &policy, const OverlapWay &way);

/// The real or imaginary part of <p|r>, each with its circuit's own phase: the Hadamard test.
Estimate *estimateOverlapPart(base::Context &ctx, qdo_site site, const sim::Recipe &p,
                              const sim::Recipe &r, bool imaginary, const Policy &policy);

} // namespace qdo::estimate
