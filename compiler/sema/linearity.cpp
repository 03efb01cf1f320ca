// SPDX-License-Identifier: Apache-2.0
// The linearity pass over statements and declarations.
// Why top level and functions are one walk: a function is a frame of its own, and may not use what
// is live outside, so the order of the text is the order of the checks.
#include "compiler/sema/linearity.h"

#include "compiler/sema/linear_checker.h"

#include <algorithm>

namespace qdo::sema {

void checkLinearity(const Program &program, const base::SourceMap &sources,
                    diag::Engine &diagnostics) {
  linear::LinearChecker checker(program, sources, diagnostics);
  for (const ModuleInfo &module : program.modules)
    checker.module(module);
}

namespace linear {

using namespace syntax;

static const Sink dropped{Sink::Kind::Drop, {}, {}};

void LinearChecker::module(const ModuleInfo &module) {
  info = &module;
  flow = {};
  frames.push_back({0, {}, {}});
  pushScope();
  stmts(module.ast.stmts, dropped);
  const base::Span last = module.ast.stmts.empty() ? base::Span{} : module.ast.stmts.back()->span;
  popScope({Exit::Kind::ProgramEnd, last, last, {}});
  frames.pop_back();
  reports.flush();
}

/// `tail` takes the value of a block that ends in an expression.
void LinearChecker::stmts(const std::vector<StmtPtr> &list, const Sink &tail) {
  for (const StmtPtr &each : list) {
    if (!flow.reachable)
      return;
    if (each == list.back() && each->kind == StmtKind::Expr)
      value(*as<ExprStmt>(*each).value, tail);
    else
      stmt(*each);
  }
}

void LinearChecker::stmt(const Stmt &stmt) {
  switch (stmt.kind) {
  case StmtKind::Let:
    return letStmt(as<LetStmt>(stmt));
  case StmtKind::Assign:
    return assignStmt(as<AssignStmt>(stmt));
  case StmtKind::Gate:
    return gateStmt(as<GateStmt>(stmt));
  case StmtKind::Expr:
    return value(*as<ExprStmt>(stmt).value, dropped);
  case StmtKind::Discard:
    return value(*as<DiscardStmt>(stmt).value, {Sink::Kind::Take, "discarded", {}});
  case StmtKind::Return:
  case StmtKind::Break:
  case StmtKind::Continue:
    return jump(stmt);
  case StmtKind::For: {
    const auto &loop = as<ForStmt>(stmt);
    const base::Span head{stmt.span.file, stmt.span.begin, loop.generators.back().range->span.end};
    return forLoop(loop.generators, head, [&] { block(loop.body, dropped); });
  }
  case StmtKind::While:
    return whileLoop(as<WhileStmt>(stmt));
  case StmtKind::Repeat:
    return repeatLoop(as<RepeatStmt>(stmt));
  case StmtKind::With:
    for (const ExprPtr &context : as<WithStmt>(stmt).contexts)
      classical(*context, "an argument of `with`");
    return block(as<WithStmt>(stmt).body, dropped);
  case StmtKind::Print:
    for (const ExprPtr &each : as<PrintStmt>(stmt).values)
      classical(*each, "printed");
    return;
  case StmtKind::Assert:
    classical(*as<AssertStmt>(stmt).condition, "a condition");
    if (as<AssertStmt>(stmt).message)
      classical(*as<AssertStmt>(stmt).message, "printed");
    return;
  case StmtKind::Save:
    classical(*as<SaveStmt>(stmt).value, "saved");
    return;
  default:
    return declaration(stmt);
  }
}

void LinearChecker::letStmt(const LetStmt &let) {
  const Origin origin = originOf(*let.value);
  value(*let.value,
        {Sink::Kind::Take, fmt::format("moved into `{}`", sources.text(let.binder.span)), {}});
  declareBinder(let.binder, origin);
}

void LinearChecker::assignStmt(const AssignStmt &assign) {
  const Origin origin = originOf(*assign.value);
  value(*assign.value,
        {Sink::Kind::Take, fmt::format("moved into `{}`", sources.text(assign.target->span)), {}});
  if (const auto *targets = dynAs<TupleExpr>(assign.target.get()))
    for (const Arg &target : targets->fields)
      assignTo(*target.value, origin);
  else
    assignTo(*assign.target, origin);
}

void LinearChecker::assignTo(const Expr &target, const Origin &origin) {
  const auto place = placeOf(target);
  if (!place || place->element || !isLocal({place->symbol, target.span, "given a new value"}))
    return;
  State *state = find(place->symbol);
  if (!state)
    return;
  if (state->kind == State::Kind::Live && !alreadyReported(target.span))
    reports.overwritten(place->symbol, target.span, *state);
  *state = State{};
  state->since = target.span;
  state->origin = origin;
}

/// The arguments of what is applied; live ones move, as in any call.
void LinearChecker::gateCall(const Expr &gate) {
  switch (gate.kind) {
  case ExprKind::Paren:
    return gateCall(*as<ParenExpr>(gate).inner);
  case ExprKind::Unary:
    return gateCall(*as<UnaryExpr>(gate).operand);
  case ExprKind::Ctrl:
    return gateCall(*as<CtrlExpr>(gate).operand);
  case ExprKind::Binary:
    return gateCall(*as<BinaryExpr>(gate).lhs);
  case ExprKind::Call:
    return arguments(as<CallExpr>(gate));
  default:
    return;
  }
}

void LinearChecker::gateStmt(const GateStmt &gate) {
  gateCall(*gate.gate);
  const std::string name(sources.text(gate.gate->span));
  std::vector<std::pair<const Expr *, Place>> used;
  for (const ExprPtr &operand : gate.operands) {
    if (const auto *index = dynAs<IndexExpr>(operand.get()))
      for (const ExprPtr &each : index->indices)
        classical(*each, "an index");
    const auto place = placeOf(*operand);
    if (!place)
      continue;
    const auto isSame = [&](const std::pair<const Expr *, Place> &other) {
      const Place &old = other.second;
      if (old.symbol != place->symbol)
        return false;
      if (!old.element || !place->element)
        return true;
      if (old.range && place->range)
        return bounds.surelyMeet(*old.range, *place->range);
      return sources.text(old.element->span) == sources.text(place->element->span);
    };
    const auto twice = std::find_if(used.begin(), used.end(), isSame);
    if (twice != used.end()) {
      reports.twice(name, twice->first->span, operand->span);
      return;
    }
    borrow(*place, *operand, fmt::format("used by `{}`", name));
    used.emplace_back(operand.get(), *place);
  }
}

void LinearChecker::parameters(const Signature &signature) {
  for (const Signature::Parameter &parameter : signature.parameters)
    declare(parameter.symbol, {Origin::Kind::Parameter, {}});
  for (const Signature::Parameter &parameter : signature.on)
    declare(parameter.symbol, {Origin::Kind::Parameter, {}});
}

void LinearChecker::callable(const Stmt &stmt, base::Span name, const Block *body,
                             const Expr *value) {
  const SymbolId symbol = declared(stmt.id, 0);
  const auto signature = program.signatures.find(symbol);
  if (signature == program.signatures.end())
    return;
  const Flow outside = flow;
  const Path way = std::move(path);
  path.clear();
  inFrame("a function", name, [&] {
    frames.back().isCircuit = stmt.kind == StmtKind::Circuit;
    pushScope();
    parameters(signature->second);
    if (body)
      stmts(body->stmts, dropped);
    else
      LinearChecker::value(*value, {Sink::Kind::Take, "returned", {}});
    const base::Span all = body ? body->span : value->span;
    const base::Span end{all.file, all.end - 1, all.end},
        opening{all.file, all.begin, all.begin + 1};
    popScope({Exit::Kind::ScopeEnd,
              end,
              !body                 ? base::Span{}
              : body->stmts.empty() ? opening
                                    : body->stmts.back()->span,
              {}});
  });
  path = way;
  // Only that something outside was captured may outlast the function.
  for (auto &[place, state] : flow.places)
    if (const auto old = outside.places.find(place);
        old != outside.places.end() && state.kind != State::Kind::Broken)
      state = old->second;
}

void LinearChecker::clauses(const std::vector<Clause> &list, std::string_view closure) {
  for (const Clause &clause : list)
    inFrame(closure, clause.head.span, [&] {
      for (const ClauseItem &item : clause.items)
        classical(*item.value, fmt::format("an argument of `{}`", clause.head.text));
      if (clause.on)
        classical(*clause.on, fmt::format("an argument of `{}`", clause.head.text));
      if (clause.block)
        block(*clause.block, dropped);
    });
}

void LinearChecker::declaration(const Stmt &stmt) {
  switch (stmt.kind) {
  case StmtKind::Fn: {
    const auto &fn = as<FnStmt>(stmt);
    return callable(stmt, fn.name.span, fn.block ? &*fn.block : nullptr, fn.value.get());
  }
  case StmtKind::Circuit: {
    const auto &circuit = as<CircuitStmt>(stmt);
    return callable(stmt, circuit.name.span, &circuit.body, nullptr);
  }
  case StmtKind::Dataset: {
    const auto &dataset = as<DatasetStmt>(stmt);
    classical(*dataset.source, "part of a data set");
    for (const DatasetField &field : dataset.fields) {
      classical(*field.value, "part of a data set");
      if (field.scaled)
        classical(*field.scaled, "part of a data set");
    }
    return;
  }
  case StmtKind::Policy:
    return clauses(as<PolicyStmt>(stmt).clauses, "a policy");
  case StmtKind::Noise:
    return clauses(as<NoiseStmt>(stmt).clauses, "a noise model");
  case StmtKind::Select:
    classical(*as<SelectStmt>(stmt).pool, "a pool");
    return clauses(as<SelectStmt>(stmt).clauses, "a clause of `select`");
  case StmtKind::Observe:
    return clauses(as<ObserveStmt>(stmt).clauses, "a clause of `observe`");
  case StmtKind::Device:
    return classical(*as<DeviceStmt>(stmt).value, "a device");
  case StmtKind::Kernel:
    return inFrame("a kernel", as<KernelStmt>(stmt).name.span,
                   [&] { classical(*as<KernelStmt>(stmt).body, "the value of a kernel"); });
  case StmtKind::Observable:
    return inFrame("an observable", as<ObservableStmt>(stmt).name.span,
                   [&] { classical(*as<ObservableStmt>(stmt).value, "an observable"); });
  case StmtKind::Test:
    return inFrame("a test", as<TestStmt>(stmt).name->span,
                   [&] { block(as<TestStmt>(stmt).body, dropped); });
  default:
    return;
  }
}

} // namespace linear
} // namespace qdo::sema
