// SPDX-License-Identifier: Apache-2.0
// The formatter: what it settles, what it leaves, and that every program of the repository means
// the same afterwards and is not changed by a second time.
#include "parsed.h"

#include "compiler/syntax/format.h"

#include "compiler/syntax/scanner.h"

#include <map>
#include <random>
#include <set>

namespace qdo::syntax::test {
namespace {

std::string formatted(const std::string &text) {
  base::SourceMap sources;
  diag::Engine diagnostics;
  auto result = format(sources.add("test.qdo", text), sources, diagnostics);
  if (result)
    return *result;
  std::string why = "refused:\n";
  for (const diag::Diagnostic &d : diagnostics.all())
    why += diag::renderText(d, sources, {});
  return why;
}

void expectFormat(const std::string &before, const std::string &after) {
  EXPECT_EQ(formatted(before), after) << before;
  EXPECT_EQ(formatted(after), after) << before;
}

TEST(Format, Spaces) {
  expectFormat("let a=b+c*-d\nlet  e = f( a ,b )[ 0,1 ] . size\n",
               "let a = b + c * -d\nlet e = f(a, b)[0, 1].size\n");
  expectFormat("for i in 0 .. n - 1,j in i + 1..n{ cx q [i],q[ j ] }\n",
               "for i in 0..n-1, j in i+1..n { cx q[i], q[j] }\n");
  expectFormat("let r = (a+1)..(b+2) then c\n", "let r = (a + 1)..(b + 2) then c\n");
  expectFormat("let f = |< a|b >| ^ 2\nlet g = < p |Z[0]*Z[1]| p >\nlet h = <Z [0]>\n",
               "let f = |<a|b>|^2\nlet g = <p|Z[0] * Z[1]|p>\nlet h = <Z[0]>\n");
  expectFormat("if a<b and <p|q>==1{print a}else{print -a}\n",
               "if a < b and <p|q> == 1 { print a } else { print -a }\n");
  expectFormat("phantom f(t:real)=-cos(t)|zz(a)>+0.8i*sin(t)|zz(b)>\n",
               "phantom f(t: real) = -cos(t) |zz(a)> + 0.8i * sin(t) |zz(b)>\n");
  expectFormat("use std . encodings.{ zz,iqp }\nctrl ( 2 ) x a,b,c\nadj  ring(w)^3 q\n",
               "use std.encodings.{zz, iqp}\nctrl(2) x a, b, c\nadj ring(w)^3 q\n");
  expectFormat("fn f(x:real [n],g:(int,real)->estimate[ 2 ])->(a:int,b:int) =x\n",
               "fn f(x: real[n], g: (int, real) -> estimate[2]) -> (a: int, b: int) = x\n");
  expectFormat("print(a),[ ]\nlet e:encoding(real[?,4])[2^n] = w->w\n",
               "print (a), []\nlet e: encoding(real[?, 4])[2^n] = w -> w\n");
  expectFormat("print \"{a+b:.3f}  {f( x )}\"\n", "print \"{a+b:.3f}  {f( x )}\"\n");
}

TEST(Format, LinesAndBlocks) {
  expectFormat("circuit c() on q: qubit { h q;x q; }\n", "circuit c() on q: qubit { h q; x q }\n");
  expectFormat(
      "circuit c() on q: qubit {\nh q;x q;\n  for i in 0..2 { x q\n}\n}",
      "circuit c() on q: qubit {\n    h q; x q\n    for i in 0..2 {\n        x q\n    }\n}\n");
  expectFormat("if a {\n  print 1 }\nelse { print 2 }\n",
               "if a {\n    print 1\n} else { print 2 }\n");
  expectFormat("circuit zero(n: int) on q: qubit[n] {\n}\n",
               "circuit zero(n: int) on q: qubit[n] { }\n");
  expectFormat("\n\nlet a = 1\n\n\n\nlet b = 2\n\nfn f() {\n\n  print a\n\n\n  print b\n\n}\n\n\n",
               "let a = 1\n\nlet b = 2\n\nfn f() {\n    print a\n\n    print b\n}\n");
  expectFormat("let p = a\nthen b\n  then c\n", "let p = a\n    then b\n    then c\n");
  expectFormat("let b = evolve(c,\nfitness: e -> {\nf(e)\n},\nby: 3)\n",
               "let b = evolve(c,\n    fitness: e -> {\n        f(e)\n    },\n    by: 3)\n");
  expectFormat("let m = [\n[1, 2],\n[3, 4]\n]\n", "let m = [\n    [1, 2],\n    [3, 4]\n]\n");
}

TEST(Format, Comments) {
  expectFormat("// a\n\n\n/// b\nlet c = 1 // d   \n   // e\n",
               "// a\n\n/// b\nlet c = 1 // d\n// e\n");
  expectFormat("fn f() { // why\n\n // inside\nprint 1 // one\n// last\n}\n",
               "fn f() { // why\n    // inside\n    print 1 // one\n    // last\n}\n");
  expectFormat("let a = [1, // one\n2] // two\n", "let a = [1, // one\n    2] // two\n");
  // Neighbours that shared a column share one; the others keep their distance.
  expectFormat("let a=1    // x\nlet bbb= 2 // y\nlet c = 3   // z\n",
               "let a = 1   // x\nlet bbb = 2 // y\nlet c = 3   // z\n");
  expectFormat("if a {\n    print 1\n} // over\nelse { print 2 }\n",
               "if a {\n    print 1\n} // over\nelse { print 2 }\n");
}

TEST(Format, ClausesInColumns) {
  expectFormat("policy p {\n  budget   100 shots // cap\n  each 1 to 2 shots  // each\n}\n",
               "policy p {\n    budget 100 shots    // cap\n    each   1 to 2 shots // each\n}\n");
  expectFormat("noise lab {\n    t1 50us\n    depolarizing 0.01 on [cx]\n}\n",
               "noise lab {\n    t1 50us\n    depolarizing 0.01 on [cx]\n}\n");
  expectFormat(
      "select s from d {\n  stop when round == 2\n  take       5\n each round { print 1 }\n}\n",
      "select s from d {\n    stop when  round == 2\n    take       5\n"
      "    each round { print 1 }\n}\n");
  // A clause without a value ends before the next one of its line.
  expectFormat("policy p {\n    budget 10\n    shots; each (5)\n}\n",
               "policy p {\n    budget 10\n    shots; each (5)\n}\n");
}

TEST(Format, LongLines) {
  const std::string a(50, 'a'), b(50, 'b'), c(50, 'c');
  expectFormat("let x = f(" + a + ", " + b + ", " + c + ")\n",
               "let x = f(" + a + ", " + b + ",\n    " + c + ")\n");
  expectFormat("let x = " + a + " then " + b + " then " + c + "\n",
               "let x = " + a + " then " + b + "\n    then " + c + "\n");
  expectFormat("if " + a + " { print " + b + "; print " + c + " } else { print 1 }\n",
               "if " + a + " {\n    print " + b + "\n    print " + c +
                   "\n} else {\n    print 1\n}\n");
  expectFormat("fn " + a + "(x: int) = g(" + b + ") * h(" + c + ")\n",
               "fn " + a + "(x: int) =\n    g(" + b + ") * h(" + c + ")\n");
  const std::string text(200, 't');
  expectFormat("print \"" + text + "\"\n", "print \"" + text + "\"\n");
  expectFormat("let x = 1 // " + text + "\n", "let x = 1 // " + text + "\n");
}

TEST(Format, Mistakes) {
  EXPECT_TRUE(formatted("let = 1\n").starts_with("refused:\nerror[E0101]"));
  EXPECT_TRUE(formatted("print 7 % 2\n").starts_with("refused:\nerror[E0107]"));
  EXPECT_EQ(formatted(""), "");
  EXPECT_EQ(formatted("\n\n"), "");
  EXPECT_EQ(formatted("// only"), "// only\n");
  EXPECT_EQ(formatted("\xEF\xBB\xBFprint 1\r\nprint 2\r\n"), "print 1\nprint 2\n");
}

/// Every program of the repository, however ugly.
std::map<std::string, std::string> everyProgram() {
  std::map<std::string, std::string> found;
  for (const char *root : {"examples", "stdlib", "tests"})
    for (const auto &entry : std::filesystem::recursive_directory_iterator(root))
      if (entry.path().extension() == ".qdo") {
        std::ifstream in(entry.path(), std::ios::binary);
        found[entry.path()] = std::string(std::istreambuf_iterator<char>(in), {});
      }
  return found;
}

std::multiset<std::string> commentsOf(const std::string &text) {
  std::multiset<std::string> found;
  for (const DocComment &c : scan(text).comments) {
    const std::string comment = text.substr(c.begin, c.end - c.begin);
    found.insert(comment.substr(0, comment.find_last_not_of(" \t") + 1));
  }
  return found;
}

TEST(Format, EveryProgramOfTheRepositoryStaysTheSameProgram) {
  size_t parsed = 0;
  for (const auto &[name, text] : everyProgram()) {
    Parsed before(text);
    if (!before.diagnostics.all().empty() || base::firstInvalidUtf8(text))
      continue;
    ++parsed;
    const std::string once = formatted(text);
    ASSERT_FALSE(once.starts_with("refused:")) << name << "\n" << once;
    EXPECT_EQ(formatted(once), once) << name;
    EXPECT_EQ(Parsed(once).shape(), before.shape()) << name;
    EXPECT_EQ(commentsOf(once), commentsOf(text)) << name;
    EXPECT_EQ(once.find(" \n"), once.npos) << name;
    EXPECT_EQ(once.find("\n\n\n"), once.npos) << name;
  }
  EXPECT_GT(parsed, 80u);
}

/// The same words with other spaces, line ends and semicolons; often still a program.
std::string reshaped(const std::string &text, std::mt19937 &random) {
  const Scanned scanned = scan(text);
  std::string result;
  size_t end = 0;
  auto keep = [&](size_t until) {
    result += text.substr(end, until - end);
    end = until;
  };
  bool inString = false;
  for (size_t i = 0; i < scanned.lexemes.size(); ++i) {
    const Lexeme &lexeme = scanned.lexemes[i];
    const std::string gap = text.substr(end, lexeme.begin - end);
    inString = (inString || lexeme.type == T::QUOTE) && lexeme.type != T::S_CLOSE;
    if (inString || gap.find('/') != gap.npos) {
      keep(lexeme.end);
      continue;
    }
    static const char *spaces[] = {"", " ", "   ", "\n", "\n\n\n  "};
    if (lexeme.type == T::NL) {
      keep(lexeme.begin);
      const size_t next = text.find_first_not_of(" \n", lexeme.end);
      const bool comment = next != text.npos && text[next] == '/'; // it may document what follows
      if (random() % 4 == 0 && i > 0 && gap.empty() && !comment)
        result += random() % 2 ? ";" : "\n\n\n";
      else
        result += '\n';
      end = lexeme.end;
    } else {
      result += random() % 3 == 0 ? spaces[random() % 5] : gap;
      end = lexeme.begin;
      keep(lexeme.end);
    }
  }
  keep(text.size());
  return result;
}

TEST(Format, AnyShapeOfAProgram) {
  std::mt19937 random(1);
  size_t parsed = 0;
  for (const auto &[name, text] : everyProgram())
    for (int round = 0; round < 4; ++round) {
      const std::string shape = reshaped(text, random);
      Parsed before(shape);
      if (!before.diagnostics.all().empty())
        continue;
      ++parsed;
      const std::string once = formatted(shape);
      ASSERT_FALSE(once.starts_with("refused:")) << name << "\n" << once << shape;
      ASSERT_EQ(formatted(once), once) << name << "\n" << shape;
    }
  EXPECT_GT(parsed, 50u);
}

TEST(Format, TheHouseStyleIsLeftAlone) {
  for (const char *root : {"examples", "tests/programs"})
    for (const auto &[name, text] : everyProgram())
      if (name.starts_with(root)) {
        std::istringstream lines(text);
        bool wide = false;
        for (std::string line; std::getline(lines, line);)
          wide = wide || line.size() > MaxColumns;
        if (!wide)
          EXPECT_EQ(formatted(text), text) << name;
      }
}

} // namespace
} // namespace qdo::syntax::test
