// SPDX-License-Identifier: Apache-2.0
// Atoms: literals, names, brackets of every kind, strings, bindings in `for`.
#include "compiler/syntax/ast_builder.h"

namespace qdo::syntax {

ExprPtr AstBuilder::atom(P::AtomContext *context) {
  auto *terminal = dynamic_cast<antlr4::tree::TerminalNode *>(context->children[0]);
  return terminal ? number(terminal->getSymbol()) : make<ErrorExpr>(context);
}

ExprPtr AstBuilder::name(Context *context) {
  auto node = make<NameExpr>(context);
  node->name = std::string(textOf(node->span));
  return node;
}

ExprPtr AstBuilder::number(const antlr4::Token *token) {
  base::Span span = spanOf(token);
  std::string_view spelling = textOf(span);
  switch (token->getType()) {
  case T::INT:
    if (auto value = literals.integer(spelling, span)) {
      auto node = make<IntExpr>(span);
      node->value = *value;
      return node;
    }
    break;
  case T::REAL:
    if (auto value = literals.real(spelling, span)) {
      auto node = make<RealExpr>(span);
      node->value = *value;
      return node;
    }
    break;
  case T::PERCENT:
    if (auto value = literals.percent(spelling, span)) {
      auto node = make<PercentExpr>(span);
      node->value = *value;
      return node;
    }
    break;
  case T::SUFFIXED:
    if (ExprPtr node = literals.suffixed(spelling, span)) {
      node->id = nextId();
      node->span = span;
      return node;
    }
    break;
  case T::TRUE:
  case T::FALSE: {
    auto node = make<BoolExpr>(span);
    node->value = token->getType() == T::TRUE;
    return node;
  }
  default:
    break;
  }
  return make<ErrorExpr>(span);
}

ExprPtr AstBuilder::paren(P::ParenContext *context) {
  auto arguments = context->arg();
  if (arguments.size() == 1 && !arguments[0]->COLON() && context->COMMA().empty()) {
    auto node = make<ParenExpr>(context);
    node->inner = expr(arguments[0]->expr(), arguments[0]);
    return node;
  }
  auto node = make<TupleExpr>(context);
  for (P::ArgContext *argument : arguments)
    node->fields.push_back(arg(argument));
  return node;
}

ExprPtr AstBuilder::array(P::ArrayContext *context) {
  auto elements = context->expr();
  P::ComprehendedContext *rest = context->comprehended();
  if (!rest) {
    auto node = make<ArrayExpr>(context);
    node->elements = exprs(elements, context);
    return node;
  }
  auto node = make<ComprehensionExpr>(context);
  node->element = expr(elements[0], context);
  for (P::GeneratorContext *part : rest->generator())
    node->generators.push_back(generator(part));
  if (rest->IF())
    node->condition = expr(rest->expr(), rest);
  return node;
}

ExprPtr AstBuilder::braket(P::BraketContext *context) {
  auto parts = context->chain();
  if (context->BAR().empty()) {
    auto node = make<BraExpectExpr>(context);
    node->observable = expr(parts.empty() ? nullptr : parts[0], context);
    return node;
  }
  if (parts.size() < 3 && context->BAR().size() < 2) {
    auto node = make<OverlapExpr>(context);
    node->bra = expr(parts[0], context);
    node->ket = expr(parts.size() > 1 ? parts[1] : nullptr, context);
    return node;
  }
  auto node = make<MatrixElementExpr>(context);
  node->bra = expr(parts[0], context);
  node->observable = expr(parts.size() > 1 ? parts[1] : nullptr, context);
  node->ket = expr(parts.size() > 2 ? parts[2] : nullptr, context);
  return node;
}

ExprPtr AstBuilder::absOverlap(P::AbsOverlapContext *context) {
  auto parts = context->chain();
  auto node = make<AbsOverlapExpr>(context);
  node->bra = expr(parts.empty() ? nullptr : parts[0], context);
  node->ket = expr(parts.size() > 1 ? parts[1] : nullptr, context);
  return node;
}

ExprPtr AstBuilder::string(P::StringContext *context, Context *owner) {
  if (!context)
    return missing(owner);
  auto node = make<StringExpr>(context);
  StringPart part;
  for (P::StringPartContext *piece : context->stringPart()) {
    if (auto *plain = piece->S_TEXT()) {
      base::Span span = spanOf(plain->getSymbol());
      part.text += literals.unescape(textOf(span), span);
      continue;
    }
    part.value = expr(piece->expr(), piece);
    if (auto *spec = piece->F_SPEC()) {
      part.specSpan = spanOf(spec->getSymbol());
      part.spec = std::string(textOf(part.specSpan));
    }
    node->parts.push_back(std::move(part));
    part = {};
  }
  if (!part.text.empty())
    node->parts.push_back(std::move(part));
  return node;
}

Generator AstBuilder::generator(P::GeneratorContext *context) {
  Generator result;
  result.binder = binder(context->binder());
  result.range = expr(context->expr(), context);
  return result;
}

Binder AstBuilder::binder(P::BinderContext *context) {
  Binder result;
  result.id = nextId();
  if (!context)
    return result;
  result.span = spanOf(context);
  result.isTuple = context->LPAREN() != nullptr;
  for (P::IdContext *part : context->id())
    result.names.push_back(ident(part));
  return result;
}

} // namespace qdo::syntax
