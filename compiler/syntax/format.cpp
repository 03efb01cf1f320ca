// SPDX-License-Identifier: Apache-2.0
// Putting lines together: blank lines, clauses in columns, comments where their author wanted them.
// Why the proof at the end: a formatter that changes a program is worse than none, so its result is
// read again and compared with what was there.
#include "compiler/syntax/format.h"

#include "compiler/syntax/format_lines.h"
#include "compiler/syntax/parse.h"

#include <algorithm>

namespace qdo::syntax {

namespace {

struct Line {
  std::string code;
  std::string comment; ///< beside the code
  size_t gap = 0;      ///< spaces before the comment in the source
  size_t column = 0;   ///< of the comment in the source
  bool blankBefore = false;
};

class Writer {
public:
  Writer(std::string_view text, const std::vector<Piece> &pieces)
      : text(text), pieces(pieces), breaks(pieces) {}

  std::string run() {
    alignClauses();
    for (size_t i = 0; i < pieces.size(); i = breaks.endOfLine(i))
      line(i, breaks.endOfLine(i));
    alignComments();
    std::string result;
    for (const Line &line : lines) {
      if (line.blankBefore)
        result += '\n';
      result += line.code;
      if (!line.comment.empty())
        result += std::string(line.gap, ' ') + line.comment;
      result += '\n';
    }
    return result;
  }

private:
  std::string_view text;
  const std::vector<Piece> &pieces;
  LineBreaks breaks;
  std::vector<Line> lines;
  std::vector<std::pair<size_t, size_t>> padding; ///< piece, spaces before it; in order

  [[nodiscard]] size_t sourceColumn(size_t offset) const {
    const size_t newline = offset == 0 ? text.npos : text.rfind('\n', offset - 1);
    const size_t start = newline == text.npos ? 0 : newline + 1;
    return columnsOf(text.substr(start, offset - start));
  }
  [[nodiscard]] size_t sourceEnd(size_t i) const { return pieces[i].begin + pieces[i].text.size(); }

  void line(size_t first, size_t end) {
    Line line;
    const Piece &start = pieces[first];
    line.blankBefore =
        first > 0 && start.newlines > 1 && pieces[first - 1].bracket != Bracket::OpenBlock &&
        pieces[first - 1].bracket != Bracket::Open && start.bracket != Bracket::CloseBlock &&
        start.bracket != Bracket::Close && !(pieces[first - 1].comment && opensBlock(first - 1));
    line.code.assign(breaks.indentOf(first), ' ');
    for (size_t i = first; i < end; ++i) {
      if (pieces[i].comment && i > first) {
        line.comment = pieces[i].text;
        line.column = sourceColumn(pieces[i].begin);
        line.gap = std::max<size_t>(1, pieces[i].begin - sourceEndBefore(pieces[i].begin));
        break;
      }
      if (i > first)
        line.code += pad(i);
      line.code += pieces[i].text;
    }
    lines.push_back(std::move(line));
  }

  /// A comment beside the `{` of a block.
  [[nodiscard]] bool opensBlock(size_t comment) const {
    return comment > 0 && pieces[comment].newlines == 0 &&
           pieces[comment - 1].bracket == Bracket::OpenBlock;
  }

  /// Where the code before a comment ends: a `;` that goes away counts as a space.
  [[nodiscard]] size_t sourceEndBefore(size_t offset) const {
    while (offset > 0 && (text[offset - 1] == ' ' || text[offset - 1] == '\t'))
      --offset;
    return offset;
  }

  std::string pad(size_t i) {
    auto found = std::lower_bound(padding.begin(), padding.end(), std::pair<size_t, size_t>(i, 0));
    if (found != padding.end() && found->first == i)
      return std::string(found->second, ' ');
    return std::string(between(pieces, i));
  }

  /// The clauses of a block that its author wrote in columns: one column after the longest words.
  void alignClauses() {
    for (size_t i = 0; i < pieces.size(); ++i)
      if (pieces[i].bracket == Bracket::OpenBlock)
        alignClausesOf(i);
    std::sort(padding.begin(), padding.end());
  }

