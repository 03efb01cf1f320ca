// SPDX-License-Identifier: Apache-2.0
// Measuring many circuits at once under one policy.
// In: exact success probabilities (where a simulator knows them), streams, weights. Out: counts,
// intervals. Why: shots are granted by rank over the whole batch, and a stated confidence has to
// hold under optional stopping: group-sequential Clopper-Pearson, language.md section 7.
#pragma once

#include "runtime/base/context.h"
#include "runtime/estimate/policy.h"

#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace qdo::sim {
class ShotSource;
} // namespace qdo::sim

namespace qdo::estimate {

/// One circuit with two outcomes.
struct BernoulliItem {
  double probability; ///< of success, exact; of no account with `shots`
  uint64_t stream;    ///< names the circuit: equal streams are one circuit and are paid once
  double weight;      ///< how much the result matters; used by `allocate decision` when known
  double seconds = 0; ///< of its gates
  double offset = 0, scale = 1; ///< the value is offset + scale * (fraction of successes)
  std::shared_ptr<const sim::ShotSource> shots = {}; ///< of a circuit whose probability none knows
};

struct BernoulliResult {
  int64_t successes = 0, shots = 0;
  double low = 0, high = 1;     ///< at the policy's confidence, over all looks
  double standardError = 0;     ///< Agresti-Coull: never 0
  uint64_t stream = 0;          ///< of its shots; `fresh` gives a circuit a new one
  double shift = 0;             ///< of the value from the fraction of successes: `combine`
  double extraVariance = 0;     ///< because batches disagree
  double offset = 0, scale = 1; ///< of the value, as for the item; `shift` is one of the fraction
  int64_t batches = 0, setAside = 0; ///< of those that were looked at one by one
  double value() const {
    return shots == 0 ? 0 : offset + scale * (double(successes) / double(shots) + shift);
  }
};

/// New weights for the items from what is known of them so far: for `allocate decision`, whose user
/// learns while it measures what still matters. 0: nothing does.
using Reweigh = std::function<void(std::span<const double> values, std::span<const double> errors,
                                   std::span<const int64_t> shots, std::span<double> weights)>;

/// Measures every item. What the run measured before under the same policy is not paid again, but
/// continues: an item that left at its pilot because its weight was 0 goes on when it gets one.
/// `weightsKnown` false: there is no model yet, `decision` is `uniform`. `circuits`: so many items
/// in a row are one quantity, the sum of theirs, which has the weight of the first; `reweigh` sees
/// quantities, and the fewest shots of their circuits.
/// Results are in the order of the items; empty after a failure (BudgetExhausted, Interrupted).
std::vector<BernoulliResult> estimateBatch(base::Context &ctx, qdo_site site,
                                           std::span<const BernoulliItem> items,
                                           const Policy &policy, bool weightsKnown,
                                           const Reweigh &reweigh = nullptr, size_t circuits = 1);

/// The stream of |<a|b>|^2: the same for (a, b) and (b, a). Arguments are recipe hashes.
uint64_t fidelityStream(uint64_t a, uint64_t b);

} // namespace qdo::estimate
