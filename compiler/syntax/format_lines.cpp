// SPDX-License-Identifier: Apache-2.0
// Line breaks: the author's are kept; a block is on one line or its braces stand at line ends; a
// line that is too long is broken at its loosest place until it fits or cannot be broken.
#include "compiler/syntax/format_lines.h"

#include "compiler/syntax/format.h"

#include <algorithm>
#include <tuple>

namespace qdo::syntax {

namespace {
constexpr size_t Indent = 4;
bool isOpen(const Piece &p) {
  return p.bracket == Bracket::Open || p.bracket == Bracket::OpenBlock;
}
bool isClose(const Piece &p) {
  return p.bracket == Bracket::Close || p.bracket == Bracket::CloseBlock;
}
} // namespace

std::string_view between(const std::vector<Piece> &pieces, size_t i) {
  const Piece &left = pieces[i - 1], &right = pieces[i];
  if (right.semicolon && left.bracket != Bracket::OpenBlock && !isClose(right))
    return "; ";
  return left.glueAfter || right.glueBefore ? "" : " ";
}

LineBreaks::LineBreaks(const std::vector<Piece> &pieces)
    : pieces(pieces), breaks(pieces.size()), indents(pieces.size()) {
  for (size_t i = 0; i < pieces.size(); ++i)
    breaks[i] = keptFromSource(i);
  openBlocks();
  layOut();
}

bool LineBreaks::keptFromSource(size_t i) const {
  const Piece &p = pieces[i];
  if (i == 0)
    return true;
  const Piece &previous = pieces[i - 1];
  if (previous.comment)
    return true;
  if (p.newlines == 0)
    return false;
  if (p.comment)
    return true;
  if (p.isElse)
    return false;
  if (previous.bracket == Bracket::OpenBlock && p.bracket == Bracket::CloseBlock)
    return false; // an empty block
  if (previous.bracket == Bracket::Open || isClose(p) || p.dot)
    return true;
  return !previous.glueAfter && !p.glueBefore;
}

void LineBreaks::openBlocks() {
  std::vector<size_t> breaksUntil(pieces.size() + 1);
  for (size_t i = 0; i < pieces.size(); ++i)
    breaksUntil[i + 1] = breaksUntil[i] + (breaks[i] ? 1 : 0);
  for (size_t i = 0; i < pieces.size(); ++i) {
    const size_t close = pieces[i].partner;
    if (pieces[i].bracket != Bracket::OpenBlock || breaksUntil[close + 1] == breaksUntil[i + 1])
      continue;
    size_t inside = i + 1;
    if (pieces[inside].comment && !breaks[inside])
      ++inside;
    breaks[inside] = breaks[close] = true;
  }
}

/// The columns before piece `i`, which starts a line.
size_t LineBreaks::startLine(size_t i) const {
  const Piece &p = pieces[i];
  if (isClose(p)) {
    size_t outermost = open.size() - 1;
    for (size_t k = i + 1; k < pieces.size() && isClose(pieces[k]) && !breaks[k]; ++k)
      --outermost;
    return open[outermost].line;
  }
  if (inBlock() && p.isElse)
    return statement;
  if (inBlock() && !startsStatement(i))
    return statement + Indent;
  return open.empty() ? 0 : open.back().line + Indent;
}

/// Whether the first piece from `i` on that is no comment starts a statement.
bool LineBreaks::startsStatement(size_t i) const {
  while (i < pieces.size() && pieces[i].comment)
    ++i;
  return i == pieces.size() || pieces[i].startsStatement ||
         pieces[i].bracket == Bracket::CloseBlock;
}

/// Goes past piece `i` of a line that is indented by `line` columns.
void LineBreaks::pass(size_t i, size_t line) {
  const Piece &p = pieces[i];
  const bool starts = breaks[i] ? startsStatement(i) && !isClose(p) // also a comment before one
                                : p.startsStatement && !p.comment;  // after a `;`
  if (starts && inBlock())
    statement = line;
  if (isOpen(p)) {
    open.push_back({line, p.bracket == Bracket::OpenBlock});
  } else if (isClose(p)) {
    if (p.bracket == Bracket::CloseBlock)
      statement = open.back().line; // which goes on after its block
    open.pop_back();
  }
}

size_t LineBreaks::endOfLine(size_t first) const {
  size_t end = first + 1;
  while (end < pieces.size() && !breaks[end])
    ++end;
  return end;
}

size_t LineBreaks::width(size_t first, size_t end) const {
  size_t columns = indents[first];
  for (size_t i = first; i < end && !(pieces[i].comment && i > first); ++i)
    columns += columnsOf(pieces[i].text) + (i > first ? between(pieces, i).size() : 0);
  return columns;
}

/// One pass: what is before a line is settled when the line is looked at.
void LineBreaks::layOut() {
  for (size_t first = 0; first < pieces.size();) {
    const size_t line = indents[first] = startLine(first);
    size_t end = endOfLine(first);
    while (!pieces[first].comment && width(first, end) > MaxColumns && breakLine(first, end))
      end = endOfLine(first);
    for (; first < end; ++first)
      pass(first, line);
  }
}

bool LineBreaks::breakLine(size_t first, size_t end) {
  return breakStatements(first, end) || breakBlocks(first, end) || breakExpression(first, end);
}

/// `a; b; c` at the level of the line.
bool LineBreaks::breakStatements(size_t first, size_t end) {
  bool broken = false;
  size_t depth = 0;
  for (size_t i = first; i < end; ++i) {
    const Piece &p = pieces[i];
    if (i > first && depth == 0 && p.semicolon && !isClose(p) && !p.comment)
      broken = breaks[i] = true;
    if (isOpen(p))
      ++depth;
    else if (isClose(p) && depth > 0)
      --depth;
  }
  return broken;
}

/// Blocks that are open and closed on this line and in no other bracket of it.
bool LineBreaks::breakBlocks(size_t first, size_t end) {
  bool broken = false;
  for (size_t i = first; i < end; ++i) {
    const Piece &p = pieces[i];
    if (!isOpen(p) || p.partner >= end)
      continue;
    const size_t close = p.partner;
    if (p.bracket == Bracket::OpenBlock && close > i + 1) {
      broken = breaks[i + 1] = breaks[close] = true;
      size_t depth = 0;
      for (size_t k = i + 1; k < close; ++k) {
        if (depth == 0 && pieces[k].semicolon)
          breaks[k] = true;
        if (isOpen(pieces[k]))
          ++depth;
        else if (isClose(pieces[k]))
          --depth;
      }
    }
    i = close;
  }
  return broken;
}

/// One break in an expression: the least deep and loosest place that leaves a first line that fits,
/// of equal ones the last.
bool LineBreaks::breakExpression(size_t first, size_t end) {
  using Rank = std::tuple<size_t, size_t>; // depth, then Break
  size_t best = 0, columns = indents[first], depth = 0;
  Rank bestRank{};
  bool bestFits = false;
  size_t definition = 0;
  for (size_t i = first; i < end && !pieces[i].comment; ++i) {
    const Piece &p = pieces[i];
    if (i > first) {
      if (isClose(p) && depth > 0)
        --depth;
      const Break kind = std::min(pieces[i - 1].breakAfter, p.breakBefore);
      if ((pieces[i - 1].defines || pieces[i - 1].binds) && depth == 0)
        definition = i;
      if (kind != Break::Never) {
        const Rank rank{depth, static_cast<size_t>(kind)};
        const bool fits = columns <= MaxColumns;
        if (best == 0 || (fits && rank <= bestRank)) {
          best = i;
          bestRank = rank;
          bestFits = fits;
        }
      }
      columns += between(pieces, i).size();
    }
    if (isOpen(p))
      ++depth;
    columns += columnsOf(p.text);
  }
  // `fn f(x) =` and its value on the next line, when that is enough.
  if (definition > 0) {
    size_t value = indents[first] + Indent;
    for (size_t i = definition; i < end && !pieces[i].comment; ++i)
      value += columnsOf(pieces[i].text) + (i > definition ? between(pieces, i).size() : 0);
    if (value <= MaxColumns && (pieces[definition - 1].defines || best < definition || !bestFits))
      best = definition;
  }
  if (best == 0)
    return false;
  return breaks[best] = true;
}

} // namespace qdo::syntax
