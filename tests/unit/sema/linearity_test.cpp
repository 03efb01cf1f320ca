// SPDX-License-Identifier: Apache-2.0
// The laws of live values on small programs: which codes, how many, at which line.
// Why not the wording: tests/golden shows whole messages; here it is the analysis that counts.
#include "compiler/sema/linear_places.h"
#include "compiler/sema/program.h"
#include "compiler/syntax/parse.h"

#include <gtest/gtest.h>

namespace qdo::sema {
namespace {

constexpr std::string_view library = R"(
circuit zero(n: int) on q: qubit[n] { }
circuit turn(t: real) on q: qubit { ry(t) q }
)";

/// "E0201@3 E0202@5": codes and lines in order of place, without what the checks of types say.
std::string laws(const std::string &body) {
  base::SourceMap sources;
  diag::Engine diagnostics;
  const base::FileId file = sources.add("test.qdo", "use std.library.{zero, turn}\n" + body);
  const auto reader = [](std::string_view path) -> std::optional<ModuleText> {
    if (path == "std.library")
      return ModuleText{"library.qdo", std::string(library)};
    return ModuleText{"prelude.qdo", ""};
  };
  const Program program =
      check(syntax::parse(file, sources, diagnostics), sources, reader, diagnostics);
  diagnostics.sortByPlace();
  std::string result;
  for (const diag::Diagnostic &d : diagnostics.all()) {
    const base::Position at = sources.position(d.primary.span.file, d.primary.span.begin);
    result +=
        fmt::format("{}{}@{}", result.empty() ? "" : " ", diag::info(d.code()).name, at.line - 1);
  }
  return result;
}

/// A function over the usual parameters, so that the cases show the law only.
std::string in(const std::string &body) {
  return laws("fn f(a: qubit, b: qubit, q: qubit[3], n: int, c: bool, p: prep[2]) {\n" + body +
              "\n}");
}
/// The same where `a`, `b` and `q` are settled by the frame: cases about other values.
std::string settled(const std::string &body) {
  return in("discard a; discard b; discard q\n" + body);
}

TEST(Cloning, OnePathOneConsumption) {
  EXPECT_EQ(in("discard a; discard b; discard q"), "");
  EXPECT_EQ(in("discard a\ndiscard a\ndiscard b; discard q"), "E0201@3");
  EXPECT_EQ(in("discard a\nx a\ndiscard b; discard q"), "E0201@3");
  EXPECT_EQ(in("let r = a\nx a\ndiscard r; discard b; discard q"), "E0201@3");
  EXPECT_EQ(in("if c { discard a } else { discard a }\ndiscard b; discard q"), "");
  EXPECT_EQ(in("if c { discard a } else { discard a }\nx a\ndiscard b; discard q"), "E0201@3");
}

TEST(Cloning, AMistakeIsReportedOnce) {
  EXPECT_EQ(in("discard a; discard b; discard q\nx a\ny a\nz a\ndiscard a"), "E0201@3");
}

TEST(Cloning, ElementsOneByOne) {
  EXPECT_EQ(in("discard a; discard b\ndiscard q[0]; discard q[1]; discard q[2]"), "");
  EXPECT_EQ(in("discard a; discard b\ndiscard q[0]; discard q[0]\ndiscard q[1]; discard q[2]"),
            "E0201@3");
  EXPECT_EQ(in("discard a; discard b\ndiscard q[0]\nx q[1]\nx q[0]\ndiscard q[1]; discard q[2]"),
            "E0201@5");
  EXPECT_EQ(in("discard a; discard b\ndiscard q[0]\nh q\ndiscard q[1]; discard q[2]"), "E0201@4");
  EXPECT_EQ(in("discard a; discard b\ndiscard q[0..2]; discard q[2]"), "");
  EXPECT_EQ(in("discard a; discard b\ndiscard q[0..2]; discard q[1..3]"), "E0201@3");
}

TEST(Cloning, BorrowedStaysWithTheCaller) {
  EXPECT_EQ(laws("fn f() on q: qubit { x q }"), "");
  EXPECT_EQ(laws("fn f() on q: qubit {\ndiscard q\n}"), "E0201@2");
  EXPECT_EQ(laws("fn f() on q: qubit[n] {\ndiscard q[0]\n}"), "E0201@2");
  EXPECT_EQ(laws("fn f() on q: qubit {\nlet r = q\ndiscard r\n}"), "E0201@2");
}

TEST(Cloning, IndicesThatOnlyTheRunKnows) {
  EXPECT_EQ(in("discard a; discard q\nvar k = 0\nif measure b { k = 1 }\nlet r = prepare "
               "zero(2)\ndiscard r[k]"),
            "E0201@6");
}

TEST(Deletion, EveryWayOut) {
  EXPECT_EQ(settled("let r = prepare p\nh r"), "E0202@3");
  EXPECT_EQ(settled("let r = prepare p\nif c { return }\ndiscard r"), "E0202@4");
  EXPECT_EQ(settled("for i in 0..n {\nlet r = prepare p\nif c { break }\ndiscard r\n}"), "E0202@5");
  EXPECT_EQ(settled("for i in 0..n {\nlet r = prepare p\nif c { continue }\ndiscard r\n}"),
            "E0202@5");
  EXPECT_EQ(settled("let r = prepare p\nfor i in 0..n { if c { break } }\ndiscard r"), "");
  EXPECT_EQ(settled("for i in 0..n {\nlet r = prepare p\nif c { discard r; break }\ndiscard r\n}"),
            "");
}

TEST(Deletion, ValuesThatNobodyTakes) {
  EXPECT_EQ(settled("var r = prepare p\nr = prepare p\ndiscard r"), "E0202@4");
  EXPECT_EQ(settled("var r = prepare p\ndiscard r\nr = prepare p\ndiscard r"), "");
  EXPECT_EQ(settled("prepare p"), "E0202@3");
  EXPECT_EQ(settled("let (l, _) = prepare p\ndiscard l"), "E0202@3");
  EXPECT_EQ(settled("let r = prepare p\nlet r = prepare p\ndiscard r"), "E0202@3");
}

TEST(Deletion, WhatIsLeftOfARegister) {
  EXPECT_EQ(in("discard a; discard b\ndiscard q[0]; discard q[2]"), "E0202@1");
  EXPECT_EQ(laws("fn f(q: qubit[n]) {\nfor i in 0..n - 1 { discard q[i] }\n}"), "E0202@1");
}

TEST(Aliasing, NamesAndConstantIndices) {
  const std::string end = "\ndiscard a; discard b; discard q";
  EXPECT_EQ(in("cx a, a" + end), "E0204@2");
  EXPECT_EQ(in("cx q[0], q[0]" + end), "E0204@2");
  EXPECT_EQ(in("cx q[0], q[1]" + end), "");
  EXPECT_EQ(in("ctrl x a, a" + end), "E0204@2");
  EXPECT_EQ(in("ctrl(2) x a, b, a" + end), "E0204@2");
  EXPECT_EQ(in("for i in 0..2 { cx q[i], q[i] }" + end), "E0204@2");
  EXPECT_EQ(in("for i in 0..2 { cx q[i], q[i + 1] }" + end), "");
  EXPECT_EQ(in("for i in 0..3, j in i + 1..3 { cx q[i], q[j] }" + end), "");
}

TEST(Aliasing, DoesNotSpendTheQubit) {
  EXPECT_EQ(in("cx a, a\ndiscard b; discard q"), "E0202@1 E0204@2");
}

TEST(Loops, KeepWhatTheyHave) {
  EXPECT_EQ(in("for i in 0..n { discard a }\ndiscard b; discard q"), "E0205@2");
  EXPECT_EQ(in("repeat n { discard a }\ndiscard b; discard q"), "E0205@2");
  EXPECT_EQ(in("for i in 0..n { discard q[1] }\ndiscard a; discard b"), "E0205@2");
  EXPECT_EQ(settled("var r = prepare p\nfor i in 0..n { discard r; r = prepare p }\ndiscard r"),
            "");
  EXPECT_EQ(settled("var r = prepare p\ndiscard r\nfor i in 0..n { r = prepare p }"), "E0205@5");
}

TEST(Loops, TheConditionOfAWhileIsPartOfEachIteration) {
  EXPECT_EQ(settled("var (flag, out) = prepare p\nwhile measure flag {\ndiscard out\n(flag, out) = "
                    "prepare p\n}\n"
                    "discard out"),
            "");
  EXPECT_EQ(settled("var (flag, out) = prepare p\nwhile measure flag {\nx out\n}\ndiscard out"),
            "E0205@4");
  EXPECT_EQ(settled("var (flag, out) = prepare p\nwhile measure flag {\ndiscard out\n(flag, out) = "
                    "prepare p\n}\n"
                    "discard out; discard flag"),
            "E0201@8");
}

TEST(Loops, BreakAgreesWithTheExitAndContinueWithTheHead) {
  EXPECT_EQ(in("for i in 0..n { if c { discard a; break } }\ndiscard a; discard b; discard q"),
            "E0205@2");
  EXPECT_EQ(in("for i in 0..n { if c { discard a; continue } }\ndiscard a; discard b; discard q"),
            "E0205@2");
  EXPECT_EQ(in("for i in 0..n { if c { discard a; return } }\ndiscard a; discard b; discard q"),
            "E0202@2");
}

TEST(Loops, TheLoopVariableTakesElementAfterElement) {
  EXPECT_EQ(in("for i in 0..3 { discard q[i] }\ndiscard a; discard b"), "");
  EXPECT_EQ(laws("fn f(q: qubit[n]) { for i in 0..n { discard q[i] } }"), "");
  EXPECT_EQ(laws("fn f(q: qubit[n]) { discard q[0]; for i in 1..n { discard q[i] } }"), "");
  EXPECT_EQ(laws("fn f(q: qubit[n]) { for i in 0..n - 1 { discard q[i] }; discard q[n - 1] }"), "");
  EXPECT_EQ(laws("fn f(q: qubit[n]) {\nfor i in 0..n { if i > 0 { discard q[i] } }\n}"), "E0206@2");
  EXPECT_EQ(laws("fn f(q: qubit[n]) {\nfor i in 0..n, j in 0..2 { discard q[i] }\n}"), "E0205@2");
  EXPECT_EQ(laws("fn f(q: qubit[n]) {\nfor i in 0..n { discard q[0] }\n}"), "E0205@2");
  EXPECT_EQ(laws("fn f(q: qubit[n]) {\nfor i in 1..n { cx q[i - 1], q[i]; discard q[i] }\ndiscard "
                 "q[0]\n}"),
            "E0201@2");
  EXPECT_EQ(
      laws("fn f(q: qubit[2 * n]) { for i in 0..n { discard q[2 * i]; discard q[2 * i + 1] } }"),
      "");
}

TEST(Arms, LeaveTheSame) {
  EXPECT_EQ(in("if c { discard a }\ndiscard b; discard q"), "E0206@2");
  EXPECT_EQ(in("if c { x a } else { discard a }\ndiscard b; discard q"), "E0206@2");
  EXPECT_EQ(in("if c { discard a; return }\ndiscard a; discard b; discard q"), "E0202@2");
  EXPECT_EQ(in("if c { discard q[0] }\ndiscard q[1]; discard q[2]; discard a; discard b"),
            "E0206@2");
  EXPECT_EQ(in("let m = c and measure a\ndiscard b; discard q"), "E0206@2");
  EXPECT_EQ(in("let m = measure a and c\ndiscard b; discard q"), "");
}

TEST(StayLive, NotInClassicalPlaces) {
  const std::string end = "\ndiscard b; discard q";
  EXPECT_EQ(in("let s = \"{a}\"" + end), "E0210@2");
  EXPECT_EQ(in("print a" + end), "E0210@2");
  EXPECT_EQ(in("let s = [a]" + end), "E0210@2");
  EXPECT_EQ(in("let s = a == a" + end), "E0210@2");
  EXPECT_EQ(in("let s = (state: a)" + end), "E0210@2");
  EXPECT_EQ(in("let (s, t) = (a, b)\ndiscard s; discard t; discard q"), "");
}

TEST(StayLive, AnEstimateRunsOnceAShot) {
  EXPECT_EQ(in("let e = estimate { measure a }\ndiscard b; discard q"), "E0210@2");
  EXPECT_EQ(settled("let e = estimate { let r = prepare p; measure r[0] }"), "E0202@3");
  EXPECT_EQ(settled("let e = estimate { let (s, t) = prepare p; discard s; measure t }"), "");
}

// ------------------------------------------------------------------------------------ the algebra

using linear::Bounds;
using linear::Range;
const Size n = Size::of(1), i = Size::of(2);
Size c(int64_t value) { return Size::constant(value); }

TEST(Bounds, ComparesWhateverTheSizesAre) {
  const Bounds none;
  EXPECT_TRUE(none.surelyLessEqual(c(0), n));
  EXPECT_FALSE(none.surelyLessEqual(c(1), n));
  EXPECT_TRUE(none.surelyLessEqual(n, n + c(2)));
  EXPECT_FALSE(none.surelyLessEqual(n, c(5)));
  EXPECT_TRUE(none.surelyDisjoint(Range::element(n), Range::element(n + c(1))));
  EXPECT_TRUE(none.surelyMeet(Range::element(n), Range{c(0), n + c(1)}));
}

TEST(Bounds, KnowsWhereLoopsRun) {
  Bounds bounds;
  bounds.push(SymbolId{2}, c(1), n);
  EXPECT_TRUE(bounds.surelyDisjoint(Range::element(c(0)), Range::element(i)));
  EXPECT_TRUE(bounds.surelyDisjoint(Range::element(i), Range::element(n)));
  EXPECT_FALSE(bounds.surelyDisjoint(Range::element(i), Range::element(n - c(1))));
  EXPECT_EQ(bounds.hull(Range::element(i)), (Range{c(1), n}));
}

TEST(Parts, CoverARegisterInAnyOrder) {
  const std::vector<linear::Part> parts = {{{c(2), n}, {}}, {{c(0), c(1)}, {}}, {{c(1), c(2)}, {}}};
  EXPECT_TRUE(linear::coverAll(parts, n));
  EXPECT_FALSE(linear::coverAll(parts, n + c(1)));
  EXPECT_EQ(linear::joined(parts).size(), 1u);
}

} // namespace
} // namespace qdo::sema
