// SPDX-License-Identifier: Apache-2.0
// Statements, blocks, places and names.
// Why: of a broken statement, simple ones are kept with error nodes inside; of others the declared
// name.
#include "compiler/syntax/ast_builder.h"

namespace qdo::syntax {

// ---------------------------------------------------------------------------------- places and
// names

base::Span AstBuilder::spanOf(const antlr4::Token *token) const {
  const auto *own = static_cast<const Token *>(token);
  return {file, own->begin, own->end};
}

base::Span AstBuilder::spanOf(Context *context) const {
  base::Span begin = spanOf(context->getStart());
  const antlr4::Token *stop = context->getStop();
  if (!stop || stop->getTokenIndex() < context->getStart()->getTokenIndex())
    return {file, begin.begin, begin.begin};
  return begin.to(spanOf(stop));
}

std::string_view AstBuilder::textOf(base::Span span) const {
  return text.substr(span.begin, span.size());
}

Ident AstBuilder::ident(Context *context) const {
  if (!context)
    return {};
  base::Span span = spanOf(context);
  return {std::string(textOf(span)), span};
}

// --------------------------------------------------------------------------------------------
// blocks

Ast AstBuilder::build(P::ProgramContext *program) {
  Ast ast;
  ast.file = file;
  for (P::LineContext *line : program->line()) {
    const uint32_t start = nodeCount;
    lines({line}, ast.stmts);
    ast.starts.resize(ast.stmts.size(), start);
  }
  ast.nodeCount = nodeCount;
  return ast;
}

Block AstBuilder::block(P::BlockContext *context, Context *owner) {
  Block result;
  if (!context) {
    uint32_t end = spanOf(owner).end;
    result.span = {file, end, end};
    return result;
  }
  result.span = spanOf(context);
  lines(context->line(), result.stmts);
  return result;
}

void AstBuilder::lines(const std::vector<P::LineContext *> &contexts, std::vector<StmtPtr> &out) {
  for (P::LineContext *line : contexts) {
    size_t before = out.size();
    if (P::StmtContext *context = line->stmt()) {
      StmtPtr statement =
          stmt(context->children.empty() ? context : static_cast<Context *>(context->children[0]));
      size_t start = context->getStart()->getTokenIndex();
      while (start > 0 && tokens.at(start - 1).getType() == T::NL)
        --start;
      uint32_t previousEnd = start > 0 ? tokens.at(start - 1).end : 0;
      statement->doc = docs.of(previousEnd, statement->span.begin, statement->span.end);
      out.push_back(std::move(statement));
    }
    if (!broken(line))
      continue;
    // The rest of the line was skipped. What it would have declared is declared all the same.
    size_t last = line->getStop() ? line->getStop()->getTokenIndex() : 0;
    size_t first = line->stmt() && line->stmt()->getStop()
                       ? line->stmt()->getStop()->getTokenIndex() + 1
                       : line->getStart()->getTokenIndex();
    std::vector<Ident> names;
    bool binds = out.size() > before && out.back()->kind == StmtKind::Let;
    for (size_t i = first; binds && i + 2 <= last; ++i)
      if (tokens.at(i).getType() == T::COMMA && tokens.at(i + 1).getType() == T::ID &&
          tokens.at(i + 2).getType() == T::ASSIGN)
        names.push_back(
            {std::string(textOf(spanOf(&tokens.at(i + 1)))), spanOf(&tokens.at(i + 1))});
    if (out.size() == before || !names.empty())
      out.push_back(errorStmt(spanOf(line), std::move(names)));
  }
}

StmtPtr AstBuilder::errorStmt(base::Span span, std::vector<Ident> names) {
  auto node = make<ErrorStmt>(span);
  node->names = std::move(names);
  return node;
}

// ----------------------------------------------------------------------------------------
// statements

StmtPtr AstBuilder::stmt(Context *context) {
  if (broken(context))
    if (StmtPtr partial = partialStmt(context))
      return partial;
  return wholeStmt(context);
}

/// For a broken statement that cannot be built in part: an ErrorStmt with the name it declares.
StmtPtr AstBuilder::partialStmt(Context *context) {
  switch (context->getRuleIndex()) {
  case P::RuleLetStmt:
  case P::RuleReturnStmt:
  case P::RulePrintStmt:
  case P::RuleAssertStmt:
  case P::RuleDiscardStmt:
  case P::RuleExprStmt:
    return nullptr;
  default:
    break;
  }
  std::vector<Ident> names;
  for (antlr4::tree::ParseTree *child : context->children)
    if (auto *id = dynamic_cast<P::IdContext *>(child); id && !broken(id)) {
      names.push_back(ident(id));
      break;
    }
  if (context->getRuleIndex() == P::RuleUseStmt)
    names.clear();
  return errorStmt(spanOf(context), std::move(names));
}

StmtPtr AstBuilder::wholeStmt(Context *context) {
  switch (context->getRuleIndex()) {
  case P::RuleLetStmt:
    return letStmt(static_cast<P::LetStmtContext *>(context));
  case P::RuleExprStmt:
    return exprStmt(static_cast<P::ExprStmtContext *>(context));
  case P::RulePrintStmt:
    return printStmt(static_cast<P::PrintStmtContext *>(context));
  case P::RuleBreakStmt:
    return make<BreakStmt>(context);
  case P::RuleContinueStmt:
    return make<ContinueStmt>(context);
  case P::RuleReturnStmt: {
    auto *rule = static_cast<P::ReturnStmtContext *>(context);
    auto node = make<ReturnStmt>(context);
    if (rule->expr())
      node->value = expr(rule->expr(), rule);
    return node;
  }
  case P::RuleAssertStmt: {
    auto *rule = static_cast<P::AssertStmtContext *>(context);
    auto node = make<AssertStmt>(context);
    node->condition = expr(rule->expr(), rule);
    if (rule->COMMA())
      node->message = string(rule->string(), rule);
    return node;
  }
  case P::RuleDiscardStmt: {
    auto node = make<DiscardStmt>(context);
    node->value = expr(static_cast<P::DiscardStmtContext *>(context)->expr(), context);
    return node;
  }
  case P::RuleTestStmt: {
    auto *rule = static_cast<P::TestStmtContext *>(context);
    auto node = make<TestStmt>(context);
    node->name = string(rule->string(), rule);
    node->body = block(rule->block(), rule);
    return node;
  }
  case P::RuleWithStmt: {
    auto *rule = static_cast<P::WithStmtContext *>(context);
    auto node = make<WithStmt>(context);
    node->contexts = exprs(rule->expr(), rule);
    node->body = block(rule->block(), rule);
    return node;
  }
  case P::RuleForStmt: {
    auto *rule = static_cast<P::ForStmtContext *>(context);
    auto node = make<ForStmt>(context);
    for (P::GeneratorContext *part : rule->generator())
      node->generators.push_back(generator(part));
    node->body = block(rule->block(), rule);
    return node;
  }
  case P::RuleWhileStmt: {
    auto *rule = static_cast<P::WhileStmtContext *>(context);
    auto node = make<WhileStmt>(context);
    node->condition = expr(rule->expr(), rule);
    node->body = block(rule->block(), rule);
    return node;
  }
  case P::RuleRepeatStmt: {
    auto *rule = static_cast<P::RepeatStmtContext *>(context);
    auto node = make<RepeatStmt>(context);
    node->count = expr(rule->expr(), rule);
    node->body = block(rule->block(), rule);
    return node;
  }
  default:
    return declaration(context);
  }
}

StmtPtr AstBuilder::printStmt(P::PrintStmtContext *context) {
  auto node = make<PrintStmt>(context);
  node->values = exprs(context->expr(), context);
  return node;
}

StmtPtr AstBuilder::letStmt(P::LetStmtContext *context) {
  if (broken(context->binder()))
    return errorStmt(spanOf(context), {});
  auto node = make<LetStmt>(context);
  node->isVar = context->VAR() != nullptr;
  node->binder = binder(context->binder());
  if (!broken(context->type()))
    node->type = type(context->type(), context);
  node->value = expr(context->expr(), context);
  return node;
}

StmtPtr AstBuilder::exprStmt(P::ExprStmtContext *context) {
  auto parts = context->expr();
  ExprPtr first = expr(parts.empty() ? nullptr : parts[0], context);
  auto operands = context->operand();
  if (!operands.empty()) {
    auto node = make<GateStmt>(context);
    node->gate = std::move(first);
    for (P::OperandContext *part : operands)
      node->operands.push_back(operand(part));
    return node;
  }
  auto *op = context->children.size() > 1
                 ? dynamic_cast<antlr4::tree::TerminalNode *>(context->children[1])
                 : nullptr;
  if (!op) {
    auto node = make<ExprStmt>(context);
    node->value = std::move(first);
    return node;
  }
  auto node = make<AssignStmt>(context);
  switch (op->getSymbol()->getType()) {
  case T::PLUSEQ:
    node->op = AssignOp::Add;
    break;
  case T::MINUSEQ:
    node->op = AssignOp::Sub;
    break;
  case T::STAREQ:
    node->op = AssignOp::Mul;
    break;
  default:
    node->op = AssignOp::Set;
  }
  node->opSpan = spanOf(op->getSymbol());
  node->target = std::move(first);
  node->value = expr(parts.size() > 1 ? parts[1] : nullptr, context);
  return node;
}

ExprPtr AstBuilder::operand(P::OperandContext *context) {
  if (!context->operandName())
    return missing(context);
  ExprPtr result = name(context->operandName());
  for (P::AnyNameContext *field : context->anyName()) {
    auto node = make<MemberExpr>(result->span.to(spanOf(field)));
    node->base = std::move(result);
    node->member = ident(field);
    result = std::move(node);
  }
  if (context->LBRACK()) {
    auto node = make<IndexExpr>(context);
    node->base = std::move(result);
    node->indices = exprs(context->expr(), context);
    result = std::move(node);
  }
  return result;
}

} // namespace qdo::syntax
