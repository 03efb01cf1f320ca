// SPDX-License-Identifier: Apache-2.0
// The formatter: one way to write a program, with every comment and every token where it was.
// In: a file without mistakes. Out: its text with spaces, line breaks and columns settled.
// Why token by token: what the author grouped on a line stays there, so formatting is no rewriting;
// only lines beyond the limit are broken (docs/decisions/0007-formatting.md).
// Must not: change a token, or format what cannot be parsed.
#pragma once

#include "compiler/diag/diagnostic.h"

#include <optional>
#include <string>

namespace qdo::syntax {

/// Lines of code are broken beyond this many columns; comments and strings are not.
inline constexpr size_t MaxColumns = 120;

/// Nothing after mistakes of the file, which are then in `diagnostics`.
std::optional<std::string> format(base::FileId file, base::SourceMap &sources,
                                  diag::Engine &diagnostics);

} // namespace qdo::syntax
