// SPDX-License-Identifier: Apache-2.0
// Maximum likelihood for curves of counts, or of means with a known error, with intervals from the
// profile of the likelihood.
// In: points and a model. Out: the best parameters, how well they fit, an interval of one of them.
// Source: Fisher scoring with Levenberg-Marquardt damping (McCullagh & Nelder, "Generalized Linear
// Models", 1989, section 2.5); profile intervals (Venzon & Moolgavkar, Appl. Statist. 37, 87,
// 1988).
#pragma once

#include "runtime/observe/curve.h"

#include <optional>

namespace qdo::observe {

struct Maximum {
  std::vector<double> at;
  double deviance = 0; ///< 2 (ln L of the counts themselves - ln L of the model)
  bool converged = false;
};

/// 2 sum of s ln(s / (n p)) + (n - s) ln((n - s) / (n (1 - p))); of means ((m - p) / error)^2.
double deviance(std::span<const CurvePoint> points, const CurveModel &model,
                std::span<const double> at);

/// The parameters of least deviance near `start`, inside the box. The parameter `fixed` stays.
Maximum maximise(std::span<const CurvePoint> points, const CurveModel &model,
                 std::vector<double> start, std::optional<size_t> fixed = {});
/// The best of several starts.
Maximum maximiseFrom(std::span<const CurvePoint> points, const CurveModel &model,
                     const std::vector<std::vector<double>> &starts);

/// Where the deviance, minimised over the other parameters, has risen by `rise`: for counts of one
/// coin at each place the quantile of chi^2 with one degree of freedom. A side that never rises so
/// far ends at the box, and is `open`.
struct ProfileInterval {
  double low = 0, high = 0;
  bool openLow = false, openHigh = false;
};
ProfileInterval profile(std::span<const CurvePoint> points, const CurveModel &model,
                        const Maximum &best, double rise);

/// Of the target parameter, from the Fisher information: the inverse's diagonal, square-rooted.
/// Infinite where the data say nothing about it.
double standardErrorOf(std::span<const CurvePoint> points, const CurveModel &model,
                       std::span<const double> at);

/// The probability that a right model has at least this deviance, by chi^2.
double goodnessOfFit(double deviance, int64_t points, int64_t parameters);
/// The value which chi^2 with one degree of freedom stays below with this probability.
double chiSquaredQuantile(double probability);
/// Akaike's criterion with its correction for few points (Hurvich & Tsai, Biometrika 76, 297,
/// 1989). The deviance stands for -2 ln L: they differ by the same number for all models. Infinite
/// when there are too few points.
double correctedAkaike(double deviance, int64_t points, int64_t parameters);

} // namespace qdo::observe