  void alignClausesOf(size_t open) {
    struct Found {
      size_t payload, width, sourceColumn;
      bool block;
    };
    std::vector<Found> found;
    for (size_t i = open + 1; i < pieces[open].partner; ++i) {
      if (pieces[i].clauseStart && breaks.before(i)) {
        size_t width = columnsOf(pieces[i].text), payload = i + 1;
        for (; payload < pieces[open].partner && !pieces[payload].clausePayload &&
               !pieces[payload].clauseStart && !breaks.before(payload);
             ++payload)
          width += 1 + columnsOf(pieces[payload].text);
        if (payload < pieces.size() && pieces[payload].clausePayload && !breaks.before(payload))
          found.push_back({payload, width, pieces[payload].begin - pieces[i].begin,
                           pieces[payload].bracket == Bracket::OpenBlock});
      }
      if (pieces[i].bracket == Bracket::OpenBlock)
        i = pieces[i].partner;
    }
    // `each round {` is in the column if its author put it there.
    size_t widest = 0, column = 0;
    for (const Found &f : found)
      if (!f.block && f.sourceColumn > f.width + 1)
        column = f.sourceColumn;
    for (const Found &f : found)
      if (!f.block || f.sourceColumn == column)
        widest = std::max(widest, f.width);
    for (const Found &f : found)
      if (column > 0 && f.width <= widest)
        padding.emplace_back(f.payload, widest + 1 - f.width);
  }

  /// Comments of neighbouring lines that shared a column share one; the others keep their distance.
  void alignComments() {
    for (size_t i = 0; i < lines.size();) {
      size_t end = i + 1, widest = columnsOf(lines[i].code), gap = lines[i].gap;
      if (!lines[i].comment.empty())
        for (; end < lines.size() && !lines[end].comment.empty() &&
               lines[end].column == lines[i].column && !lines[end].blankBefore;
             ++end) {
          widest = std::max(widest, columnsOf(lines[end].code));
          gap = std::min(gap, lines[end].gap);
        }
      if (end > i + 1)
        for (size_t k = i; k < end; ++k)
          lines[k].gap = widest + gap - columnsOf(lines[k].code);
      i = end;
    }
  }
};

/// Everything that must be the same before and after: tokens, comments, and the tree.
std::string essence(base::FileId file, base::SourceMap &sources, diag::Engine &diagnostics) {
  const Ast ast = parse(file, sources, diagnostics);
  const std::string_view text = sources.text(file);
  std::string result;
  std::string_view dump;
  const std::string whole = dumpAst(ast, sources);
  for (dump = whole; !dump.empty();) {
    const size_t end = std::min(dump.find('\n'), dump.size() - 1);
    std::string_view line = dump.substr(0, end);
    result += line.substr(0, line.rfind(" @"));
    result += '\n';
    dump.remove_prefix(end + 1);
  }
  Mistakes mistakes(file);
  const std::optional<Scanned> scanned = prepareTokens(text, mistakes);
  if (!scanned)
    return result;
  auto add = [&](uint32_t begin, uint32_t end) {
    std::string_view part = text.substr(begin, end - begin);
    result += part.substr(0, part.find_last_not_of(" \t") + 1);
    result += '\n';
  };
  for (const Lexeme &lexeme : scanned->lexemes)
    if (lexeme.type != T::NL && lexeme.type != T::SEMI)
      add(lexeme.begin, lexeme.end);
  for (const DocComment &comment : scanned->comments)
    add(comment.begin, comment.end);
  return result;
}

} // namespace

std::optional<std::string> format(base::FileId file, base::SourceMap &sources,
                                  diag::Engine &diagnostics) {
  const std::string before = essence(file, sources, diagnostics);
  if (diagnostics.hasErrors())
    return std::nullopt;
  const std::string_view text = sources.text(file);
  Mistakes mistakes(file);
  const std::optional<Scanned> scanned = prepareTokens(text, mistakes);
  if (!scanned)
    return std::nullopt;
  const std::vector<Piece> pieces = piecesOf(text, *scanned);
  std::string result = Writer(text, pieces).run();
  diag::Engine again;
  const base::FileId formatted = sources.add(std::string(sources.name(file)), result);
  if (essence(formatted, sources, again) != before || again.hasErrors()) {
    diagnostics.reportUnlocated(diag::Kind::InternalError,
                                "formatting would change this program, so it is left as it is");
    return std::nullopt;
  }
  return result;
}

} // namespace qdo::syntax
