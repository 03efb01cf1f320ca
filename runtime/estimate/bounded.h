// SPDX-License-Identifier: Apache-2.0
// Intervals for the mean of a bounded random variable, whatever its distribution.
// In: mean, variance, range, shots. Out: an interval within the range that misses with `error` at
// most. Why: shadows and jointly measured observables have more than two outcomes.
#pragma once

#include "runtime/estimate/confidence.h"

namespace qdo::estimate {

/// The part of an interval inside the range of the outcomes.
Interval clipped(const MeanSample &sample, Interval interval);

/// mean +- range * sqrt(ln(2 / error) / (2 n)). Hoeffding, JASA 58, 13 (1963).
Interval hoeffding(const MeanSample &sample, double error);

/// mean +- sqrt(2 V ln(4 / error) / n) + 7 range ln(4 / error) / (3 (n - 1)), V the sample
/// variance. Maurer and Pontil, COLT 2009, theorem 4, for both sides.
Interval empiricalBernstein(const MeanSample &sample, double error);

/// {m: n KL(mean, m) <= ln(2 / error)} on the scale of the range, KL of two coins.
/// Hoeffding 1963, theorem 1.
Interval chernoff(const MeanSample &sample, double error);

/// The confidence sequence of coins for any bounded variable: holds at all numbers of shots at
/// once. Why it may: (p/m)^x ((1-p)/(1-m))^(1-x) is at most its chord over x in [0, 1], whose mean
/// is 1. Howard, Ramdas, McAuliffe, Sekhon, Annals of Statistics 49, 1055 (2021).
Interval boundedMixture(const MeanSample &sample, double error);

} // namespace qdo::estimate
