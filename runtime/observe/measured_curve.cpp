// SPDX-License-Identifier: Apache-2.0
// Measured curves in words.
#include "runtime/observe/measured_curve.h"

#include "runtime/base/format.h"
#include "runtime/base/quantity.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace qdo::observe {

/// With the digits that its error leaves: "50.34us +- 0.41us".
static std::string timeText(std::string_view spec, double seconds, double error) {
  if (!spec.empty())
    return base::formatDuration(spec, seconds) + " +- " + base::formatDuration(spec, error);
  static constexpr std::pair<double, const char *> units[] = {
      {1, "s"}, {1e-3, "ms"}, {1e-6, "us"}, {1e-9, "ns"}};
  const auto *unit = std::begin(units);
  while (unit + 1 != std::end(units) && seconds < unit->first)
    ++unit;
  const double scale = unit->first;
  const int decimals =
      error > 0 ? std::clamp(1 - static_cast<int>(std::floor(std::log10(error / scale))), 0, 9) : 3;
  return fmt::format("{:.{}f}{} +- {:.{}f}{}", seconds / scale, decimals, unit->second,
                     error / scale, decimals, unit->second);
}

std::string_view Curve::quantityName() const {
  switch (kind) {
  case Kind::Relaxation:
    return "T1";
  case Kind::Dephasing:
    return "T2*";
  case Kind::Echo:
    return "T2";
  case Kind::CliffordError:
    return "the error of a Clifford operation";
  case Kind::GateError:
    return "the error of the interleaved circuit";
  }
  return "";
}

std::string_view Curve::axisName() const {
  return benchmarks() ? "Clifford operations" : "idle time";
}

std::string Curve::text(std::string_view spec) const {
  if (!fit.identified())
    return "UNIDENTIFIED (" + fit.reason + ")";
  const Quantity &q = fit.quantity;
  return benchmarks() ? base::plusMinus(spec, q.value, q.standardError)
                      : timeText(spec, q.value, q.standardError);
}

CurvePoint certainPoint(double x, double probability) {
  constexpr double shots = 1e9;
  return {x, std::llround(std::clamp(probability, 0.0, 1.0) * shots), static_cast<int64_t>(shots)};
}

Fit withoutError(Fit fit) {
  fit.quantity.standardError = 0;
  fit.quantity.low = fit.quantity.high = fit.quantity.value;
  return fit;
}

} // namespace qdo::observe
