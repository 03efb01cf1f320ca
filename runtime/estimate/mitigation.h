// SPDX-License-Identifier: Apache-2.0
// What `mitigate` of a policy makes of one circuit: circuits with more noise, and their weights.
// In: a policy, and who makes circuits. Out: levels whose weighted sum is the value.
// Why sums of coins: zero-noise extrapolation is linear in what is measured, so its error is that
// of any other sum (Temme, Bravyi, Gambetta, Physical Review Letters 119, 180509 (2017)).
#pragma once

#include "runtime/estimate/quantities.h"
#include "runtime/sim/backend.h"

#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace qdo::estimate {

/// Circuits with so many times as many gates.
struct NoiseLevel {
  double fold = 1;   ///< as it was possible, not as it was asked for
  double weight = 1; ///< of what is measured here, in the value without noise
  size_t asked = 0;  ///< which time of asking made its circuits
  bool waits = true; ///< whether waiting is folded, too

  /// What is measured here is other data than the same circuit at another level.
  uint64_t stream(uint64_t circuit) const;
};

/// Makes the circuits under a mitigation, once for each; says how many times as many gates they
/// came to have. Nothing after a failure.
using AskCircuits = std::function<std::optional<double>(const sim::Mitigation &)>;

/// One level, or one for each different fold that the factors of `zne` come to; each is corrected
/// for errors of reading by itself, which do not fold. Nothing after a failure: what `ask` fails
/// with, and BadValue when a circuit has too few gates for two folds.
std::optional<std::vector<NoiseLevel>> noiseLevels(base::Context &ctx, qdo_site site,
                                                   const Policy &policy,
                                                   std::span<const sim::Recipe *const> recipes,
                                                   Waits waits, const AskCircuits &ask);

/// Weights w with sum w f(fold) = f(0) for every polynomial f of a degree below their number.
std::vector<double> extrapolation(std::span<const double> folds);

} // namespace qdo::estimate
