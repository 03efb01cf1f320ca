// SPDX-License-Identifier: Apache-2.0
// One source line as a terminal shows it, and rows of marks and labels drawn under it.
// In: bytes. Out: cells of one column each: tabs expanded, unprintable bytes replaced, long lines
// cut. Why cells: a mark must stand under its character whatever stands before it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace qdo::diag {

enum class Style : uint8_t { Plain, Bold, Gutter, Primary, Other };

/// Wraps `text` in the ANSI codes of a style, or returns it as it is.
std::string styled(std::string_view text, Style style, bool isError, bool colour);

class ShownLine {
public:
  explicit ShownLine(std::string_view line);

  /// Shortens a very long line to a window around the columns [begin, end).
  void cutAround(uint32_t begin, uint32_t end);
  /// The column (from 0) of a byte of the line; bytes that were cut away map to the cut's ellipsis.
  [[nodiscard]] uint32_t column(uint32_t byteInLine) const;
  [[nodiscard]] std::string text() const;

private:
  std::vector<std::string> cells;
  std::vector<uint32_t> columns; ///< of each byte, and of the end
};

/// A row of text drawn piece by piece, each piece at a column.
class Row {
public:
  /// Draws over whatever stands there; `text` is UTF-8, one code point a column.
  void put(uint32_t column, std::string_view text, Style style);
  [[nodiscard]] std::string render(bool isError, bool colour) const;

private:
  struct Cell {
    std::string glyph = " ";
    Style style = Style::Plain;
  };
  std::vector<Cell> cells;
};

} // namespace qdo::diag
