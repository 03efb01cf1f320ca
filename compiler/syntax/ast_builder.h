// SPDX-License-Identifier: Apache-2.0
// From ANTLR's parse tree to the syntax tree.
// In: contexts, whole or broken off by a mistake. Out: nodes with dense ids and byte spans.
// Why: a broken context still yields a node, so that names it declares are known and editors see
// the rest. Must not: judge meaning; the only mistakes reported here are in literals.
#pragma once

#include "compiler/syntax/ast.h"
#include "compiler/syntax/docs.h"
#include "compiler/syntax/literals.h"
#include "compiler/syntax/token_stream.h"
#include "grammar/QdoParser.h"

namespace qdo::syntax {

using P = grammar::QdoParser;
using Context = antlr4::ParserRuleContext;

class AstBuilder {
public:
  AstBuilder(base::FileId file, std::string_view text, const TokenStream &tokens, const Docs &docs,
             Mistakes &mistakes)
      : file(file), text(text), tokens(tokens), docs(docs), mistakes(mistakes), literals(mistakes) {
  }

  Ast build(P::ProgramContext *program);

private:
  base::FileId file;
  std::string_view text;
  const TokenStream &tokens;
  const Docs &docs;
  Mistakes &mistakes;
  Literals literals;
  uint32_t nodeCount = 0;

  // ---- places and names
  NodeId nextId() { return NodeId{nodeCount++}; }
  template <typename N> std::unique_ptr<N> make(base::Span span) {
    auto node = std::make_unique<N>();
    node->id = nextId();
    node->span = span;
    return node;
  }
  template <typename N> std::unique_ptr<N> make(Context *context) {
    return make<N>(spanOf(context));
  }
  [[nodiscard]] base::Span spanOf(Context *context) const;
  [[nodiscard]] base::Span spanOf(const antlr4::Token *token) const;
  [[nodiscard]] std::string_view textOf(base::Span span) const;
  /// The name in an `id`, `anyName` or the like; empty if it is missing.
  Ident ident(Context *context) const;
  static bool broken(Context *context) { return !context || context->exception != nullptr; }

  // ---- expressions
  /// `owner` places the error when `context` is missing.
  ExprPtr expr(Context *context, Context *owner);
  ExprPtr missing(Context *owner);
  ExprPtr operators(Context *context);
  ExprPtr compare(P::CmpContext *context);
  ExprPtr interval(P::IntervalContext *context);
  ExprPtr negation(P::NotEContext *context);
  ExprPtr unary(P::UnaryContext *context);
  ExprPtr postfix(P::PostfixContext *context);
  ExprPtr atom(P::AtomContext *context);
  ExprPtr name(Context *context);
  ExprPtr number(const antlr4::Token *token);
  ExprPtr paren(P::ParenContext *context);
  ExprPtr array(P::ArrayContext *context);
  ExprPtr braket(P::BraketContext *context);
  ExprPtr absOverlap(P::AbsOverlapContext *context);
  ExprPtr ifExpr(P::IfEContext *context);
  ExprPtr lambda(P::LambdaContext *context);
  ExprPtr string(P::StringContext *context, Context *owner);
  Arg arg(P::ArgContext *context);
  Generator generator(P::GeneratorContext *context);
  Binder binder(P::BinderContext *context);
  std::vector<ExprPtr> exprs(const std::vector<P::ExprContext *> &contexts, Context *owner);

  // ---- types and parameters
  TypePtr type(Context *context, Context *owner);
  std::vector<Param> params(P::ParamsContext *context);
  std::vector<Param> onParams(P::OnClauseContext *context);

  // ---- statements
  Block block(P::BlockContext *context, Context *owner);
  void lines(const std::vector<P::LineContext *> &contexts, std::vector<StmtPtr> &out);
  StmtPtr stmt(Context *context);
  StmtPtr wholeStmt(Context *context);
  StmtPtr partialStmt(Context *context);
  StmtPtr errorStmt(base::Span span, std::vector<Ident> names);
  StmtPtr exprStmt(P::ExprStmtContext *context);
  ExprPtr operand(P::OperandContext *context);
  StmtPtr printStmt(P::PrintStmtContext *context);
  StmtPtr letStmt(P::LetStmtContext *context);

  // ---- declarations
  StmtPtr declaration(Context *context);
  StmtPtr useStmt(P::UseStmtContext *context);
  StmtPtr datasetStmt(P::DatasetStmtContext *context);
  StmtPtr phantomStmt(P::PhantomStmtContext *context);
  StmtPtr fnStmt(P::FnStmtContext *context);
  StmtPtr circuitStmt(P::CircuitStmtContext *context);
  void datasetItem(P::DsItemContext *context, DatasetStmt &dataset);
  std::vector<Clause> clauses(P::ClausesContext *context);
  Clause clause(P::ClauseContext *context);
};

} // namespace qdo::syntax
