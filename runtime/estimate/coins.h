// SPDX-License-Identifier: Apache-2.0
// One quantity from circuits with two outcomes, as many as `mitigate` of the policy makes of it.
// In: who makes the circuit under a mitigation. Out: an estimate.
// Why: every way to measure a fidelity on a device is this, whatever its circuit is.
// Must not: be included outside estimate/.
#pragma once

#include "runtime/estimate/estimate.h"
#include "runtime/sim/backend.h"
#include "runtime/sim/recipe.h"

#include <functional>
#include <optional>
#include <span>

namespace qdo::estimate {

struct CoinCircuit {
  std::span<const sim::Recipe *const> recipes; ///< whose gates it has
  uint64_t stream;                             ///< names it
  double seconds;                              ///< of its gates
  /// The circuit on the device in force; nothing after a failure.
  std::function<std::optional<sim::Coin>(const sim::Mitigation &)> coin;
};

/// Null after a failure: those of `coin`, of noiseLevels, BudgetExhausted, Interrupted.
Estimate *estimateCoin(base::Context &ctx, qdo_site site, const CoinCircuit &circuit,
                       const Policy &policy);

} // namespace qdo::estimate
