// SPDX-License-Identifier: Apache-2.0
// A quantity that is a mean over circuits, each shot of which runs the next of them.
// In: circuits with two outcomes. Out: one estimate of the mean, and what each circuit showed.
// Why: one policy governs the mean, so that many circuits cost no more than one. An interval for
// coins of one probability holds for shots of equally many of each circuit: their sum spreads less
// (Hoeffding, Annals of Mathematical Statistics 27, 713, 1956).
#pragma once

#include "runtime/estimate/estimate.h"
#include "runtime/sim/backend.h"

#include <optional>
#include <span>
#include <vector>

namespace qdo::estimate {

struct Spread {
  struct Count {
    int64_t successes = 0, shots = 0;
  };
  Estimate *mean;
  std::vector<Count> counts; ///< of each circuit; of all shots that the run has spent on them
};

/// `coins`: one a circuit, all with the same offset and scale; at least one. `circuit`: how long
/// the gates of one take, in seconds, on average. Equal streams are the same circuits. Nothing
/// after a failure.
std::optional<Spread> estimateSpread(base::Context &ctx, qdo_site site,
                                     std::span<const sim::Coin> coins, uint64_t stream,
                                     double circuit, const Policy &policy);

} // namespace qdo::estimate
