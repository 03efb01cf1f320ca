// SPDX-License-Identifier: Apache-2.0
// Random input never crashes: bytes, characters that matter to the lexer, and shuffled tokens.
#include "parsed.h"

#include <random>

namespace qdo::syntax::test {
namespace {

void survive(const std::string &text) {
  Parsed parsed(text);
  // Whatever came out can be walked and printed.
  EXPECT_LE(parsed.dump().size(), 1'000'000u);
  for (const diag::Diagnostic &diagnostic : parsed.diagnostics.all()) {
    ASSERT_LE(diagnostic.primary.span.begin, diagnostic.primary.span.end);
    ASSERT_LE(diagnostic.primary.span.end, text.size());
  }
}

TEST(Soup, OfBytes) {
  std::mt19937 random(1);
  for (int i = 0; i < 2'000; ++i) {
    std::string text(random() % 80, ' ');
    for (char &c : text)
      c = static_cast<char>(random() % (i % 2 ? 256 : 128));
    survive(text);
  }
}

TEST(Soup, OfMarks) {
  static const std::vector<std::string> pieces{
      "\"", "{", "}",  "(",  ")", "[", "]", "<",  ">", "|", ":",  ";", "\n", "\n", " ", "\\",
      "'",  "#", "//", "/*", "x", "1", ".", "..", ",", "=", "->", "-", "é",  "🙂", "`", "“"};
  std::mt19937 random(2);
  for (int i = 0; i < 6'000; ++i) {
    std::string text;
    for (size_t n = random() % 40; n > 0; --n)
      text += pieces[random() % pieces.size()];
    survive(text);
  }
}

TEST(Soup, OfWords) {
  static const std::vector<std::string> pieces{
      "let",     "var",    "fn",     "if",   "else",     "for",   "in",    "with",
      "policy",  "kernel", "select", "from", "dataset",  "split", "by",    "phantom",
      "subject", "to",     "test",   "save", "as",       "use",   "print", "measure",
      "adj",     "ctrl",   "then",   "(",    ")",        "[",     "]",     "{",
      "}",       "<",      ">",      "|",    "=",        "\n",    ";",     "a",
      "b",       "3",      "2%",     "4us",  "\"s\"",    "\"{",   "}\"",   ",",
      ".",       "-",      "+",      "->",   "estimate", "x:",    "on"};
  std::mt19937 random(3);
  for (int i = 0; i < 6'000; ++i) {
    std::string text;
    for (size_t n = random() % 40; n > 0; --n)
      text += pieces[random() % pieces.size()] + " ";
    survive(text);
  }
}

} // namespace
} // namespace qdo::syntax::test
