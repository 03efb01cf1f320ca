// SPDX-License-Identifier: Apache-2.0
// What becomes of an estimate whose batches disagree: one is set aside, or error bars are widened.
// In: counts batch by batch, in the order of measuring. Out: a result, and a warning at its place.
// Why: a drift is the user's to know; an interval that ignores it promises what it does not hold.
#pragma once

#include "runtime/estimate/batch.h"
#include "runtime/estimate/batches.h"

#include <span>

namespace qdo::estimate {

/// Applies what the batches of `result` say to it. Under agreement nothing changes.
/// A batch that disagrees alone (BatchCounts::outlier) is set aside: its shots are paid and no
/// longer in the counts. Else the spread between batches counts (DerSimonian and Laird). Either way
/// the run is told, once for each place (BatchesDisagree). `mayDrop` false: none is set aside.
void judgeBatches(base::Context &ctx, qdo_site site, std::span<const Batch> batches, bool mayDrop,
                  BernoulliResult &result);

} // namespace qdo::estimate
