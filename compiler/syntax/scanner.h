// SPDX-License-Identifier: Apache-2.0
// The generated lexer as one function, and the light tokens that the token passes work on.
// In: valid UTF-8. Out: lexemes with byte offsets; comments gone, `///` kept apart.
// Why: ANTLR counts code points; spans are bytes. The conversion happens here and nowhere else.
// Must not: report anything; every character becomes a lexeme that a later pass can name.
#pragma once

#include "grammar/QdoLexer.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace qdo::syntax {

/// Token types, such as T::LBRACE.
using T = grammar::QdoLexer;
inline constexpr size_t EndOfFile = antlr4::Token::EOF;

struct Lexeme {
  size_t type = 0;
  uint32_t begin = 0;
  uint32_t end = 0; ///< equal to `begin` for what a pass has put in
};

struct DocComment {
  uint32_t begin = 0;
  uint32_t end = 0;
  bool ownLine = false; ///< nothing but space before it on its line
};

struct Scanned {
  std::vector<Lexeme> lexemes; ///< with every newline; without an end-of-file lexeme
  std::vector<DocComment> docs;
  std::vector<DocComment> comments; ///< `//` and `///` alike, for the formatter
};

Scanned scan(std::string_view text);

} // namespace qdo::syntax
