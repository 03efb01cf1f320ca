// SPDX-License-Identifier: Apache-2.0
// Expansion of source bytes into terminal columns, cutting of long lines, styled rows.
#include "compiler/diag/shown_line.h"

#include "compiler/base/source_map.h"

#include <algorithm>

namespace qdo::diag {

namespace {

constexpr uint32_t tabWidth = 4;
constexpr uint32_t longestLine = 120; ///< longer lines are cut
constexpr uint32_t windowWidth = 100; ///< what is left of them
constexpr uint32_t windowLead = 30;   ///< columns kept before the marked place
constexpr std::string_view replacement = "\xEF\xBF\xBD";

} // namespace

std::string styled(std::string_view text, Style style, bool isError, bool colour) {
  if (!colour || style == Style::Plain || text.empty())
    return std::string(text);
  std::string_view code;
  switch (style) {
  case Style::Plain:
    break;
  case Style::Bold:
    code = "1";
    break;
  case Style::Gutter:
  case Style::Other:
    code = "1;34";
    break;
  case Style::Primary:
    code = isError ? "1;31" : "1;33";
    break;
  }
  return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
}

ShownLine::ShownLine(std::string_view line) {
  while (!line.empty()) {
    const unsigned length = base::utf8SequenceLength(line);
    const auto column = static_cast<uint32_t>(cells.size());
    const unsigned char lead = static_cast<unsigned char>(line.front());
    columns.insert(columns.end(), std::max(length, 1u), column);
    if (lead == '\t')
      cells.insert(cells.end(), tabWidth - column % tabWidth, " ");
    else if (length == 0 || lead < 0x20 || lead == 0x7F)
      cells.emplace_back(replacement); // a terminal must not obey what a program's text says
    else
      cells.emplace_back(line.substr(0, length));
    line.remove_prefix(std::max(length, 1u));
  }
  columns.push_back(static_cast<uint32_t>(cells.size()));
}

void ShownLine::cutAround(uint32_t begin, uint32_t end) {
  const auto size = static_cast<uint32_t>(cells.size());
  if (size <= longestLine)
    return;
  // A short mark gets some context before it; a wide one starts at the window's start.
  uint32_t start = begin > windowLead ? begin - windowLead : 0;
  if (end > start + windowWidth)
    start = begin;
  start = std::min(start, size - windowWidth);
  const uint32_t stop = start + windowWidth;

  std::vector<std::string> window;
  if (start > 0)
    window.insert(window.end(), 3, ".");
  const auto shift = static_cast<uint32_t>(window.size());
  window.insert(window.end(), cells.begin() + start, cells.begin() + stop);
  if (stop < size)
    window.insert(window.end(), 3, ".");
  cells = std::move(window);
  for (uint32_t &column : columns) {
    if (column < start)
      column = 0;
    else
      column = std::min(column, stop) - start + shift;
  }
}

uint32_t ShownLine::column(uint32_t byteInLine) const {
  return columns[std::min<size_t>(byteInLine, columns.size() - 1)];
}

std::string ShownLine::text() const {
  std::string result;
  for (const std::string &cell : cells)
    result += cell;
  while (!result.empty() && result.back() == ' ')
    result.pop_back();
  return result;
}

void Row::put(uint32_t column, std::string_view text, Style style) {
  while (!text.empty()) {
    const unsigned length = std::max(base::utf8SequenceLength(text), 1u);
    if (cells.size() <= column)
      cells.resize(column + 1);
    cells[column++] = {std::string(text.substr(0, length)), style};
    text.remove_prefix(length);
  }
}

std::string Row::render(bool isError, bool colour) const {
  std::string result;
  for (size_t i = 0; i < cells.size();) {
    std::string run;
    const Style style = cells[i].style;
    for (; i < cells.size() && cells[i].style == style; ++i)
      run += cells[i].glyph;
    result += styled(run, style, isError, colour);
  }
  return result;
}

} // namespace qdo::diag
