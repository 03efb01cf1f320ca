// SPDX-License-Identifier: Apache-2.0
// The phases of `qdo check` on a text, without files: imports find the standard library, data sets
// are missing. In: text. Out: every diagnostic as text and JSON, or the mistake of qdo's own.
// Must not: read or write files, so that a fuzzer may run it on anything.
#pragma once

#include "compiler/diag/diagnostic.h"

namespace qdo::fuzz {

/// Renders everything. Text of the mistakes of qdo's own (E99xx); empty if there are none.
std::string renderAll(diag::Engine &diagnostics, const base::SourceMap &sources);

/// Lexer, token passes, parser and tree, with their dumps.
void parseText(std::string_view text);

/// All of `qdo check`. Text of a mistake of qdo's own (E99xx); empty if there is none.
std::string checkText(std::string_view text);

} // namespace qdo::fuzz
