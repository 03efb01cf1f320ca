// SPDX-License-Identifier: Apache-2.0
// Expressions: constants fold, the rest becomes arith and math.
#include "compiler/lower/elaborator.h"
#include "compiler/lower/width.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace qdo::lower {

using namespace syntax;
namespace arith = mlir::arith;

Value Elaborator::expr(const Expr &e) {
  switch (e.kind) {
  case ExprKind::Int:
    return Value::ofInt(as<IntExpr>(e).value);
  case ExprKind::Real:
    return Value::ofReal(as<RealExpr>(e).value);
  case ExprKind::Percent:
    return Value::ofReal(as<PercentExpr>(e).value);
  case ExprKind::Duration:
    return Value::ofDuration(as<DurationExpr>(e).seconds);
  case ExprKind::Imaginary:
    return Value::ofComplex(Value::ofReal(0), Value::ofReal(as<ImaginaryExpr>(e).value));
  case ExprKind::Bool:
    return Value::ofBool(as<BoolExpr>(e).value);
  case ExprKind::Name:
    return name(as<NameExpr>(e));
  case ExprKind::String: {
    if (auto plain = plainText(e))
      return Value::ofText(*plain);
    return Value::ofSsa(ValueKind::String, formatted(as<StringExpr>(e)));
  }
  case ExprKind::Paren:
    return expr(*as<ParenExpr>(e).inner);
  case ExprKind::Tuple: {
    Value tuple;
    tuple.kind = as<TupleExpr>(e).fields.empty() ? ValueKind::Unit : ValueKind::Tuple;
    for (const Arg &arg : as<TupleExpr>(e).fields)
      tuple.elements.push_back(expr(*arg.value));
    tuple.type = typeOf(e);
    return tuple;
  }
  case ExprKind::Array: {
    std::vector<Value> elements;
    for (const ExprPtr &element : as<ArrayExpr>(e).elements)
      elements.push_back(expr(*element));
    int64_t held = 0;
    for (const Value &element : elements)
      held += numbersIn(element);
    limitArray(held, e.span);
    // Numbers beside estimates are estimates, whichever way of paying the checker saw last.
    const auto measured = std::ranges::find_if(
        elements, [](const Value &element) { return isEstimate(element) && !element.traced; });
    if (measured != elements.end())
      for (Value &element : elements)
        element = declaredAs(element, measured->type, loc(e.span));
    return coerce(Value::ofArray(std::move(elements)), typeOf(e), loc(e.span));
  }
  case ExprKind::Comprehension:
    return comprehension(as<ComprehensionExpr>(e));
  case ExprKind::AbsOverlap:
    return fidelity(as<AbsOverlapExpr>(e), false);
  case ExprKind::Ctrl:
    return controlled(as<CtrlExpr>(e));
  case ExprKind::Lambda: {
    Value v;
    v.kind = ValueKind::Function;
    auto function = std::make_shared<FunctionValue>();
    function->lambda = &as<LambdaExpr>(e);
    function->captured = std::make_shared<Frame>(frame());
    v.function = std::move(function);
    return v;
  }
  case ExprKind::Overlap:
    return overlap(as<OverlapExpr>(e));
  case ExprKind::MatrixElement:
    return expectation(as<MatrixElementExpr>(e));
  case ExprKind::Unary:
    return unary(as<UnaryExpr>(e));
  case ExprKind::Binary:
    return binary(as<BinaryExpr>(e));
  case ExprKind::Compare:
    return compare(as<CompareExpr>(e));
  case ExprKind::Interval: {
    const auto &i = as<IntervalExpr>(e);
    Value interval;
    interval.kind = ValueKind::Interval;
    interval.elements = {expr(*i.low), expr(*i.high)};
    if (i.step)
      interval.elements.push_back(expr(*i.step));
    return interval;
  }
  case ExprKind::Member:
    return member(as<MemberExpr>(e));
  case ExprKind::Call:
    return call(as<CallExpr>(e));
  case ExprKind::Index:
    return index(as<IndexExpr>(e));
  case ExprKind::If:
    return ifValue(as<IfExpr>(e));
  case ExprKind::Estimate:
    return estimateBlock(as<EstimateExpr>(e));
  default:
    notYet(e.span, "this expression");
  }
}

Value Elaborator::name(const NameExpr &n) { return symbolValue(used(n), n.span); }

Value Elaborator::symbolValue(sema::SymbolId id, base::Span span) {
  if (id == sema::SymbolId::None)
    internal(span, "a name was not resolved");
  const sema::Symbol &symbol = program.symbol(id);
  switch (symbol.kind) {
  case sema::SymbolKind::Constant:
    if (symbol.name == "pi")
      return Value::ofReal(std::numbers::pi);
    if (symbol.name == "exact")
      return Value::handle(rt("policy_exact", {}, loc(span)), symbol.type);
    if (symbol.name == "spent") {
      refuseImpure("`spent`", span);
      Value spent;
      spent.kind = ValueKind::Spent;
      return spent;
    }
    {
      Value pauli;
      pauli.kind = ValueKind::Pauli;
      pauli.text = symbol.name;
      return pauli;
    }
  case sema::SymbolKind::Circuit:
    return encodingOf(id);
  case sema::SymbolKind::Function: {
    Value v;
    v.kind = ValueKind::Function;
    auto function = std::make_shared<FunctionValue>();
    function->symbol = id;
    v.function = std::move(function);
    return v;
  }
  case sema::SymbolKind::Kernel:
    return kernel(id);
  case sema::SymbolKind::Policy:
    if (const Value *v = lookup(id))
      return *v;
    return policy(id, {}, span);
  case sema::SymbolKind::Noise:
    return noise(id, {}, span);
  case sema::SymbolKind::Device:
    if (const Value *v = lookup(id))
      return *v;
    return device(id, span);
  case sema::SymbolKind::Observable: {
    if (const Value *v = lookup(id))
      return *v;
    enter(id, span); // an observable of itself never ends
    Value observable = expr(*as<ObservableStmt>(*symbol.decl).value);
    inlining.pop_back();
    return observable;
  }
  default:
    break;
  }
  if (symbol.isVar && program.modules[0].names.contains(symbol.name) &&
      program.modules[0].names.at(symbol.name) == id)
    refuseImpure(fmt::format("`{}`, which may change after the rule was made", symbol.name), span);
  if (const Value *v = lookup(id))
    return *v;
  if (symbol.span.size() && !diagnostics.hasErrors()) {
    diagnostics
        .report(diag::Kind::NotAllowedHere, span, "`" + symbol.name + "`",
                "before its own statement has run")
        .place(symbol.span, "declared here")
        .help("move its declaration above the first call that needs it");
    throw Abandon{};
  }
  internal(span, fmt::format("`{}` has no value here", symbol.name));
}

