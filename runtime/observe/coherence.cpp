// SPDX-License-Identifier: Apache-2.0
// Fits and the rules by which they count.
#include "runtime/observe/coherence.h"

#include "runtime/base/format.h"
#include "runtime/observe/dispersion.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace qdo::observe {

static constexpr int64_t leastPoints = 6;
static constexpr double longestInLifetimes = 2, widestRatio = 3, poorFit = 1e-3;
/// A detuning, or a Gaussian envelope, has to be worth so much more of Akaike's criterion.
static constexpr double gainOfDetuning = 10;

double Fit::curve(double x, int series) const {
  std::vector<double> slope(model.parameters.size());
  return model.probability({x, 0, 1, series}, at, slope);
}

namespace {
/// From the target parameter to the quantity, and back to words.
struct Meaning {
  double (*of)(double target, double scale);
  double scale = 1;
};
} // namespace

static double lifetime(double logL, double) { return std::exp(logL); }
/// r = (1 - e^(-1/L)) (D - 1)/D: falls with L.
static double errorOfLength(double logL, double scale) {
  return -std::expm1(-std::exp(-logL)) * scale;
}
static double errorOfRatio(double ratio, double scale) { return (1 - ratio) * scale; }

static Meaning meaningOf(const Fit &fit, int64_t dimension) {
  if (dimension == 0)
    return {lifetime, 1};
  const double d = static_cast<double>(dimension), scale = (d - 1) / d;
  return {fit.model.parameters[0].name == "ratio" ? errorOfRatio : errorOfLength, scale};
}

static Quantity quantityOf(const Fit &fit, const Meaning &meaning, double confidence,
                           ProfileInterval &interval) {
  const Maximum best{fit.at, fit.deviance, true};
  interval = profile(fit.points, fit.model, best, riseOf(confidence, fit.dispersion, fit.freedom));
  const double at = fit.at[fit.model.target];
  const double a = meaning.of(interval.low, meaning.scale);
  const double b = meaning.of(interval.high, meaning.scale);
  const double spread = standardErrorOf(fit.points, fit.model, fit.at) * std::sqrt(fit.dispersion);
  // The derivative of the quantity by the parameter, from a difference that is small beside both.
  const double step = 1e-5;
  const double slope =
      (meaning.of(at + step, meaning.scale) - meaning.of(at - step, meaning.scale)) / (2 * step);
  return {meaning.of(at, meaning.scale), std::abs(slope) * spread, std::min(a, b), std::max(a, b)};
}

Quantity Fit::quantityAt(double level) const {
  ProfileInterval interval;
  return quantityOf(*this, meaningOf(*this, dimension), level, interval);
}

static Fit unidentified(Fit fit, std::string reason) {
  fit.status = FitStatus::Unidentified;
  fit.reason = std::move(reason);
  fit.quantity = {};
  return fit;
}

static std::vector<double> axisOf(std::span<const CurvePoint> points) {
  std::vector<double> axis;
  for (const CurvePoint &point : points)
    axis.push_back(point.x);
  std::ranges::sort(axis);
  axis.erase(std::unique(axis.begin(), axis.end()), axis.end());
  return axis;
}

/// The lifetimes that a fit looks through: well beyond what the delays can tell on both sides.
static std::pair<double, double> lengths(const std::vector<double> &axis) {
  double least = axis.back();
  for (size_t i = 1; i < axis.size(); ++i)
    least = std::min(least, axis[i] - axis[i - 1]);
  return {least / 20, axis.back() * 50};
}

/// Twice the gain in log likelihood over a curve that never changes.
static double gainOverFlat(std::span<const CurvePoint> points, double deviance) {
  double gain = -deviance;
  for (int series : {0, 1}) {
    double sum = 0, weights = 0;
    for (const CurvePoint &point : points)
      if (point.series == series) {
        const double weight =
            point.isMean() ? 1 / (point.error * point.error) : static_cast<double>(point.shots);
        sum += weight * point.fraction();
        weights += weight;
      }
    CurveModel flat;
    flat.probability = [p = sum / std::max(weights, 1.0)](const CurvePoint &, auto, auto) {
      return p;
    };
    std::vector<CurvePoint> own;
    std::ranges::copy_if(points, std::back_inserter(own),
                         [&](const CurvePoint &point) { return point.series == series; });
    gain += observe::deviance(own, flat, {});
  }
  return gain;
}

