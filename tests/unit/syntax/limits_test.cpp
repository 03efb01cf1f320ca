// SPDX-License-Identifier: Apache-2.0
// Depth is one located error, never a crash; what is within the limits parses.
#include "parsed.h"

namespace qdo::syntax::test {
namespace {

std::string times(const std::string &text, size_t count) {
  std::string result;
  for (size_t i = 0; i < count; ++i)
    result += text;
  return result;
}

void expectTooDeep(const std::string &text) {
  Parsed parsed(text);
  ASSERT_EQ(parsed.diagnostics.all().size(), 1u) << text.substr(0, 40) << "\n"
                                                 << parsed.rendered().substr(0, 2000);
  EXPECT_EQ(parsed.diagnostics.all()[0].code(), diag::Code::E0105) << text.substr(0, 40);
}

void expectFine(const std::string &text) {
  Parsed parsed(text);
  EXPECT_EQ(parsed.rendered().substr(0, 2000), "") << text.substr(0, 40);
  EXPECT_FALSE(parsed.dump().empty());
}

TEST(Limits, Nesting) {
  const size_t many = 10'000;
  expectTooDeep("let x = " + times("(", many) + "1" + times(")", many) + "\n");
  expectTooDeep("let x = " + times("(", many));
  expectTooDeep("let x = " + times("[", many) + times("]", many) + "\n");
  expectTooDeep("let x = " + times("f(", many) + times(")", many) + "\n");
  expectTooDeep("let x = " + times("- ", 100'000) + "1\n");
  expectTooDeep("let x = " + times("not ", many) + "a\n");
  expectTooDeep("let x = " + times("adj ", many) + "a\n");
  expectTooDeep("let x = " + times("2^", many) + "2\n");
  expectTooDeep("let x = " + times("2^-", many) + "2\n");
  expectTooDeep("let x = " + times("w -> ", many) + "2\n");
  expectTooDeep("let x: " + times("int -> ", many) + "int = f\n");
  expectTooDeep("if a { }" + times(" else if b { }", many) + "\n");
  expectTooDeep(times("if ", many) + "a { }\n");
  expectTooDeep(times("if a { ", many) + times("}", many) + "\n");
  expectTooDeep("let x = " + times("<", many) + "p" + times(">", many) + "\n");
  expectTooDeep("let x = " + times("\"{", many) + "a" + times("}\"", many) + "\n");
  expectTooDeep("let x = " + times("ctrl ", many) + "a\n");
}

TEST(Limits, Operators) {
  const size_t many = 50'000;
  expectTooDeep("let x = 1" + times(" + 1", many) + "\n");
  expectTooDeep("let x = a" + times(".b", many) + "\n");
  expectTooDeep("let x = a" + times("(1)", many) + "\n");
  expectTooDeep("let x = a" + times(" then b", many) + "\n");
  expectTooDeep("let x = a" + times(" and b", many) + "\n");
  // Depth adds up along a path: neither part is too deep alone.
  std::string nested = "1";
  for (int i = 0; i < 50; ++i)
    nested = "(" + nested + ")" + times(" + 1", 50);
  expectTooDeep("let x = " + nested + "\n");
}

TEST(Limits, WhatIsWithinThemIsParsed) {
  expectFine("let x = " + times("(", 250) + "1" + times(")", 250) + "\n");
  expectFine("let x = " + times("- ", 250) + "1\n");
  expectFine("let x = 1" + times(" + 1", 990) + "\n");
  expectFine("let x = [" + times("-1 + 2,\n", 20'000) + "0]\n");
  expectFine(times("let x = 1 + 2\n", 5'000));
  expectFine("fn f() {\n" + times("x = 1 + 2 - 3\n", 5'000) + "}\n");
  expectFine("if a { }" + times(" else if b { }", 200) + "\n");
}

} // namespace
} // namespace qdo::syntax::test
