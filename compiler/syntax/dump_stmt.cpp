// SPDX-License-Identifier: Apache-2.0
// The indented form of statements, declarations and clauses.
#include "compiler/syntax/dump.h"
#include "compiler/syntax/parse.h"

namespace qdo::syntax {

namespace {

std::string joined(const std::vector<Ident> &names, std::string_view separator) {
  std::string result;
  for (const Ident &name : names)
    result.append(result.empty() ? "" : separator).append(name.text);
  return result;
}

std::string_view spelled(AssignOp op) {
  switch (op) {
  case AssignOp::Set:
    return "=";
  case AssignOp::Add:
    return "+=";
  case AssignOp::Sub:
    return "-=";
  case AssignOp::Mul:
    return "*=";
  }
}

} // namespace

std::string dumpAst(const Ast &ast, const base::SourceMap &sources) {
  return Dumper(sources).run(ast);
}

std::string Dumper::run(const Ast &ast) {
  for (const StmtPtr &node : ast.stmts)
    stmt(*node);
  return std::move(out);
}

void Dumper::block(std::string_view role, const Block &block) {
  line(role, "Block", block.span);
  Nested nested(*this);
  for (const StmtPtr &node : block.stmts)
    stmt(*node);
}

void Dumper::params(std::string_view role, const std::vector<Param> &params) {
  for (const Param &param : params) {
    line(role, param.name.text, param.span);
    Nested nested(*this);
    type("type", param.type.get());
    expr("default", param.defaultValue.get());
  }
}

void Dumper::stmt(const Stmt &node) {
  auto head = [&](std::string_view what) {
    line("", what, node.span);
    ++depth;
    if (!node.doc.empty())
      fmt::format_to(std::back_inserter(out), "{:{}}doc {}\n", "", depth * 2, quote(node.doc));
    --depth;
  };
  switch (node.kind) {
  case StmtKind::Error: {
    std::string names = joined(as<ErrorStmt>(node).names, ", ");
    return head(names.empty() ? "Error" : "Error " + names);
  }
  case StmtKind::Break:
    return head("Break");
  case StmtKind::Continue:
    return head("Continue");
  case StmtKind::With:
    head("With");
    break;
  case StmtKind::For:
    head("For");
    break;
  case StmtKind::While:
    head("While");
    break;
  case StmtKind::Repeat:
    head("Repeat");
    break;
  case StmtKind::Let:
    head((as<LetStmt>(node).isVar ? "Var " : "Let ") + binderText(as<LetStmt>(node).binder));
    break;
  case StmtKind::Return:
    head("Return");
    break;
  case StmtKind::Print:
    head("Print");
    break;
  case StmtKind::Assert:
    head("Assert");
    break;
  case StmtKind::Discard:
    head("Discard");
    break;
  case StmtKind::Gate:
    head("Gate");
    break;
  case StmtKind::Assign:
    head(fmt::format("Assign {}", spelled(as<AssignStmt>(node).op)));
    break;
  case StmtKind::Expr:
    head("Expr");
    break;
  default:
    return declaration(node);
  }
  Nested nested(*this);
  switch (node.kind) {
  case StmtKind::With:
    list("", as<WithStmt>(node).contexts);
    return block("body", as<WithStmt>(node).body);
  case StmtKind::For:
    generators(as<ForStmt>(node).generators);
    return block("body", as<ForStmt>(node).body);
  case StmtKind::While:
    expr("condition", as<WhileStmt>(node).condition.get());
    return block("body", as<WhileStmt>(node).body);
  case StmtKind::Repeat:
    expr("count", as<RepeatStmt>(node).count.get());
    return block("body", as<RepeatStmt>(node).body);
  case StmtKind::Let:
    type("type", as<LetStmt>(node).type.get());
    return expr("value", as<LetStmt>(node).value.get());
  case StmtKind::Return:
    return expr("", as<ReturnStmt>(node).value.get());
  case StmtKind::Print:
    return list("", as<PrintStmt>(node).values);
  case StmtKind::Assert:
    expr("condition", as<AssertStmt>(node).condition.get());
    return expr("message", as<AssertStmt>(node).message.get());
  case StmtKind::Discard:
    return expr("", as<DiscardStmt>(node).value.get());
  case StmtKind::Gate:
    expr("gate", as<GateStmt>(node).gate.get());
    return list("", as<GateStmt>(node).operands);
  case StmtKind::Assign:
    expr("target", as<AssignStmt>(node).target.get());
    return expr("value", as<AssignStmt>(node).value.get());
  default:
    return expr("", as<ExprStmt>(node).value.get());
  }
}

void Dumper::declaration(const Stmt &node) {
  auto head = [&](std::string_view kind, std::string_view name) {
    line("", fmt::format("{}{}{}", kind, name.empty() ? "" : " ", name), node.span);
    ++depth;
    if (!node.doc.empty())
      fmt::format_to(std::back_inserter(out), "{:{}}doc {}\n", "", depth * 2, quote(node.doc));
  };
  switch (node.kind) {
  case StmtKind::Use: {
    const auto &use = as<UseStmt>(node);
    std::string path = joined(use.path, ".");
    if (use.hasBraces)
      path += ".{" + joined(use.names, ", ") + "}";
    if (use.alias)
      path += " as " + use.alias->text;
    head("Use", path);
    break;
  }
  case StmtKind::Param:
    head("Param", as<ParamStmt>(node).name.text);
    type("type", as<ParamStmt>(node).type.get());
    expr("default", as<ParamStmt>(node).defaultValue.get());
    break;
  case StmtKind::Dataset:
    head("Dataset", as<DatasetStmt>(node).name.text);
    dataset(as<DatasetStmt>(node));
    break;
  case StmtKind::Policy:
    head("Policy", as<PolicyStmt>(node).name.text);
    params("param", as<PolicyStmt>(node).params);
    expr("from", as<PolicyStmt>(node).from.get());
    clauses(as<PolicyStmt>(node).clauses);
    break;
  case StmtKind::Noise:
    head("Noise", as<NoiseStmt>(node).name.text);
    params("param", as<NoiseStmt>(node).params);
    expr("from", as<NoiseStmt>(node).from.get());
    clauses(as<NoiseStmt>(node).clauses);
    break;
  case StmtKind::Device:
    head("Device", as<DeviceStmt>(node).name.text);
    expr("value", as<DeviceStmt>(node).value.get());
    break;
  case StmtKind::Kernel:
    head("Kernel", as<KernelStmt>(node).name.text);
    params("param", as<KernelStmt>(node).params);
    expr("via", as<KernelStmt>(node).via.get());
    expr("body", as<KernelStmt>(node).body.get());
    break;
  case StmtKind::Circuit:
    head(as<CircuitStmt>(node).isEncoding ? "Encoding" : "Circuit",
         as<CircuitStmt>(node).name.text);
    params("param", as<CircuitStmt>(node).params);
    params("on", as<CircuitStmt>(node).on);
    block("body", as<CircuitStmt>(node).body);
    break;
  case StmtKind::Unitary:
    head("Unitary", as<UnitaryStmt>(node).name.text);
    params("param", as<UnitaryStmt>(node).params);
    params("on", as<UnitaryStmt>(node).on);
    expr("matrix", as<UnitaryStmt>(node).matrix.get());
    break;
  case StmtKind::Observable:
    head("Observable", as<ObservableStmt>(node).name.text);
    params("param", as<ObservableStmt>(node).params);
    expr("value", as<ObservableStmt>(node).value.get());
    break;
  case StmtKind::Phantom:
    head("Phantom", as<PhantomStmt>(node).name.text);
    params("param", as<PhantomStmt>(node).params);
    for (const KetTerm &term : as<PhantomStmt>(node).terms) {
      line("", term.negative ? "Ket -" : "Ket", term.span);
      Nested nested(*this);
      expr("factor", term.factor.get());
      expr("state", term.state.get());
    }
    for (const ExprPtr &constraint : as<PhantomStmt>(node).constraints)
      expr("constraint", constraint.get());
    break;
  case StmtKind::Fn:
    head("Fn", as<FnStmt>(node).name.text);
    params("param", as<FnStmt>(node).params);
    params("on", as<FnStmt>(node).on);
    type("result", as<FnStmt>(node).result.get());
    expr("value", as<FnStmt>(node).value.get());
    if (as<FnStmt>(node).block)
      block("body", *as<FnStmt>(node).block);
    break;
  case StmtKind::Select:
    head("Select", as<SelectStmt>(node).name.text);
    expr("pool", as<SelectStmt>(node).pool.get());
    clauses(as<SelectStmt>(node).clauses);
    break;
  case StmtKind::Observe:
    head("Observe", as<ObserveStmt>(node).name.text);
    clauses(as<ObserveStmt>(node).clauses);
    break;
  case StmtKind::Save:
    head("Save", "");
    expr("value", as<SaveStmt>(node).value.get());
    expr("label", as<SaveStmt>(node).label.get());
    break;
  default:
    head("Test", "");
    expr("name", as<TestStmt>(node).name.get());
    block("body", as<TestStmt>(node).body);
  }
  --depth;
}

void Dumper::dataset(const DatasetStmt &node) {
  params("param", node.params);
  expr("source", node.source.get());
  for (const DatasetField &field : node.fields) {
    line("field", field.name.text, field.span);
    Nested nested(*this);
    expr("value", field.value.get());
    expr("scaled", field.scaled.get());
  }
  for (const DatasetSplit &split : node.splits) {
    std::string what;
    for (const SplitPart &part : split.parts)
      what += fmt::format("{}{} {}", what.empty() ? "" : ", ", part.name.text, part.fraction);
    for (const Ident &word : split.words)
      what += " " + word.text;
    if (split.byColumn)
      what += "by " + split.byColumn->text;
    line("split", what, split.span);
  }
}

void Dumper::clauses(const std::vector<Clause> &clauses) {
  for (const Clause &clause : clauses) {
    std::string head = clause.head.text;
    if (clause.when)
      head += " when";
    if (clause.blockWord)
      head += " " + clause.blockWord->text;
    if (clause.target)
      head += " " + clause.target->text + " =";
    line("clause", head, clause.span);
    Nested nested(*this);
    for (const ClauseItem &item : clause.items)
      expr(item.shots ? "shots" : "", item.value.get());
    expr("on", clause.on.get());
    if (clause.block)
      block("block", *clause.block);
  }
}

} // namespace qdo::syntax
