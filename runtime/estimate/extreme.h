// SPDX-License-Identifier: Apache-2.0
// The largest or the smallest of several estimates.
// In: estimates. Out: one whose interval holds for the true extreme, whichever estimate it is of.
// Why not by first order: of numbers that lie close the one that looks largest was also the
// luckiest, and its own interval misses the true maximum far more often than it says.
#pragma once

#include "runtime/base/context.h"
#include "runtime/estimate/estimate.h"

#include <span>

namespace qdo::estimate {

/// From the largest low end to the largest high end of intervals that hold together (each has an
/// equal share of the error probability); of the smallest likewise. The value is that of the
/// estimate which looks so; further arithmetic moves it as that one moves. It counts the shots of
/// all. At least one estimate; a number is one without sources.
Estimate *extreme(base::Context &ctx, std::span<const Estimate *const> all, bool largest);

} // namespace qdo::estimate
