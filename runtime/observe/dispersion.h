// SPDX-License-Identifier: Apache-2.0
// How much more counts at one place of an axis differ than shots alone would make them.
// In: counts of several circuits at each place. Out: their sums, and by how much an interval from
// these sums has to grow. Why: random circuits of one length err differently; an interval that
// takes their shots for tosses of one coin is too narrow. Source: the adjusted profile likelihood
// of Chandler & Bate, Biometrika 94, 167 (2007), for one parameter.
#pragma once

#include "runtime/observe/curve.h"

namespace qdo::observe {

/// The sum of each place and series, and what was added up.
struct Pooled {
  std::vector<CurvePoint> points;
  /// Of each: variance of the counts, as estimated from how the circuits differ, over that of one
  /// coin; 1 where one circuit says nothing about it.
  std::vector<double> ratios;
  /// Of what the ratios are known from; 0: every place has one circuit.
  int64_t freedom = 0;
};
Pooled pooled(std::span<const CurvePoint> points);

/// By how much the variance of the target parameter exceeds what the likelihood says, at least 1.
double dispersionOf(const Pooled &pooled, const CurveModel &model, std::span<const double> at);

/// What the deviance rises by at the ends of an interval with this confidence.
double riseOf(double confidence, double dispersion, int64_t freedom);

} // namespace qdo::observe
