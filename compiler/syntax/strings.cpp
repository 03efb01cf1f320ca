// SPDX-License-Identifier: Apache-2.0
// Strings that are not closed on their line, and stray marks inside strings.
// Why: after this pass every QUOTE has its S_CLOSE and every S_OPEN its INTERP_CLOSE, so the passes
// after it may treat them as brackets that always match.
#include "compiler/syntax/token_passes.h"

namespace qdo::syntax {

namespace {

/// The brackets that an unclosed string has swallowed: `f("abc)`, `test "abc {`.
void keepSwallowedBrackets(const TokenText &tokens, uint32_t begin, uint32_t end,
                           std::vector<Lexeme> &out) {
  constexpr std::string_view openers = "([{";
  constexpr std::string_view closers = ")]}";
  constexpr size_t types[] = {T::RPAREN, T::RBRACK, T::RBRACE};
  std::string open;
  for (uint32_t i = begin; i < end; ++i) {
    char c = tokens.text[i];
    if (openers.find(c) != std::string_view::npos)
      open += c;
    size_t closer = closers.find(c);
    if (closer == std::string_view::npos)
      continue;
    if (!open.empty() && open.back() == openers[closer])
      open.pop_back();
    else
      out.push_back({types[closer], i, i + 1});
  }
  size_t last = tokens.text.substr(begin, end - begin).find_last_not_of(" \t\r");
  if (last != std::string_view::npos && tokens.text[begin + last] == '{') {
    auto at = static_cast<uint32_t>(begin + last);
    out.push_back({T::LBRACE, at, at + 1});
  }
}

} // namespace

void mendStrings(TokenText &tokens) {
  std::vector<Lexeme> out;
  out.reserve(tokens.lexemes.size());
  std::vector<size_t> open; // positions in `out` of QUOTE and S_OPEN
  bool badFormat = false;   // in this interpolation, so its extra braces are explained
  auto endOfLine = [&](uint32_t end) {
    if (open.empty())
      return;
    size_t first = open.front();
    uint32_t begin = out[first].begin;
    const bool interpolates = out[open.back()].type == T::S_OPEN || open.size() > 1;
    tokens.mistakes.forgetFrom(begin);
    tokens.mistakes.report(diag::Kind::UnterminatedString, tokens.mistakes.span(begin, end))
        .help(
            interpolates
                ? "close it with `\"`, and each `{` in it with `}`; a brace itself is written `{{`"
                : "close it with `\"`; a line end inside a string is written `\\n`");
    out.resize(first);
    out.push_back({T::QUOTE, begin, begin + 1});
    out.push_back({T::S_CLOSE, end, end});
    // With an interpolation left open, the last quote is the one that was meant to close.
    size_t swallowed = tokens.text.substr(0, end).rfind('"') + 1;
    keepSwallowedBrackets(tokens, static_cast<uint32_t>(swallowed), end, out);
    open.clear();
  };
  for (const Lexeme &lexeme : tokens.lexemes) {
    switch (lexeme.type) {
    case T::NL:
      endOfLine(lexeme.begin);
      badFormat = false;
      break;
    case T::QUOTE:
    case T::S_OPEN:
      open.push_back(out.size());
      break;
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
    default:
      break;
    }
    out.push_back(lexeme);
  }
  endOfLine(static_cast<uint32_t>(tokens.text.size()));
  tokens.lexemes = std::move(out);
}

} // namespace qdo::syntax
