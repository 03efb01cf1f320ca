// SPDX-License-Identifier: Apache-2.0
// Comparisons: of numbers, texts and bits, and decisions on estimates.
#include "compiler/lower/elaborator.h"

#include "mlir/Dialect/Math/IR/Math.h"

#include <cmath>

namespace qdo::lower {

using namespace syntax;
namespace arith = mlir::arith;

namespace {
/// One comparison in its three forms.
struct Relation {
  CompareOp op;
  arith::CmpIPredicate whole;
  arith::CmpFPredicate real;
};
constexpr Relation Relations[] = {
    {CompareOp::Eq, arith::CmpIPredicate::eq, arith::CmpFPredicate::OEQ},
    {CompareOp::Ne, arith::CmpIPredicate::ne, arith::CmpFPredicate::UNE},
    {CompareOp::Le, arith::CmpIPredicate::sle, arith::CmpFPredicate::OLE},
    {CompareOp::Ge, arith::CmpIPredicate::sge, arith::CmpFPredicate::OGE},
    {CompareOp::Lt, arith::CmpIPredicate::slt, arith::CmpFPredicate::OLT},
    {CompareOp::Gt, arith::CmpIPredicate::sgt, arith::CmpFPredicate::OGT},
};

const Relation &relation(CompareOp op) {
  for (const Relation &r : Relations)
    if (r.op == op)
      return r;
  return Relations[0];
}

template <typename Number> bool holds(CompareOp op, Number a, Number c) {
  switch (op) {
  case CompareOp::Eq:
    return a == c;
  case CompareOp::Ne:
    return a != c;
  case CompareOp::Le:
    return a <= c;
  case CompareOp::Ge:
    return a >= c;
  case CompareOp::Lt:
    return a < c;
  default:
    return a > c;
  }
}
} // namespace

Value Elaborator::compareNumbers(CompareOp op, const Value &lhs, const Value &rhs,
                                 base::Span span) {
  mlir::Location at = loc(span);
  if (lhs.kind == ValueKind::Int && rhs.kind == ValueKind::Int) {
    if (lhs.isConstant() && rhs.isConstant())
      return Value::ofBool(holds(op, lhs.integer, rhs.integer));
    return Value::ofSsa(ValueKind::Bool, arith::CmpIOp::create(b, at, relation(op).whole,
                                                               ssa(lhs, at), ssa(rhs, at)));
  }
  if (lhs.kind == ValueKind::Complex || rhs.kind == ValueKind::Complex) {
    const Value x = toComplex(lhs, at), y = toComplex(rhs, at);
    Value same = both(compareNumbers(CompareOp::Eq, x.elements[0], y.elements[0], span),
                      compareNumbers(CompareOp::Eq, x.elements[1], y.elements[1], span), at);
    return op == CompareOp::Eq ? same : inverted(same, at);
  }
  Value x = toReal(lhs, at), y = toReal(rhs, at);
  if (x.isConstant() && y.isConstant())
    return Value::ofBool(holds(op, x.real, y.real));
  return Value::ofSsa(ValueKind::Bool,
                      arith::CmpFOp::create(b, at, relation(op).real, ssa(x, at), ssa(y, at)));
}

Value Elaborator::inverted(const Value &v, mlir::Location at) {
  if (v.isConstant())
    return Value::ofBool(!v.boolean);
  return Value::ofSsa(ValueKind::Bool, arith::XOrIOp::create(b, at, v.ssa, constant(true, at)));
}

Value Elaborator::both(const Value &x, const Value &y, mlir::Location at) {
  if (x.isConstant())
    return x.boolean ? y : x;
  if (y.isConstant())
    return y.boolean ? x : y;
  return Value::ofSsa(ValueKind::Bool, arith::AndIOp::create(b, at, x.ssa, y.ssa));
}

/// A decision under uncertainty: true when the interval excludes the other side.
Value Elaborator::compareEstimates(const CompareExpr &c, const Value &lhs, const Value &rhs) {
  mlir::Location at = loc(c.span);
  mlir::Value confidence = realSsa(expr(*c.confidence), at);
  if (c.op == CompareOp::In)
    return Value::ofSsa(
        ValueKind::Bool,
        rt("estimate_inside",
           {lhs.ssa, realSsa(rhs.elements[0], at), realSsa(rhs.elements[1], at), confidence}, at));
  const bool left = isEstimate(lhs);
  const bool above = (c.op == CompareOp::Gt || c.op == CompareOp::Ge) == left;
  Value e = left ? lhs : rhs, threshold = left ? rhs : lhs;
  if (isEstimate(threshold)) {
    e = arithmetic(BinaryOp::Sub, lhs, rhs, c.span);
    threshold = Value::ofReal(0);
  }
  return Value::ofSsa(ValueKind::Bool, rt(above ? "estimate_above" : "estimate_below",
                                          {e.ssa, realSsa(threshold, at), confidence}, at));
}

/// Equality of two values of one kind that has no order.
Value Elaborator::equal(const Value &lhs, const Value &rhs, base::Span span) {
  mlir::Location at = loc(span);
  if (lhs.kind == ValueKind::Bool && rhs.kind == ValueKind::Bool) {
    if (lhs.isConstant() && rhs.isConstant())
      return Value::ofBool(lhs.boolean == rhs.boolean);
    return Value::ofSsa(ValueKind::Bool, arith::CmpIOp::create(b, at, arith::CmpIPredicate::eq,
                                                               ssa(lhs, at), ssa(rhs, at)));
  }
  if (lhs.kind == ValueKind::Pauli && rhs.kind == ValueKind::Pauli)
    return Value::ofBool(lhs.text == rhs.text);
  if (lhs.kind == ValueKind::String && rhs.kind == ValueKind::String) {
    if (lhs.isConstant() && rhs.isConstant())
      return Value::ofBool(lhs.text == rhs.text);
    return Value::ofSsa(ValueKind::Bool, rt("text_equal", {ssa(lhs, at), ssa(rhs, at)}, at));
  }
  if (lhs.kind == ValueKind::Array && rhs.kind == ValueKind::Array) {
    if (lhs.elements.size() != rhs.elements.size())
      return Value::ofBool(false);
    Value all = Value::ofBool(true);
    for (size_t i = 0; i < lhs.elements.size(); ++i)
      all = both(all, equal(lhs.elements[i], rhs.elements[i], span), at);
    return all;
  }
  if (isNumber(lhs) && isNumber(rhs))
    return compareNumbers(CompareOp::Eq, lhs, rhs, span);
  notYet(span, "comparing arrays that are known only while the program runs");
}

Value Elaborator::compare(const CompareExpr &c, std::pair<Value, Value> *sides) {
  mlir::Location at = loc(c.span);
  Value lhs = expr(*c.lhs);
  Value rhs = expr(*c.rhs);
  if (sides)
    *sides = {lhs, rhs};
  for (const Value *side : {&lhs, &rhs})
    refuseTraced(*side, c.span, "a comparison",
                 "a gradient follows one way through a function: let conditions depend on data, "
                 "sizes and parameters only");
  if (c.op == CompareOp::In && rhs.elements.size() > 2)
    notYet(c.rhs->span, "`in` an interval with a step");
  if (isEstimate(lhs) || isEstimate(rhs))
    return compareEstimates(c, lhs, rhs);
  if (c.op == CompareOp::In)
    return both(compareNumbers(CompareOp::Ge, lhs, rhs.elements[0], c.span),
                compareNumbers(CompareOp::Le, lhs, rhs.elements[1], c.span), at);
  if (c.within) {
    // a == b within eps: |a - b| <= eps
    Value size = absolute(arithmetic(BinaryOp::Sub, lhs, rhs, c.span), c.span);
    return compareNumbers(c.op == CompareOp::Ne ? CompareOp::Gt : CompareOp::Le, toReal(size, at),
                          toReal(expr(*c.within), at), c.span);
  }
  if (isNumber(lhs) || lhs.kind == ValueKind::Duration)
    return compareNumbers(c.op, lhs, rhs, c.span);
  Value same = equal(lhs, rhs, c.span);
  return c.op == CompareOp::Eq ? same : inverted(same, at);
}

} // namespace qdo::lower
