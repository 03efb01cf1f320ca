// SPDX-License-Identifier: Apache-2.0
// Control flow: statement lists, branches, and how control leaves them.
// Why: linear values may not cross cf, so every path is structured: what follows a conditional exit
// is lowered inside the arm that goes on (`Rest`), and regions hand on exactly the state that
// changed.
#include "compiler/lower/elaborator.h"

#include <fmt/format.h>

#include <algorithm>

namespace qdo::lower {

using namespace syntax;

// ---- what a region hands on

void Elaborator::flatten(const Value &v, Slots &out, mlir::Location at) {
  switch (v.kind) {
  case ValueKind::Qubits:
    for (QubitId q : v.qubits)
      if (wires[q] && out.qubits.insert(q).second)
        out.values.push_back(wires[q]);
    return;
  case ValueKind::Array:
  case ValueKind::Complex:
  case ValueKind::Tuple:
  case ValueKind::Interval:
    for (const Value &e : v.elements)
      flatten(e, out, at);
    return;
  case ValueKind::Observable:
    for (const PauliTerm &term : v.terms)
      flatten(*term.weight, out, at);
    return;
  case ValueKind::Unit:
  case ValueKind::Encoding:
  case ValueKind::Pauli:
  case ValueKind::Function:
  case ValueKind::Spent:
    return;
  default:
    if (mlir::Value s = ssa(v, at))
      out.values.push_back(s);
    return;
  }
}

/// The same structure around new SSA values; live qubits get new ids.
Value Elaborator::unflatten(const Value &shape, llvm::ArrayRef<mlir::Value> values, size_t &next) {
  Value r = shape;
  switch (shape.kind) {
  case ValueKind::Qubits:
    for (QubitId &q : r.qubits)
      q = wires[q] ? newQubit(values[next++]) : q;
    return r;
  case ValueKind::Array:
  case ValueKind::Complex:
  case ValueKind::Tuple:
  case ValueKind::Interval:
    for (Value &e : r.elements)
      e = unflatten(e, values, next);
    return r;
  case ValueKind::Observable:
    for (PauliTerm &term : r.terms)
      term.weight = std::make_shared<Value>(unflatten(*term.weight, values, next));
    return r;
  case ValueKind::Unit:
  case ValueKind::Encoding:
  case ValueKind::Pauli:
  case ValueKind::Function:
  case ValueKind::Spent:
    return r;
  default:
    r.ssa = values[next++];
    if (r.kind == ValueKind::Real) // members of an accuracy do not go along
      r.elements.clear();
    if (r.kind == ValueKind::Handle && r.type && r.type->isRecipe()) {
      r.text = "?"; // one of several recipes
      r.recipe = nullptr;
    }
    return r;
  }
}

/// Makes two values of one variable alike enough to be handed on together; false when they cannot
/// be.
bool Elaborator::harmonise(Value &a, Value &c) const {
  for (Value *v : {&a, &c})
    if (v->kind == ValueKind::Real)
      v->elements.clear();
  if (a.kind == ValueKind::Int && c.kind == ValueKind::Real && a.isConstant())
    a = Value::ofReal(static_cast<double>(a.integer));
  if (c.kind == ValueKind::Int && a.kind == ValueKind::Real && c.isConstant())
    c = Value::ofReal(static_cast<double>(c.integer));
  auto promote = [](Value &x) {
    if (x.kind == ValueKind::Int && x.isConstant())
      x = Value::ofReal(static_cast<double>(x.integer));
    x = Value::ofComplex(x, Value::ofReal(0));
  };
  if (a.kind == ValueKind::Complex && c.kind == ValueKind::Real)
    promote(c);
  if (c.kind == ValueKind::Complex && a.kind == ValueKind::Real)
    promote(a);
  if (a.kind != c.kind || a.qubits.size() != c.qubits.size() || a.function != c.function)
    return false;
  a.traced = c.traced = a.traced || c.traced;
  if (a.kind == ValueKind::List)
    return harmonise(a.elements[0], c.elements[0]);
  if (a.elements.size() != c.elements.size() || a.terms.size() != c.terms.size())
    return false;
  for (size_t i = 0; i < a.terms.size(); ++i)
    if (a.terms[i].factors != c.terms[i].factors)
      return false;
  if (a.kind == ValueKind::Handle && a.type && a.type->isRecipe() && a.integer != c.integer)
    return false;
  for (size_t i = 0; i < a.elements.size(); ++i)
    if (!harmonise(a.elements[i], c.elements[i]))
      return false;
  return true;
}

namespace {
struct Arm {
  Flow flow;
  std::map<sema::SymbolId, Value> vars;
  std::vector<mlir::Value> wires;
  mlir::Block *end = nullptr;
  std::vector<mlir::Value> yields;
};
} // namespace

/// A conditional whose arms are lowered by callbacks. What either arm changed is handed on; when
/// the arms leave in different ways, the result says which.
Flow Elaborator::branch(mlir::Value condition, base::Span span, llvm::function_ref<Flow()> thenArm,
                        llvm::function_ref<Flow()> elseArm) {
  mlir::Location at = loc(span);
  const auto vars = frame().vars;
  const auto before = wires;
  std::vector<QubitId> carried;
  std::vector<mlir::Value> inits;
  for (QubitId q = 0; q < wires.size(); ++q)
    if (wires[q]) {
      carried.push_back(q);
      inits.push_back(wires[q]);
    }
  auto draft = qc::IfOp::create(b, at, mlir::TypeRange{}, condition, inits);
  Arm arms[2];
  for (int i = 0; i < 2; ++i) {
    mlir::OpBuilder::InsertionGuard guard(b);
    mlir::Block *block = i == 0 ? draft.getThenBlock() : draft.getElseBlock();
    b.setInsertionPointToEnd(block);
    frame().vars = vars;
    wires = before;
    for (size_t k = 0; k < carried.size(); ++k)
      wires[carried[k]] = block->getArgument(static_cast<unsigned>(k));
    Arm &arm = arms[i];
    arm.flow = i == 0 ? thenArm() : elseArm();
    arm.vars = frame().vars;
    arm.wires = wires;
    arm.end = b.getInsertionBlock();
  }
  frame().vars = vars;
  const size_t idCount = std::max(arms[0].wires.size(), arms[1].wires.size());

  auto inArm = [&](int i, auto body) {
    mlir::OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToEnd(arms[i].end);
    auto saved = std::move(wires);
    wires = arms[i].wires;
    wires.resize(idCount);
    body();
    wires = std::move(saved);
  };
  Slots slots[2];
  auto hand = [&](Value &a, Value &c, std::string_view what) {
    inArm(0, [&] { a = likeOther(a, c, at); });
    inArm(1, [&] { c = likeOther(c, a, at); });
    if (!harmonise(a, c))
      notYet(span, fmt::format("{} of a different shape in each arm of `if`", what));
    for (int i = 0; i < 2; ++i)
      inArm(i, [&] { flatten(i == 0 ? a : c, slots[i], at); });
    if (slots[0].values.size() != slots[1].values.size())
      internal(span, "the arms of an `if` hand on different values");
    for (size_t k = 0; k < slots[0].values.size(); ++k)
      if (slots[0].values[k].getType() != slots[1].values[k].getType())
        notYet(span, fmt::format("{} of a different type in each arm of `if`", what));
  };

  // How the arms leave.
  Flow &t = arms[0].flow, &e = arms[1].flow;
  const bool oneWay = !t.code && !e.code && t.exit == e.exit;
  if (!oneWay)
    for (int i = 0; i < 2; ++i)
      inArm(i, [&] {
        Flow &flow = arms[i].flow;
        slots[i].values.push_back(flow.code ? flow.code
                                            : constant(static_cast<int64_t>(flow.exit), at));
      });
  // Values of arms; a way out without one gets a zero that nobody reads.
  struct Handed {
    Value shape;
    size_t count;
    sema::SymbolId symbol;
  };
  std::vector<Handed> handed;
  auto note = [&](Value &a, Value &c, sema::SymbolId symbol, std::string_view what) {
    const size_t first = slots[0].values.size();
    hand(a, c, what);
    handed.push_back({a, slots[0].values.size() - first, symbol});
  };
  if (t.value || e.value) {
    Value a = t.value.value_or(Value::unit()), c = e.value.value_or(Value::unit());
    if (t.value && e.value)
      note(a, c, sema::SymbolId::None, "a value");
    else
      t.value.reset(), e.value.reset();
  }
  for (const auto &[symbol, old] : vars) {
    Value &a = arms[0].vars.at(symbol), &c = arms[1].vars.at(symbol);
    if (same(a, c) && same(a, old))
      continue;
    if (same(a, c) && a.isConstant() && a.kind != ValueKind::Qubits && a.kind != ValueKind::Array &&
        a.kind != ValueKind::Tuple) {
      frame().vars[symbol] = a;
      continue;
    }
    note(a, c, symbol, variableName(symbol));
  }
  std::vector<QubitId> kept;
  for (QubitId q : carried) {
    const bool moved = slots[0].qubits.count(q) || slots[1].qubits.count(q);
    const bool inThen = arms[0].wires[q] != nullptr, inElse = arms[1].wires[q] != nullptr;
    if (moved || (!inThen && !inElse))
      continue;
    if (inThen != inElse)
      internal(span, "a qubit lives on in one arm of an `if` only");
    for (int i = 0; i < 2; ++i)
      slots[i].values.push_back(arms[i].wires[q]);
    kept.push_back(q);
  }

  std::vector<mlir::Type> types;
  for (mlir::Value v : slots[0].values)
    types.push_back(v.getType());
  for (int i = 0; i < 2; ++i) {
    mlir::OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToEnd(arms[i].end);
    qc::YieldOp::create(b, at, slots[i].values);
  }
  auto op = qc::IfOp::create(b, at, types, condition, inits);
  op.getThenRegion().takeBody(draft.getThenRegion());
  op.getElseRegion().takeBody(draft.getElseRegion());
  draft.erase();

  std::vector<mlir::Value> results(op.getResults().begin(), op.getResults().end());
  size_t next = 0;
  Flow flow;
  flow.exit = t.exit;
  if (!oneWay)
    flow.code = results[next++];
  // New ids are made against the then-arm's wires, which say what is alive.
  auto aliveInThen = arms[0].wires;
  wires = std::move(aliveInThen);
  wires.resize(idCount);
  std::vector<std::pair<sema::SymbolId, Value>> fresh;
  for (Handed &h : handed) {
    Value v = unflatten(h.shape, results, next);
    if (h.symbol == sema::SymbolId::None)
      flow.value = v;
    else
      fresh.emplace_back(h.symbol, v);
  }
  std::vector<mlir::Value> after = wires;
  for (QubitId q = 0; q < idCount; ++q)
    after[q] = nullptr;
  for (QubitId q : kept)
    after[q] = results[next++];
  wires = std::move(after);
  for (auto &[symbol, v] : fresh)
    frame().vars[symbol] = std::move(v);
  return flow;
}

// ---- statement lists

/// Whether a statement may leave the surrounding list early.
static bool leaves(const Stmt &s);
static bool leaves(const std::vector<StmtPtr> &list) {
  return std::any_of(list.begin(), list.end(), [](const StmtPtr &s) { return leaves(*s); });
}
static bool leaves(const Stmt &s) {
  switch (s.kind) {
  case StmtKind::Return:
  case StmtKind::Break:
  case StmtKind::Continue:
    return true;
  case StmtKind::For:
    return leaves(as<ForStmt>(s).body.stmts);
  case StmtKind::Repeat:
    return leaves(as<RepeatStmt>(s).body.stmts);
  case StmtKind::While:
    return leaves(as<WhileStmt>(s).body.stmts);
  case StmtKind::With:
    return leaves(as<WithStmt>(s).body.stmts);
  case StmtKind::Expr:
    if (const auto *i = dynAs<IfExpr>(as<ExprStmt>(s).value.get()))
      return leaves(i->thenBlock.stmts) || (i->elseBlock && leaves(i->elseBlock->stmts));
    return false;
  default:
    return false;
  }
}

Flow Elaborator::stmts(llvm::ArrayRef<StmtPtr> list, Rest rest, bool wantsValue) {
  for (size_t i = 0; i < list.size(); ++i) {
    const Stmt &s = *list[i];
    const bool last = i + 1 == list.size();
    auto following = [&] { return stmts(list.drop_front(i + 1), rest, wantsValue); };
    try {
      switch (s.kind) {
      case StmtKind::Return: {
        const auto &give = as<ReturnStmt>(s);
        return returnFlow(give.value ? std::optional(expr(*give.value)) : std::nullopt);
      }
      case StmtKind::Break:
      case StmtKind::Continue: {
        const bool isBreak = s.kind == StmtKind::Break;
        if (!loops.empty() && loops.back().unrolled) {
          Loop loop = loops.back();
          return (isBreak ? *loop.onBreak : *loop.onContinue)();
        }
        Flow flow;
        flow.exit = isBreak ? Exit::Break : Exit::Continue;
        return flow;
      }
      case StmtKind::For:
        return forFlow(as<ForStmt>(s), following);
      case StmtKind::Repeat:
        return repeatFlow(as<RepeatStmt>(s), following);
      case StmtKind::While:
        return whileFlow(as<WhileStmt>(s), following);
      case StmtKind::With: {
        if (leaves(s) && !last)
          notYet(s.span, "leaving a `with` block early");
        Flow flow = with(as<WithStmt>(s), false);
        if (flow.exit == Exit::Next && !flow.code)
          continue;
        return flow;
      }
      case StmtKind::Expr: {
        const auto &e = as<ExprStmt>(s);
        if (const auto *conditional = dynAs<IfExpr>(e.value.get())) {
          if (leaves(s))
            return ifFlow(*conditional, following, wantsValue);
          Value v = ifValue(*conditional);
          if (wantsValue && last) {
            Flow flow = rest();
            flow.value = v;
            return flow;
          }
          continue;
        }
        Value v = expr(*e.value);
        if (wantsValue && last) {
          Flow flow = rest();
          flow.value = v;
          return flow;
        }
        continue;
      }
      default:
        stmt(s);
        continue;
      }
    } catch (const Abandon &) {
      // At the top level other statements may still have something to say; inside, the whole piece
      // is given up.
      const auto &top = program.modules.front().ast.stmts;
      if (list.data() < top.data() || list.data() >= top.data() + top.size())
        throw;
      frames.resize(1);
      inlining.clear();
      loops.clear();
      payers.resize(1);
      collecting = nullptr;
      freshDepth = 0;
      b.setInsertionPointToEnd(topBlock);
      wires.assign(wires.size(), nullptr);
    }
  }
  return rest();
}

Flow Elaborator::ifFlow(const IfExpr &e, Rest rest, bool wantsValue) {
  Value condition = expr(*e.condition);
  auto arm = [&](const Block *block) {
    return block ? stmts(block->stmts, rest, wantsValue) : rest();
  };
  const Block *elseBlock = e.elseBlock ? &*e.elseBlock : nullptr;
  if (condition.isConstant())
    return arm(condition.boolean ? &e.thenBlock : elseBlock);
  // Each arm goes on to the end by itself, so that no path crosses back.
  const std::vector<Loop> saved = loops;
  Uncertain maybe(*this);
  return branch(
      condition.ssa, e.span,
      [&] {
        Flow flow = arm(&e.thenBlock);
        loops = saved;
        return flow;
      },
      [&] {
        Flow flow = arm(elseBlock);
        loops = saved;
        return flow;
      });
}

Value Elaborator::ifValue(const IfExpr &e) {
  Value condition = expr(*e.condition);
  auto arm = [&](const Block *block) {
    return block ? stmts(block->stmts, [] { return Flow{}; }, true) : Flow{};
  };
  const Block *elseBlock = e.elseBlock ? &*e.elseBlock : nullptr;
  Flow flow;
  if (condition.isConstant()) {
    flow = arm(condition.boolean ? &e.thenBlock : elseBlock);
  } else {
    Uncertain maybe(*this);
    flow = branch(
        condition.ssa, e.span, [&] { return arm(&e.thenBlock); }, [&] { return arm(elseBlock); });
  }
  return flow.value.value_or(Value::unit());
}

} // namespace qdo::lower
