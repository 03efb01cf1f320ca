// SPDX-License-Identifier: Apache-2.0
// Positions in source text: line tables, and columns in bytes, code points and UTF-16 units.
// In: bytes. Out: positions. Invalid UTF-8 is tolerated: a stray byte counts as one code point.
#include "compiler/base/source_map.h"

#include <algorithm>
#include <utility>

namespace qdo::base {

// The well-formed sequences of the Unicode Standard, table 3-7.
unsigned utf8SequenceLength(std::string_view text) {
  if (text.empty())
    return 0;
  const auto byte = [&](size_t index) { return static_cast<unsigned char>(text[index]); };
  const auto continues = [&](size_t index, unsigned char low = 0x80, unsigned char high = 0xBF) {
    return index < text.size() && byte(index) >= low && byte(index) <= high;
  };
  const unsigned char lead = byte(0);
  if (lead < 0x80)
    return 1;
  if (lead >= 0xC2 && lead <= 0xDF)
    return continues(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    // E0 would be overlong below A0; ED above 9F would be a surrogate.
    const unsigned char low = lead == 0xE0 ? 0xA0 : 0x80;
    const unsigned char high = lead == 0xED ? 0x9F : 0xBF;
    return continues(1, low, high) && continues(2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    // F0 would be overlong below 90; F4 above 8F is beyond U+10FFFF.
    const unsigned char low = lead == 0xF0 ? 0x90 : 0x80;
    const unsigned char high = lead == 0xF4 ? 0x8F : 0xBF;
    return continues(1, low, high) && continues(2) && continues(3) ? 4 : 0;
  }
  return 0;
}

FileId SourceMap::add(std::string name, std::string text) {
  File file{std::move(name), std::move(text), {0}, {}};
  Mark at{0, 1, 1};
  while (at.offset < file.text.size()) {
    if (at.offset >= file.marks.size() * MarkDistance)
      file.marks.push_back(at);
    const char c = file.text[at.offset];
    const unsigned length =
        static_cast<unsigned char>(c) < 0x80
            ? 1
            : std::max(utf8SequenceLength(std::string_view(file.text).substr(at.offset)), 1U);
    at.offset += length;
    ++at.codePointColumn;
    at.utf16Column += length == 4 ? 2 : 1;
    if (c == '\n') {
      file.lineStarts.push_back(at.offset);
      at.codePointColumn = at.utf16Column = 1;
    }
  }
  files.push_back(std::move(file));
  return static_cast<FileId>(files.size() - 1);
}

std::string_view SourceMap::name(FileId file) const { return get(file).name; }

std::string_view SourceMap::text(FileId file) const { return get(file).text; }

std::string_view SourceMap::text(Span span) const {
  const std::string_view whole = text(span.file);
  if (span.begin >= whole.size() || span.end <= span.begin)
    return {};
  return whole.substr(span.begin, span.end - span.begin);
}

uint32_t SourceMap::lineCount(FileId file) const {
  return static_cast<uint32_t>(get(file).lineStarts.size());
}

std::string_view SourceMap::line(FileId file, uint32_t line) const {
  const File &f = get(file);
  if (line == 0 || line > f.lineStarts.size())
    return {};
  const uint32_t begin = f.lineStarts[line - 1];
  uint32_t end =
      line < f.lineStarts.size() ? f.lineStarts[line] - 1 : static_cast<uint32_t>(f.text.size());
  if (end > begin && f.text[end - 1] == '\r')
    --end;
  return std::string_view(f.text).substr(begin, end - begin);
}

Position SourceMap::position(FileId file, uint32_t byteOffset) const {
  const File &f = get(file);
  byteOffset = std::min(byteOffset, static_cast<uint32_t>(f.text.size()));
  const auto after = std::upper_bound(f.lineStarts.begin(), f.lineStarts.end(), byteOffset);
  const uint32_t start = *(after - 1);

  Position result;
  result.line = static_cast<uint32_t>(after - f.lineStarts.begin());
  result.byteColumn = byteOffset - start + 1;
  uint32_t from = start;
  if (!f.marks.empty()) {
    size_t i = std::min<size_t>(byteOffset / MarkDistance, f.marks.size() - 1);
    if (f.marks[i].offset > byteOffset)
      --i;
    if (const Mark &mark = f.marks[i]; mark.offset > start) {
      from = mark.offset;
      result.codePointColumn = mark.codePointColumn;
      result.utf16Column = mark.utf16Column;
    }
  }
  std::string_view rest = std::string_view(f.text).substr(from);
  uint32_t left = byteOffset - from;
  while (left > 0) {
    const unsigned length = std::max(utf8SequenceLength(rest), 1u);
    if (length > left)
      break; // in the middle of a code point: its own column
    ++result.codePointColumn;
    result.utf16Column += length == 4 ? 2 : 1;
    rest.remove_prefix(length);
    left -= length;
  }
  return result;
}

uint32_t SourceMap::offset(FileId file, uint32_t line, uint32_t byteColumn) const {
  const File &source = get(file);
  if (line == 0 || line > source.lineStarts.size())
    return static_cast<uint32_t>(source.text.size());
  return std::min(source.lineStarts[line - 1] + byteColumn - 1,
                  static_cast<uint32_t>(source.text.size()));
}

uint32_t SourceMap::offsetOfUtf16(FileId file, uint32_t line0, uint32_t utf16Column0) const {
  const File &f = get(file);
  if (line0 >= f.lineStarts.size())
    return static_cast<uint32_t>(f.text.size());
  std::string_view rest = line(file, line0 + 1);
  uint32_t offset = f.lineStarts[line0];
  while (utf16Column0 > 0 && !rest.empty()) {
    const unsigned length = std::max(utf8SequenceLength(rest), 1u);
    const uint32_t units = length == 4 ? 2 : 1;
    if (units > utf16Column0)
      break; // between the halves of a surrogate pair: the start of the code point
    utf16Column0 -= units;
    offset += length;
    rest.remove_prefix(length);
  }
  return offset;
}

std::optional<uint32_t> firstInvalidUtf8(std::string_view text) {
  size_t offset = 0;
  while (offset < text.size()) {
    const unsigned length = utf8SequenceLength(text.substr(offset));
    if (length == 0)
      return static_cast<uint32_t>(offset);
    offset += length;
  }
  return std::nullopt;
}

} // namespace qdo::base
