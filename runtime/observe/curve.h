// SPDX-License-Identifier: Apache-2.0
// Curves of counts, and the models that are fitted to them.
// In: a place on the axis and the model's parameters. Out: the probability of a success there.
// Why: every parameter lies in a box in which the probability is one, so a fit needs no tricks.
// Must not: know what a curve means; coherence.h does.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace qdo::observe {

/// Counts at one place: a delay in seconds, a number of gates.
struct CurvePoint {
  double x;
  int64_t successes, shots;
  int series = 0; ///< of models that describe two curves at once
  /// Where the counts are not those of one coin: a mean, normal with this standard error.
  double mean = 0, error = 0;

  bool isMean() const { return error > 0; }
  double fraction() const {
    return isMean() ? mean : static_cast<double>(successes) / static_cast<double>(shots);
  }
};

/// A probability that depends on parameters in a box.
struct CurveModel {
  struct Parameter {
    std::string name;
    double low, high;
  };
  std::vector<Parameter> parameters;
  size_t target = 0; ///< the parameter that is asked for
  /// The probability at a point, in [0, 1]; fills the derivative by each parameter.
  std::function<double(const CurvePoint &, std::span<const double>, std::span<double>)> probability;
};

/// end + (start - end) exp(-(x / L)^power) with start, end in [0, 1] and parameter 2 = ln L.
/// Relaxation, echo and randomised benchmarking (L = -1 / ln p) are this with power 1.
CurveModel decayModel(double shortest, double longest, int power);

/// middle + exp(-(x / L)^power) (a cos 2 pi f x + b sin 2 pi f x); parameter 0 = ln L, 1 = f in
/// [0, highest]. Ramsey fringes with a detuning f.
CurveModel fringeModel(double shortest, double longest, int power, double highest);

/// Two decays, series 0 with p^x and series 1 with (ratio p)^x: parameter 0 is the ratio.
CurveModel interleavedModel(double shortest, double longest);

/// Parameters to start a fit from, best first: the decay (and frequency) from a grid, the linear
/// parameters by weighted least squares.
std::vector<std::vector<double>> startsOfDecay(std::span<const CurvePoint> points,
                                               const CurveModel &model, int power);
std::vector<std::vector<double>> startsOfFringe(std::span<const CurvePoint> points,
                                                const CurveModel &model, int power);

} // namespace qdo::observe
