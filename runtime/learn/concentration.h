// SPDX-License-Identifier: Apache-2.0
// Kernel values that are too alike for the shots of a policy.
// Why before the first shot: values of many-qubit encodings concentrate (Thanasilp, Wang, Cerezo &
// Holmes, Nature Communications 15, 5200 (2024)), and then shots buy a matrix of noise. A simulator
// knows the values, so it can say so for free.
#pragma once

#include "runtime/learn/kernel.h"

namespace qdo::learn {

/// How alike the values of a kernel are, and what telling them apart takes.
struct Spread {
  double mean = 0, deviation = 0;
  /// Shots a pair until sampling errors are as small as the spread: mean p (1 - p) / variance.
  double shotsNeeded = 0;
};
/// Of all pairs of different rows; the pairs have been prepared.
Spread spreadOf(const Kernel &kernel, std::span<const RowId> rows);

/// Warns (KernelConcentrates), once for each kernel and policy of a run, when the most shots that
/// the policy in force can give a pair are fewer than that: when the spread is below the sampling
/// error sqrt(mean p (1 - p) / S).
void warnOfConcentration(base::Context &ctx, qdo_site site, const Kernel &kernel,
                         std::span<const RowId> rows);

} // namespace qdo::learn
