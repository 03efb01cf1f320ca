// SPDX-License-Identifier: Apache-2.0
// One mistake is one error with the right code, and the statement after it survives.
#include "parsed.h"

namespace qdo::syntax::test {
namespace {

struct Slip {
  const char *text;
  diag::Code code;
  const char *says; ///< somewhere in the rendered diagnostic
};

using enum diag::Code;

const Slip slips[] = {
    // something is missing
    {"let x = ", E0101, "expected an expression, found the end of the line"},
    {"let x 3", E0101, "expected `=`, found `3`"},
    {"let = 3", E0101, "expected a name or `(`, found `=`"},
    {"fn f(x int) -> int = x", E0101, "expected `:`, found `int`"},
    {"fn f(x: int) -> = x", E0101, "expected a type, found `=`"},
    {"fn f(x: ) = x", E0101, "expected a type, found `)`"},
    {"fn (x: int) = x", E0101, "expected a name, found `(`"},
    {"kernel k(a: real[4]) via = 3", E0101, "expected an expression"},
    {"kernel k = 3", E0101, "expected `(`, found `=`"},
    {"while x print x", E0101, "expected `{`, found `print`"},
    {"if (a == 3) print a", E0101, "a block stands in braces"},
    {"for i 0..3 { print i }", E0101, "expected `in`, found `0`"},
    {"for in 0..3 { print i }", E0101, "expected a name or `(`, found `in`"},
    {"let x = f(a: )", E0101, "expected an expression, found `)`"},
    {"let x = f(1 2)", E0101, "expected `,` or `)`, found `2`"},
    {"let x = [1 2]", E0101, "found `2`"},
    {"let x = a.", E0101, "expected a name, found the end of the line"},
    {"use std.", E0101, "found the end of the line"},
    {"let x = <p|q", E0101, "expected `>`"},
    {"circuit c(n: int) { h q }", E0101, "its qubits follow `on`"},
    {"device d density_matrix(2)", E0101, "expected `=`"},
    {"select s flowers { take 5 }", E0101, "expected `from`"},
    {"save k", E0101, "expected `as`"},
    {"repeat { h q }", E0101, "expected an expression, found `{`"},
    {"dataset d = csv(\"x\") { x: }", E0101, "expected an expression, found `}`"},
    {"let s = \"{}\"", E0101, "expected an expression, found `}`"},
    // something is too much, or in the wrong place
    {"let x = 3 4", E0101, "expected the end of the statement, found `4`"},
    {"let a = 1, b = 2", E0101, "one binding each"},
    {"let x = 1 + * 2", E0101, "expected an expression, found `*`"},
    {"let x = 1 < 2 < 3", E0101, "comparisons do not chain"},
    {"let for = 3", E0101, "`for` is a word of the language"},
    {"else { x }", E0101, "`else` follows the `}` of an `if`"},
    {": 3", E0101, "unexpected `:`"},
    {"print \"a\" \"b\"", E0101, "found a string"},
    {"policy p { budget = 5 }", E0101, "a clause is a word and its value"},
    {"policy p { each 3 shots; = 4 }", E0101, "unexpected `=`"},
    {"let x == 3", E0101, "a value is given with `=`"},
    {"if a = 3 { print a }", E0101, "a comparison is written `==`"},
    {"let x = a ? b : c", E0101, "a choice is written `if c { a } else { b }`"},
    {"let x = |y|", E0101, "an absolute value is written `abs(x)`"},
    {"phantom p = cos(t) zz(a)", E0101, "a phantom is a sum of kets"},
    {"let x = a..b..c", E0101, "a range has two ends"},
    // nearly a word
    {"prnt \"hello\"", E0101, "did you mean `print`?"},
    {"lett y = 1", E0101, "did you mean `let`?"},
    {"circut c(n: int) on q: qubit[n] { h q }", E0101, "did you mean `circuit`?"},
    {"let m = mesure q", E0101, "did you mean `measure`?"},
    {"for i inn 0..3 { print i }", E0101, "did you mean `in`?"},
    {"save k ass \"x\"", E0101, "did you mean `as`?"},
    {"let e = p ten q", E0101, "did you mean `then`?"},
    // characters, strings, numbers
    {"let x = @foo", E0102, "the character `@`"},
    {"let x = §", E0102, "the character `§`"},
    {"let s = \"abc", E0103, "close it with `\"`"},
    {"f(\"abc)", E0103, "not closed"},
    {"let s = \"a {x", E0103, "each `{` in it with `}`"},
    {"let s = \"a {x\" + y", E0103, "not closed"},
    {"let x = 400_000shots", E0104, "write `400_000 shots`"},
    {"let x = 3sec", E0104, "did you mean `3s`?"},
    {"let x = 2x + 1", E0104, "`2 * x`"},
    {"let x = 99999999999999999999", E0104, "64-bit"},
    {"let x = 1e999", E0104, "does not fit in a `real`"},
    {"let s = \"a } b\"", E0108, "a brace itself is written `}}`"},
    {"let s = \"a \\q b\"", E0108, "`\\q` is no escape"},
    {"let s = \"{x:{w}}\"", E0108, "a format after `:` cannot hold `{`"},
    // brackets
    {"let x = (1 + 2", E0106, "this `(` is never closed"},
    {"let x = f(g(1, [2", E0106, "never closed"},
    {"let x = [1,\n  2", E0106, "this `[` is never closed"},
    {"if f(a { print a }", E0106, "this `(` is never closed"},
    {"with p {\n  let x = f(1\n  print x\n}", E0106, "this `(` is never closed"},
    {"fn f(x: int -> int = x", E0106, "this `(` is never closed"},
    {"let x = f(1, 2]", E0101, "to close this `(`"},
    {"let x = f(1))", E0106, "this `)` closes nothing"},
    {"fn f() {\n    for i in 0..3 {\n        print i\n    return 1\n}", E0106,
     "this `{` is never closed"},
    {"fn f() {\n    for i in 0..3\n        print i\n    }\n    return 1\n}", E0101,
     "expected `{`, found the end of the line"},
    {"fn f() {\n    print 1\n}\n}", E0106, "this `}` closes nothing"},
    {"while x print x }", E0101, "expected `{`, found `print`"},
    // other languages
    {"let x = a && b", E0107, "`&&` is written `and` here"},
    {"let x = a || b", E0107, "`||` is written `or` here"},
    {"let x = !a", E0107, "`!` is written `not` here"},
    {"i++", E0107, "`++` is written `+= 1` here"},
    {"let s = 'single'", E0107, "straight double quotes"},
    {"let s = “curly”", E0107, "straight double quotes"},
    {"# comment", E0107, "comments start with `//`"},
    {"let x = 3 /* c */", E0107, "comments start with `//`"},
    {"let x := 3", E0107, "`:=` is written `=` here"},
    {"def f(x: int) -> int = x", E0107, "`def` is written `fn` here"},
    {"def f(x):", E0107, "`def` is written `fn` here"},
    {"function f(x: int) = x", E0107, "`function` is written `fn` here"},
    {"import numpy", E0107, "`import` is written `use` here"},
    {"from numpy import array", E0107, "`from` is written `use` here"},
    {"let x = 5 % 2", E0107, "`%` is written `mod` here"},
    {"let x = 2 ** 3", E0107, "`**` is written `^` here"},
    {"let f = a => b", E0107, "`=>` is written `->` here"},
    {"if a { x } elif b { y }", E0107, "`elif` is written `else if` here"},
    {"x /= 2", E0107, "assignments are"},
    {"let x = 3 − 1", E0107, "`−` is written `-` here"},
    {"let x = std::zz", E0107, "`::` is written `.` here"},
};

TEST(Mistakes, AreOneErrorEachAndTheNextStatementSurvives) {
  static_assert(std::size(slips) >= 40);
  for (const Slip &slip : slips) {
    Parsed parsed("let before_ = 1\n" + std::string(slip.text) + "\nlet after_ = 42\n");
    EXPECT_EQ(parsed.diagnostics.all().size(), 1u) << slip.text << "\n" << parsed.rendered();
    ASSERT_FALSE(parsed.diagnostics.all().empty()) << slip.text;
    EXPECT_EQ(diag::info(parsed.diagnostics.all()[0].code()).name, diag::info(slip.code).name)
        << slip.text;
    EXPECT_NE(parsed.rendered().find(slip.says), std::string::npos) << slip.text << "\n"
                                                                    << parsed.rendered();
    // At the top level, with its value whole.
    EXPECT_NE(("\n" + parsed.shape()).find("\nLet after_\n  value: Int 42\n"), std::string::npos)
        << slip.text << "\n"
        << parsed.shape();
    EXPECT_NE(("\n" + parsed.shape()).find("\nLet before_\n"), std::string::npos) << slip.text;
  }
}

TEST(Mistakes, InsideABlockLeaveTheRestOfTheBlock) {
  for (const char *slip :
       {"let x 3", "let x = (1", "prnt \"a\"", "f(1 2)", "let s = \"a", "1 +", "a && b"}) {
    Parsed parsed("fn f() {\n    let a = 1\n    " + std::string(slip) +
                  "\n    let b = 2\n}\nlet after_ = 3\n");
    EXPECT_EQ(parsed.diagnostics.all().size(), 1u) << slip << "\n" << parsed.rendered();
    ASSERT_EQ(parsed.ast.stmts.size(), 2u) << slip << parsed.shape();
    const Block &block = *as<FnStmt>(*parsed.ast.stmts[0]).block;
    ASSERT_EQ(block.stmts.size(), 3u) << slip << parsed.shape();
    EXPECT_EQ(block.stmts[2]->kind, StmtKind::Let) << slip;
  }
}

TEST(Mistakes, EachIsReported) {
  Parsed parsed("let x 3\nlet y = 1\nlet z = )\nprint \"{y\"\nlet w = a && b\n");
  EXPECT_EQ(parsed.diagnostics.all().size(), 4u) << parsed.rendered();
}

TEST(Mistakes, KeepTheNamesTheyDeclare) {
  Parsed parsed("fn f(x int) = x\nkernel k(a: real) = |<a|a>\nlet v = 1 +\nlet a = 1, b = 2\n");
  EXPECT_EQ(parsed.shape(), "Error f\nError k\nLet v\n  value: Binary +\n    Int 1\n    Error\n"
                            "Let a\n  value: Int 1\nError b\n");
}

TEST(Mistakes, LeaveErrorNodesInTheTree) {
  Parsed parsed("let x = foo.\nprint f(1, )\nlet y = f(2, -)\n");
  EXPECT_EQ(
      parsed.shape(),
      "Let x\n  value: Member \n    Name foo\nPrint\n  Call\n    callee: Name f\n    arg: Int 1\n"
      "Let y\n  value: Call\n    callee: Name f\n    arg: Int 2\n    arg: Unary -\n      Error\n");
}

TEST(Mistakes, OfferEdits) {
  Parsed parsed("let x = a && b\n");
  ASSERT_EQ(parsed.diagnostics.all().size(), 1u);
  ASSERT_EQ(parsed.diagnostics.all()[0].edits.size(), 1u);
  EXPECT_EQ(parsed.diagnostics.all()[0].edits[0].replacement, "and");
  EXPECT_EQ(parsed.sources.text(parsed.diagnostics.all()[0].edits[0].span), "&&");
}

TEST(Mistakes, UnclosedBracketsPointAtBothPlaces) {
  Parsed parsed("let x = f(1,\n  2\nlet y = 3\n");
  ASSERT_EQ(parsed.diagnostics.all().size(), 1u);
  const diag::Diagnostic &diagnostic = parsed.diagnostics.all()[0];
  EXPECT_EQ(parsed.sources.text(diagnostic.primary.span), "(");
  ASSERT_EQ(diagnostic.places.size(), 1u);
  EXPECT_EQ(parsed.sources.position(parsed.file, diagnostic.places[0].span.begin).line, 2u);
}

} // namespace
} // namespace qdo::syntax::test
