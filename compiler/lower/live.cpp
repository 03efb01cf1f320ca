// SPDX-License-Identifier: Apache-2.0
// Live qubits: prepared, measured, discarded; blocks that run once a shot.
#include "compiler/lower/elaborator.h"

#include <fmt/format.h>

namespace qdo::lower {

using namespace syntax;

QubitId Elaborator::newQubit(mlir::Value value) {
  wires.push_back(value);
  return static_cast<QubitId>(wires.size() - 1);
}

/// The newest value of a qubit, which then has none: its life ends or moves into an op.
mlir::Value Elaborator::consume(QubitId id, base::Span span) {
  mlir::Value value = wires[id];
  if (!value)
    internal(span, "a qubit is consumed twice");
  wires[id] = nullptr;
  return value;
}

Value Elaborator::prepare(const Value &recipe, base::Span span) {
  if (recipe.kind != ValueKind::Handle)
    internal(span, "`prepare` of something that is no recipe");
  refuseTraced(recipe, span, "`prepare`", "`<p|o|p>` and `|<p|r>|^2` have slopes");
  const size_t first = entries();
  charge("prepare", 1, span, 1);
  auto op = qdata::PrepareOp::create(b, loc(span), recipe.ssa);
  measuredBy(op, first);
  std::vector<QubitId> ids;
  for (mlir::Value q : op.getQubits())
    ids.push_back(newQubit(q));
  return Value::ofQubits(
      ids, sema::sized(sema::TypeKind::Register, sema::Size::constant(recipe.integer)));
}

Value Elaborator::measure(const Value &v, base::Span span) {
  if (v.kind != ValueKind::Qubits)
    internal(span, "`measure` of something that is no qubit");
  mlir::Location at = loc(span);
  std::vector<Value> bits;
  for (QubitId q : v.qubits)
    bits.push_back(
        Value::ofSsa(ValueKind::Bool,
                     qc::MeasureOp::create(b, at, b.getI1Type(), consume(q, span)).getOutcome()));
  const bool one = bits.size() == 1;
  return one ? bits[0] : Value::ofArray(std::move(bits));
}

void Elaborator::discard(const Value &v, base::Span span) {
  if (v.kind == ValueKind::Tuple) {
    for (const Value &element : v.elements)
      discard(element, span);
    return;
  }
  for (QubitId q : v.qubits)
    qc::DiscardOp::create(b, loc(span), consume(q, span));
}

Value Elaborator::estimateBlock(const EstimateExpr &e) {
  mlir::Location at = loc(e.span);
  const size_t first = entries();
  charge(anew("estimate"), 1, e.span);
  auto op = qdata::EstimateOp::create(b, at);
  measuredBy(op, first);
  mlir::OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToEnd(op.getBodyBlock());
  // Inside, `prepare` is one shot of this estimate.
  Payer shot = payer();
  shot.budget = -1;
  payers.push_back(shot);
  std::vector<Loop> outer = std::move(loops);
  loops.clear();
  std::vector<mlir::Value> outerWires = std::move(wires);
  wires.assign(outerWires.size(), nullptr);
  auto vars = frame().vars;
  Flow flow;
  {
    Uncertain once(*this);
    flow = stmts(e.body.stmts, [] { return Flow{}; }, true);
  }
  if (!flow.value || flow.value->kind != ValueKind::Bool)
    internal(e.span, "an `estimate` block without a bool");
  qdata::YieldOp::create(b, at, ssa(*flow.value, at));
  frame().vars = std::move(vars);
  wires = std::move(outerWires);
  loops = std::move(outer);
  payers.pop_back();
  return Value::handle(op.getEstimate(), sema::simple(sema::TypeKind::Estimate));
}

} // namespace qdo::lower