/// One model fitted; the rules come after it.
static Fit fitted(std::span<const CurvePoint> circuits, CurveModel model,
                  const std::vector<std::vector<double>> &starts, double confidence) {
  Fit fit;
  const Pooled pool = pooled(circuits);
  const std::span<const CurvePoint> points = fit.points = pool.points;
  fit.confidence = confidence;
  const Maximum best = maximiseFrom(points, model, starts);
  const auto count = static_cast<int64_t>(points.size());
  const auto parameters = static_cast<int64_t>(model.parameters.size());
  fit.model = std::move(model);
  fit.at = best.at;
  fit.deviance = best.deviance;
  fit.akaike = correctedAkaike(best.deviance, count, parameters);
  fit.dispersion = dispersionOf(pool, fit.model, fit.at);
  fit.freedom = pool.freedom;
  fit.pValue = goodnessOfFit(best.deviance / fit.dispersion, count, parameters);
  fit.status = best.converged ? FitStatus::Identified : FitStatus::Unidentified;
  return fit;
}

/// Whether there is enough to fit at all; the reason if not.
static std::string tooLittle(std::span<const CurvePoint> points, const std::vector<double> &axis,
                             std::string_view what) {
  if (static_cast<int64_t>(axis.size()) < leastPoints)
    return fmt::format("{} {} are too few: it takes {}", axis.size(), what, leastPoints);
  if (axis.front() < 0)
    return fmt::format("{} may not be negative", what);
  for (const CurvePoint &point : points)
    if (point.shots <= 0)
      return "a point has no shots";
  return {};
}

/// The rules after the fit: what stands in fit.quantity counts, or the fit is UNIDENTIFIED.
static Fit judged(Fit fit, double longest, bool isTime) {
  if (fit.status == FitStatus::Unidentified)
    return unidentified(std::move(fit), "the fit did not settle");
  const auto extra = static_cast<double>(fit.model.parameters.size() - 1);
  // Twice the log likelihood gained by chance alone stays near the number of extra parameters.
  if (gainOverFlat(fit.points, fit.deviance) < (2 * extra + 10) * fit.dispersion)
    return unidentified(std::move(fit), "the curve is not shown to decay");
  ProfileInterval interval;
  fit.quantity = quantityOf(fit, meaningOf(fit, fit.dimension), fit.confidence, interval);
  const Quantity &q = fit.quantity;
  if (isTime) {
    auto time = [](double seconds) {
      return base::formatDuration("", std::stod(fmt::format("{:.3g}", seconds)));
    };
    if (interval.openLow || interval.openHigh || !(q.low > 0) || q.high / q.low >= widestRatio)
      return unidentified(std::move(fit),
                          interval.openHigh
                              ? fmt::format("the interval is open: from {} on", time(q.low))
                              : fmt::format("the interval {} to {} is wider than a factor of {}",
                                            time(q.low), time(q.high), widestRatio));
    if (longest < longestInLifetimes * q.value)
      return unidentified(std::move(fit),
                          fmt::format("the longest delay is {}, less than {} times the {} that fit",
                                      time(longest), longestInLifetimes, time(q.value)));
  } else if (interval.openLow && interval.openHigh) {
    return unidentified(std::move(fit), "the interval is open");
  }
  if (fit.pValue < poorFit) {
    fit.status = FitStatus::PoorFit;
    fit.reason = fmt::format("the points do not follow this curve (p = {:.2g})", fit.pValue);
  }
  return fit;
}

Fit fitRelaxation(std::span<const CurvePoint> points, double confidence) {
  const std::vector<double> axis = axisOf(points);
  if (std::string reason = tooLittle(points, axis, "delays"); !reason.empty())
    return unidentified({}, std::move(reason));
  const auto [shortest, longest] = lengths(axis);
  CurveModel model = decayModel(shortest, longest, 1);
  const auto starts = startsOfDecay(points, model, 1);
  return judged(fitted(points, std::move(model), starts, confidence), axis.back(), true);
}

