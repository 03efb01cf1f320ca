// SPDX-License-Identifier: Apache-2.0
// The catalogue's tables and the engine's order, counts and exit status.
#include "compiler/diag/diagnostic.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace qdo::diag {
namespace {

const base::Span here{base::FileId{0}, 3, 5};

TEST(Catalogue, NamesEachCodeOnceAndWell) {
  std::set<std::string_view> names;
  for (const CodeInfo &code : allCodes()) {
    EXPECT_TRUE(names.insert(code.name).second) << code.name;
    ASSERT_EQ(code.name.size(), 5u) << code.name;
    EXPECT_TRUE(code.name[0] == 'E' || code.name[0] == 'W') << code.name;
    EXPECT_FALSE(code.title.empty()) << code.name;
  }
}

TEST(Catalogue, WordingsFollowTheHouseStyle) {
  const std::pair<std::string_view, std::string_view> kinds[] = {
#define QDO_DIAG(kind, code, level, text) {#kind, text},
#include "compiler/diag/catalogue.def"
  };
  for (const auto &[kind, text] : kinds) {
    ASSERT_FALSE(text.empty()) << kind;
    EXPECT_FALSE(text.ends_with('.')) << kind;
    EXPECT_FALSE(text.ends_with(' ')) << kind;
    EXPECT_EQ(std::count(text.begin(), text.end(), '`') % 2, 0) << kind << ": unpaired backtick";
  }
}

TEST(Engine, FormatsAndCounts) {
  Engine engine;
  EXPECT_FALSE(engine.hasErrors());
  EXPECT_EQ(engine.exitStatus(), 0);
  const Diagnostic &d = engine.report(Kind::SyntaxExpected, here, "`)`", "`}`");
  EXPECT_EQ(d.message, "expected `)`, found `}`");
  EXPECT_EQ(info(d.code()).name, "E0101");
  EXPECT_TRUE(d.located);
  EXPECT_TRUE(engine.hasErrors());
  EXPECT_EQ(engine.errorCount(), 1u);
}

TEST(Engine, ExitStatusIsThatOfTheFirstError) {
  Engine engine;
  engine.reportUnlocated(Kind::FileMissing, "a.qdo", "no such file");
  engine.report(Kind::SyntaxUnexpected, here, "`}`");
  EXPECT_EQ(engine.exitStatus(), static_cast<int>(ExitClass::Data));
  EXPECT_FALSE(engine.all().front().located);
}

TEST(Engine, SortsByPlaceAndKeepsTheOrderOfEquals) {
  const auto at = [](uint32_t file, uint32_t begin) {
    return base::Span{base::FileId{file}, begin, begin + 1};
  };
  Engine engine;
  engine.report(Kind::SyntaxUnexpected, at(1, 0), "d");
  engine.report(Kind::SyntaxUnexpected, at(0, 9), "b");
  engine.report(Kind::SyntaxUnexpected, at(0, 9), "c");
  engine.report(Kind::SyntaxUnexpected, at(0, 2), "a");
  engine.reportUnlocated(Kind::FileMissing, "x", "y");
  engine.sortByPlace();
  std::string order;
  for (const Diagnostic &d : engine.all())
    order += d.located ? d.message.back() : '!';
  EXPECT_EQ(order, "!abcd");
}

TEST(Engine, SaysNothingTwice) {
  Engine engine;
  engine.report(Kind::SyntaxUnexpected, here, "a").help("kept");
  engine.report(Kind::SyntaxUnexpected, here, "a").help("forgotten");
  engine.report(Kind::SyntaxUnexpected, here, "b");
  ASSERT_EQ(engine.all().size(), 2u);
  EXPECT_EQ(engine.all()[0].helps, std::vector<std::string>{"kept"});
  EXPECT_EQ(engine.errorCount(), 3u) << "who asks whether something went wrong must hear of it";
}

TEST(Engine, IsSilentWhereItWasAskedTo) {
  const auto span = [](uint32_t begin, uint32_t end) {
    return base::Span{base::FileId{0}, begin, end};
  };
  Engine engine;
  engine.silence(span(10, 20));
  engine.silence(span(15, 30)); // one place of both
  engine.report(Kind::SyntaxUnexpected, span(12, 28), "inside");
  engine.report(Kind::SyntaxUnexpected, span(8, 12), "across");
  engine.report(Kind::SyntaxUnexpected, {base::FileId{1}, 12, 13}, "elsewhere");
  engine.reportUnlocated(Kind::FileMissing, "x", "y");
  EXPECT_EQ(engine.all().size(), 3u);
  EXPECT_TRUE(engine.hasErrorIn(span(5, 12)));
  EXPECT_FALSE(engine.hasErrorIn(span(9, 40)));
}

} // namespace
} // namespace qdo::diag
