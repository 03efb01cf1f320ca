// SPDX-License-Identifier: Apache-2.0
// `test "name" { }`: a block that `qdo run` checks and passes over.
#include "compiler/sema/checker.h"

namespace qdo::sema {

using namespace syntax;

void Checker::testBlock(const TestStmt &test) {
  const auto *name = dynAs<StringExpr>(test.name.get());
  if (!name)
    return; // reported with its syntax
  for (const StringPart &part : name->parts)
    if (part.value)
      diagnostics
          .report(diag::Kind::NotAllowedHere, part.value->span, "a value", "in a test's name")
          .help("tests are listed and chosen by name, so a name is plain text");
  for (const StmtPtr &other : module->ast.stmts) {
    const auto *earlier = dynAs<TestStmt>(other.get());
    if (earlier == &test)
      break;
    if (earlier && sources.text(earlier->name->span) == sources.text(name->span))
      diagnostics
          .report(diag::Kind::DeclaredTwice, name->span,
                  "test " + std::string(sources.text(name->span)))
          .label("declared again here")
          .place(earlier->name->span, "first declared here")
          .help("give one of them another name");
  }
  block(test.body);
}

} // namespace qdo::sema
