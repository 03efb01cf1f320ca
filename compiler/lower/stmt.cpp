// SPDX-License-Identifier: Apache-2.0
// Statements that bind, assign, measure or run under a policy; the program's parameters.
#include "compiler/lower/elaborator.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace qdo::lower {

using namespace syntax;

void Elaborator::stmt(const Stmt &s) {
  switch (s.kind) {
  case StmtKind::Error:
  case StmtKind::Use:
  case StmtKind::Circuit:
  case StmtKind::Fn:
  case StmtKind::Kernel:
    return;               // lowered where they are used
  case StmtKind::Unitary: // without parameters it is right or wrong before anyone uses it
    if (as<UnitaryStmt>(s).params.empty())
      matrixAngles(as<UnitaryStmt>(s));
    return;
  case StmtKind::Test:
    return; // `qdo test` runs them
  case StmtKind::Policy: {
    // A policy without parameters is one purse, made where it stands.
    sema::SymbolId id = declared(s.id, 0);
    if (as<PolicyStmt>(s).params.empty())
      frame().vars[id] = policy(id, {}, s.span);
    return;
  }
  case StmtKind::Noise:
    return; // made where it is used
  case StmtKind::Device: {
    sema::SymbolId id = declared(s.id, 0);
    frame().vars[id] = device(id, s.span);
    return;
  }
  case StmtKind::Observable:
    frame().vars[declared(s.id, 0)] = expr(*as<ObservableStmt>(s).value);
    return;
  case StmtKind::Param:
    return param(as<ParamStmt>(s));
  case StmtKind::Dataset:
    return dataset(as<DatasetStmt>(s));
  case StmtKind::Select:
    return select(as<SelectStmt>(s));
  case StmtKind::Let:
    return let(as<LetStmt>(s));
  case StmtKind::Print:
    return print(as<PrintStmt>(s));
  case StmtKind::Assert:
    return assertion(as<AssertStmt>(s));
  case StmtKind::Discard:
    return discard(expr(*as<DiscardStmt>(s).value), s.span);
  case StmtKind::Save: {
    const auto &save = as<SaveStmt>(s);
    Value kept = expr(*save.value);
    elaborated("save", {std::move(kept), expr(*save.label)}, save.value->span);
    return;
  }
  case StmtKind::Gate:
    return gate(as<GateStmt>(s));
  case StmtKind::Assign:
    return assign(as<AssignStmt>(s));
  default:
    notYet(s.span, "this statement");
  }
}

void Elaborator::bindBinder(const Binder &binder, const Value &value, base::Span span) {
  if (!binder.isTuple) {
    sema::SymbolId id = declared(binder.id, 0);
    frame().vars[id] = value;
    return;
  }
  for (size_t i = 0; i < binder.names.size(); ++i) {
    sema::SymbolId id = declared(binder.id, static_cast<uint32_t>(i));
    if (value.kind == ValueKind::Qubits) {
      if (value.qubits.size() != binder.names.size()) {
        diagnostics.report(diag::Kind::BinderCount, binder.span, binder.names.size(),
                           value.qubits.size());
        throw Abandon{};
      }
      frame().vars[id] = Value::ofQubits({value.qubits[i]}, sema::simple(sema::TypeKind::Qubit));
    } else if (value.elements.size() == binder.names.size()) {
      frame().vars[id] = value.elements[i];
    } else {
      notYet(span, "taking this value apart");
    }
  }
}

void Elaborator::let(const LetStmt &let) {
  Value v = expr(*let.value);
  if (!let.binder.isTuple) {
    const sema::TypeRef &type = program.symbol(declared(let.binder.id, 0)).type;
    v = let.type ? declaredAs(v, type, loc(let.span)) : coerce(v, type, loc(let.span));
  }
  bindBinder(let.binder, v, let.value->span);
}

