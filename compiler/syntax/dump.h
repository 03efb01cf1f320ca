// SPDX-License-Identifier: Apache-2.0
// The indented form of the tree: one node a line, `Kind detail @line:column-line:column`.
// Why stable: tests compare it. Children with a part to play are led by its name, as in `value: Int
// 3`.
#pragma once

#include "compiler/syntax/ast.h"

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace qdo::syntax {

class Dumper {
public:
  explicit Dumper(const base::SourceMap &sources) : sources(sources) {}

  std::string run(const Ast &ast);

private:
  const base::SourceMap &sources;
  std::string out;
  unsigned depth = 0;

  /// One level deeper for as long as it lives.
  struct Nested {
    explicit Nested(Dumper &dumper) : dumper(dumper) { ++dumper.depth; }
    ~Nested() { --dumper.depth; }
    Nested(const Nested &) = delete;
    Nested &operator=(const Nested &) = delete;
    Dumper &dumper;
  };

  void line(std::string_view role, std::string_view what, base::Span span);
  void expr(std::string_view role, const Expr *node);
  void children(const Expr &node);
  void list(std::string_view role, const std::vector<ExprPtr> &nodes);
  void string(std::string_view role, const StringExpr &node);
  void args(const std::vector<Arg> &args);
  void generators(const std::vector<Generator> &generators);
  void type(std::string_view role, const Type *node);
  void block(std::string_view role, const Block &block);
  void params(std::string_view role, const std::vector<Param> &params);
  void stmt(const Stmt &node);
  void declaration(const Stmt &node);
  void dataset(const DatasetStmt &node);
  void clauses(const std::vector<Clause> &clauses);
};

/// `a`, `(a, b)`
std::string binderText(const Binder &binder);
std::string quote(std::string_view text);

} // namespace qdo::syntax
