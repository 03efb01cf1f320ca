// SPDX-License-Identifier: Apache-2.0
// What kinds of token there are: which end or start a statement, which declare, which open blocks.
// Why: the newline rule, bracket repair and error wording must agree on them.
#pragma once

#include "compiler/syntax/scanner.h"

#include <string_view>
#include <vector>

namespace qdo::syntax {

/// A newline after it does not end the statement.
bool cannotEndStatement(size_t type);
/// A newline before it does not end the statement.
bool cannotStartStatement(size_t type);
/// `dataset`, `kernel`, ...: statement words that are names elsewhere.
bool isDeclaringWord(size_t type);
/// Every token that is spelled like a word.
bool isAnyWord(size_t type);
/// Words that a user cannot name things by.
bool isReservedWord(size_t type);
/// Words that stand at the start of a statement and nowhere else, except before `:` and after `.`.
bool startsOnlyStatements(size_t type);
/// Words whose statement has a block.
bool startsBlock(size_t type);

/// The words that can start a statement, for suggestions.
const std::vector<std::string_view> &statementWords();
/// All words with a meaning, for suggestions.
const std::vector<std::string_view> &meaningfulWords();

} // namespace qdo::syntax
