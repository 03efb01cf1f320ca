// SPDX-License-Identifier: Apache-2.0
// Loops: unrolled where structure or live qubits are at stake, qc.for and qc.while otherwise.
#include "compiler/lower/elaborator.h"

#include <fmt/format.h>

namespace qdo::lower {

using namespace syntax;

static constexpr int64_t MaxUnrolledTrips = 1 << 20;

namespace {
/// Walks every statement and expression of a block.
struct Walker {
  std::function<void(const Stmt &)> onStmt = [](const Stmt &) {};
  std::function<void(const Expr &)> onExpr = [](const Expr &) {};

  void block(const Block &b) {
    for (const StmtPtr &s : b.stmts)
      stmt(*s);
  }
  void stmt(const Stmt &s) {
    onStmt(s);
    switch (s.kind) {
    case StmtKind::For:
      for (const Generator &g : as<ForStmt>(s).generators)
        expr(g.range.get());
      return block(as<ForStmt>(s).body);
    case StmtKind::While:
      expr(as<WhileStmt>(s).condition.get());
      return block(as<WhileStmt>(s).body);
    case StmtKind::Repeat:
      expr(as<RepeatStmt>(s).count.get());
      return block(as<RepeatStmt>(s).body);
    case StmtKind::With:
      for (const ExprPtr &c : as<WithStmt>(s).contexts)
        expr(c.get());
      return block(as<WithStmt>(s).body);
    case StmtKind::Let:
      return expr(as<LetStmt>(s).value.get());
    case StmtKind::Return:
      return expr(as<ReturnStmt>(s).value.get());
    case StmtKind::Print:
      for (const ExprPtr &v : as<PrintStmt>(s).values)
        expr(v.get());
      return;
    case StmtKind::Assert:
      return expr(as<AssertStmt>(s).condition.get());
    case StmtKind::Discard:
      return expr(as<DiscardStmt>(s).value.get());
    case StmtKind::Gate:
      expr(as<GateStmt>(s).gate.get());
      for (const ExprPtr &o : as<GateStmt>(s).operands)
        expr(o.get());
      return;
    case StmtKind::Assign:
      expr(as<AssignStmt>(s).target.get());
      return expr(as<AssignStmt>(s).value.get());
    case StmtKind::Expr:
      return expr(as<ExprStmt>(s).value.get());
    default:
      return;
    }
  }
  void expr(const Expr *e) {
    if (!e)
      return;
    onExpr(*e);
    switch (e->kind) {
    case ExprKind::Paren:
      return expr(as<ParenExpr>(*e).inner.get());
    case ExprKind::Tuple:
      for (const Arg &a : as<TupleExpr>(*e).fields)
        expr(a.value.get());
      return;
    case ExprKind::Array:
      for (const ExprPtr &x : as<ArrayExpr>(*e).elements)
        expr(x.get());
      return;
    case ExprKind::String:
      for (const StringPart &p : as<StringExpr>(*e).parts)
        expr(p.value.get());
      return;
    case ExprKind::Comprehension:
      for (const Generator &g : as<ComprehensionExpr>(*e).generators)
        expr(g.range.get());
      expr(as<ComprehensionExpr>(*e).condition.get());
      return expr(as<ComprehensionExpr>(*e).element.get());
    case ExprKind::Overlap:
      expr(as<OverlapExpr>(*e).bra.get());
      return expr(as<OverlapExpr>(*e).ket.get());
    case ExprKind::AbsOverlap:
      expr(as<AbsOverlapExpr>(*e).bra.get());
      return expr(as<AbsOverlapExpr>(*e).ket.get());
    case ExprKind::MatrixElement:
      expr(as<MatrixElementExpr>(*e).bra.get());
      expr(as<MatrixElementExpr>(*e).observable.get());
      return expr(as<MatrixElementExpr>(*e).ket.get());
    case ExprKind::Unary:
      return expr(as<UnaryExpr>(*e).operand.get());
    case ExprKind::Ctrl:
      return expr(as<CtrlExpr>(*e).operand.get());
    case ExprKind::Binary:
      expr(as<BinaryExpr>(*e).lhs.get());
      return expr(as<BinaryExpr>(*e).rhs.get());
    case ExprKind::Compare:
      expr(as<CompareExpr>(*e).lhs.get());
      expr(as<CompareExpr>(*e).rhs.get());
      return expr(as<CompareExpr>(*e).within.get());
    case ExprKind::Interval:
      expr(as<IntervalExpr>(*e).low.get());
      return expr(as<IntervalExpr>(*e).high.get());
    case ExprKind::Member:
      return expr(as<MemberExpr>(*e).base.get());
    case ExprKind::Call:
      expr(as<CallExpr>(*e).callee.get());
      for (const Arg &a : as<CallExpr>(*e).args)
        expr(a.value.get());
      return;
    case ExprKind::Index:
      expr(as<IndexExpr>(*e).base.get());
      for (const ExprPtr &i : as<IndexExpr>(*e).indices)
        expr(i.get());
      return;
    case ExprKind::If:
      expr(as<IfExpr>(*e).condition.get());
      block(as<IfExpr>(*e).thenBlock);
      if (as<IfExpr>(*e).elseBlock)
        block(*as<IfExpr>(*e).elseBlock);
      return;
    case ExprKind::Estimate:
      return block(as<EstimateExpr>(*e).body);
    default:
      return;
    }
  }
};
} // namespace

/// Whether a body holds something whose meaning depends on numbers known at elaboration: circuits,
/// qubits, recipes.
bool Elaborator::mustUnroll(const Block &body) const {
  bool found = false;
  Walker walker;
  walker.onStmt = [&](const Stmt &s) {
    found |= s.kind == StmtKind::Gate || s.kind == StmtKind::Discard ||
             s.kind == StmtKind::Return || s.kind == StmtKind::Break ||
             s.kind == StmtKind::Continue;
  };
  walker.onExpr = [&](const Expr &e) {
    found |= e.kind == ExprKind::Overlap || e.kind == ExprKind::MatrixElement ||
             e.kind == ExprKind::AbsOverlap ||
             (e.kind == ExprKind::Unary && as<UnaryExpr>(e).op >= UnaryOp::Adj);
    if (e.kind == ExprKind::Name || e.kind == ExprKind::Member)
      if (sema::SymbolId id = used(e); id != sema::SymbolId::None) {
        sema::SymbolKind kind = program.symbol(id).kind;
        found |= kind == sema::SymbolKind::Circuit || kind == sema::SymbolKind::Kernel ||
                 kind == sema::SymbolKind::Policy ||
                 (kind == sema::SymbolKind::Function &&
                  program.symbol(id).module == &program.modules.front());
      }
  };
  walker.block(body);
  return found;
}

std::set<sema::SymbolId> Elaborator::assignedIn(const Block &body) const {
  std::set<sema::SymbolId> result;
  auto target = [&](const Expr &e) {
    if (e.kind == ExprKind::Name)
      if (sema::SymbolId id = used(e); id != sema::SymbolId::None && frames.back().vars.count(id))
        result.insert(id);
  };
  Walker walker;
  walker.onStmt = [&](const Stmt &s) {
    if (s.kind != StmtKind::Assign)
      return;
    const Expr &t = *as<AssignStmt>(s).target;
    target(t);
    if (t.kind == ExprKind::Tuple)
      for (const Arg &a : as<TupleExpr>(t).fields)
        target(*a.value);
  };
  walker.block(body);
  return result;
}

/// Trip after trip; `rest` is what follows the loop, `onBreak` (for nested generators) what follows
/// the whole loop.
Flow Elaborator::unrolled(int64_t trips, int64_t at, const std::function<void(int64_t)> &bindTrip,
                          const Block &body, const std::function<Flow()> &rest) {
  // Straight bodies run in a plain loop, so that deep recursion is for early exits only.
  const std::vector<Loop> outer = loops;
  bool exits = false;
  Walker walker;
  walker.onStmt = [&](const Stmt &s) {
    exits |=
        s.kind == StmtKind::Break || s.kind == StmtKind::Continue || s.kind == StmtKind::Return;
  };
  walker.block(body);
  if (!exits) {
    for (; at < trips; ++at) {
      bindTrip(at);
      stmts(body.stmts, [] { return Flow{}; });
    }
    return rest();
  }
  if (at >= trips)
    return rest();
  if (trips > 1000)
    notYet(body.span, "an early exit from an unrolled loop of more than 1,000 turns");
  std::function<Flow()> next = [&] {
    loops = outer;
    return unrolled(trips, at + 1, bindTrip, body, rest);
  };
  std::function<Flow()> leave = [&] {
    loops = outer;
    return rest();
  };
  bindTrip(at);
  loops.push_back({true, &leave, &next});
  Flow flow = stmts(body.stmts, [&] { return next(); });
  loops = outer;
  return flow;
}

Flow Elaborator::repeatFlow(const RepeatStmt &loop, Rest rest) {
  Value n = expr(*loop.count);
  const bool live =
      std::any_of(wires.begin(), wires.end(), [](mlir::Value w) { return w != nullptr; });
  if (n.isConstant() && (frame().circuit || live || mustUnroll(loop.body))) {
    if (n.integer > MaxUnrolledTrips)
      notYet(loop.count->span, fmt::format("repeating this {} times", n.integer));
    std::function<Flow()> following = [&] { return rest(); };
    return unrolled(n.integer, 0, [](int64_t) {}, loop.body, following);
  }
  if (!n.isConstant() && frame().circuit)
    notYet(loop.count->span, "a circuit's shape that is known only while the program runs");
  counted(constant(int64_t{0}, loc(loop.span)), ssa(n, loc(loop.span)), loop.span, loop.body,
          [](mlir::Value) {});
  return rest();
}

Flow Elaborator::forFlow(const ForStmt &loop, Rest rest) {
  std::function<Flow()> following = [&] { return rest(); };
  return generatorLoop(loop, 0, following, following);
}

Flow Elaborator::generatorLoop(const ForStmt &loop, size_t depth, const std::function<Flow()> &rest,
                               const std::function<Flow()> &onBreak) {
  const Generator &g = loop.generators[depth];
  const bool innermost = depth + 1 == loop.generators.size();
  Value range = expr(*g.range);
  auto trips = count(range);
  const bool live =
      std::any_of(wires.begin(), wires.end(), [](mlir::Value w) { return w != nullptr; });
  const bool structured =
      range.kind == ValueKind::Array || frame().circuit || live || mustUnroll(loop.body);
  if (!trips || !structured) {
    if (range.kind == ValueKind::Handle)
      notYet(g.range->span, "`for` over an array that is known only while the program runs");
    if (frame().circuit)
      notYet(g.range->span, "a circuit's shape that is known only while the program runs");
    if (g.binder.isTuple)
      notYet(g.binder.span, "taking elements apart in this loop");
    dynamicFor(loop, depth);
    return rest();
  }
  if (*trips > MaxUnrolledTrips)
    notYet(g.range->span, fmt::format("unrolling {} turns of this loop", *trips));
  auto bindTrip = [&](int64_t at) {
    bindBinder(g.binder, iterate(range, *g.range, at), g.range->span);
  };
  if (innermost)
    return unrolled(*trips, 0, bindTrip, loop.body, rest);
  // Outer generators: each turn runs the inner ones, and leaving any of them leaves all.
  std::function<Flow(int64_t)> turn = [&](int64_t at) -> Flow {
    if (at >= *trips)
      return rest();
    bindTrip(at);
    std::function<Flow()> next = [&] { return turn(at + 1); };
    return generatorLoop(loop, depth + 1, next, onBreak);
  };
  bool exits = false;
  Walker walker;
  walker.onStmt = [&](const Stmt &s) {
    exits |=
        s.kind == StmtKind::Break || s.kind == StmtKind::Continue || s.kind == StmtKind::Return;
  };
  walker.block(loop.body);
  if (exits)
    notYet(loop.span, "an early exit from a loop over several variables");
  const std::function<Flow()> nothing = [] { return Flow{}; };
  for (int64_t at = 0; at < *trips; ++at) {
    bindTrip(at);
    generatorLoop(loop, depth + 1, nothing, nothing);
  }
  return rest();
}

void Elaborator::dynamicFor(const ForStmt &loop, size_t depth) {
  const Generator &g = loop.generators[depth];
  Value range = expr(*g.range);
  mlir::Location at = loc(g.range->span);
  auto bind = [&](mlir::Value counter) {
    bindBinder(g.binder, Value::ofSsa(ValueKind::Int, counter), g.range->span);
  };
  if (depth + 1 != loop.generators.size())
    notYet(loop.span, "`for` over several ranges that are known only while the program runs");
  counted(ssa(range.elements[0], at), ssa(range.elements[1], at), loop.span, loop.body, bind);
}

/// qc.for: carries the variables its body assigns.
void Elaborator::counted(mlir::Value lower, mlir::Value upper, base::Span span, const Block &body,
                         const std::function<void(mlir::Value)> &bindCounter) {
  mlir::Location at = loc(span);
  if (std::any_of(wires.begin(), wires.end(), [](mlir::Value w) { return w != nullptr; }))
    notYet(span,
           "live qubits in a loop that runs a number of times known only while the program runs");
  const std::set<sema::SymbolId> assigned = assignedIn(body);
  Slots slots;
  std::vector<std::pair<sema::SymbolId, Value>> shapes;
  for (sema::SymbolId id : assigned) {
    Value v = frame().vars.at(id);
    flatten(v, slots, at);
    shapes.emplace_back(id, v);
  }
  auto op = qc::ForOp::create(b, at, lower, upper, constant(int64_t{1}, at), slots.values);
  auto take = [&](llvm::ArrayRef<mlir::Value> values) {
    size_t next = 0;
    for (auto &[id, shape] : shapes)
      frame().vars[id] = unflatten(shape, values, next);
  };
  const auto vars = frame().vars;
  {
    mlir::OpBuilder::InsertionGuard guard(b);
    mlir::Block *block = op.getBodyBlock();
    b.setInsertionPointToEnd(block);
    std::vector<mlir::Value> arguments(block->args_begin() + 1, block->args_end());
    take(arguments);
    bindCounter(op.getCounter());
    Uncertain maybe(*this);
    std::vector<Loop> outer = std::move(loops);
    loops = {Loop{}};
    Flow flow = stmts(body.stmts, [] { return Flow{}; });
    loops = std::move(outer);
    if (flow.exit != Exit::Next || flow.code)
      notYet(span,
             "leaving a loop early whose number of turns is known only while the program runs");
    Slots handed;
    for (auto &[id, shape] : shapes) {
      Value v = frame().vars.at(id);
      Value like = shape;
      if (!harmonise(like, v))
        notYet(span, "a variable that changes its shape in a loop");
      if (shape.kind == ValueKind::Real)
        v = toReal(v, at);
      flatten(v, handed, at);
    }
    qc::YieldOp::create(b, at, handed.values);
  }
  frame().vars = vars;
  take(std::vector<mlir::Value>(op.getResults().begin(), op.getResults().end()));
}

/// qc.while: the condition and the body hand the assigned variables and the live qubits around.
void Elaborator::whileLoop(const WhileStmt &loop) {
  mlir::Location at = loc(loop.span);
  if (frame().circuit)
    notYet(loop.span, "`while` in a circuit");
  Walker walker;
  bool exits = false;
  walker.onStmt = [&](const Stmt &s) {
    exits |=
        s.kind == StmtKind::Break || s.kind == StmtKind::Continue || s.kind == StmtKind::Return;
  };
  walker.block(loop.body);
  if (exits)
    notYet(loop.span, "leaving a `while` early");
  const std::set<sema::SymbolId> assigned = assignedIn(loop.body);

  // State = assigned variables, then the live qubits that no assigned variable holds.
  struct State {
    std::vector<std::pair<sema::SymbolId, Value>> shapes;
    std::vector<QubitId> qubits;
    std::vector<mlir::Value> wires; ///< what was alive when it was taken
    std::vector<mlir::Value> values;
  };
  auto capture = [&](const State *like) {
    State state;
    Slots slots;
    for (sema::SymbolId id : assigned) {
      Value v = frame().vars.at(id);
      if (like)
        for (const auto &[other, shape] : like->shapes)
          if (other == id && shape.kind == ValueKind::Real)
            v = toReal(v, at);
      flatten(v, slots, at);
      state.shapes.emplace_back(id, v);
    }
    state.values = slots.values;
    for (QubitId q = 0; q < wires.size(); ++q)
      if (wires[q] && !slots.qubits.count(q)) {
        state.qubits.push_back(q);
        state.values.push_back(wires[q]);
      }
    state.wires = wires;
    return state;
  };
  auto restore = [&](const State &state, llvm::ArrayRef<mlir::Value> values) {
    wires = state.wires;
    size_t next = 0;
    std::vector<std::pair<sema::SymbolId, Value>> fresh;
    for (const auto &[id, shape] : state.shapes)
      fresh.emplace_back(id, unflatten(shape, values, next));
    for (size_t q = 0; q < state.wires.size(); ++q)
      wires[q] = nullptr;
    for (QubitId q : state.qubits)
      wires[q] = values[next++];
    for (auto &[id, v] : fresh)
      frame().vars[id] = std::move(v);
  };
  auto types = [](const std::vector<mlir::Value> &values) {
    std::vector<mlir::Type> result;
    for (mlir::Value v : values)
      result.push_back(v.getType());
    return result;
  };

  State head = capture(nullptr);
  const auto vars = frame().vars;
  auto draft = qc::WhileOp::create(b, at, mlir::TypeRange{}, head.values);
  State after;
  {
    mlir::OpBuilder::InsertionGuard guard(b);
    mlir::Block *before = draft.getBeforeBlock();
    b.setInsertionPointToEnd(before);
    restore(head, std::vector<mlir::Value>(before->args_begin(), before->args_end()));
    Value condition = expr(*loop.condition); // evaluated once at least; the body may never run
    after = capture(nullptr);
    Uncertain maybe(*this);
    qc::ConditionOp::create(b, at, ssa(condition, at), after.values);
    mlir::Block *body = draft.getAfterBlock();
    for (mlir::Type type : types(after.values))
      body->addArgument(type, at);
    b.setInsertionPointToEnd(body);
    restore(after, std::vector<mlir::Value>(body->args_begin(), body->args_end()));
    std::vector<Loop> outer = std::move(loops);
    loops = {Loop{}};
    stmts(loop.body.stmts, [] { return Flow{}; });
    loops = std::move(outer);
    State end = capture(&head);
    if (types(end.values) != types(head.values))
      notYet(loop.span, "a variable that changes its shape in a loop");
    qc::YieldOp::create(b, at, end.values);
  }
  auto op = qc::WhileOp::create(b, at, types(after.values), head.values);
  op.getBefore().takeBody(draft.getBefore());
  op.getAfter().takeBody(draft.getAfter());
  draft.erase();
  frame().vars = vars;
  restore(after, std::vector<mlir::Value>(op.getResults().begin(), op.getResults().end()));
}

} // namespace qdo::lower
