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
