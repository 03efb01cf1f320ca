// SPDX-License-Identifier: Apache-2.0
// The text form, as whole snapshots: what people read is what is compared.
#include "compiler/diag/render.h"

#include <gtest/gtest.h>

namespace qdo::diag {
namespace {

class RenderText : public ::testing::Test {
protected:
  base::FileId file(std::string name, std::string text) {
    return sources.add(std::move(name), std::move(text));
  }
  /// The span of the `occurrence`-th `word` (from 0) of a file.
  base::Span find(base::FileId in, std::string_view word, unsigned occurrence = 0) const {
    size_t at = sources.text(in).find(word);
    for (; occurrence > 0; --occurrence)
      at = sources.text(in).find(word, at + 1);
    EXPECT_NE(at, std::string_view::npos) << word;
    return {in, static_cast<uint32_t>(at), static_cast<uint32_t>(at + word.size())};
  }
  Diagnostic &report(base::Span span, std::string_view what = "`q`") {
    return engine.report(Kind::SyntaxUnexpected, span, what);
  }
  std::string text(bool colour = false) const {
    return "\n" + renderText(engine.all().back(), sources, {.colour = colour});
  }

  base::SourceMap sources;
  Engine engine;
};

TEST_F(RenderText, TwoPlacesNotesHelpsAndEdit) {
  const base::FileId f = file("file.qdo", "with x {\n    let q = prepare p\n    print 1\n"
                                          "    let a = measure q\n    h q\n}\n");
  report(find(f, "q", 2))
      .label("used again here")
      .place(find(f, "q", 1), "consumed here")
      .note("first line\nsecond line")
      .help("prepare it again from its recipe: `prepare zz(x)`")
      .edit(find(f, "q", 2), "r", "");
  EXPECT_EQ(text(), R"(
error[E0101]: unexpected `q`
  --> file.qdo:5:7
   |
 4 |     let a = measure q
   |                     - consumed here
 5 |     h q
   |       ^ used again here
   |
   = note: first line
           second line
   = help: prepare it again from its recipe: `prepare zz(x)`
   = edit: replace `q` with `r`
)");
}

TEST_F(RenderText, LawLine) {
  for (const CodeInfo &code : allCodes()) {
    if (code.law.empty())
      continue;
    const std::string law = "= law: " + std::string(code.title) + ": " + std::string(code.law);
    const base::FileId f = file("law.qdo", "q\n");
    Diagnostic d;
    for (const auto kind : {
#define QDO_DIAG(kind, code, level, text) Kind::kind,
#include "compiler/diag/catalogue.def"
         })
      if (info(info(kind).code).name == code.name)
        d.kind = kind;
    d.primary.span = find(f, "q");
    EXPECT_NE(renderText(d, sources, {}).find(law), std::string::npos) << code.name;
  }
}

TEST_F(RenderText, SeveralLabelsOnOneLineAreStacked) {
  const base::FileId f = file("a.qdo", "cx q[0], r, q[0]\n");
  report(find(f, "q[0]", 1))
      .label("and again here")
      .place(find(f, "q[0]"), "first here")
      .place(find(f, "r"), "not this one");
  EXPECT_EQ(text(), R"(
error[E0101]: unexpected `q`
  --> a.qdo:1:13
   |
 1 | cx q[0], r, q[0]
   |    ----  -  ^^^^ and again here
   |    |     |
   |    |     not this one
   |    first here
)");
}

TEST_F(RenderText, NestedAndEqualPlaces) {
  const base::FileId f = file("a.qdo", "let e = a + b\n");
  report(find(f, "a + b")).label("the sum").place(find(f, "a", 0), "an int");
  EXPECT_EQ(text(), R"(
error[E0101]: unexpected `q`
  --> a.qdo:1:9
   |
 1 | let e = a + b
   |         ^^^^^
   |         |
   |         an int
   |         the sum
)");
}

TEST_F(RenderText, NestedPlacesAtTheEnd) {
  const base::FileId f = file("a.qdo", "let e = a + b\n");
  report(find(f, "a + b")).label("the sum").place(find(f, "b"), "a real");
  EXPECT_EQ(text(), R"(
error[E0101]: unexpected `q`
  --> a.qdo:1:9
   |
 1 | let e = a + b
   |         ^^^^^ a real
   |         |
   |         the sum
)");
}

TEST_F(RenderText, LinesBetweenPlaces) {
  const base::FileId f = file("a.qdo", "one\ntwo\nthree\nfour\nfive\nsix\n");
  report(find(f, "six")).place(find(f, "one"), "far").place(find(f, "four"), "near");
  EXPECT_EQ(text(), R"(
error[E0101]: unexpected `q`
  --> a.qdo:6:1
   |
 1 | one
   | --- far
...
 4 | four
   | ---- near
 5 | five
 6 | six
   | ^^^
)");
}

TEST_F(RenderText, SpanOverSeveralLines) {
  const base::FileId f = file("a.qdo", "if x {\n  h q\n}\nlet y = 1\n");
  report({f, 0, 14}).label("this arm leaks `q`");
  EXPECT_EQ(text(), R"(
error[E0101]: unexpected `q`
  --> a.qdo:1:1
   |
 1 | if x {
   | ^^^^^^... this arm leaks `q`
)");
  report({f, 0, 7}).label("only the line and its end");
  EXPECT_EQ(text(), R"(
error[E0101]: unexpected `q`
  --> a.qdo:1:1
   |
 1 | if x {
   | ^^^^^^ only the line and its end
)");
}

TEST_F(RenderText, PlacesInOtherFiles) {
  const base::FileId a = file("main.qdo", "use b\nf(1)\n");
  const base::FileId b = file("lib/b.qdo", std::string(11, '\n') + "fn f(x: real) = x\n");
  report(find(a, "1")).label("an int").place(find(b, "real"), "declared here").note("so");
  EXPECT_EQ(text(), R"(
error[E0101]: unexpected `q`
   --> main.qdo:2:3
    |
  2 | f(1)
    |   ^ an int
   ::: lib/b.qdo:12:9
    |
 12 | fn f(x: real) = x
    |         ---- declared here
    |
    = note: so
)");
}

TEST_F(RenderText, EmptyFileAndEndOfFile) {
  const base::FileId empty = file("empty.qdo", "");
  report({empty, 0, 0}, "end of file");
  EXPECT_EQ(text(), R"(
error[E0101]: unexpected end of file
  --> empty.qdo:1:1
   |
 1 |
   | ^
)");
  const base::FileId open = file("open.qdo", "f(");
  report({open, 2, 2}, "end of file").label("expected `)`").edit({open, 2, 2}, ")", "close it");
  EXPECT_EQ(text(), R"(
error[E0101]: unexpected end of file
  --> open.qdo:1:3
   |
 1 | f(
   |   ^ expected `)`
   |
   = edit: close it: insert `)` at 1:3
)");
}

TEST_F(RenderText, CarriageReturnsTabsAndWideText) {
  const base::FileId f = file("t.qdo", "\tlet \u03C8\u0302 = q\tr\r\n");
  report(find(f, "r")).place(find(f, "q"), "x").label("y");
  EXPECT_EQ(text(), "\nerror[E0101]: unexpected `q`\n"
                    "  --> t.qdo:1:13\n"
                    "   |\n"
                    " 1 |     let \u03C8\u0302 = q  r\n"
                    "   |              -  ^ y\n"
                    "   |              |\n"
                    "   |              x\n");
  const base::FileId g = file("g.qdo", "ab\r\n");
  report({g, 2, 4}, "end of line");
  EXPECT_EQ(text(), "\nerror[E0101]: unexpected end of line\n"
                    "  --> g.qdo:1:3\n"
                    "   |\n"
                    " 1 | ab\n"
                    "   |   ^\n");
}

TEST_F(RenderText, ControlAndInvalidBytesAreNotObeyed) {
  const base::FileId f = file("c.qdo", "a\x1b[2Jb\xFF q\n");
  report(find(f, "q"));
  EXPECT_EQ(text(), "\nerror[E0101]: unexpected `q`\n"
                    "  --> c.qdo:1:9\n"
                    "   |\n"
                    " 1 | a\uFFFD[2Jb\uFFFD q\n"
                    "   |         ^\n");
}

TEST_F(RenderText, LongLinesAreCutAroundThePrimaryPlace) {
  const std::string left(300, 'a'), right(300, 'b');
  const base::FileId f = file("long.qdo", "s " + left + " q " + right + "\n");
  report(find(f, "q")).label("here").place(find(f, "s"), "there");
  EXPECT_EQ(text(), "\nerror[E0101]: unexpected `q`\n"
                    "  --> long.qdo:1:304\n"
                    "   |\n"
                    " 1 | ..." +
                        std::string(29, 'a') + " q " + std::string(68, 'b') +
                        "...\n"
                        "   | -                                ^ here\n"
                        "   | |\n"
                        "   | there\n");
}

TEST_F(RenderText, Unlocated) {
  engine.reportUnlocated(Kind::FileMissing, "x.qdo", "no such file").help("look elsewhere");
  EXPECT_EQ(text(), "\nerror[E0001]: cannot read `x.qdo`: no such file\n"
                    "   = help: look elsewhere\n");
}

TEST_F(RenderText, EditsThatDeleteOrSpanLines) {
  const base::FileId f = file("a.qdo", "h q\nx q\n");
  report(find(f, "q")).edit({f, 0, 4}, "", "").edit({f, 0, 3}, "h r\nx r", "two lines");
  const std::string shown = text();
  EXPECT_NE(shown.find("= edit: delete `h q`\n"), std::string::npos) << shown;
  EXPECT_NE(shown.find("= edit: two lines: replace `h q` with `h r ...`\n"), std::string::npos)
      << shown;
}

TEST_F(RenderText, Colour) {
  const base::FileId f = file("a.qdo", "h q\n");
  report(find(f, "q")).label("x");
  EXPECT_EQ(text(true), "\n\x1b[1;31merror[E0101]\x1b[0m\x1b[1m: unexpected `q`\x1b[0m\n"
                        "  \x1b[1;34m--> \x1b[0ma.qdo:1:3\n"
                        "\x1b[1;34m   |\x1b[0m\n"
                        "\x1b[1;34m 1 |\x1b[0m h q\n"
                        "\x1b[1;34m   |\x1b[0m   \x1b[1;31m^\x1b[0m \x1b[1;31mx\x1b[0m\n");
}

} // namespace
} // namespace qdo::diag
