// SPDX-License-Identifier: Apache-2.0
// Whole files in and out.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qdo::driver {

/// The bytes of a file; without them, `problem` says why.
std::optional<std::string> readFile(const std::string &path, std::string &problem);
/// The bytes of stdin.
std::optional<std::string> readInput(std::string &problem);

/// Replaces a file at once: readers see the old bytes or the new ones. Returns what went wrong.
std::optional<std::string> replaceFile(const std::string &path, std::string_view text);

/// The .qdo files that names stand for: a folder stands for those in it, sorted.
std::vector<std::string> programsOf(const std::vector<std::string> &names);

} // namespace qdo::driver
