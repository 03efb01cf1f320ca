// SPDX-License-Identifier: Apache-2.0
// Lines, columns and UTF-8 validity of source text.
#include "compiler/base/source_map.h"

#include <gtest/gtest.h>

namespace qdo::base {
namespace {

TEST(SourceMap, KeepsNamesAndTexts) {
  SourceMap map;
  const FileId a = map.add("a.qdo", "one\ntwo\n");
  const FileId b = map.add("b.qdo", "three");
  EXPECT_EQ(map.name(a), "a.qdo");
  EXPECT_EQ(map.text(b), "three");
  EXPECT_EQ(map.text(Span{a, 4, 7}), "two");
  EXPECT_EQ(map.text(Span{a, 99, 120}), "");
}

TEST(SourceMap, EmptyFileHasOneEmptyLine) {
  SourceMap map;
  const FileId file = map.add("empty.qdo", "");
  EXPECT_EQ(map.lineCount(file), 1u);
  EXPECT_EQ(map.line(file, 1), "");
  EXPECT_EQ(map.line(file, 2), "");
  const Position at = map.position(file, 0);
  EXPECT_EQ(at.line, 1u);
  EXPECT_EQ(at.codePointColumn, 1u);
  EXPECT_EQ(map.offsetOfUtf16(file, 0, 0), 0u);
  EXPECT_EQ(map.offsetOfUtf16(file, 7, 3), 0u);
}

TEST(SourceMap, LastLineWithAndWithoutLineEnd) {
  SourceMap map;
  const FileId without = map.add("a", "x\ny");
  EXPECT_EQ(map.lineCount(without), 2u);
  EXPECT_EQ(map.line(without, 2), "y");
  EXPECT_EQ(map.position(without, 3).line, 2u);
  EXPECT_EQ(map.position(without, 3).byteColumn, 2u);
  EXPECT_EQ(map.position(without, 1000).byteColumn, 2u) << "offsets past the end are clamped";

  const FileId with = map.add("b", "x\ny\n");
  EXPECT_EQ(map.lineCount(with), 3u);
  EXPECT_EQ(map.line(with, 3), "");
  EXPECT_EQ(map.position(with, 4).line, 3u);
}

TEST(SourceMap, CarriageReturnsBelongToTheLineEnding) {
  SourceMap map;
  const FileId file = map.add("crlf.qdo", "let a\r\nlet b\r\n");
  EXPECT_EQ(map.line(file, 1), "let a");
  EXPECT_EQ(map.line(file, 2), "let b");
  EXPECT_EQ(map.position(file, 7).line, 2u);
  EXPECT_EQ(map.position(file, 7).byteColumn, 1u);
  // An editor that asks beyond the line gets its end, not the carriage return.
  EXPECT_EQ(map.offsetOfUtf16(file, 0, 40), 5u);
}

TEST(SourceMap, ColumnsInBytesCodePointsAndUtf16) {
  SourceMap map;
  // "π" is 2 bytes, "ψ̂" is a letter and a combining mark (2 + 2 bytes), "𝛑" is 4 bytes.
  const std::string text = "\u03C0 \u03C8\u0302 \U0001D6D1 x";
  const FileId file = map.add("greek.qdo", text);
  const auto x = static_cast<uint32_t>(text.find('x'));
  const Position at = map.position(file, x);
  EXPECT_EQ(at.byteColumn, 2u + 1 + 4 + 1 + 4 + 1 + 1);
  EXPECT_EQ(at.codePointColumn, 1u + 1 + 2 + 1 + 1 + 1 + 1);
  EXPECT_EQ(at.utf16Column, 1u + 1 + 2 + 1 + 2 + 1 + 1);
  EXPECT_EQ(map.offsetOfUtf16(file, 0, at.utf16Column - 1), x);
  // Between the halves of the surrogate pair of U+1D6D1: its start.
  EXPECT_EQ(map.offsetOfUtf16(file, 0, 6), 8u);
  // In the middle of a code point: the column of the code point.
  EXPECT_EQ(map.position(file, 9).codePointColumn, map.position(file, 8).codePointColumn);
}

TEST(SourceMap, Utf16RoundTripsAtEveryCodePoint) {
  SourceMap map;
  const std::string text = "a\u00E9\n\U0001F600\u4E2D b\r\n\n\tz";
  const FileId file = map.add("mixed", text);
  for (uint32_t offset = 0; offset <= text.size(); ++offset) {
    const bool startsCodePoint =
        offset == text.size() || (static_cast<unsigned char>(text[offset]) & 0xC0) != 0x80;
    const bool inLineEnding = offset > 0 && text[offset - 1] == '\r';
    if (!startsCodePoint || inLineEnding)
      continue;
    const Position at = map.position(file, offset);
    EXPECT_EQ(map.offsetOfUtf16(file, at.line - 1, at.utf16Column - 1), offset);
  }
}

TEST(SourceMap, ColumnsOfLongLinesAreCountedFromTheirStart) {
  SourceMap map;
  std::string text;
  for (int line = 0; line < 3; ++line) {
    for (int i = 0; i < 700; ++i)
      text += i % 5 == 0 ? "\U0001D6D1" : i % 3 == 0 ? "\u03C0" : "x";
    text += '\n';
  }
  const FileId file = map.add("long.qdo", text);
  Position expected;
  for (uint32_t offset = 0; offset < text.size();) {
    const Position at = map.position(file, offset);
    ASSERT_EQ(at.line, expected.line) << offset;
    ASSERT_EQ(at.codePointColumn, expected.codePointColumn) << offset;
    ASSERT_EQ(at.utf16Column, expected.utf16Column) << offset;
    const unsigned length = utf8SequenceLength(std::string_view(text).substr(offset));
    offset += length;
    ++expected.codePointColumn;
    expected.utf16Column += length == 4 ? 2 : 1;
    if (text[offset - 1] == '\n')
      expected = {expected.line + 1, 1, 1, 1};
  }
}

TEST(SourceMap, InvalidBytesCountAsOneColumnEach) {
  SourceMap map;
  const FileId file = map.add("bad", "\xFF\xC0x");
  EXPECT_EQ(map.position(file, 2).codePointColumn, 3u);
  EXPECT_EQ(map.offsetOfUtf16(file, 0, 2), 2u);
}

TEST(Span, CoversBoth) {
  const Span a{FileId{1}, 4, 8}, b{FileId{1}, 2, 5};
  EXPECT_EQ(a.to(b), (Span{FileId{1}, 2, 8}));
  EXPECT_EQ(b.size(), 3u);
}

TEST(Utf8, AcceptsEveryLengthAndBoundary) {
  for (const char *text :
       {"", "plain", "\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
        "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF", "e\u0301"})
    EXPECT_EQ(firstInvalidUtf8(text), std::nullopt) << text;
}

TEST(Utf8, RejectsOverlongsSurrogatesAndStrays) {
  const std::pair<const char *, uint32_t> cases[] = {
      {"ab\x80", 2},             // continuation without a lead
      {"\xC0\xAF", 0},           // overlong slash
      {"\xC1\xBF", 0},           // overlong DEL
      {"x\xE0\x9F\xBF", 1},      // overlong, three bytes
      {"\xF0\x8F\xBF\xBF", 0},   // overlong, four bytes
      {"\xED\xA0\x80", 0},       // high surrogate
      {"\xED\xBF\xBF", 0},       // low surrogate
      {"\xF4\x90\x80\x80", 0},   // beyond U+10FFFF
      {"\xF5\x80\x80\x80", 0},   // no such lead
      {"\xFE", 0},               // no such lead
      {"\xE2\x82", 0},           // cut off at the end
      {"ok \xF0\x9F\x98 no", 3}, // cut off in the middle
  };
  for (const auto &[text, offset] : cases)
    EXPECT_EQ(firstInvalidUtf8(text), offset) << "offset " << offset;
}

} // namespace
} // namespace qdo::base
