// SPDX-License-Identifier: Apache-2.0
// How many of very many shots succeed, and how often each outcome is seen, without a number for
// each shot.
// In: a stream, a number of shots, probabilities. Out: counts with the binomial and the
// multinomial distribution, to a few roundings.
// Why: 10^12 tosses of a coin take an hour, their sum a microsecond.
// Sources: Hormann, J. Stat. Comput. Simul. 46, 101 (1993), algorithm BTRS; Loader, Fast and
// accurate computation of binomial probabilities (2000), for its quotients; Devroye, Non-Uniform
// Random Variate Generation (1986), chapter X.4, for small means.
#pragma once

#include "runtime/base/philox.h"

#include <span>
#include <vector>

namespace qdo::base {

/// From so many shots on, what is drawn by its sum is cheaper than tosses. A count of fewer shots
/// is one of tosses, so that counts of adjoining ranges add up.
constexpr int64_t manyShots = int64_t{1} << 27;

/// Successes among `shots` tosses of a coin; takes a few numbers of the stream.
int64_t binomial(RandomStream &random, int64_t shots, double probability);

/// How often each outcome is seen in `shots` shots. `upTo`: of each outcome the sum of its weight
/// and those before it. Shots that are left over belong to outcomes before these, whose weights
/// are `before` together.
std::vector<int64_t> multinomial(RandomStream &random, int64_t shots, std::span<const double> upTo,
                                 double before = 0);

} // namespace qdo::base
