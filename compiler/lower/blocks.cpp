// SPDX-License-Identifier: Apache-2.0
// Blocks of clauses: datasets, selections.
#include "compiler/lower/elaborator.h"

#include <fmt/format.h>

#include <filesystem>

namespace qdo::lower {

using namespace syntax;

static std::optional<std::string> columnName(const Expr &e) {
  if (const auto *n = dynAs<NameExpr>(&e))
    return n->name;
  if (const auto *s = dynAs<StringExpr>(&e); s && s->parts.size() == 1)
    return s->parts[0].text;
  return std::nullopt;
}

void Elaborator::dataset(const DatasetStmt &d) {
  mlir::Location at = loc(d.name.span);
  const auto &source = as<CallExpr>(*d.source);
  DatasetRequest request;
  request.name = d.name.text;
  request.span = d.name.span;
  request.pathSpan = source.args[0].value->span;
  if (as<NameExpr>(*source.callee).name == "two_moons") {
    Value noise = Value::ofReal(0);
    for (const Arg &arg : source.args)
      if (arg.name)
        noise = toReal(expr(*arg.value), at);
    if (!noise.isConstant())
      notYet(source.span, "noise that is known only while the program runs");
    request.generated = true;
    request.path = fmt::format("two_moons:{}:{}", constInt(*source.args[0].value, "how many rows"),
                               noise.real);
  } else {
    Value path = expr(*source.args[0].value);
    if (path.kind != ValueKind::String || !path.isConstant())
      notYet(source.args[0].value->span, "a path that is known only while the program runs");
    std::filesystem::path file = path.text;
    request.path = file.is_absolute() || options.directory.empty()
                       ? file.string()
                       : (std::filesystem::path(options.directory) / file).string();
  }

  llvm::SmallVector<mlir::Attribute> fields;
  for (const DatasetField &field : d.fields) {
    DatasetRequest::Field f;
    f.name = field.name.text;
    f.span = field.span;
    llvm::SmallVector<mlir::NamedAttribute> attributes{
        b.getNamedAttr("name", b.getStringAttr(f.name))};
    if (const auto *list = dynAs<ArrayExpr>(field.value.get())) {
      llvm::SmallVector<llvm::StringRef> names;
      for (const ExprPtr &column : list->elements)
        f.columns.push_back(*columnName(*column));
      names.assign(f.columns.begin(), f.columns.end());
      attributes.push_back(b.getNamedAttr("columns", b.getStrArrayAttr(names)));
    } else if (const auto *call = dynAs<CallExpr>(field.value.get())) {
      Value range = expr(*call->args[0].value);
      if (!range.elements[0].isConstant() || !range.elements[1].isConstant())
        notYet(field.value->span, "columns that are known only while the program runs");
      f.range = {range.elements[0].integer, range.elements[1].integer};
      attributes.push_back(
          b.getNamedAttr("range", b.getI64ArrayAttr({f.range->first, f.range->second})));
    } else if (const auto *word = dynAs<NameExpr>(field.value.get());
               word && word->name == "others") {
      f.others = true;
      attributes.push_back(b.getNamedAttr("others", b.getUnitAttr()));
    } else {
      f.columns = {*columnName(*field.value)};
      f.single = !field.scaled;
      if (f.single)
        attributes.push_back(b.getNamedAttr("column", b.getStringAttr(f.columns[0])));
      else
        attributes.push_back(b.getNamedAttr("columns", b.getStrArrayAttr({f.columns[0]})));
    }
    if (field.scaled) {
      Value interval = expr(*field.scaled);
      Value low = toReal(interval.elements[0], at), high = toReal(interval.elements[1], at);
      if (!low.isConstant() || !high.isConstant())
        notYet(field.scaled->span, "a range that is known only while the program runs");
      if (!(low.real < high.real)) {
        diagnostics.report(
            diag::Kind::BadClause, field.scaled->span, "scaled",
            fmt::format("goes from {} to {}: the first must be the smaller", low.real, high.real));
        throw Abandon{};
      }
      f.scaled = {low.real, high.real};
      attributes.push_back(b.getNamedAttr("scaled", b.getF64ArrayAttr({low.real, high.real})));
    }
    fields.push_back(b.getDictionaryAttr(attributes));
    request.fields.push_back(std::move(f));
  }
  llvm::SmallVector<mlir::Attribute> parts;
  for (const DatasetSplit &split : d.splits) {
    request.splitSpan = split.span;
    for (const SplitPart &part : split.parts) {
      request.parts.push_back({part.name.text, part.fraction});
      parts.push_back(
          b.getDictionaryAttr({b.getNamedAttr("part", b.getStringAttr(part.name.text)),
                               b.getNamedAttr("fraction", b.getF64FloatAttr(part.fraction))}));
    }
    request.stratified = !split.words.empty();
    if (split.byColumn)
      request.splitBy = split.byColumn->text;
  }
  const unsigned errors = diagnostics.errorCount();
  DataShape shape = options.readData(request);
  if (diagnostics.errorCount() != errors)
    throw Abandon{};
  auto op = qdata::DatasetOp::create(
      b, at, qdata::DatasetType::get(b.getContext()), request.name, request.path,
      b.getArrayAttr(fields), parts.empty() ? mlir::ArrayAttr{} : b.getArrayAttr(parts),
      request.stratified, request.splitBy ? b.getStringAttr(*request.splitBy) : mlir::StringAttr{});
  Value v = Value::ofSsa(ValueKind::Dataset, op.getDataset());
  sema::SymbolId id = declared(d.id, 0);
  v.symbol = id;
  v.type = program.symbol(id).type;
  v.shape = std::make_shared<DataShape>(std::move(shape));
  frame().vars[id] = v;
}

static void disjuncts(const Expr &e, std::vector<const Expr *> &out) {
  if (const auto *p = dynAs<ParenExpr>(&e))
    return disjuncts(*p->inner, out);
  if (const auto *binary = dynAs<BinaryExpr>(&e); binary && binary->op == BinaryOp::Or) {
    disjuncts(*binary->lhs, out);
    disjuncts(*binary->rhs, out);
    return;
  }
  out.push_back(&e);
}

void Elaborator::select(const SelectStmt &s) {
  mlir::Location at = loc(s.name.span);
  sema::SymbolId id = declared(s.id, 0);
  Value pool = expr(*s.pool);
  std::map<std::string, const Clause *> clauses;
  for (const Clause &clause : s.clauses)
    clauses[clause.head.text] = &clause;
  auto value = [&](const char *head) -> const Expr & { return *clauses.at(head)->items[0].value; };

  const Expr *start = &value("start");
  bool stratified = false;
  if (const auto *call = dynAs<CallExpr>(start); call && call->callee->kind == ExprKind::Name &&
                                                 as<NameExpr>(*call->callee).name == "stratified") {
    stratified = true;
    start = call->args[0].value.get();
  }
  auto atLeastOne = [&](const Expr &e) {
    Value v = expr(e);
    if (v.isConstant() && v.integer < 1) {
      diagnostics.report(diag::Kind::BadValue, e.span, "a number of rows",
                         std::to_string(v.integer), "1 or more");
      throw Abandon{};
    }
    return ssa(v, at);
  };
  mlir::Value startRows = atLeastOne(*start), take = atLeastOne(value("take"));
  mlir::Value policy;
  Payer payer;
  const bool paid = clauses.count("with");
  if (paid) {
    Value p = expr(value("with"));
    policy = p.ssa;
    payer = payerOf(value("with"), p);
  }
  std::vector<const Expr *> reasons;
  disjuncts(value("stop"), reasons);
  std::vector<std::string> texts;
  for (const Expr *reason : reasons)
    texts.emplace_back(sources.text(reason->span));
  std::vector<llvm::StringRef> refs(texts.begin(), texts.end());
  const Clause *each = clauses.count("each") ? clauses.at("each") : nullptr;
  auto op = qdata::SelectOp::create(b, at, s.name.text, pool.ssa, startRows, stratified, take,
                                    policy, refs, true, each != nullptr);

  if (paid)
    payers.push_back(payer);
  const auto vars = frame().vars;
  sema::SymbolId learner = sema::SymbolId::None; ///< the kernel of the model
  auto region = [&](mlir::Region &where, bool withModel,
                    const std::function<void(mlir::Block &)> &body) {
    mlir::OpBuilder::InsertionGuard guard(b);
    mlir::Block &block = where.front();
    b.setInsertionPointToEnd(&block);
    Value chosen = Value::ofSsa(ValueKind::Selection, block.getArgument(0));
    chosen.symbol = id;
    chosen.integer = rowsOf(pool).value_or(0);
    chosen.shape = pool.shape;
    chosen.type = program.symbol(id).type;
    frame().vars = vars;
    frame().vars[id] = chosen;
    frame().vars[declared(s.id, 1)] =
        Value::ofSsa(ValueKind::Int, rt("select_round", {chosen.ssa}, at));
    if (withModel) {
      Value model =
          Value::handle(rt("select_model", {chosen.ssa}, at), sema::simple(sema::TypeKind::Model));
      model.symbol = learner;
      model.integer = chosen.integer; // rows that it may have learned from
      frame().vars[declared(clauses.at("learn")->id, 0)] = model;
    }
    body(block);
  };
  region(op.getLearn(), false, [&](mlir::Block &) {
    Value model = expr(value("learn"));
    learner = model.symbol;
    qdata::YieldOp::create(b, at, model.ssa);
  });
  // Once there is a model, a selection that runs out of budget ends normally.
  Uncertain maybe(*this);
  region(op.getScore(), true, [&](mlir::Block &block) {
    Value it = Value::ofSsa(ValueKind::Row, block.getArgument(1));
    it.shape = pool.shape;
    frame().vars[declared(s.id, 2)] = it;
    Value score = expr(value("score"));
    if (score.kind == ValueKind::Handle)
      score = Value::ofSsa(ValueKind::Real, rt("select_score_value", {score.ssa}, at));
    qdata::YieldOp::create(b, at, realSsa(score, at));
  });
  region(op.getStop(), true, [&](mlir::Block &) {
    std::function<Value(size_t)> test = [&](size_t i) {
      if (i == reasons.size())
        return Value::ofInt(0);
      Value holds = expr(*reasons[i]);
      const auto number = static_cast<int64_t>(i + 1);
      if (holds.isConstant())
        return holds.boolean ? Value::ofInt(number) : test(i + 1);
      auto give = [](Value v) {
        Flow flow;
        flow.value = std::move(v);
        return flow;
      };
      Flow flow = branch(
          holds.ssa, reasons[i]->span, [&] { return give(Value::ofInt(number)); },
          [&] { return give(test(i + 1)); });
      return *flow.value;
    };
    qdata::YieldOp::create(b, at, ssa(test(0), at));
  });
  if (each)
    region(op.getEach(), true, [&](mlir::Block &) {
      stmts(each->block->stmts, [] { return Flow{}; });
      for (const auto &[symbol, old] : vars)
        if (!same(frame().vars.at(symbol), old))
          notYet(each->span, "assigning to `" + program.symbol(symbol).name + "` in `each round`");
      qdata::YieldOp::create(b, at, mlir::ValueRange{});
    });
  frame().vars = vars;
  if (paid)
    payers.pop_back();
  Value chosen = Value::ofSsa(ValueKind::Selection, op.getSelection());
  chosen.symbol = id;
  chosen.shape = std::make_shared<DataShape>();
  chosen.shape->widths = pool.shape ? pool.shape->widths : std::map<std::string, int64_t>{};
  chosen.type = program.symbol(id).type;
  frame().vars[id] = chosen;
}

} // namespace qdo::lower