Value Elaborator::unary(const UnaryExpr &u) {
  mlir::Location at = loc(u.span);
  if (u.op == UnaryOp::Prepare)
    return prepare(expr(*u.operand), u.span);
  if (u.op == UnaryOp::Measure)
    return measure(expr(*u.operand), u.span);
  Value v = expr(*u.operand);
  switch (u.op) {
  case UnaryOp::Neg:
    return negated(v, u.span);
  case UnaryOp::Not:
    return inverted(v, at);
  case UnaryOp::Adj: {
    Value r = v;
    r.ssa = rt("recipe_adjoint", {v.ssa}, at, v.integer);
    r.text = v.text.starts_with("adj ") ? v.text.substr(4) : "adj " + v.text;
    r.recipe = composed(RecipeParts::Op::Adjoint, {v.recipe});
    return r;
  }
  default:
    break;
  }
  internal(u.span, "an operand of the wrong kind");
}

/// `and` and `or` evaluate their right side only when it matters.
Value Elaborator::logical(const BinaryExpr &binary) {
  Value lhs = expr(*binary.lhs);
  const bool isAnd = binary.op == BinaryOp::And;
  if (lhs.isConstant())
    return lhs.boolean == isAnd ? expr(*binary.rhs) : Value::ofBool(lhs.boolean);
  auto evaluate = [&] {
    Uncertain maybe(*this);
    Flow flow;
    flow.value = expr(*binary.rhs);
    return flow;
  };
  auto shortcut = [&] {
    Flow flow;
    flow.value = Value::ofBool(!isAnd);
    return flow;
  };
  Flow flow = isAnd ? branch(lhs.ssa, binary.span, evaluate, shortcut)
                    : branch(lhs.ssa, binary.span, shortcut, evaluate);
  return *flow.value;
}

Value Elaborator::binary(const BinaryExpr &e) {
  mlir::Location at = loc(e.span);
  if (e.op == BinaryOp::And || e.op == BinaryOp::Or)
    return logical(e);
  // |<p|q>|^2 is one thing: the fidelity.
  if (const auto *two = dynAs<IntExpr>(e.rhs.get());
      e.op == BinaryOp::Pow && e.lhs->kind == ExprKind::AbsOverlap && two && two->value == 2)
    return fidelity(as<AbsOverlapExpr>(*e.lhs), true);
  Value lhs = expr(*e.lhs);
  Value rhs = expr(*e.rhs);
  if (e.op == BinaryOp::Range) {
    Value range;
    range.kind = ValueKind::Interval;
    range.text = "range";
    range.elements = {lhs, rhs};
    return range;
  }
  if (e.op == BinaryOp::Then || e.op == BinaryOp::Tensor) {
    if (isObservable(lhs))
      return observableArithmetic(BinaryOp::Mul, lhs, rhs, e.span);
    if (lhs.kind != ValueKind::Handle || rhs.kind != ValueKind::Handle)
      internal(e.span, "a recipe of the wrong kind");
    const bool then = e.op == BinaryOp::Then;
    if (then && lhs.integer != rhs.integer) {
      diagnostics.report(diag::Kind::QubitsDiffer, e.opSpan, "the left of `then`", lhs.integer,
                         "the right", rhs.integer);
      throw Abandon{};
    }
    Value r = lhs;
    r.traced = lhs.traced || rhs.traced;
    r.integer = then ? lhs.integer : lhs.integer + rhs.integer;
    checkWidth(diagnostics, r.integer, e.span);
    r.ssa = rt(then ? "recipe_then" : "recipe_tensor", {lhs.ssa, rhs.ssa}, at, r.integer);
    r.type = typeOf(e);
    r.text = lhs.text + (then ? " then " : " tensor ") + rhs.text;
    r.recipe = composed(then ? RecipeParts::Op::Then : RecipeParts::Op::Tensor,
                        {lhs.recipe, rhs.recipe}, lhs.integer);
    return r;
  }
  if (e.op == BinaryOp::Pow && lhs.kind == ValueKind::Handle && lhs.type->isRecipe()) {
    Value r = lhs;
    r.ssa = rt("recipe_power", {lhs.ssa, ssa(rhs, at)}, at, lhs.integer);
    r.text = "?";
    r.recipe =
        rhs.isConstant() ? composed(RecipeParts::Op::Power, {lhs.recipe}, rhs.integer) : nullptr;
    return r;
  }
  return arithmetic(e.op, lhs, rhs, e.span);
}

} // namespace qdo::lower
