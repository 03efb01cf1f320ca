// SPDX-License-Identifier: Apache-2.0
// The modules of the standard library as they were when the compiler was built.
// Why embedded: a program means the same wherever the binary is copied.
#pragma once

#include <span>
#include <string_view>

namespace qdo::stdlib {

struct EmbeddedModule {
  std::string_view name; ///< "std.encodings"
  std::string_view path; ///< "stdlib/std/encodings.qdo", as diagnostics show it
  std::string_view text;
};

/// Every module, sorted by path.
std::span<const EmbeddedModule> embeddedModules();

} // namespace qdo::stdlib
