// SPDX-License-Identifier: Apache-2.0
// Every program of tests/programs parses without a diagnostic, and the grammar decides everything
// on it without ambiguity and without the parser's slow mode.
#include "grammar_access.h"
#include "parsed.h"

namespace qdo::syntax::test {
namespace {

TEST(Programs, ParseWithoutDiagnostics) {
  std::vector<Program> all = programs();
  ASSERT_GE(all.size(), 17u);
  for (Program &program : all) {
    Parsed parsed(program.text);
    EXPECT_TRUE(parsed.diagnostics.all().empty()) << program.name << "\n" << parsed.rendered();
    EXPECT_EQ(parsed.dump().find("Error"), std::string::npos) << program.name;
    EXPECT_GT(parsed.ast.stmts.size(), 2u) << program.name;
  }
}

TEST(Programs, LeaveTheGrammarNoDoubt) {
  for (const Program &program : programs())
    EXPECT_EQ(grammarDoubts(program.text), "") << program.name;
}

TEST(Programs, DumpTokensIsOneTokenALine) {
  base::SourceMap sources;
  diag::Engine diagnostics;
  base::FileId file = sources.add("t.qdo", "let e = 0.5 // half\n  print \"{e:.1f}\"\n");
  EXPECT_EQ(
      dumpTokens(file, sources, diagnostics),
      "1:1 LET let\n1:5 ID e\n1:7 ASSIGN =\n1:9 REAL 0.5\n1:20 NL\n2:3 PRINT print\n2:9 QUOTE \"\n"
      "2:10 S_OPEN {\n2:11 ID e\n2:12 COLON :\n2:13 F_SPEC .1f\n2:16 INTERP_CLOSE }\n2:17 S_CLOSE "
      "\"\n"
      "2:18 NL\n");
}

} // namespace
} // namespace qdo::syntax::test
