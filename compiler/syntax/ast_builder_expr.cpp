// SPDX-License-Identifier: Apache-2.0
// Expressions: the operator levels of the grammar become one tree of operators.
// Why by child order: a broken context lacks some of its children, and what is there must still be
// used.
#include "compiler/syntax/ast_builder.h"

namespace qdo::syntax {

namespace {

/// A tree that has children is no token, which saves most of the costly casts.
Context *ruleOf(antlr4::tree::ParseTree *tree) {
  return tree->children.empty() ? dynamic_cast<Context *>(tree) : static_cast<Context *>(tree);
}
const antlr4::Token *leaf(antlr4::tree::ParseTree *tree) {
  if (!tree->children.empty())
    return nullptr;
  auto *terminal = dynamic_cast<antlr4::tree::TerminalNode *>(tree);
  return terminal ? terminal->getSymbol() : nullptr;
}

/// Levels of the grammar that add nothing when they hold one thing.
Context *skipLevels(Context *context) {
  while (context->children.size() == 1) {
    size_t rule = context->getRuleIndex();
    Context *inner = ruleOf(context->children[0]);
    if (!inner || rule == P::RuleString || rule == P::RuleId)
      return context;
    context = inner;
  }
  return context;
}

BinaryOp binaryOp(size_t type) {
  switch (type) {
  case T::OR:
    return BinaryOp::Or;
  case T::AND:
    return BinaryOp::And;
  case T::PLUS:
    return BinaryOp::Add;
  case T::MINUS:
    return BinaryOp::Sub;
  case T::STAR:
    return BinaryOp::Mul;
  case T::SLASH:
    return BinaryOp::Div;
  case T::MOD:
    return BinaryOp::Mod;
  case T::THEN:
    return BinaryOp::Then;
  case T::TENSOR:
    return BinaryOp::Tensor;
  default:
    return BinaryOp::Range;
  }
}

/// The higher, the tighter; compared within one level of the grammar only.
int precedence(BinaryOp op) {
  switch (op) {
  case BinaryOp::Or:
  case BinaryOp::Then:
    return 1;
  case BinaryOp::And:
  case BinaryOp::Tensor:
    return 2;
  case BinaryOp::Range:
    return 3;
  case BinaryOp::Add:
  case BinaryOp::Sub:
    return 4;
  default:
    return 5;
  }
}

CompareOp compareOp(size_t type) {
  switch (type) {
  case T::EQ:
    return CompareOp::Eq;
  case T::NE:
    return CompareOp::Ne;
  case T::LE:
    return CompareOp::Le;
  case T::GE:
    return CompareOp::Ge;
  case T::LT:
    return CompareOp::Lt;
  case T::GT:
    return CompareOp::Gt;
  default:
    return CompareOp::In;
  }
}

} // namespace

ExprPtr AstBuilder::missing(Context *owner) {
  uint32_t end = spanOf(owner).end;
  return make<ErrorExpr>({file, end, end});
}

std::vector<ExprPtr> AstBuilder::exprs(const std::vector<P::ExprContext *> &contexts,
                                       Context *owner) {
  std::vector<ExprPtr> result;
  result.reserve(contexts.size());
  for (P::ExprContext *context : contexts)
    result.push_back(expr(context, owner));
  return result;
}

ExprPtr AstBuilder::expr(Context *context, Context *owner) {
  if (!context)
    return missing(owner);
  context = skipLevels(context);
  if (context->children.empty())
    return make<ErrorExpr>(context);
  switch (context->getRuleIndex()) {
  case P::RuleLambda:
    return lambda(static_cast<P::LambdaContext *>(context));
  case P::RuleLogic:
  case P::RuleChain:
  case P::RuleProd:
    return operators(context);
  case P::RuleNotE:
    return negation(static_cast<P::NotEContext *>(context));
  case P::RuleCmp:
    return compare(static_cast<P::CmpContext *>(context));
  case P::RuleInterval:
    return interval(static_cast<P::IntervalContext *>(context));
  case P::RuleUnary:
    return unary(static_cast<P::UnaryContext *>(context));
  case P::RulePostfix:
    return postfix(static_cast<P::PostfixContext *>(context));
  case P::RuleAtom:
    return atom(static_cast<P::AtomContext *>(context));
  case P::RuleId:
  case P::RuleOperandName:
    return name(context);
  case P::RuleString:
    return string(static_cast<P::StringContext *>(context), context);
  case P::RuleParen:
    return paren(static_cast<P::ParenContext *>(context));
  case P::RuleArray:
    return array(static_cast<P::ArrayContext *>(context));
  case P::RuleBraket:
    return braket(static_cast<P::BraketContext *>(context));
  case P::RuleAbsOverlap:
    return absOverlap(static_cast<P::AbsOverlapContext *>(context));
  case P::RuleIfE:
    return ifExpr(static_cast<P::IfEContext *>(context));
  case P::RuleEstimate: {
    auto node = make<EstimateExpr>(context);
    node->body = block(static_cast<P::EstimateContext *>(context)->block(), context);
    return node;
  }
  default:
    return make<ErrorExpr>(context);
  }
}

/// Every operator here groups to the left.
ExprPtr AstBuilder::operators(Context *context) {
  std::vector<ExprPtr> operands;
  std::vector<const antlr4::Token *> pending;
  auto reduce = [&] {
    ExprPtr rhs = std::move(operands.back());
    operands.pop_back();
    ExprPtr lhs = std::move(operands.back());
    auto node = make<BinaryExpr>(lhs->span.to(rhs->span));
    node->op = binaryOp(pending.back()->getType());
    node->opSpan = spanOf(pending.back());
    pending.pop_back();
    const auto *inner = dynAs<BinaryExpr>(lhs.get());
    if (node->op == BinaryOp::Range && inner && inner->op == BinaryOp::Range)
      mistakes.report(diag::Kind::SyntaxUnexpected, node->opSpan, "`..`")
          .help("a range has two ends");
    node->lhs = std::move(lhs);
    node->rhs = std::move(rhs);
    operands.back() = std::move(node);
  };
  for (antlr4::tree::ParseTree *child : context->children) {
    const antlr4::Token *op = leaf(child);
    if (!op) {
      operands.push_back(expr(static_cast<Context *>(child), context));
      continue;
    }
    int level = precedence(binaryOp(op->getType()));
    while (!pending.empty() && precedence(binaryOp(pending.back()->getType())) >= level)
      reduce();
    pending.push_back(op);
  }
  while (operands.size() <= pending.size()) // broken off after an operator
    operands.push_back(missing(context));
  while (!pending.empty())
    reduce();
  return std::move(operands.front());
}

ExprPtr AstBuilder::negation(P::NotEContext *context) {
  auto node = make<UnaryExpr>(context);
  node->op = UnaryOp::Not;
  node->opSpan = spanOf(context->getStart());
  node->operand = expr(context->notE(), context);
  return node;
}

ExprPtr AstBuilder::compare(P::CmpContext *context) {
  ExprPtr lhs = expr(static_cast<Context *>(context->children[0]), context);
  const antlr4::Token *op = context->children.size() > 1 ? leaf(context->children[1]) : nullptr;
  if (!op)
    return lhs;
  auto node = make<CompareExpr>(context);
  node->op = compareOp(op->getType());
  node->opSpan = spanOf(op);
  node->lhs = std::move(lhs);
  node->rhs = expr(context->interval(1), context);
  if (context->WITHIN())
    node->within = expr(context->chain(), context);
  if (auto *confidence = context->PERCENT())
    node->confidence = number(confidence->getSymbol());
  else if (context->AT())
    node->confidence = missing(context);
  return node;
}

ExprPtr AstBuilder::interval(P::IntervalContext *context) {
  auto node = make<IntervalExpr>(context);
  auto bounds = context->chain();
  node->low = expr(bounds[0], context);
  node->high = expr(bounds.size() > 1 ? bounds[1] : nullptr, context);
  if (context->STEP())
    node->step = expr(bounds.size() > 2 ? bounds[2] : nullptr, context);
  return node;
}

ExprPtr AstBuilder::unary(P::UnaryContext *context) {
  if (P::PostfixContext *base = context->postfix()) {
    auto node = make<BinaryExpr>(context);
    node->op = BinaryOp::Pow;
    node->opSpan = context->CARET() ? spanOf(context->CARET()->getSymbol()) : spanOf(context);
    node->lhs = expr(base, context);
    node->rhs = expr(context->unary(), context);
    return node;
  }
  const antlr4::Token *op = context->getStart();
  if (context->CTRL()) {
    auto node = make<CtrlExpr>(context);
    node->opSpan = spanOf(op);
    if (context->LPAREN())
      node->count = expr(context->expr(), context);
    node->operand = expr(context->unary(), context);
    return node;
  }
  auto node = make<UnaryExpr>(context);
  node->op = context->MINUS()     ? UnaryOp::Neg
             : context->ADJ()     ? UnaryOp::Adj
             : context->PREPARE() ? UnaryOp::Prepare
                                  : UnaryOp::Measure;
  node->opSpan = spanOf(op);
  node->operand = expr(context->unary(), context);
  return node;
}

ExprPtr AstBuilder::postfix(P::PostfixContext *context) {
  ExprPtr result = expr(context->atom(), context);
  for (size_t i = 1; i < context->children.size(); ++i) {
    Context *part = ruleOf(context->children[i]);
    if (!part)
      continue;
    base::Span span = result->span.to(spanOf(part));
    if (part->getRuleIndex() == P::RuleMember) {
      auto *member = static_cast<P::MemberContext *>(part);
      auto node = make<MemberExpr>(span);
      node->base = std::move(result);
      node->member = ident(member->anyName());
      if (node->member.text.empty())
        node->member.span = {file, span.end, span.end};
      result = std::move(node);
    } else if (part->getRuleIndex() == P::RuleCall) {
      auto *call = static_cast<P::CallContext *>(part);
      auto node = make<CallExpr>(span);
      node->callee = std::move(result);
      for (P::ArgContext *argument : call->arg())
        node->args.push_back(arg(argument));
      result = std::move(node);
    } else {
      auto *index = static_cast<P::IndexContext *>(part);
      auto node = make<IndexExpr>(span);
      node->base = std::move(result);
      node->indices = exprs(index->expr(), index);
      result = std::move(node);
    }
  }
  return result;
}

Arg AstBuilder::arg(P::ArgContext *context) {
  Arg result;
  if (context->COLON())
    result.name = ident(context->anyName());
  result.value = expr(context->expr(), context);
  return result;
}

ExprPtr AstBuilder::lambda(P::LambdaContext *context) {
  auto node = make<LambdaExpr>(context);
  for (P::IdContext *parameter : context->id())
    node->params.push_back(ident(parameter));
  if (context->block())
    node->block = block(context->block(), context);
  else
    node->body = expr(context->expr(), context);
  return node;
}

ExprPtr AstBuilder::ifExpr(P::IfEContext *context) {
  auto node = make<IfExpr>(context);
  node->condition = expr(context->expr(), context);
  auto blocks = context->block();
  node->thenBlock = block(blocks.empty() ? nullptr : blocks[0], context);
  if (P::IfEContext *chained = context->ifE()) {
    auto statement = make<ExprStmt>(chained);
    statement->value = ifExpr(chained);
    node->elseBlock.emplace();
    node->elseBlock->span = statement->span;
    node->elseBlock->stmts.push_back(std::move(statement));
    node->elseIsIf = true;
  } else if (blocks.size() > 1) {
    node->elseBlock = block(blocks[1], context);
  }
  return node;
}

} // namespace qdo::syntax
