// SPDX-License-Identifier: Apache-2.0
// The language's format specs, handed to fmt.
#include "runtime/base/format.h"

#include <fmt/format.h>

#include <cmath>

namespace qdo::base {

template <class T> static std::string formatWith(std::string_view spec, const T &value) {
  if (spec.empty())
    return fmt::format("{}", value);
  // A brace would end the field and smuggle in text or further arguments.
  if (spec.find_first_of("{}") != std::string_view::npos)
    throw fmt::format_error("braces are not part of a format");
  std::string field = "{:";
  field.append(spec).append("}");
  return fmt::vformat(field, fmt::make_format_args(value));
}

std::string formatReal(std::string_view spec, double value) { return formatWith(spec, value); }
std::string formatInt(std::string_view spec, int64_t value) { return formatWith(spec, value); }
std::string formatDuration(std::string_view spec, double seconds) {
  struct Unit {
    const char *name;
    double seconds;
  };
  static constexpr Unit units[] = {{"ns", 1e-9}, {"us", 1e-6}, {"ms", 1e-3},
                                   {"s", 1},     {"min", 60},  {"h", 3600}};
  const Unit *unit = &units[seconds == 0 ? 3 : 0];
  for (const Unit &larger : units)
    if (std::fabs(seconds) >= larger.seconds * (1 - 1e-12))
      unit = &larger;
  // 25ns is 2.5e-8 s, which divides into 25.000000000000004: nobody wrote that.
  const double count = seconds / unit->seconds;
  const std::string text = spec.empty() ? fmt::format("{:.12g}", count) : formatReal(spec, count);
  return text + unit->name;
}

std::string formatBool(std::string_view spec, bool value) { return formatWith(spec, value); }
std::string formatText(std::string_view spec, std::string_view value) {
  return formatWith(spec, value);
}

std::string formatComplex(std::string_view spec, double re, double im) {
  std::string out = formatReal(spec, re);
  out += std::signbit(im) ? '-' : '+';
  return out + formatReal(spec, std::fabs(im)) + 'i';
}

} // namespace qdo::base
