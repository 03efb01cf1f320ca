// SPDX-License-Identifier: Apache-2.0
// A program as a file: code, and the link that makes it a program of its own.
#pragma once

#include <optional>
#include <string>

namespace qdo::driver {

/// What `qdo build` can write.
enum class BuildKind : uint8_t { Program, Object, Assembly, Llvm };

/// Links an object file with the runtime into `output`. Returns what went wrong.
std::optional<std::string> linkProgram(const std::string &object, const std::string &output);

} // namespace qdo::driver
