// SPDX-License-Identifier: Apache-2.0
// Loops that a condition ends: qc.while, and how they are left early.
// Why a code and not a jump: no path may cross back, so a way out is a number that the loop
// carries, and what a `return` gives waits in a hidden variable until the loop has ended.
#include "compiler/lower/elaborator.h"
#include "compiler/lower/walker.h"

#include <fmt/format.h>

namespace qdo::lower {

using namespace syntax;
namespace arith = mlir::arith;

/// A variable of this frame that no program can name.
sema::SymbolId Elaborator::hiddenVariable() { return sema::SymbolId{nextHidden--}; }

std::string Elaborator::variableName(sema::SymbolId id) const {
  const auto index = static_cast<uint32_t>(id);
  return index < program.symbols.size() ? "`" + program.symbol(id).name + "`" : "a result";
}

/// A value of a type that nobody will read.
Value Elaborator::placeholder(const sema::TypeRef &type, base::Span span) {
  mlir::Location at = loc(span);
  switch (type ? type->kind : sema::TypeKind::Unit) {
  case sema::TypeKind::Unit:
    return Value::unit();
  case sema::TypeKind::Int:
    return Value::ofSsa(ValueKind::Int, constant(int64_t{0}, at));
  case sema::TypeKind::Real:
    return Value::ofSsa(ValueKind::Real, constant(0.0, at));
  case sema::TypeKind::Duration:
    return Value::ofSsa(ValueKind::Duration, constant(0.0, at));
  case sema::TypeKind::Bool:
    return Value::ofSsa(ValueKind::Bool, constant(false, at));
  case sema::TypeKind::Complex:
    return Value::ofComplex(Value::ofSsa(ValueKind::Real, constant(0.0, at)),
                            Value::ofSsa(ValueKind::Real, constant(0.0, at)));
  case sema::TypeKind::String:
    return Value::ofSsa(ValueKind::String, rt("text_new", {}, at));
  case sema::TypeKind::Estimate:
    return Value::handle(rt("estimate_number", {constant(0.0, at)}, at), type);
  case sema::TypeKind::Observable: {
    Value none;
    none.kind = ValueKind::Observable;
    return asHandle(none, at);
  }
  case sema::TypeKind::Tuple: {
    Value tuple;
    tuple.kind = ValueKind::Tuple;
    tuple.type = type;
    for (const sema::TypeField &field : type->fields)
      tuple.elements.push_back(placeholder(field.type, span));
    return tuple;
  }
  default:
    notYet(span, fmt::format("`return` of {} from a loop whose turns only the run counts",
                             program.show(type)));
  }
}

Flow Elaborator::whileFlow(const WhileStmt &loop, Rest rest) {
  if (frame().circuit)
    notYet(loop.span, "`while` in a circuit");
  storeArrays(loop.body, loop.span, false);
  return conditionLoop(
      loop.span, loop.body, {}, [&] { return expr(*loop.condition); },
      [&] { return stmts(loop.body.stmts, [] { return Flow{}; }); }, rest);
}

/// The condition and the body hand the assigned variables and the live qubits around; `hidden` are
/// further variables that the body assigns.
Flow Elaborator::conditionLoop(base::Span span, const Block &block,
                               const std::set<sema::SymbolId> &hidden,
                               const std::function<Value()> &condition,
                               const std::function<Flow()> &body, Rest rest) {
  mlir::Location at = loc(span);
  std::set<sema::SymbolId> assigned = assignedIn(block);
  assigned.insert(hidden.begin(), hidden.end());
  const EarlyExits exits = earlyExits(block);
  sema::SymbolId code = sema::SymbolId::None, slot = sema::SymbolId::None;
  if (exits.any) {
    if (std::any_of(wires.begin(), wires.end(), [](mlir::Value w) { return w != nullptr; }))
      notYet(span, "leaving a loop early while qubits outside of it are live");
    code = hiddenVariable();
    frame().vars[code] = Value::ofSsa(ValueKind::Int, constant(int64_t{0}, at));
    assigned.insert(code);
  }
  if (exits.returns) {
    slot = hiddenVariable();
    frame().vars[slot] = placeholder(frame().result, span);
    assigned.insert(slot);
  }

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
    std::optional<Uncertain>
        maybe; // the condition is evaluated once at least, the body maybe never
    mlir::Block *before = draft.getBeforeBlock();
    b.setInsertionPointToEnd(before);
    restore(head, std::vector<mlir::Value>(before->args_begin(), before->args_end()));
    Value goesOn;
    if (exits.any) { // nothing of the condition runs once the loop was left
      Value running = compareNumbers(CompareOp::Eq, frame().vars.at(code), Value::ofInt(0), span);
      auto give = [](Value v) {
        Flow flow;
        flow.value = std::move(v);
        return flow;
      };
      goesOn = *branch(
                    ssa(running, at), span, [&] { return give(condition()); },
                    [&] { return give(Value::ofBool(false)); })
                    .value;
    } else {
      goesOn = condition();
    }
    maybe.emplace(*this);
    after = capture(nullptr);
    qc::ConditionOp::create(b, at, ssa(goesOn, at), after.values);
    mlir::Block *turn = draft.getAfterBlock();
    for (mlir::Type type : types(after.values))
      turn->addArgument(type, at);
    b.setInsertionPointToEnd(turn);
    restore(after, std::vector<mlir::Value>(turn->args_begin(), turn->args_end()));
    std::vector<Loop> outer = std::move(loops);
    Loop here;
    here.result = slot;
    loops = {here};
    Flow flow = body();
    loops = std::move(outer);
    if (exits.any) {
      mlir::Value left = flow.code ? flow.code : constant(static_cast<int64_t>(flow.exit), at);
      // `continue` has ended this turn, not the loop.
      mlir::Value next = arith::CmpIOp::create(b, at, arith::CmpIPredicate::eq, left,
                                               constant(static_cast<int64_t>(Exit::Continue), at));
      frame().vars[code] = Value::ofSsa(
          ValueKind::Int, arith::SelectOp::create(
                              b, at, next, constant(static_cast<int64_t>(Exit::Next), at), left));
    }
    State end = capture(&head);
    if (types(end.values) != types(head.values))
      notYet(span, "a variable that changes its shape in a loop");
    qc::YieldOp::create(b, at, end.values);
  }
  auto op = qc::WhileOp::create(b, at, types(after.values), head.values);
  op.getBefore().takeBody(draft.getBefore());
  op.getAfter().takeBody(draft.getAfter());
  draft.erase();
  frame().vars = vars;
  restore(after, std::vector<mlir::Value>(op.getResults().begin(), op.getResults().end()));
  if (!exits.returns)
    return rest();
  Value returned = compareNumbers(CompareOp::Eq, frame().vars.at(code),
                                  Value::ofInt(static_cast<int64_t>(Exit::Return)), span);
  Uncertain maybe(*this);
  const std::vector<Loop> saved = loops;
  return branch(
      ssa(returned, at), span,
      [&] {
        Flow flow = returnFlow(frame().vars.at(slot));
        loops = saved;
        return flow;
      },
      [&] {
        Flow flow = rest();
        loops = saved;
        return flow;
      });
}

/// `return`: out of the function, or first out of the loops of the program around it.
Flow Elaborator::returnFlow(std::optional<Value> value) {
  Flow flow;
  flow.exit = Exit::Return;
  if (!loops.empty() && !loops.front().unrolled) {
    if (value && loops.front().result != sema::SymbolId::None)
      frame().vars[loops.front().result] = declaredAs(*value, frame().result, b.getUnknownLoc());
    return flow;
  }
  flow.value = std::move(value);
  return flow;
}

} // namespace qdo::lower
