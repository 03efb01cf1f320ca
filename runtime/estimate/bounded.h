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

/// A confidence sequence: holds at all numbers of shots at once, except with `error`.
/// {m: capital(m) < 1 / error} of a gambler who would win without bound if the mean were not m
/// (Waudby-Smith and Ramdas, Journal of the Royal Statistical Society B 86, 1 (2024)). Half of the
/// capital is the mixture of coins, which any bounded variable may use: (p/m)^x ((1-p)/(1-m))^(1-x)
/// is at most its chord over x in [0, 1], whose mean is 1 (Howard, Ramdas, McAuliffe, Sekhon,
/// Annals of Statistics 49, 1055 (2021)). The other half bets by the spread that was seen
/// (empirical Bernstein, in bounded.cpp), which wins where the variance is small against the range.
/// Both are functions of the count, the mean and the variance, so nothing else of the data is kept.
Interval boundedSequence(const MeanSample &sample, double error);

} // namespace qdo::estimate
