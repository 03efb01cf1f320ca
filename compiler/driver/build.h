// SPDX-License-Identifier: Apache-2.0
// A program as a file: code, and the link that makes it a program of its own.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace qdo::driver {

/// What `qdo build` can write.
enum class BuildKind : uint8_t { Program, Library, Object, Assembly, Llvm };

/// Code for a file, and for all but a program of its own the header that others include.
struct BuiltCode {
  std::string bytes, header;
  std::vector<std::string> notes; ///< what others cannot call, and why
};

/// Links an object file with the runtime into a program or a shared library. Returns what went
/// wrong.
std::optional<std::string> linkObject(BuildKind kind, const std::string &object,
                                      const std::string &output);

} // namespace qdo::driver
