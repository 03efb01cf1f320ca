// SPDX-License-Identifier: Apache-2.0
// Numbers and text under a format spec of the language (fmt's, without the colon).
// Out: text. Throws fmt::format_error when the spec does not fit the value.
// Why: the spec is only known at run time and comes from a program, so braces in it are refused.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace qdo::base {

/// An empty spec prints the shortest text that reads back as the same number.
std::string formatReal(std::string_view spec, double value);
std::string formatInt(std::string_view spec, int64_t value);
/// "12.5us": in the largest of ns, us, ms, s, min, h that gives 1 or more, as a program writes it.
std::string formatDuration(std::string_view spec, double seconds);
std::string formatBool(std::string_view spec, bool value);
std::string formatText(std::string_view spec, std::string_view value);
/// "0.5-0.25i"; the spec applies to both parts.
std::string formatComplex(std::string_view spec, double re, double im);

} // namespace qdo::base
