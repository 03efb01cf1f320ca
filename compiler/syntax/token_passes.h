// SPDX-License-Identifier: Apache-2.0
// The passes between lexer and parser. Each takes the lexemes, mends what it knows and reports it
// once. Order: strings, spelling, brackets, layout, limits. After them brackets balance and every
// line, and every block on one line, ends in a separator, so the parser can start again at the next
// line. Must not: build trees, or know the grammar beyond what starts and ends a statement.
#pragma once

#include "compiler/syntax/mistakes.h"
#include "compiler/syntax/scanner.h"

#include <optional>
#include <string_view>
#include <vector>

namespace qdo::syntax {

/// What every pass works on.
struct TokenText {
  std::string_view text;
  std::vector<Lexeme> lexemes;
  Mistakes &mistakes;

  [[nodiscard]] std::string_view textOf(const Lexeme &lexeme) const {
    return text.substr(lexeme.begin, lexeme.end - lexeme.begin);
  }
  [[nodiscard]] base::Span spanOf(const Lexeme &lexeme) const {
    return mistakes.span(lexeme.begin, lexeme.end);
  }
  /// Type of the lexeme at `index`, or EndOfFile outside.
  [[nodiscard]] size_t typeAt(size_t index) const {
    return index < lexemes.size() ? lexemes[index].type : EndOfFile;
  }
  [[nodiscard]] bool firstOnLine(size_t index) const {
    return index == 0 || lexemes[index - 1].type == T::NL;
  }
};

/// Strings that do not end on their line (E0103) become whole ones; stray braces in strings
/// (E0108).
void mendStrings(TokenText &tokens);

/// What other languages write (`&&`, `'text'`, `#`, `def`) is reported and replaced by what qdo
/// writes; unknown characters are reported and dropped.
void mendSpelling(TokenText &tokens);

/// Brackets that are not closed, close nothing or close the wrong one.
void mendBrackets(TokenText &tokens);

/// Drops the newlines that end no statement, adds the separators that a one-line block leaves out,
/// and tells declaring words from names.
void layOut(TokenText &tokens);

/// Reports E0105 and returns false if recursion over these tokens, or over their tree, could go too
/// deep.
bool withinLimits(TokenText &tokens);

/// All of it. Nothing when parsing makes no sense: not UTF-8, or beyond the limits (then reported).
std::optional<Scanned> prepareTokens(std::string_view text, Mistakes &mistakes);

inline constexpr unsigned MaxNesting = 256;
/// Every walk over a tree may use 8 MB / 1000 = 8 kB of stack for one operator, sanitizers
/// included.
inline constexpr unsigned MaxOperators = 1000;

} // namespace qdo::syntax
