// SPDX-License-Identifier: Apache-2.0
// Simultaneous perturbation: all slopes from the values at both sides along random directions.
// In: a point, how far to go. Out: directions, the values beside the point, slopes as estimates.
// Why several directions: a slope by one of them is off by all other slopes with random signs, and
//      nothing in its two values says how far; the spread of several does.
// Source: Spall, IEEE Trans. Autom. Control 37, 332 (1992).
#pragma once

#include "runtime/gradient/objective.h"

namespace qdo::gradient {

/// A sign for each number.
using Direction = std::vector<double>;

/// `count` random directions, no two of them the same or opposite; all there are, up to their sign,
/// if those are no more. `draw` tells apart those of one point.
std::vector<Direction> directionsOf(uint64_t seed, std::span<const double> at, uint64_t draw,
                                    size_t count);

/// The function at both sides of a point.
struct Sides {
  Result high, low;
};
/// `size` is how far it goes to each side. Null after a failure.
std::optional<Sides> sidesOf(Objective &objective, std::span<const double> at, double size,
                             const Direction &direction);

/// Means of what the directions say, with the errors of the values. Where the directions are not
/// all there are, their spread is an error as well, with Student's t, that the slopes of one point
/// share in an unknown way; it holds what the errors of independent values add to it once more.
std::vector<const estimate::Estimate *> slopesOf(base::Context &ctx, const estimate::Policy *policy,
                                                 std::span<const double> at, double size,
                                                 std::span<const Direction> directions,
                                                 std::span<const Sides> sides);

} // namespace qdo::gradient
