// SPDX-License-Identifier: Apache-2.0
// Which statement a `///` belongs to.
#include "parsed.h"

namespace qdo::syntax::test {
namespace {

TEST(Docs, AboveBesideAndWithinTheHeader) {
  Parsed parsed(
      "/// not this\n\n/// one\n/// two\nfn f() {\n    /// inner\n    let a = 1\n}\n"
      "param r: int = 2   /// rounds\nlet b = 3\ncircuit c() on q: qubit { /// header\n h q }\n");
  ASSERT_EQ(parsed.rendered(), "");
  EXPECT_EQ(parsed.ast.stmts.at(0)->doc, "one\ntwo");
  EXPECT_EQ(as<FnStmt>(*parsed.ast.stmts[0]).block->stmts.at(0)->doc, "inner");
  EXPECT_EQ(parsed.ast.stmts.at(1)->doc, "rounds");
  EXPECT_EQ(parsed.ast.stmts.at(2)->doc, "");
  EXPECT_EQ(parsed.ast.stmts.at(3)->doc, "header");
  EXPECT_EQ(as<CircuitStmt>(*parsed.ast.stmts[3]).body.stmts.at(0)->doc, "");
}

TEST(Docs, BelongToTheLastStatementOfALine) {
  Parsed parsed("let a = 1; let b = 2 /// b\n");
  ASSERT_EQ(parsed.rendered(), "");
  EXPECT_EQ(parsed.ast.stmts.at(0)->doc, "");
  EXPECT_EQ(parsed.ast.stmts.at(1)->doc, "b");
}

} // namespace
} // namespace qdo::syntax::test
