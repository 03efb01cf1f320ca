// SPDX-License-Identifier: Apache-2.0
// From pieces to lines: where they break, how far they are indented, which columns are aligned.
#pragma once

#include "compiler/syntax/format_pieces.h"

#include <string>

namespace qdo::syntax {

/// Decides for each piece whether it starts a line.
class LineBreaks {
public:
  explicit LineBreaks(const std::vector<Piece> &pieces);

  [[nodiscard]] bool before(size_t i) const { return breaks[i]; }
  /// The columns of code from piece `first` to before the next break.
  [[nodiscard]] size_t indentOf(size_t first) const { return indents[first]; }
  [[nodiscard]] size_t endOfLine(size_t first) const;

private:
  const std::vector<Piece> &pieces;
  std::vector<bool> breaks;
  std::vector<size_t> indents; ///< of pieces that start a line

  // What is open at the place that layOut has reached.
  struct Open {
    size_t line; ///< columns before the line that it stands on
    bool block;
  };
  std::vector<Open> open;
  size_t statement = 0; ///< columns before the line that the statement starts on
  [[nodiscard]] bool inBlock() const { return open.empty() || open.back().block; }

  [[nodiscard]] bool keptFromSource(size_t i) const;
  void openBlocks();
  void layOut();
  [[nodiscard]] size_t startLine(size_t i) const;
  [[nodiscard]] bool startsStatement(size_t i) const;
  void pass(size_t i, size_t line);
  bool breakLine(size_t first, size_t end);
  bool breakBlocks(size_t first, size_t end);
  bool breakStatements(size_t first, size_t end);
  bool breakExpression(size_t first, size_t end);
  [[nodiscard]] size_t width(size_t first, size_t end) const;
};

/// What stands between piece `i - 1` and piece `i` on one line.
std::string_view between(const std::vector<Piece> &pieces, size_t i);

} // namespace qdo::syntax
