// SPDX-License-Identifier: Apache-2.0
// Measuring decay curves.
#include "runtime/observe/decay.h"

#include "runtime/base/format.h"

#include <fmt/format.h>

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

std::string Curve::text(std::string_view spec) const {
  if (!fit.identified())
    return "UNIDENTIFIED (" + fit.reason + ")";
  return timeText(spec, fit.quantity.value, fit.quantity.standardError);
}

std::optional<int64_t> measureDecay(base::Context &ctx, qdo_site site, const DecayRequest &,
                                    const estimate::Policy &) {
  // Every device of this version is ideal.
  ctx.fail(site, base::Kind::BadValue, "the noise of the device in force", "missing",
           "there for anything to decay");
  return std::nullopt;
}

} // namespace qdo::observe
