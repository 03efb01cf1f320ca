// SPDX-License-Identifier: Apache-2.0
// Declarations: their parameters, types, and the blocks of clauses.
#include "compiler/syntax/ast_builder.h"

namespace qdo::syntax {

// ------------------------------------------------------------------------------ types and
// parameters

TypePtr AstBuilder::type(Context *context, Context *owner) {
  auto *whole = dynamic_cast<P::TypeContext *>(context);
  auto *base = whole ? whole->baseType() : dynamic_cast<P::BaseTypeContext *>(context);
  auto node = make<Type>(context ? context : owner);
  if (!base)
    return node;
  if (base->id()) {
    node->name = ident(base->id());
  } else if (auto *word = base->ESTIMATE()) {
    base::Span span = spanOf(word->getSymbol());
    node->name = {std::string(textOf(span)), span};
  } else {
    node->isTuple = true;
    for (P::TypeFieldContext *part : base->typeField()) {
      TypeField field;
      if (part->COLON())
        field.name = ident(part->anyName());
      field.type = type(part->type(), part);
      node->fields.push_back(std::move(field));
    }
  }
  for (P::TypeContext *argument : base->type())
    node->args.push_back(type(argument, base));
  if (P::SizesContext *sizes = base->sizes()) {
    node->hasSizes = true;
    for (P::SizeContext *size : sizes->size())
      node->sizes.push_back(size->QUEST() ? nullptr : expr(size->expr(), size));
  }
  if (whole && whole->ARROW())
    node->result = type(whole->type(), whole);
  return node;
}

std::vector<Param> AstBuilder::params(P::ParamsContext *context) {
  std::vector<Param> result;
  if (!context)
    return result;
  for (P::ParamContext *part : context->param()) {
    Param &param = result.emplace_back();
    param.id = nextId();
    param.span = spanOf(part);
    param.name = ident(part->id());
    param.type = type(part->type(), part);
    if (part->ASSIGN())
      param.defaultValue = expr(part->expr(), part);
  }
  return result;
}

std::vector<Param> AstBuilder::onParams(P::OnClauseContext *context) {
  std::vector<Param> result;
  if (!context)
    return result;
  for (P::OnParamContext *part : context->onParam()) {
    Param &param = result.emplace_back();
    param.id = nextId();
    param.span = spanOf(part);
    param.name = ident(part->id());
    param.type = type(part->baseType(), part);
  }
  return result;
}

// --------------------------------------------------------------------------------------
// declarations

StmtPtr AstBuilder::declaration(Context *context) {
  switch (context->getRuleIndex()) {
  case P::RuleUseStmt:
    return useStmt(static_cast<P::UseStmtContext *>(context));
  case P::RuleDatasetStmt:
    return datasetStmt(static_cast<P::DatasetStmtContext *>(context));
  case P::RulePhantomStmt:
    return phantomStmt(static_cast<P::PhantomStmtContext *>(context));
  case P::RuleFnStmt:
    return fnStmt(static_cast<P::FnStmtContext *>(context));
  case P::RuleCircuitStmt:
    return circuitStmt(static_cast<P::CircuitStmtContext *>(context));
  case P::RuleParamStmt: {
    auto *rule = static_cast<P::ParamStmtContext *>(context);
    auto node = make<ParamStmt>(context);
    node->name = ident(rule->id());
    node->type = type(rule->type(), rule);
    if (rule->expr())
      node->defaultValue = expr(rule->expr(), rule);
    return node;
  }
  case P::RulePolicyStmt: {
    auto *rule = static_cast<P::PolicyStmtContext *>(context);
    auto node = make<PolicyStmt>(context);
    node->name = ident(rule->id());
    node->params = params(rule->params());
    if (rule->expr())
      node->from = expr(rule->expr(), rule);
    node->clauses = clauses(rule->clauses());
    return node;
  }
  case P::RuleNoiseStmt: {
    auto *rule = static_cast<P::NoiseStmtContext *>(context);
    auto node = make<NoiseStmt>(context);
    node->name = ident(rule->id());
    node->params = params(rule->params());
    if (rule->expr())
      node->from = expr(rule->expr(), rule);
    node->clauses = clauses(rule->clauses());
    return node;
  }
  case P::RuleDeviceStmt: {
    auto *rule = static_cast<P::DeviceStmtContext *>(context);
    auto node = make<DeviceStmt>(context);
    node->name = ident(rule->id());
    node->value = expr(rule->expr(), rule);
    return node;
  }
  case P::RuleKernelStmt: {
    auto *rule = static_cast<P::KernelStmtContext *>(context);
    auto node = make<KernelStmt>(context);
    node->name = ident(rule->id());
    node->params = params(rule->params());
    if (rule->unary())
      node->via = expr(rule->unary(), rule);
    node->body = expr(rule->expr(), rule);
    return node;
  }
  case P::RuleUnitaryStmt: {
    auto *rule = static_cast<P::UnitaryStmtContext *>(context);
    auto node = make<UnitaryStmt>(context);
    node->name = ident(rule->id());
    node->params = params(rule->params());
    node->on = onParams(rule->onClause());
    node->matrix = expr(rule->expr(), rule);
    return node;
  }
  case P::RuleObservableStmt: {
    auto *rule = static_cast<P::ObservableStmtContext *>(context);
    auto node = make<ObservableStmt>(context);
    node->name = ident(rule->id());
    node->params = params(rule->params());
    node->value = expr(rule->expr(), rule);
    return node;
  }
  case P::RuleSelectStmt: {
    auto *rule = static_cast<P::SelectStmtContext *>(context);
    auto node = make<SelectStmt>(context);
    node->name = ident(rule->id());
    node->pool = expr(rule->expr(), rule);
    node->clauses = clauses(rule->clauses());
    return node;
  }
  case P::RuleObserveStmt: {
    auto *rule = static_cast<P::ObserveStmtContext *>(context);
    auto node = make<ObserveStmt>(context);
    node->name = ident(rule->id());
    node->clauses = clauses(rule->clauses());
    return node;
  }
  case P::RuleSaveStmt: {
    auto *rule = static_cast<P::SaveStmtContext *>(context);
    auto node = make<SaveStmt>(context);
    node->value = expr(rule->expr(), rule);
    node->label = string(rule->string(), rule);
    return node;
  }
  default:
    return errorStmt(spanOf(context), {});
  }
}

StmtPtr AstBuilder::useStmt(P::UseStmtContext *context) {
  auto node = make<UseStmt>(context);
  node->hasBraces = context->LBRACE() != nullptr;
  // Names follow each other as the children do: the first, the fields, those in braces, the alias.
  bool inBraces = false;
  for (antlr4::tree::ParseTree *child : context->children) {
    if (auto *terminal = dynamic_cast<antlr4::tree::TerminalNode *>(child)) {
      size_t type = terminal->getSymbol()->getType();
      inBraces = type == T::LBRACE || (inBraces && type != T::RBRACE);
      if (type == T::AS)
        node->alias.emplace();
      continue;
    }
    auto *part = static_cast<Context *>(child);
    if (node->alias)
      node->alias = ident(part);
    else
      (inBraces ? node->names : node->path).push_back(ident(part));
  }
  return node;
}

StmtPtr AstBuilder::circuitStmt(P::CircuitStmtContext *context) {
  auto node = make<CircuitStmt>(context);
  node->isEncoding = context->ENCODING() != nullptr;
  node->name = ident(context->id());
  node->params = params(context->params());
  node->on = onParams(context->onClause());
  node->body = block(context->block(), context);
  return node;
}

StmtPtr AstBuilder::fnStmt(P::FnStmtContext *context) {
  auto node = make<FnStmt>(context);
  node->name = ident(context->id());
  node->params = params(context->params());
  node->on = onParams(context->onClause());
  if (context->type())
    node->result = type(context->type(), context);
  if (context->block())
    node->block = block(context->block(), context);
  else
    node->value = expr(context->expr(), context);
  return node;
}

StmtPtr AstBuilder::phantomStmt(P::PhantomStmtContext *context) {
  auto node = make<PhantomStmt>(context);
  node->name = ident(context->id());
  node->params = params(context->params());
  bool negative = false;
  for (antlr4::tree::ParseTree *child : context->ketSum()->children) {
    if (auto *sign = dynamic_cast<antlr4::tree::TerminalNode *>(child)) {
      negative = sign->getSymbol()->getType() == T::MINUS;
      continue;
    }
    auto *ket = static_cast<P::KetContext *>(child);
    KetTerm &term = node->terms.emplace_back();
    term.negative = negative;
    term.span = spanOf(ket);
    if (ket->prod())
      term.factor = expr(ket->prod(), ket);
    term.state = expr(ket->chain(), ket);
  }
  if (P::SubjectContext *subject = context->subject()) {
    node->hasConstraints = true;
    for (P::SubjectLineContext *line : subject->subjectLine())
      if (line->expr() || broken(line))
        node->constraints.push_back(expr(line->expr(), line));
  }
  return node;
}

StmtPtr AstBuilder::datasetStmt(P::DatasetStmtContext *context) {
  auto node = make<DatasetStmt>(context);
  node->name = ident(context->id());
  node->params = params(context->params());
  node->source = expr(context->expr(), context);
  if (context->dsBody())
    for (P::DsLineContext *line : context->dsBody()->dsLine())
      if (line->dsItem())
        datasetItem(line->dsItem(), *node);
  return node;
}

void AstBuilder::datasetItem(P::DsItemContext *context, DatasetStmt &dataset) {
  if (context->COLON()) {
    DatasetField &field = dataset.fields.emplace_back();
    field.span = spanOf(context);
    field.name = ident(context->anyName());
    auto values = context->expr();
    field.value = expr(values.empty() ? nullptr : values[0], context);
    if (context->SCALED())
      field.scaled = expr(values.size() > 1 ? values[1] : nullptr, context);
    return;
  }
  if (!context->SPLIT())
    return;
  DatasetSplit &split = dataset.splits.emplace_back();
  split.span = spanOf(context);
  if (P::StringContext *column = context->string()) {
    base::Span span = spanOf(column);
    std::string name;
    for (P::StringPartContext *part : column->stringPart())
      if (auto *plain = part->S_TEXT()) {
        base::Span place = spanOf(plain->getSymbol());
        name += literals.unescape(textOf(place), place);
      }
    split.byColumn = Ident{name, span};
  } else if (context->BY() && context->anyName()) {
    split.byColumn = ident(context->anyName());
  }
  for (P::SplitPartContext *part : context->splitPart()) {
    SplitPart &made = split.parts.emplace_back();
    made.span = spanOf(part);
    made.name = ident(part->anyName());
    if (auto *share = part->PERCENT()) {
      base::Span span = spanOf(share->getSymbol());
      made.fraction = literals.percent(textOf(span), span).value_or(0);
    }
  }
  for (P::IdContext *word : context->id())
    split.words.push_back(ident(word));
}

std::vector<Clause> AstBuilder::clauses(P::ClausesContext *context) {
  std::vector<Clause> result;
  if (context)
    for (P::ClauseLineContext *line : context->clauseLine())
      if (line->clause())
        result.push_back(clause(line->clause()));
  return result;
}

Clause AstBuilder::clause(P::ClauseContext *context) {
  Clause result;
  result.id = nextId();
  result.span = spanOf(context);
  result.head = ident(context->head());
  result.when = context->WHEN() != nullptr;
  if (context->block()) {
    if (context->id())
      result.blockWord = ident(context->id());
    result.block = block(context->block(), context);
    return result;
  }
  if (context->id())
    result.target = ident(context->id());
  for (P::ClauseExprContext *part : context->clauseExpr()) {
    ClauseItem &item = result.items.emplace_back();
    item.value = expr(part->expr(), part);
    item.shots = part->SHOTS() != nullptr;
  }
  if (context->ON())
    result.on = expr(context->expr(), context);
  return result;
}

} // namespace qdo::syntax
