// SPDX-License-Identifier: Apache-2.0
// Strings that are not closed on their line, and stray marks inside strings.
// Why: after this pass every QUOTE has its S_CLOSE and every S_OPEN its INTERP_CLOSE, so the passes after
// it may treat them as brackets that always match.
#include "compiler/syntax/token_passes.h"

namespace qdo::syntax {

namespace {

/// The closing brackets that an unclosed string has swallowed at the end of its line: `f("abc)`.
void keepSwallowedClosers(const TokenText &tokens, uint32_t begin, uint32_t end,
                          std::vector<Lexeme> &out) {
  uint32_t first = end;
  while (first > begin && std::string_view(")]} \t\r").find(tokens.text[first - 1]) != std::string_view::npos)
    --first;
  for (uint32_t i = first; i < end; ++i) {
    switch (tokens.text[i]) {
    case ')': out.push_back({T::RPAREN, i, i + 1}); break;
    case ']': out.push_back({T::RBRACK, i, i + 1}); break;
    case '}': out.push_back({T::RBRACE, i, i + 1}); break;
    default: break;
    }
  }
}

} // namespace

void mendStrings(TokenText &tokens) {
  std::vector<Lexeme> out;
  out.reserve(tokens.lexemes.size());
  std::vector<size_t> open; // positions in `out` of QUOTE and S_OPEN
  size_t reported = 0;      // mistakes before the outermost open string
  bool badFormat = false;   // in this interpolation, so its extra braces are explained
  auto endOfLine = [&](uint32_t end) {
    if (open.empty())
      return;
    size_t first = open.front();
    uint32_t begin = out[first].begin;
    bool interpolates = out[open.back()].type == T::S_OPEN || open.size() > 1;
    tokens.mistakes.truncate(reported);
    tokens.mistakes.report(diag::Kind::UnterminatedString, tokens.mistakes.span(begin, end))
        .help(interpolates
                  ? "close it with `\"`, and each `{` in it with `}`; a brace itself is written `{{`"
                  : "close it with `\"`; a line end inside a string is written `\\n`");
    out.resize(first);
    out.push_back({T::QUOTE, begin, begin + 1});
    out.push_back({T::S_CLOSE, end, end});
    keepSwallowedClosers(tokens, begin + 1, end, out);
    open.clear();
  };
  for (const Lexeme &lexeme : tokens.lexemes) {
    switch (lexeme.type) {
    case T::NL:
      endOfLine(lexeme.begin);
      badFormat = false;
      break;
    case T::QUOTE:
      if (open.empty())
        reported = tokens.mistakes.size();
      [[fallthrough]];
    case T::S_OPEN: open.push_back(out.size()); break;
    case T::S_CLOSE:
      badFormat = false;
      [[fallthrough]];
    case T::INTERP_CLOSE:
      if (!open.empty())
        open.pop_back();
      break;
    case T::S_STRAY:
      if (!badFormat && tokens.textOf(lexeme) == "}")
        tokens.mistakes.report(diag::Kind::StrayBrace, tokens.spanOf(lexeme))
            .help("a brace itself is written `}}`")
            .edit(tokens.spanOf(lexeme), "}}", "write the brace twice");
      continue;
    case T::F_BAD:
      if (!badFormat)
        tokens.mistakes.report(diag::Kind::UnclosedFormat, tokens.spanOf(lexeme),
                               std::string(tokens.textOf(lexeme)));
      badFormat = true;
      continue;
    case T::F_SPEC:
      if (badFormat)
        continue;
      break;
    default: break;
    }
    out.push_back(lexeme);
  }
  endOfLine(static_cast<uint32_t>(tokens.text.size()));
  tokens.lexemes = std::move(out);
}

} // namespace qdo::syntax