/// `a[i, j] = v`: the array with one element replaced. Arrays are values, so nobody else sees it.
Value Elaborator::replaced(const Value &array, const IndexExpr &target, size_t depth,
                           const Value &value) {
  mlir::Location at = loc(target.span);
  if (depth == target.indices.size())
    return value;
  const Expr &where = *target.indices[depth];
  const Value i = expr(where);
  if (i.kind != ValueKind::Int)
    notYet(where.span, "assigning to a slice");
  if (isTraced(value) && i.isConstant())
    if (const auto known = knownElements(array, mostTakenApart, target.span))
      return replaced(*known, target, depth, value);
  if (array.kind == ValueKind::Array && i.isConstant()) {
    const auto size = static_cast<int64_t>(array.elements.size());
    if (i.integer < 0 || i.integer >= size) {
      diagnostics.report(diag::Kind::StaticIndexOutOfRange, where.span, i.integer, size);
      throw Abandon{};
    }
    Value r = array;
    Value &element = r.elements[static_cast<size_t>(i.integer)];
    element = replaced(element, target, depth + 1, value);
    return r;
  }
  if (array.kind != ValueKind::Array && array.kind != ValueKind::Handle)
    notYet(target.span, "assigning to an element of this array");
  if (isTraced(value) || isTraced(array))
    notYet(where.span, "assigning a number under differentiation to an element of an array whose "
                       "size, or at an index that, is known only while the program runs,");
  // An index or an array that only the run knows: reals in a runtime array.
  Value whole = array;
  if (array.kind == ValueKind::Array) {
    if (!typeOf(*target.base)->element->is(sema::TypeKind::Real))
      notYet(where.span, "assigning to an element of an array that is not of reals, at an index "
                         "that is known only while the program runs");
    whole = Value::handle(arrayHandle(array, at), typeOf(*target.base));
  }
  std::vector<mlir::Value> indices = {ssa(i, at), constant(int64_t{-1}, at)};
  if (depth + 1 < target.indices.size())
    indices[1] = ssa(expr(*target.indices[depth + 1]), at);
  else if (whole.type->sizes.size() != 1)
    notYet(target.span, "assigning a whole row");
  return Value::handle(
      rt("array_replaced", {whole.ssa, indices[0], indices[1], realSsa(value, at)}, at),
      whole.type);
}

void Elaborator::assign(const AssignStmt &a) {
  Value v = expr(*a.value);
  auto set = [&](const Expr &target, Value value) {
    const auto *element = dynAs<IndexExpr>(&target);
    const Expr &name = element ? *element->base : target;
    sema::SymbolId id = used(name);
    if (!frame().vars.count(id))
      notYet(target.span, "assigning to a variable of the surrounding program from a function");
    if (a.op != AssignOp::Set) {
      BinaryOp op = a.op == AssignOp::Add   ? BinaryOp::Add
                    : a.op == AssignOp::Sub ? BinaryOp::Sub
                                            : BinaryOp::Mul;
      value = arithmetic(op, expr(target), value, a.span);
    }
    if (element)
      value =
          replaced(frame().vars.at(id), *element, 0, coerce(value, typeOf(*element), loc(a.span)));
    Value &variable = frame().vars[id];
    const sema::TypeRef &type = program.symbol(id).type;
    variable = isEstimate(variable) ? declaredAs(value, type, loc(a.span))
                                    : coerce(value, type, loc(a.span));
  };
  if (a.target->kind != ExprKind::Tuple)
    return set(*a.target, v);
  const auto &targets = as<TupleExpr>(*a.target).fields;
  for (size_t i = 0; i < targets.size(); ++i) {
    if (v.kind == ValueKind::Qubits)
      set(*targets[i].value,
          Value::ofQubits({v.qubits.at(i)}, sema::simple(sema::TypeKind::Qubit)));
    else if (i < v.elements.size())
      set(*targets[i].value, v.elements[i]);
    else
      notYet(a.span, "taking this value apart");
  }
}

/// `with a, b { }` is `with a { with b { } }`.
Flow Elaborator::with(const WithStmt &w, bool wantsValue, size_t context) {
  mlir::Location at = loc(w.span);
  const Expr &given = *w.contexts[context];
  Value policy = expr(given);
  auto body = [&] {
    return context + 1 < w.contexts.size() ? with(w, wantsValue, context + 1)
                                           : stmts(w.body.stmts, [] { return Flow{}; }, wantsValue);
  };
  if (policy.type && !policy.type->is(sema::TypeKind::Policy)) {
    enterDevice(policy, given.span);
    Flow flow = body();
    if (flow.code)
      notYet(w.span, "leaving a `with` block early");
    leaveDevice(w.span);
    return flow;
  }
  const auto vars = frame().vars;
  auto draft = qdata::WithOp::create(b, at, mlir::TypeRange{}, policy.ssa);
  Flow flow;
  // What the body changes is handed on through the op's results.
  std::vector<std::pair<sema::SymbolId, Value>> changed;
  std::vector<QubitId> touched;
  Slots slots;
  std::vector<mlir::Value> inside;
  const auto before = wires;
  {
    mlir::OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToEnd(draft.getBodyBlock());
    payers.push_back(payerOf(given, policy));
    flow = body();
    payers.pop_back();
    if (flow.code)
      notYet(w.span, "leaving a `with` block early");
    if (flow.value)
      flatten(*flow.value, slots, at);
    for (const auto &[id, old] : vars)
      if (Value &now = frame().vars.at(id); !same(now, old)) {
        flatten(now, slots, at);
        changed.emplace_back(id, now);
      }
    for (QubitId q = 0; q < before.size(); ++q)
      if (before[q] && wires[q] && wires[q] != before[q] && !slots.qubits.count(q)) {
        touched.push_back(q);
        slots.values.push_back(wires[q]);
      }
    qdata::YieldOp::create(b, at, slots.values);
    inside = wires;
  }
  std::vector<mlir::Type> types;
  for (mlir::Value v : slots.values)
    types.push_back(v.getType());
  auto op = qdata::WithOp::create(b, at, types, policy.ssa);
  op.getBody().takeBody(draft.getBody());
  draft.erase();
  std::vector<mlir::Value> results(op.getResults().begin(), op.getResults().end());
  size_t next = 0;
  frame().vars = vars;
  if (flow.value)
    flow.value = unflatten(*flow.value, results, next);
  for (auto &[id, now] : changed)
    frame().vars[id] = unflatten(now, results, next);
  for (QubitId q : touched)
    wires[q] = results[next++];
  for (QubitId q : slots.qubits)
    if (q < wires.size())
      wires[q] = nullptr; // it has a new id outside
  return flow;
}

