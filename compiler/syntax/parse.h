// SPDX-License-Identifier: Apache-2.0
// The front door of the syntax phase: text in, tokens or a tree and diagnostics out.
// Never fails, never throws.
#pragma once

#include "compiler/diag/diagnostic.h"
#include "compiler/syntax/ast.h"

#include <string>

namespace qdo::syntax {

/// Parses one file. Mistakes are reported once each and become Error nodes; the next statement
/// survives.
Ast parse(base::FileId file, const base::SourceMap &sources, diag::Engine &diagnostics);

/// `qdo emit --stage=tokens`: one token a line: line:column, symbolic name, text.
std::string dumpTokens(base::FileId file, const base::SourceMap &sources,
                       diag::Engine &diagnostics);

/// `qdo emit --stage=ast`: an indented tree, one node a line, with places.
std::string dumpAst(const Ast &ast, const base::SourceMap &sources);

} // namespace qdo::syntax
