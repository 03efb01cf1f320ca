// SPDX-License-Identifier: Apache-2.0
// Ways to measure how much two states overlap, and which is the cheapest on a device.
// In: two recipes, a policy, the way. Out: an estimate that names the way.
// Why several: they differ in qubits, depth and noise, and only one of them sees the phase.
// Sources: those of sim/sign_circuits.h;
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
  using Kind = OverlapKind;
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
/// The same for two recipes on the device in force under a policy. On a device with noise only a
/// calibrated record is a shadow that answers, and compute-uncompute is cheaper than the others at
/// any fidelity. What does not fit is left to whoever measures to say.
const OverlapWay &cheapestWay(base::Context &ctx, const sim::Recipe &p, const sim::Recipe &r,
                              const Policy &policy);

/// What a policy says of two recipes: its way, or the cheapest. Symmetric: of a shadow, `p` is the
/// recipe that takes less time, which is the one that is recorded.
struct ChosenWay {
  const OverlapWay *way;
  const sim::Recipe *p, *r;
  std::optional<double> gates = {}; ///< seconds of both, where it took them to choose
};
ChosenWay chosenWay(base::Context &ctx, const sim::Recipe &p, const sim::Recipe &r,
                    const Policy &policy);
const OverlapWay &overlapWay(OverlapKind kind);
/// Names the circuit of a way for two recipes by their hashes; those of the Hadamard test have
/// names of their own.
uint64_t streamBy(const OverlapWay &way, uint64_t p, uint64_t r);
/// The way of this name; null after BadValue, which lists the names.
const OverlapWay *overlapWayNamed(base::Context &ctx, qdo_site site, std::string_view name);

/// |<p|r>|^2 by a way, all but Shadow, which is in runtime/shadow. By the Hadamard test it is the
/// sum of two squares, corrected for the variance of each, with a first-order interval. Where the
/// device is not ideal its circuits are run there (sim/sign_circuits.h), with its noise and under
/// the policy's `mitigate`. Null after a failure: DeviceTooSmall where the way takes more qubits
/// than the device has, DeviceNotClifford.
Estimate *estimateFidelityBy(base::Context &ctx, qdo_site site, const sim::Recipe &p,
                             const sim::Recipe &r, const Policy &policy, const OverlapWay &way,
                             std::optional<double> gates = {});

/// Tr(rho^2) of the qubits of a mask, the others traced out, from two copies of the state by Bell
/// measurements of their pairs: the mean of a coin with values 1 and -1. Null after a failure:
/// DeviceTooSmall, DeviceNotClifford.
Estimate *estimatePurity(base::Context &ctx, qdo_site site, const sim::Recipe &recipe,
                         uint64_t qubits, const Policy &policy);

/// Whether the device in force runs a way for states on so many qubits; fails with DeviceTooSmall
/// or DeviceNotClifford if not.
bool runsHere(base::Context &ctx, qdo_site site, const OverlapWay &way, int64_t qubits);

/// The real or imaginary part of <p|r>, each with its circuit's own phase: the Hadamard test.
Estimate *estimateOverlapPart(base::Context &ctx, qdo_site site, const sim::Recipe &p,
                              const sim::Recipe &r, bool imaginary, const Policy &policy);

} // namespace qdo::estimate
