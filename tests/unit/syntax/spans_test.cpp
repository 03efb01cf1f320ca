// SPDX-License-Identifier: Apache-2.0
// Spans are bytes, whatever alphabet stands before them.
#include "parsed.h"

namespace qdo::syntax::test {
namespace {

TEST(Spans, AreBytesAfterTextOutsideAscii) {
  Parsed parsed("// 日本語 🙂\nlet größe = \"π≈{π:.2f}\" // é\nlet y = größe + 12\n");
  ASSERT_EQ(parsed.rendered(), "");
  ASSERT_EQ(parsed.ast.stmts.size(), 2u);
  const auto &first = as<LetStmt>(*parsed.ast.stmts[0]);
  EXPECT_EQ(parsed.text(first), "let größe = \"π≈{π:.2f}\"");
  EXPECT_EQ(parsed.sources.text(first.binder.names.at(0).span), "größe");
  const auto &string = as<StringExpr>(*first.value);
  EXPECT_EQ(string.parts.at(0).text, "π≈");
  EXPECT_EQ(parsed.text(*string.parts.at(0).value), "π");
  EXPECT_EQ(parsed.sources.text(string.parts.at(0).specSpan), ".2f");
  const auto &second = as<LetStmt>(*parsed.ast.stmts[1]);
  EXPECT_EQ(parsed.text(*as<BinaryExpr>(*second.value).rhs), "12");
}

TEST(Spans, OfMistakesAreBytesToo) {
  Parsed parsed("let ä = \"ö\"\nlet ü = § 3\n");
  ASSERT_EQ(parsed.diagnostics.all().size(), 1u);
  EXPECT_EQ(parsed.sources.text(parsed.diagnostics.all()[0].primary.span), "§");
}

TEST(Spans, CountAByteOrderMarkAndCarriageReturns) {
  Parsed parsed("\xEF\xBB\xBFlet a = 1\r\nlet b = 2\r\n");
  ASSERT_EQ(parsed.rendered(), "");
  ASSERT_EQ(parsed.ast.stmts.size(), 2u);
  EXPECT_EQ(parsed.ast.stmts[0]->span.begin, 3u);
  EXPECT_EQ(parsed.text(*parsed.ast.stmts[1]), "let b = 2");
}

TEST(Spans, InvalidUtf8IsOneErrorAtItsByte) {
  Parsed parsed("let a = 1\nlet b = \"\xC3(\"\n");
  ASSERT_EQ(parsed.diagnostics.all().size(), 1u);
  EXPECT_EQ(parsed.diagnostics.all()[0].code(), diag::Code::E0002);
  EXPECT_EQ(parsed.diagnostics.all()[0].primary.span.begin, 19u);
  EXPECT_TRUE(parsed.ast.stmts.empty());
}

TEST(Spans, OfStatementsAndBlocks) {
  Parsed parsed("fn f() {\n  h q\n}\nx");
  ASSERT_EQ(parsed.rendered(), "");
  EXPECT_EQ(parsed.text(*parsed.ast.stmts[0]), "fn f() {\n  h q\n}");
  EXPECT_EQ(parsed.sources.text(as<FnStmt>(*parsed.ast.stmts[0]).block->span), "{\n  h q\n}");
  EXPECT_EQ(parsed.text(*parsed.ast.stmts[1]), "x");
}

} // namespace
} // namespace qdo::syntax::test
