// SPDX-License-Identifier: Apache-2.0
// Loops: unrolled where structure or live qubits are at stake, qc.for and qc.while otherwise.
#include "compiler/lower/elaborator.h"
#include "compiler/lower/trips.h"
#include "compiler/lower/walker.h"

#include <fmt/format.h>

namespace qdo::lower {

using namespace syntax;

static constexpr int64_t MaxUnrolledTrips = 1 << 20;
/// Turns of a loop that may be left early, each of which nests in the one before.
static constexpr int64_t MaxUnrolledExits = 64;

/// Whether an argument is a list of qubits, of which elaboration makes a mask. Lists that are
/// written as numbers are known in every turn.
bool Elaborator::listsQubits(const CallExpr &call) const {
  bool names = false;
  Walker walker;
  walker.onExpr = [&](const Expr &e) { names |= e.kind == ExprKind::Name; };
  for (const Arg &arg : call.args)
    if (typeOf(*arg.value) && typeOf(*arg.value)->is(sema::TypeKind::Array))
      walker.expr(arg.value.get());
  if (!names)
    return false;
  if (const auto *method = dynAs<MemberExpr>(call.callee.get())) {
    const sema::TypeRef &of = typeOf(*method->base);
    return of && of->is(sema::TypeKind::Shadow) && method->member.text != "expect";
  }
  const sema::SymbolId id = used(*call.callee);
  return id != sema::SymbolId::None && program.symbol(id).name == "purity" &&
         sema::nativeBody(program.symbol(id)).has_value();
}

/// `Z[i]`: a Pauli on a qubit that may be another in every turn.
static bool choosesQubit(const IndexExpr &e, const sema::TypeRef &base) {
  return base && base->is(sema::TypeKind::Pauli) && e.indices[0]->kind != ExprKind::Int;
}

/// Whether a body holds something whose meaning depends on numbers known at elaboration: circuits,
/// qubits, recipes, Paulis on qubits.
bool Elaborator::mustUnroll(const Block &body) const {
  bool found = false;
  Walker walker;
  walker.onStmt = [&](const Stmt &s) {
    found |= s.kind == StmtKind::Gate || s.kind == StmtKind::Discard;
  };
  walker.onExpr = [&](const Expr &e) {
    found |= e.kind == ExprKind::Overlap || e.kind == ExprKind::MatrixElement ||
             e.kind == ExprKind::AbsOverlap ||
             (e.kind == ExprKind::Unary && as<UnaryExpr>(e).op >= UnaryOp::Adj) ||
             (e.kind == ExprKind::Call && listsQubits(as<CallExpr>(e))) ||
             (e.kind == ExprKind::Index &&
              choosesQubit(as<IndexExpr>(e), typeOf(*as<IndexExpr>(e).base)));
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

/// The variables of this frame that a body assigns; `byElement` is told those of which it assigns
/// elements.
std::set<sema::SymbolId>
Elaborator::assignedIn(const Block &body,
                       const std::function<void(sema::SymbolId)> &byElement) const {
  std::set<sema::SymbolId> result;
  auto target = [&](const Expr &e) {
    const auto *element = dynAs<IndexExpr>(&e);
    const Expr &name = element ? *element->base : e;
    if (name.kind == ExprKind::Name)
      if (sema::SymbolId id = used(name);
          id != sema::SymbolId::None && frames.back().vars.count(id)) {
        result.insert(id);
        if (element && byElement)
          byElement(id);
      }
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

static bool allReal(const Value &v) {
  return v.kind == ValueKind::Array ? std::all_of(v.elements.begin(), v.elements.end(), allReal)
                                    : v.kind == ValueKind::Real;
}

/// Arrays whose elements a loop assigns become runtime arrays before it, for the loop's index is
/// not known. False when one cannot: it does not hold reals.
bool Elaborator::storeArrays(const Block &body, base::Span span, bool dryRun) {
  bool stored = true;
  assignedIn(body, [&](sema::SymbolId id) {
    Value &v = frame().vars.at(id);
    if (v.kind != ValueKind::Array)
      return;
    if (!allReal(v) || v.elements.empty()) {
      stored = false;
      return;
    }
    if (dryRun)
      return;
    std::vector<sema::Size> sizes;
    for (const Value *at = &v; at->kind == ValueKind::Array; at = &at->elements[0])
      sizes.push_back(sema::Size::constant(static_cast<int64_t>(at->elements.size())));
    v = Value::handle(arrayHandle(v, loc(span)),
                      sema::arrayOf(sema::simple(sema::TypeKind::Real), sizes));
  });
  return stored;
}

/// Whether a body may put numbers under differentiation into elements of an array: at indices that
/// are known it can.
bool Elaborator::writesTraced(const Block &body) const {
  bool writes = false;
  if (differentiating > 0)
    assignedIn(body, [&](sema::SymbolId) { writes = true; });
  return writes;
}

/// Trip after trip; `rest` is what follows the loop, `onBreak` (for nested generators) what follows
/// the whole loop.
Flow Elaborator::unrolled(int64_t trips, int64_t at, const std::function<void(int64_t)> &bindTrip,
                          const Block &body, const std::function<Flow()> &rest) {
  // Straight bodies run in a plain loop, so that deep recursion is for early exits only.
  const std::vector<Loop> outer = loops;
  if (!earlyExits(body).any) {
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
  const EarlyExits exits = earlyExits(loop.body);
  if (n.isConstant() &&
      (frame().circuit || live || mustUnroll(loop.body) ||
       (exits.any && n.integer <= MaxUnrolledExits) || !storeArrays(loop.body, loop.span, true))) {
    if (n.integer > MaxUnrolledTrips)
      notYet(loop.count->span, fmt::format("repeating this {} times", n.integer));
    std::function<Flow()> following = [&] { return rest(); };
    return unrolled(n.integer, 0, [](int64_t) {}, loop.body, following);
  }
  if (!n.isConstant() && frame().circuit)
    notYet(loop.count->span, "a circuit's shape that is known only while the program runs");
  return runtimeLoop(
      constant(int64_t{0}, loc(loop.span)), ssa(n, loc(loop.span)), loop.span, loop.body,
      [&](const Value &) { return stmts(loop.body.stmts, [] { return Flow{}; }); }, rest);
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
  const bool structured = range.kind == ValueKind::Array || frame().circuit || live ||
                          mustUnroll(loop.body) || !storeArrays(loop.body, loop.span, true) ||
                          (trips && *trips <= MaxUnrolledExits &&
                           (earlyExits(loop.body).any || writesTraced(loop.body)));
  if (!trips || !structured) {
    if (frame().circuit)
      notYet(g.range->span, "a circuit's shape that is known only while the program runs");
    return dynamicFor(loop, depth, range, rest);
  }
  if (*trips > MaxUnrolledTrips)
    notYet(g.range->span, fmt::format("unrolling {} turns of this loop", *trips));
  auto bindTrip = [&](int64_t at) { bindBinder(g.binder, iterate(range, at), g.range->span); };
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
  if (earlyExits(loop.body).any)
    notYet(loop.span, "an early exit from a loop over several variables");
  const std::function<Flow()> nothing = [] { return Flow{}; };
  for (int64_t at = 0; at < *trips; ++at) {
    bindTrip(at);
    generatorLoop(loop, depth + 1, nothing, nothing);
  }
  return rest();
}

Flow Elaborator::dynamicFor(const ForStmt &loop, size_t depth, const Value &range, Rest rest) {
  const Generator &g = loop.generators[depth];
  mlir::Location at = loc(g.range->span);
  const bool innermost = depth + 1 == loop.generators.size();
  if (!innermost && earlyExits(loop.body).any)
    notYet(loop.span, "an early exit from a loop over several variables");
  Value source = range.kind == ValueKind::Array ? listOf(range, g.range->span) : range;
  const bool isRange = source.kind == ValueKind::Interval;
  mlir::Value lower = isRange ? ssa(source.elements[0], at) : constant(int64_t{0}, at);
  mlir::Value upper = isRange ? ssa(source.elements[1], at) : ssa(length(source, at), at);
  auto turn = [&](const Value &i) {
    bindBinder(g.binder, isRange ? i : elementAt(source, i, g.range->span), g.range->span);
    if (innermost)
      return stmts(loop.body.stmts, [] { return Flow{}; });
    const std::function<Flow()> nothing = [] { return Flow{}; };
    return generatorLoop(loop, depth + 1, nothing, nothing);
  };
  return runtimeLoop(lower, upper, loop.span, loop.body, turn, rest);
}

/// A loop of the program over a counter: qc.for, or qc.while when it can be left early.
Flow Elaborator::runtimeLoop(mlir::Value lower, mlir::Value upper, base::Span span,
                             const Block &body, const std::function<Flow(const Value &)> &turn,
                             Rest rest) {
  mlir::Location at = loc(span);
  storeArrays(body, span, false);
  if (!earlyExits(body).any) {
    counted(lower, upper, span, assignedIn(body),
            [&](mlir::Value counter) { return turn(Value::ofSsa(ValueKind::Int, counter)); });
    return rest();
  }
  const sema::SymbolId counter = hiddenVariable();
  frame().vars[counter] = Value::ofSsa(ValueKind::Int, lower);
  return conditionLoop(
      span, body, {counter},
      [&] {
        return compareNumbers(CompareOp::Lt, frame().vars.at(counter),
                              Value::ofSsa(ValueKind::Int, upper), span);
      },
      [&] {
        const Value i = frame().vars.at(counter);
        frame().vars[counter] =
            Value::ofSsa(ValueKind::Int,
                         mlir::arith::AddIOp::create(b, at, ssa(i, at), constant(int64_t{1}, at)));
        return turn(i);
      },
      rest);
}

/// qc.for: carries the variables its body assigns.
void Elaborator::counted(mlir::Value lower, mlir::Value upper, base::Span span,
                         const std::set<sema::SymbolId> &assigned,
                         const std::function<Flow(mlir::Value)> &body) {
  mlir::Location at = loc(span);
  if (std::any_of(wires.begin(), wires.end(), [](mlir::Value w) { return w != nullptr; }))
    notYet(span,
           "live qubits in a loop that runs a number of times known only while the program runs");
  Slots slots;
  std::vector<std::pair<sema::SymbolId, Value>> shapes;
  for (sema::SymbolId id : assigned) {
    Value v = frame().vars.at(id);
    mayMove(v, at);
    frame().vars[id] = v;
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
    std::optional<Uncertain> maybe; // it may not turn at all
    if (!tripsOf(op).some)
      maybe.emplace(*this);
    std::vector<Loop> outer = std::move(loops);
    loops = {Loop{}};
    Flow flow = body(op.getCounter());
    loops = std::move(outer);
    if (flow.exit != Exit::Next || flow.code)
      notYet(span,
             "leaving a loop early whose number of turns is known only while the program runs");
    Slots handed;
    for (auto &[id, shape] : shapes) {
      Value v = frame().vars.at(id);
      Value like = shape;
      if (shape.kind == ValueKind::Real)
        v = toReal(v, at);
      v = likeOther(v, shape, at);
      if (!harmonise(like, v))
        notYet(span, "a variable that changes its shape in a loop");
      flatten(v, handed, at);
    }
    qc::YieldOp::create(b, at, handed.values);
  }
  frame().vars = vars;
  take(std::vector<mlir::Value>(op.getResults().begin(), op.getResults().end()));
}

} // namespace qdo::lower
