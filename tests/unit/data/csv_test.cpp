// SPDX-License-Identifier: Apache-2.0
// The CSV reader: what it accepts, and that each mistake is told at its place.
#include "runtime/data/csv.h"
#include "tests/unit/data/run.h"

#include <gtest/gtest.h>

using namespace qdo;
using data::Number;
using data::Table;

namespace {

std::string row(const Table &table, size_t row) {
  std::string out;
  for (size_t c = 0; c < table.columns().size(); ++c)
    out += "[" + table.text(row, c) + "]";
  return out;
}

/// "Kind place: message" of the failure that parsing `bytes` ends with.
std::string mistake(std::string bytes) {
  test::Run run;
  auto table = Table::parse(run.ctx, 7, std::move(bytes), "f.csv");
  if (table)
    return "none";
  EXPECT_EQ(run.failure().site, 7u);
  return run.failed() + " " + run.failure().place + ": " + run.failure().message;
}

Table parsed(std::string bytes) {
  test::Run run;
  auto table = Table::parse(run.ctx, 0, std::move(bytes), "f.csv");
  EXPECT_EQ(run.failed(), "");
  return std::move(*table);
}

} // namespace

TEST(Csv, ReadsPlainCells) {
  Table table = parsed("a,b\n1,x\n2,\n");
  ASSERT_EQ(table.rowCount(), 2u);
  EXPECT_EQ(table.columns(), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(row(table, 0), "[1][x]");
  EXPECT_EQ(row(table, 1), "[2][]");
}

TEST(Csv, TheLastLineNeedsNoEnd) { EXPECT_EQ(row(parsed("a,b\n1,2"), 0), "[1][2]"); }

TEST(Csv, AcceptsByteOrderMarkAndEveryLineEnd) {
  Table table = parsed("\xEF\xBB\xBF"
                       "a,b\r\n1,2\r3,4\n5,6\r\n");
  ASSERT_EQ(table.rowCount(), 3u);
  EXPECT_EQ(table.columns()[0], "a");
  EXPECT_EQ(row(table, 2), "[5][6]");
  EXPECT_EQ(table.place(0, 1), "f.csv:2:3");
  EXPECT_EQ(table.place(2, 0), "f.csv:4:1");
  EXPECT_EQ(table.headerPlace(0), "f.csv:1:1");
}

TEST(Csv, SkipsBlankLines) {
  EXPECT_EQ(parsed("a,b\n1,2\n\n3,4\n\n\r\n").rowCount(), 2u);
  // In a file of one column a blank line is an empty cell, except at the end.
  Table one = parsed("a\n1\n\n3\n\n\n");
  ASSERT_EQ(one.rowCount(), 3u);
  EXPECT_EQ(one.text(1, 0), "");
}

TEST(Csv, UnderstandsQuotes) {
  Table table = parsed("\"a,1\",b\n\"x\"\"y\",\"two\nlines\"\n\"\",\"\"\"\"\n");
  EXPECT_EQ(table.columns()[0], "a,1");
  EXPECT_EQ(row(table, 0), "[x\"y][two\nlines]");
  EXPECT_EQ(row(table, 1), "[][\"]");
  EXPECT_EQ(table.place(1, 0), "f.csv:4:2");
}

TEST(Csv, CountsColumnsInCharacters) {
  EXPECT_EQ(parsed("a,b\n\xC3\xA4\xE2\x82\xAC,2\n").place(0, 1), "f.csv:2:4");
}

TEST(Csv, TellsRaggedRows) {
  EXPECT_EQ(mistake("a,b,c\n1,2,3\n4,5\n"),
            "DataRagged f.csv:3:1: this row has 2 fields, the header has 3");
  EXPECT_EQ(mistake("a,b\n1,2,3\n"),
            "DataRagged f.csv:2:1: this row has 3 fields, the header has 2");
}

TEST(Csv, TellsEmptyFiles) {
  EXPECT_EQ(mistake(""), "DataEmpty : `f.csv` has no rows of data");
  EXPECT_EQ(mistake("\n\n"), "DataEmpty : `f.csv` has no rows of data");
  EXPECT_EQ(mistake("\xEF\xBB\xBF"), "DataEmpty : `f.csv` has no rows of data");
  EXPECT_EQ(mistake("a,b\n"), "DataEmpty : `f.csv` has no rows of data");
}

TEST(Csv, TellsBadUtf8) {
  EXPECT_EQ(mistake("a,b\n1,\xFF\n"),
            "DataNotUtf8 f.csv:2:3: `f.csv` is not valid UTF-8 at byte 6");
  // Overlong forms, surrogates, values above U+10FFFF, truncated characters.
  for (const char *bad : {"\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                          "\xF0\x9F", "\xE2\x82", "\x80"})
    EXPECT_EQ(mistake(std::string("a\n") + bad).substr(0, 11), "DataNotUtf8") << bad;
}

TEST(Csv, TellsBadQuotes) {
  EXPECT_EQ(mistake("a,b\n1,\"x\n"),
            "DataQuote f.csv:2:3: the quoted cell that starts here is never closed");
  EXPECT_EQ(
      mistake("a,b\n\"x\"y,1\n"),
      "DataQuote f.csv:2:1: the quoted cell that starts here goes on after its closing quote");
}

TEST(Csv, ReadsNumbers) {
  auto value = [](std::string_view text) {
    Number number = data::readNumber(text);
    EXPECT_EQ(number.status, Number::Status::Finite) << text;
    return number.value;
  };
  EXPECT_EQ(value("1"), 1);
  EXPECT_EQ(value(" +1.5e3\t"), 1500);
  EXPECT_EQ(value("-0.25"), -0.25);
  EXPECT_EQ(value(".5"), 0.5);
  EXPECT_EQ(value("1e-999"), 0);
  auto status = [](std::string_view text) { return data::readNumber(text).status; };
  EXPECT_EQ(status(" "), Number::Status::Empty);
  for (const char *text : {"1,5", "1.2.3", "0x10", "+-1", "1 2", "n/a", "+", "e5", "1e"})
    EXPECT_EQ(status(text), Number::Status::Text) << text;
  for (const char *text : {"nan", "NaN", "-inf", "Infinity", "1e999"})
    EXPECT_EQ(status(text), Number::Status::NotFinite) << text;
}
