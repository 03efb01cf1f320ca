// SPDX-License-Identifier: Apache-2.0
// The length of a vector of estimates.
// In: estimates. Out: an estimate of the length of what they are estimates of.
// Why not the length of their values: that is never 0, however alike two things are that were
// measured. The sum of the squares is too large by the sum of the variances.
#pragma once

#include "runtime/base/context.h"
#include "runtime/estimate/estimate.h"

#include <span>

namespace qdo::estimate {

/// The root of S, the sum of the squared values less their squared standard errors, or 0. Its
/// interval is the root of that of S, whose variance has a part that the slopes say and one of the
/// squares of the errors: 2 sigma^4 of each source. Numbers have their plain length.
Estimate *normOf(base::Context &ctx, std::span<const Estimate *const> all);

} // namespace qdo::estimate
