// SPDX-License-Identifier: Apache-2.0
// Making brackets balance: one mistake for each bracket that is not closed, closes nothing, or
// closes the wrong one, and a bracket put in or taken out where the author most likely meant it.
// Why: a parser that never sees unbalanced brackets can skip a broken statement safely. Braces are
// judged by indentation, round and square brackets by where a statement would have ended without
// them.
#include "compiler/syntax/pairing.h"

#include "compiler/syntax/token_passes.h"
#include "compiler/syntax/words.h"

#include <algorithm>

namespace qdo::syntax {

namespace {

std::string quoted(size_t type) {
  switch (type) {
  case T::LPAREN:
    return "(";
  case T::LBRACK:
    return "[";
  case T::LBRACE:
    return "{";
  case T::RPAREN:
    return ")";
  case T::RBRACK:
    return "]";
  default:
    return "}";
  }
}
class BracketPass {
public:
  explicit BracketPass(TokenText &tokens) : tokens(tokens) {}

  void run() {
    // Each brace that is put in or taken out may explain others, so look again after every one.
    for (int repairs = 0; repairs < 16; ++repairs) {
      pairing = pairBrackets(tokens.lexemes);
      if (pairing.strayBraces.empty() && pairing.openBraces.empty())
        break;
      bool mended = pairing.openBraces.empty() ? insertOpeningBrace() : insertClosingBrace();
      if (!mended)
        break;
    }
    pairing = pairBrackets(tokens.lexemes);
    rewrite();
  }

private:
  TokenText &tokens;
  Pairing pairing;
  uint32_t strayEnd = UINT32_MAX;      ///< end of the last closer that closes nothing
  std::optional<uint32_t> lastSuspect; ///< by its place; lexemes move

  [[nodiscard]] size_t lineStart(size_t index) const {
    while (!tokens.firstOnLine(index))
      --index;
    return index;
  }
  /// Columns of space before the first lexeme of a line.
  [[nodiscard]] uint32_t indent(size_t first) const {
    uint32_t begin = tokens.lexemes[first].begin;
    uint32_t start = begin;
    while (start > 0 && tokens.text[start - 1] != '\n')
      --start;
    return begin - start;
  }
  [[nodiscard]] size_t nextLine(size_t index) const {
    while (index < tokens.lexemes.size() && tokens.typeAt(index) != T::NL)
      ++index;
    while (tokens.typeAt(index) == T::NL)
      ++index;
    return index;
  }

  /// A `{` without its `}`: the one whose partner by count stands too far left, else the innermost.
  bool insertClosingBrace() {
    size_t suspect = pairing.openBraces.back();
    for (size_t closer = 0; closer < tokens.lexemes.size(); ++closer) {
      if (tokens.typeAt(closer) != T::RBRACE || !tokens.firstOnLine(closer))
        continue;
      size_t opener = pairing.partner[closer];
      if (opener != NoPartner && indent(closer) < indent(lineStart(opener))) {
        suspect = opener;
        break;
      }
    }
    if (tokens.lexemes[suspect].begin == lastSuspect)
      return false; // closing it did not help
    lastSuspect = tokens.lexemes[suspect].begin;
    size_t end = endOfOneLineBlock(suspect);
    if (end > suspect + 1) {
      closeBefore(end, suspect);
      return true;
    }
    uint32_t depth = indent(lineStart(suspect));
    size_t body = nextLine(suspect);
    if (body >= tokens.lexemes.size() || indent(body) <= depth)
      return false; // the author does not indent
    size_t line = body;
    while (line < tokens.lexemes.size() && indent(line) > depth)
      line = nextLine(line);
    size_t place = line;
    while (place > 0 && tokens.typeAt(place - 1) == T::NL)
      --place;
    closeBefore(place, suspect);
    return true;
  }

  /// Where a block that begins on its line ends: before its `else`, before the bracket around it,
  /// or at the end of the line.
  [[nodiscard]] size_t endOfOneLineBlock(size_t opener) const {
    size_t depth = 0;
    size_t i = opener + 1;
    for (; i < tokens.lexemes.size() && tokens.typeAt(i) != T::NL; ++i) {
      size_t type = tokens.typeAt(i);
      bool enclosing = isCloser(type) && depth == 0;
      if (enclosing || (depth == 0 && type == T::ELSE && tokens.typeAt(i - 1) != T::RBRACE))
        break;
      depth += isOpener(type) ? 1 : 0;
      depth -= isCloser(type) ? 1 : 0;
    }
    return i;
  }