Fit fitDephasing(std::span<const CurvePoint> points, double confidence,
                 const DephasingOptions &options) {
  const std::vector<double> axis = axisOf(points);
  if (std::string reason = tooLittle(points, axis, "delays"); !reason.empty())
    return unidentified({}, std::move(reason));
  const auto [shortest, longest] = lengths(axis);
  Fit best;
  bool any = false;
  for (int power : {1, 2}) {
    CurveModel plain = decayModel(shortest, longest, power);
    const auto starts = startsOfDecay(points, plain, power);
    Fit fit = fitted(points, std::move(plain), starts, confidence);
    fit.power = power;
    if (!any || fit.akaike < best.akaike)
      best = std::move(fit);
    any = true;
  }
  // Delays tell frequencies up to half their density.
  const double highest = static_cast<double>(axis.size() - 1) / axis.back() / 2;
  for (int power : {1, 2}) {
    if (options.echo || static_cast<int64_t>(axis.size()) < leastPoints + 2)
      break;
    CurveModel fringe = fringeModel(shortest, longest, power, highest);
    const auto starts = startsOfFringe(points, fringe, power);
    Fit fit = fitted(points, std::move(fringe), starts, confidence);
    fit.power = power;
    fit.frequency = fit.at[1];
    const double worth = best.frequency == 0 ? gainOfDetuning : 0;
    if (fit.akaike + worth < best.akaike)
      best = std::move(fit);
  }
  best = judged(std::move(best), axis.back(), true);
  if (const Fit *t1 = options.relaxation;
      best.identified() && t1 && t1->identified() && best.quantity.low > 2 * t1->quantity.high)
    return unidentified(std::move(best), "T2 would be longer than 2 T1, and no T2 is");
  return best;
}

Fit fitBenchmarking(std::span<const CurvePoint> points, double confidence, int64_t dimension) {
  const std::vector<double> axis = axisOf(points);
  if (std::string reason = tooLittle(points, axis, "lengths"); !reason.empty())
    return unidentified({}, std::move(reason));
  CurveModel model = decayModel(0.05, axis.back() * 1e3, 1);
  const auto starts = startsOfDecay(points, model, 1);
  Fit fit = fitted(points, std::move(model), starts, confidence);
  fit.dimension = dimension;
  return judged(std::move(fit), axis.back(), false);
}

Fit fitInterleaved(std::span<const CurvePoint> reference, std::span<const CurvePoint> interleaved,
                   double confidence, int64_t dimension) {
  std::vector<CurvePoint> both(reference.begin(), reference.end());
  for (CurvePoint point : interleaved) {
    point.series = 1;
    both.push_back(point);
  }
  for (std::span<const CurvePoint> curve : {reference, interleaved})
    if (std::string reason = tooLittle(curve, axisOf(curve), "lengths"); !reason.empty())
      return unidentified({}, std::move(reason));
  const double longest = std::max(axisOf(reference).back(), axisOf(interleaved).back());
  const CurveModel alone = decayModel(0.05, longest * 1e3, 1);
  const Maximum a = maximiseFrom(reference, alone, startsOfDecay(reference, alone, 1));
  const Maximum c = maximiseFrom(interleaved, alone, startsOfDecay(interleaved, alone, 1));
  const double ratio = std::exp(std::exp(-a.at[2]) - std::exp(-c.at[2]));
  CurveModel model = interleavedModel(0.05, longest * 1e3);
  const std::vector<std::vector<double>> starts = {
      {std::clamp(ratio, model.parameters[0].low, model.parameters[0].high), a.at[2], a.at[0],
       a.at[1], c.at[0], c.at[1]}};
  Fit fit = fitted(both, std::move(model), starts, confidence);
  fit.dimension = dimension;
  return judged(std::move(fit), longest, false);
}

} // namespace qdo::observe
