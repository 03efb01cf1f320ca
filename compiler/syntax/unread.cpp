// SPDX-License-Identifier: Apache-2.0
// Broken lines with their top-level statements and their words.
#include "compiler/syntax/unread.h"

#include "compiler/syntax/words.h"

#include <algorithm>

namespace qdo::syntax {

namespace {

int depthChange(size_t type) {
  switch (type) {
  case T::LPAREN:
  case T::LBRACK:
  case T::LBRACE:
  case T::S_OPEN:
    return 1;
  case T::RPAREN:
  case T::RBRACK:
  case T::RBRACE:
  case T::INTERP_CLOSE:
    return -1;
  default:
    return 0;
  }
}

/// For each token, the first one of the top-level statement that it is in.
std::vector<size_t> statementStarts(const TokenStream &tokens, size_t count) {
  std::vector<size_t> starts(count);
  int depth = 0;
  size_t start = 0;
  for (size_t i = 0; i < count; ++i) {
    starts[i] = start;
    const size_t type = tokens.at(i).getType();
    depth += depthChange(type);
    if (depth == 0 && (type == T::NL || type == T::SEMI))
      start = i + 1;
  }
  return starts;
}

} // namespace

/// A round or square bracket that was put in or taken out may stand in the wrong place.
static void silenceMended(std::string_view text, base::FileId file, diag::Engine &diagnostics) {
  std::vector<base::Span> lines;
  for (const diag::Diagnostic &each : diagnostics.all()) {
    const base::Span span = each.primary.span;
    const bool isBracket =
        each.kind == diag::Kind::UnclosedBracket || each.kind == diag::Kind::StrayCloser;
    if (!isBracket || span.file != file || text[span.begin] == '{' || text[span.begin] == '}')
      continue;
    const size_t before = text.substr(0, span.begin).rfind('\n');
    const size_t after = text.find('\n', span.begin);
    lines.push_back({file, before == std::string_view::npos ? 0 : static_cast<uint32_t>(before),
                     static_cast<uint32_t>(after == std::string_view::npos ? text.size() : after)});
  }
  for (const base::Span line : lines)
    diagnostics.silence(line);
}

void forgetUnread(const TokenStream &tokens, const std::vector<Recovery::Line> &lines,
                  std::string_view text, Ast &ast, diag::Engine &diagnostics) {
  silenceMended(text, ast.file, diagnostics);
  if (lines.empty())
    return;
  size_t count = 1;
  while (tokens.at(count - 1).getType() != EndOfFile)
    ++count;
  const std::vector<size_t> starts = statementStarts(tokens, count);
  for (const Recovery::Line &line : lines) {
    diagnostics.silence({ast.file, tokens.at(line.start).begin, tokens.at(line.end).begin});
    const size_t first = starts[line.start];
    const size_t after = static_cast<size_t>(
        std::upper_bound(starts.begin() + static_cast<std::ptrdiff_t>(first), starts.end(), first) -
        starts.begin());
    // `use a.{b, c}` and what is left of it when its first word is missing.
    bool isList = tokens.at(line.start).getType() == T::USE;
    int net = 0;
    for (size_t i = line.start; i < line.end; ++i) {
      const size_t type = tokens.at(i).getType();
      net += type == T::LBRACE ? 1 : type == T::RBRACE ? -1 : 0;
      isList |= type == T::LBRACE && i > line.start && tokens.at(i - 1).getType() == T::DOT;
    }
    // A line that closes more than it opens may have ended the block it stood in.
    const size_t begin = tokens.at(line.start).begin, end = tokens.at(line.end).begin;
    const size_t row = text.substr(0, begin).rfind('\n') + 1; // npos + 1 is 0
    const size_t next = text.find_first_not_of(" \t", end);   // a line end may be layout's
    if (next != std::string_view::npos && text[next] == '}' &&
        text.substr(row, end - row).find_first_of("\n{") == std::string_view::npos)
      --net;
    const bool isTopLevel = first == line.start || net < 0;
    const base::Span reach{ast.file, isTopLevel ? 0 : tokens.at(first).begin,
                           isTopLevel ? static_cast<uint32_t>(text.size())
                                      : tokens.at(after - 1).begin};
    if (net < 0)
      ast.unread.emplace("with", reach);
    int braces = 0; // what its blocks declare stays in them
    for (size_t i = line.start; i < line.end; ++i) {
      const Token &token = tokens.at(i);
      const size_t type = token.getType();
      braces += isList ? 0 : type == T::LBRACE ? 1 : type == T::RBRACE ? -1 : 0;
      if (braces != 0 || !isAnyWord(type))
        continue;
      std::string word(text.substr(token.begin, token.end - token.begin));
      if (!ast.mayBeUnread(word, reach))
        ast.unread.emplace(std::move(word), reach);
    }
  }
}

} // namespace qdo::syntax
