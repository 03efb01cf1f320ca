// SPDX-License-Identifier: Apache-2.0
// Blocks of clauses: dataset, observable, select.
#include "compiler/sema/checker.h"

#include <fmt/format.h>

#include <algorithm>

namespace qdo::sema {

using namespace syntax;

std::optional<std::string> Checker::columnName(const Expr &e) {
  if (const auto *n = dynAs<NameExpr>(&e))
    return n->name;
  if (const auto *s = dynAs<StringExpr>(&e); s && s->parts.size() == 1 && !s->parts[0].value)
    return s->parts[0].text;
  return std::nullopt;
}

void Checker::datasetDecl(const DatasetStmt &dataset, SymbolId id) {
  auto schema = std::make_shared<Schema>();
  schema->name = dataset.name.text;
  const auto *source = dynAs<CallExpr>(dataset.source.get());
  const auto *reader = source ? dynAs<NameExpr>(source->callee.get()) : nullptr;
  const bool generated = reader && reader->name == "two_moons";
  if (!reader || (reader->name != "csv" && !generated)) {
    if (reader && (reader->name == "npz" || reader->name == "npy" || reader->name == "stream" ||
                   reader->name == "json"))
      notYet(dataset.source->span, "reading data with `" + reader->name + "`");
    else
      diagnostics
          .report(diag::Kind::NotAllowedHere, dataset.source->span, quote(dataset.source->span),
                  "as the source of a dataset")
          .help("read a file: `csv(\"data/iris.csv\")`");
    sym(id).kind = SymbolKind::Unsupported;
    sym(id).type = simple(TypeKind::Error);
    return;
  }
  if (generated) {
    if (source->args.empty() || source->args[0].name || source->args.size() > 2)
      diagnostics.report(diag::Kind::MissingArgument, source->span, "two_moons",
                         "how many rows: `two_moons(200, noise: 0.1)`");
    for (const Arg &arg : source->args)
      expectType(simple(arg.name ? TypeKind::Real : TypeKind::Int), expr(*arg.value),
                 arg.value->span, arg.name ? "the noise of `two_moons`" : "how many rows");
  } else if (source->args.size() != 1 || source->args[0].name) {
    diagnostics.report(diag::Kind::TooManyArguments, source->span, "csv", "1 argument, the path");
  } else {
    expectType(simple(TypeKind::String), expr(*source->args[0].value), source->args[0].value->span,
               "the path of `csv`");
  }
  std::set<std::string> names;
  for (const DatasetField &field : dataset.fields) {
    if (!names.insert(field.name.text).second)
      diagnostics.report(diag::Kind::DeclaredTwice, field.name.span, field.name.text);
    // What is computed is known to be numbers; a file's labels may be text.
    TypeRef type = simple(generated ? TypeKind::Real : TypeKind::Label);
    const Expr &value = *field.value;
    const auto *list = dynAs<ArrayExpr>(&value);
    const auto *call = dynAs<CallExpr>(&value);
    const auto *callName = call ? dynAs<NameExpr>(call->callee.get()) : nullptr;
    if (list) {
      for (const ExprPtr &column : list->elements)
        if (!columnName(*column))
          diagnostics
              .report(diag::Kind::BadClause, column->span, sources.text(column->span),
                      "is not a column's name")
              .help("name columns as words or strings: `[age, \"sepal length (cm)\"]`");
      type = arrayOf(simple(TypeKind::Real),
                     {Size::constant(static_cast<int64_t>(list->elements.size()))});
    } else if (callName && callName->name == "columns") {
      TypeRef range = call->args.size() == 1 ? expr(*call->args[0].value) : simple(TypeKind::Unit);
      if (!range->isError() &&
          !(range->is(TypeKind::Array) && call->args[0].value->kind == ExprKind::Binary))
        diagnostics.report(diag::Kind::BadClause, value.span, "columns",
                           "takes a range of column numbers: `columns(0..13)`");
      type = arrayOf(simple(TypeKind::Real),
                     {range->is(TypeKind::Array) ? range->sizes[0] : Size::unknown()});
    } else if (const auto *word = dynAs<NameExpr>(&value); word && word->name == "others") {
      type = arrayOf(simple(TypeKind::Real), {Size::unknown()});
    } else if (!columnName(value)) {
      if (callName)
        notYet(value.span, "computing a column with `" + callName->name + "`");
      else
        diagnostics.report(diag::Kind::BadClause, value.span, field.name.text,
                           "needs a column or a list of columns");
    }
    if (field.scaled) {
      if (!type->is(TypeKind::Array))
        type = arrayOf(simple(TypeKind::Real), {Size::constant(1)});
      TypeRef interval = expr(*field.scaled);
      if (!interval->isError() && !interval->is(TypeKind::Interval))
        diagnostics.report(diag::Kind::BadClause, field.scaled->span, "scaled",
                           "needs an interval: `scaled 0 to pi`");
    }
    schema->fields.push_back({field.name.text, type});
  }
  if (dataset.splits.size() > 1)
    diagnostics.report(diag::Kind::DuplicateClause, dataset.splits[1].span, "split")
        .place(dataset.splits[0].span, "first here");
  for (const DatasetSplit &split : dataset.splits) {
    double total = 0;
    for (const SplitPart &part : split.parts) {
      schema->parts.push_back(part.name.text);
      total += part.fraction;
      if (!names.insert(part.name.text).second || part.name.text == "size")
        diagnostics.report(diag::Kind::DeclaredTwice, part.name.span, part.name.text);
    }
    if (total > 1 + 1e-9)
      diagnostics
          .report(diag::Kind::BadClause, split.span, "split",
                  fmt::format("gives away {:.4g}% of the rows", total * 100))
          .help("the parts may sum to 100% at most");
    for (const Ident &word : split.words)
      if (word.text != "stratified") {
        auto &d = diagnostics.report(diag::Kind::UnknownClause, word.span, "`split`", word.text);
        if (base::nearestWord(word.text, {"stratified"}))
          d.help("did you mean `stratified`?")
              .edit(word.span, "stratified", "replace it with `stratified`");
      }
    schema->openParts = split.byColumn.has_value();
  }
  schema->hasErrors = diagnostics.hasErrorIn(dataset.span);
  sym(id).type = datasetOf(schema);
}

void Checker::clauseVariable(std::string_view name, TypeRef type, base::Span span, NodeId node,
                             uint32_t index) {
  SymbolId id = newSymbol(SymbolKind::Variable, std::string(name), span);
  module->declared[{static_cast<uint32_t>(node), index}] = id;
  sym(id).type = std::move(type);
  bind(std::string(name), id);
}

void Checker::observableDecl(SymbolId id) {
  const auto &observable = as<ObservableStmt>(*sym(id).decl);
  if (!observable.params.empty()) {
    notYet(observable.name.span, "an observable with parameters");
    return;
  }
  expectType(simple(TypeKind::Observable), expr(*observable.value), observable.value->span,
             "an observable");
}

void Checker::selectDecl(const SelectStmt &select, SymbolId id) {
  static const std::vector<std::string_view> known = {"start", "take",  "with", "guard", "label",
                                                      "learn", "score", "stop", "each",  "window"};
  TypeRef pool = expr(*select.pool);
  auto type = std::make_shared<sema::Type>();
  type->kind = TypeKind::Selection;
  if (!pool->isError() && !pool->is(TypeKind::Dataset))
    diagnostics.report(diag::Kind::TypeMismatch, select.pool->span, "the pool of `select`",
                       show(pool), "a dataset");
  auto schema = std::make_shared<Schema>();
  if (pool->schema)
    *schema = *pool->schema;
  schema->parts.clear();
  schema->openParts = false;
  type->schema = schema;
  sym(id).type = type;

  std::map<std::string, const Clause *> clauses;
  for (const Clause &clause : select.clauses) {
    const std::string &head = clause.head.text;
    if (std::find(known.begin(), known.end(), head) == known.end()) {
      auto &d = diagnostics.report(diag::Kind::UnknownClause, clause.head.span, "`select`", head);
      if (auto near = base::nearestWord(head, known))
        d.help(fmt::format("did you mean `{}`?", *near))
            .edit(clause.head.span, std::string(*near), fmt::format("replace it with `{}`", *near));
      continue;
    }
    if (head == "guard" || head == "label" || head == "window") {
      notYet(clause.span, "the `select` clause `" + head + "`");
      continue;
    }
    auto [old, isNew] = clauses.emplace(head, &clause);
    if (!isNew)
      diagnostics.report(diag::Kind::DuplicateClause, clause.head.span, head)
          .place(old->second->head.span, "first here");
  }
  for (const char *needed : {"start", "take", "learn", "score", "stop"})
    if (!clauses.count(needed))
      diagnostics.report(diag::Kind::MissingClause, select.name.span, "`select`",
                         std::string_view(needed) == "stop" ? "stop when" : needed);
  auto value = [&](const char *head, std::string_view need) -> const Expr * {
    auto found = clauses.find(head);
    if (found == clauses.end())
      return nullptr;
    if (found->second->items.size() != 1 || found->second->block) {
      diagnostics.report(diag::Kind::BadClause, found->second->span, head, need);
      return nullptr;
    }
    return found->second->items[0].value.get();
  };
  Context saved = context;
  if (const Expr *start = value("start", "needs a number of rows or `stratified(rows)`")) {
    const auto *call = dynAs<CallExpr>(start);
    const auto *name = call ? dynAs<NameExpr>(call->callee.get()) : nullptr;
    const Expr *rows = start;
    if (name && name->name == "stratified" && call->args.size() == 1)
      rows = call->args[0].value.get();
    expectType(simple(TypeKind::Int), expr(*rows), rows->span, "the rows to start with");
  }
  if (const Expr *take = value("take", "needs a number of rows"))
    expectType(simple(TypeKind::Int), expr(*take), take->span, "`take`");
  if (const Expr *with = value("with", "needs one policy")) {
    TypeRef t = expr(*with);
    expectType(simple(TypeKind::Policy), t, with->span, "`with`");
    const auto *n = dynAs<NameExpr>(with);
    context.payer = n && n->name == "exact" ? Payer::Exact : Payer::Policy;
  } else if (diagnostics.hasErrorIn(select.span)) {
    context.payer = Payer::Policy; // one of the clauses with mistakes may be `with`
  }
  scopes.emplace_back();
  clauseVariable("round", simple(TypeKind::Int), select.name.span, select.id, 1);
  if (auto found = clauses.find("learn"); found != clauses.end()) {
    const Clause &learn = *found->second;
    if (!learn.target || learn.items.size() != 1) {
      diagnostics.report(diag::Kind::BadClause, learn.span, "learn",
                         "names its model: `learn m = svm(k, chosen, C: 1.0)`");
    } else {
      TypeRef model = expr(*learn.items[0].value);
      expectType(simple(TypeKind::Model), model, learn.items[0].value->span, "what is learned");
      SymbolId m = newSymbol(SymbolKind::Variable, learn.target->text, learn.target->span);
      sym(m).type = model->isError() ? model : simple(TypeKind::Model);
      module->declared[{static_cast<uint32_t>(learn.id), 0}] = m;
      bind(learn.target->text, m);
      schema->fields.push_back({learn.target->text, simple(TypeKind::Model)});
    }
  }
  if (const Expr *score = value("score", "needs one expression, higher is better")) {
    scopes.emplace_back();
    auto row = std::make_shared<sema::Type>();
    row->kind = TypeKind::Row;
    row->schema = pool->schema;
    row->hidesLabel = true;
    clauseVariable("it", row, score->span, select.id, 2);
    TypeRef t = expr(*score);
    if (!t->is(TypeKind::Estimate))
      expectType(simple(TypeKind::Real), t, score->span, "a score");
    scopes.pop_back();
  }
  if (const Expr *stop = value("stop", "needs one condition: `stop when round == 10`")) {
    if (!clauses.at("stop")->when)
      diagnostics.report(diag::Kind::BadClause, clauses.at("stop")->span, "stop",
                         "is followed by `when`");
    condition(*stop, "the condition of `stop when`");
  }
  if (auto found = clauses.find("each"); found != clauses.end()) {
    const Clause &each = *found->second;
    if (!each.block || !each.blockWord || each.blockWord->text != "round")
      diagnostics.report(diag::Kind::BadClause, each.span, "each",
                         "is written `each round { ... }`");
    else
      block(*each.block);
  }
  scopes.pop_back();
  context = saved;
}

} // namespace qdo::sema
