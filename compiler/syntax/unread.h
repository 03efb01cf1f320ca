// SPDX-License-Identifier: Apache-2.0
// What is lost with a line that could not be read.
// In: tokens, the lines that the parser left broken. Out: their places, and the names in them.
// Why: `discard q q` is one mistake; that `q` is still live after it would be a second one that
// nobody made.
#pragma once

#include "compiler/syntax/ast.h"
#include "compiler/syntax/recovery.h"

namespace qdo::syntax {

/// Fills in `ast.unread`, and keeps `diagnostics` from saying more about those lines.
void forgetUnread(const TokenStream &tokens, const std::vector<Recovery::Line> &lines,
                  std::string_view text, Ast &ast, diag::Engine &diagnostics);

} // namespace qdo::syntax