/// A constant as the command line would give it: it is read back as the same value.
static std::string spelled(const Value &v) {
  switch (v.kind) {
  case ValueKind::Int:
    return std::to_string(v.integer);
  case ValueKind::Real:
    return fmt::format("{}", v.real);
  case ValueKind::Bool:
    return v.boolean ? "true" : "false";
  default:
    return v.text;
  }
}

/// The value that the program is given when it starts.
Value Elaborator::openParam(const ParamStmt &p, const sema::TypeRef &type) {
  mlir::Location at = loc(p.span);
  const mlir::Value name = text(p.name.text, at);
  switch (type->kind) {
  case sema::TypeKind::Int:
    return Value::ofSsa(ValueKind::Int, rt("param_int", name, at));
  case sema::TypeKind::Real:
    return Value::ofSsa(ValueKind::Real, rt("param_real", name, at));
  case sema::TypeKind::Bool:
    return Value::ofSsa(ValueKind::Bool, rt("param_bool", name, at));
  default:
    return Value::ofSsa(ValueKind::String, rt("param_text", name, at));
  }
}

void Elaborator::param(const ParamStmt &p) {
  sema::SymbolId id = declared(p.id, 0);
  const sema::TypeRef &type = program.symbol(id).type;
  if (options.openParams.count(p.name.text)) {
    frame().vars[id] = openParam(p, type);
    return;
  }
  auto given = options.params.find(p.name.text);
  Value v;
  if (given == options.params.end()) {
    if (!p.defaultValue) {
      diagnostics.report(diag::Kind::ParamWithoutValue, p.name.span, p.name.text)
          .help(
              fmt::format("give it on the command line: `--{} VALUE`, or write a default: `= ...`",
                          p.name.text));
      throw Abandon{};
    }
    v = coerce(expr(*p.defaultValue), type, loc(p.span));
    if (!v.isConstant())
      notYet(p.defaultValue->span, "a default that is known only while the program runs");
  } else {
    const std::string &text = given->second;
    auto bad = [&](const char *what) {
      diagnostics.report(diag::Kind::ParamBadValue, p.name.span, text, what, p.name.text)
          .help(fmt::format("write `--{} VALUE` with {} for VALUE", p.name.text, what));
      throw Abandon{};
    };
    const char *first = text.data(), *last = text.data() + text.size();
    switch (type->kind) {
    case sema::TypeKind::Int: {
      int64_t n = 0;
      auto [end, error] = std::from_chars(first, last, n);
      if (error != std::errc() || end != last)
        bad("an int");
      v = Value::ofInt(n);
      break;
    }
    case sema::TypeKind::Real: {
      double x = 0;
      auto [end, error] = std::from_chars(first, last, x);
      if (error != std::errc() || end != last || !std::isfinite(x))
        bad("a real number");
      v = Value::ofReal(x);
      break;
    }
    case sema::TypeKind::Bool:
      if (text != "true" && text != "false")
        bad("`true` or `false`");
      v = Value::ofBool(text == "true");
      break;
    default:
      v = Value::ofText(text);
      break;
    }
  }
  if (options.fixedParams)
    (*options.fixedParams)[p.name.text] = spelled(v);
  frame().vars[id] = v;
}

} // namespace qdo::lower