  void closeBefore(size_t place, size_t opener) {
    reportOpen(opener, place);
    uint32_t offset = tokens.lexemes[place - 1].end;
    tokens.lexemes.insert(tokens.lexemes.begin() + static_cast<ptrdiff_t>(place),
                          {T::RBRACE, offset, offset});
  }

  /// A `}` without its `{`: a line above at the same depth that starts a block but has no brace.
  bool insertOpeningBrace() {
    if (dropOneLineCloser())
      return true;
    size_t suspect = pairing.strayBraces.front();
    for (size_t closer = 0; closer < tokens.lexemes.size(); ++closer) {
      if (tokens.typeAt(closer) != T::RBRACE || !tokens.firstOnLine(closer))
        continue;
      size_t opener = pairing.partner[closer];
      if (opener != NoPartner && indent(closer) > indent(lineStart(opener))) {
        suspect = closer;
        break;
      }
    }
    if (!tokens.firstOnLine(suspect)) {
      joinLine(suspect);
      return false;
    }
    uint32_t depth = indent(suspect);
    for (size_t line = suspect; line > 0;) {
      line = lineStart(line - 1);
      if (tokens.typeAt(line) == T::NL || indent(line) > depth)
        continue;
      size_t end = line;
      bool hasBrace = false;
      while (tokens.typeAt(end) != T::NL)
        hasBrace |= tokens.typeAt(end++) == T::LBRACE;
      bool opens = startsBlock(tokens.typeAt(line)) ||
                   (tokens.typeAt(line) == T::RBRACE && tokens.typeAt(line + 1) == T::ELSE);
      if (hasBrace || indent(line) < depth || !opens)
        return false;
      uint32_t offset = tokens.lexemes[end - 1].end;
      base::Span place = tokens.mistakes.span(offset, offset);
      tokens.mistakes.report(diag::Kind::SyntaxExpected, place, "`{`", "the end of the line")
          .place(tokens.spanOf(tokens.lexemes[suspect]), "for this `}`")
          .edit(place, " {", "open the block");
      tokens.lexemes.insert(tokens.lexemes.begin() + static_cast<ptrdiff_t>(end),
                            {T::LBRACE, offset, offset});
      return true;
    }
    return false;
  }

  /// `if m x q }` in a block: its `}` must not close the block around it. The parser says what is
  /// missing.
  bool dropOneLineCloser() {
    bool lacksBrace = false; ///< a head of a block on this line has none yet
    size_t start = 0;
    for (size_t i = 0; i < tokens.lexemes.size(); ++i) {
      const size_t type = tokens.typeAt(i);
      if (tokens.firstOnLine(i))
        start = i;
      if (start == i)
        lacksBrace = startsBlock(type);
      else if (type == T::ELSE || type == T::LBRACE)
        lacksBrace = type == T::ELSE;
      if (type != T::RBRACE || !lacksBrace || pairing.partner[i] == NoPartner ||
          pairing.partner[i] >= start)
        continue;
      joinLine(i);
      tokens.lexemes.erase(tokens.lexemes.begin() + static_cast<ptrdiff_t>(i));
      return true;
    }
    return false;
  }

  /// `policy p each 3 shots; reset x }`: without the brace its parts are no statements of their
  /// own.
  void joinLine(size_t closer) {
    size_t start = lineStart(closer);
    if (!startsBlock(tokens.typeAt(start)))
      return;
    for (size_t i = start; i < closer; ++i)
      if (tokens.typeAt(i) == T::SEMI)
        tokens.lexemes[i].type = T::COMMA;
  }

  Mistake &reportOpen(size_t opener, size_t place) {
    std::string mark = quoted(tokens.typeAt(opener));
    std::string closer = quoted(closerOf(tokens.typeAt(opener)));
    Mistake &mistake = tokens.mistakes.report(diag::Kind::UnclosedBracket,
                                              tokens.spanOf(tokens.lexemes[opener]), mark);
    uint32_t offset = place > 0 ? tokens.lexemes[place - 1].end : 0;
    mistake.place(tokens.mistakes.span(offset, offset), "expected `" + closer + "` by here");
    return mistake;
  }

