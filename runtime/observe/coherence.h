// SPDX-License-Identifier: Apache-2.0
// What decaying curves say: T1, T2, errors of gates, or that the points cannot say it.
// In: counts along an axis. Out: a number with its interval, or UNIDENTIFIED and why.
// Why: a fit always gives numbers; whether they mean something is decided here, before anyone sees
// them. Must not: give a number that the points do not support.
#pragma once

#include "runtime/observe/binomial_fit.h"

#include <string>

namespace qdo::observe {

enum class FitStatus : uint8_t {
  Identified,
  PoorFit,     ///< numbers stand, but the curve is not of this form: p < 0.001
  Unidentified ///< no number
};

/// A fitted number: seconds, or an error probability.
struct Quantity {
  double value = 0, standardError = 0, low = 0, high = 0;
};

struct Fit {
  FitStatus status = FitStatus::Unidentified;
  std::string reason; ///< why there is no number, or what is poor
  Quantity quantity;  ///< of no meaning when Unidentified
  double confidence = 0;
  double pValue = 1; ///< of the deviance, by chi^2; small: the model is wrong
  double deviance = 0, akaike = 0;
  int power = 1;         ///< of the envelope exp(-(t/T)^power)
  double dispersion = 1; ///< of the counts of several circuits at one place, see dispersion.h
  int64_t freedom = 0;   ///< from which that is known
  double frequency = 0;  ///< detuning of a fringe, in 1/s; 0 without one
  int64_t dimension = 0; ///< of benchmarking, D; 0: the quantity is a lifetime
  CurveModel model;      ///< with `at`: the fitted curve, for drawing
  std::vector<double> at;
  std::vector<CurvePoint> points;

  bool identified() const { return status != FitStatus::Unidentified; }
  /// The fitted probability at x.
  double curve(double x, int series = 0) const;
  /// The interval of the quantity at another confidence; 0 < confidence < 1, identified.
  Quantity quantityAt(double confidence) const;
};

/// Relaxation: P = end + (start - end) e^(-t/T1). The rules of identification: 6 points or more,
/// the longest delay at least 2 T1, the interval's ends within a factor of 3, a decay that is
/// shown.
Fit fitRelaxation(std::span<const CurvePoint> points, double confidence);

/// Ramsey: P = middle + A e^(-(t/T2*)^p) cos(2 pi f t + phase), p in {1, 2} and whether there is a
/// detuning f by the corrected Akaike criterion; an echo has no detuning. The rules above, and
/// T2 <= 2 T1 within the intervals when T1 is known.
struct DephasingOptions {
  bool echo = false;
  const Fit *relaxation = nullptr; ///< of the same qubit; may be null
};
Fit fitDephasing(std::span<const CurvePoint> points, double confidence,
                 const DephasingOptions &options = {});

/// Randomised benchmarking (Magesan, Gambetta & Emerson, PRL 106, 180504, 2011): F = A p^m + B,
/// error per Clifford r = (1 - p)(D - 1)/D of `dimension` D; x of a point is m. Points of one m are
/// different circuits: how they differ widens the interval.
Fit fitBenchmarking(std::span<const CurvePoint> points, double confidence, int64_t dimension);

/// Interleaved benchmarking (Magesan et al., PRL 109, 080505, 2012): error of one gate
/// r_C = (D - 1)(1 - p_C/p)/D, from one likelihood of both curves.
Fit fitInterleaved(std::span<const CurvePoint> reference, std::span<const CurvePoint> interleaved,
                   double confidence, int64_t dimension);

} // namespace qdo::observe