  /// Writes the lexemes again, with what is missing put in and what is too much left out.
  void rewrite() {
    std::vector<Lexeme> out;
    out.reserve(tokens.lexemes.size() + 16);
    std::vector<size_t> open;
    bool reported = false; // for the group of brackets that close at the same place
    auto closeOpen = [&](size_t place) {
      size_t opener = open.back();
      open.pop_back();
      if (!reported && !explainedByString(opener, place))
        reportOpen(opener, place);
      reported = true;
      uint32_t offset = place > 0 ? tokens.lexemes[place - 1].end : 0;
      out.push_back({closerOf(tokens.typeAt(opener)), offset, offset});
    };
    auto topIsUnclosed = [&] { return !open.empty() && pairing.partner[open.back()] == NoPartner; };
    for (size_t i = 0; i < tokens.lexemes.size(); ++i) {
      Lexeme lexeme = tokens.lexemes[i];
      reported = false;
      bool roundOrSquare = topIsUnclosed() && tokens.typeAt(open.back()) != T::LBRACE;
      if (roundOrSquare && endsStatementHere(i, open.back()))
        while (topIsUnclosed() && tokens.typeAt(open.back()) != T::LBRACE)
          closeOpen(i);
      if (isCloser(lexeme.type)) {
        if (pairing.partner[i] == NoPartner) {
          strayCloser(lexeme);
          continue;
        }
        while (!open.empty() && open.back() != pairing.partner[i])
          closeOpen(i);
        if (!open.empty()) {
          size_t wanted = closerOf(tokens.typeAt(open.back()));
          if (wanted != lexeme.type)
            wrongCloser(lexeme, tokens.lexemes[open.back()], wanted);
          lexeme.type = wanted;
          open.pop_back();
        }
      } else if (isOpener(lexeme.type)) {
        open.push_back(i);
      }
      out.push_back(lexeme);
    }
    reported = false;
    while (!open.empty())
      closeOpen(tokens.lexemes.size());
    tokens.lexemes = std::move(out);
  }

  /// Without the unclosed bracket, would a statement end before lexeme `i`, or a block open?
  [[nodiscard]] bool endsStatementHere(size_t i, size_t opener) const {
    size_t type = tokens.typeAt(i);
    size_t before = i > 0 ? tokens.typeAt(i - 1) : EndOfFile;
    if (type == T::SEMI)
      return true;
    if (type == T::NL) {
      size_t next = i;
      while (tokens.typeAt(next) == T::NL)
        ++next;
      size_t after = tokens.typeAt(next);
      if (startsOnlyStatements(after) && tokens.typeAt(next + 1) != T::COLON)
        return true;
      return before != T::LPAREN && before != T::LBRACK && !cannotEndStatement(before) &&
             !cannotStartStatement(after);
    }
    if (type != T::LBRACE || before == T::ARROW || before == T::ESTIMATE || before == T::ELSE ||
        before == T::DOT)
      return false;
    for (size_t k = opener; k < i; ++k)
      if (tokens.typeAt(k) == T::IF)
        return false;
    return true;
  }

  /// A string that is not closed has swallowed the closing bracket too.
  [[nodiscard]] bool explainedByString(size_t opener, size_t place) const {
    uint32_t end = place < tokens.lexemes.size() ? tokens.lexemes[place].begin
                                                 : static_cast<uint32_t>(tokens.text.size());
    return tokens.mistakes.within(tokens.lexemes[opener].begin, end) != nullptr;
  }

  void strayCloser(const Lexeme &lexeme) {
    bool sameRun = lexeme.begin == strayEnd;
    strayEnd = lexeme.end;
    if (sameRun)
      return;
    Mistake &mistake =
        tokens.mistakes.report(diag::Kind::StrayCloser, tokens.spanOf(lexeme), quoted(lexeme.type));
    mistake.weak = lexeme.type == T::RBRACE;
    mistake.edit(tokens.spanOf(lexeme), "", "remove it");
  }

  void wrongCloser(const Lexeme &lexeme, const Lexeme &opener, size_t wanted) {
    tokens.mistakes
        .report(diag::Kind::SyntaxExpected, tokens.spanOf(lexeme), "`" + quoted(wanted) + "`",
                "`" + quoted(lexeme.type) + "`")
        .place(tokens.spanOf(opener), "to close this `" + quoted(opener.type) + "`")
        .edit(tokens.spanOf(lexeme), quoted(wanted), "write `" + quoted(wanted) + "`");
  }
};

} // namespace

void mendBrackets(TokenText &tokens) { BracketPass(tokens).run(); }

} // namespace qdo::syntax
