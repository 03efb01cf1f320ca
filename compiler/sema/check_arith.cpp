// SPDX-License-Identifier: Apache-2.0
// Operators and comparisons: which types they take and give.
#include "compiler/sema/checker.h"

#include <fmt/format.h>

namespace qdo::sema {

using namespace syntax;

static bool isReal(const TypeRef &t) { return t->is(TypeKind::Int) || t->is(TypeKind::Real); }

static bool isEstimate(const TypeRef &t) { return t->is(TypeKind::Estimate); }

/// The type of `a op b` for single values, or null.
static TypeRef combine(BinaryOp op, const TypeRef &a, const TypeRef &b) {
  // A label counts as the number that it is; whether it is one, the data say.
  if (a->is(TypeKind::Label) != b->is(TypeKind::Label))
    return combine(op, a->is(TypeKind::Label) ? simple(TypeKind::Real) : a,
                   b->is(TypeKind::Label) ? simple(TypeKind::Real) : b);
  const bool sum = op == BinaryOp::Add || op == BinaryOp::Sub;
  const bool field = sum || op == BinaryOp::Mul || op == BinaryOp::Div;
  if (a->isNumber() && b->isNumber()) {
    if (a->is(TypeKind::Complex) || b->is(TypeKind::Complex))
      return field || (op == BinaryOp::Pow && b->is(TypeKind::Int)) ? simple(TypeKind::Complex)
                                                                    : nullptr;
    if (a->is(TypeKind::Int) && b->is(TypeKind::Int))
      return simple(op == BinaryOp::Div ? TypeKind::Real : TypeKind::Int);
    return op == BinaryOp::Mod ? nullptr : simple(TypeKind::Real);
  }
  if (isEstimate(a) || isEstimate(b)) {
    if (!(isEstimate(a) || isReal(a)) || !(isEstimate(b) || isReal(b)))
      return nullptr;
    return field || (op == BinaryOp::Pow && isReal(b)) ? simple(TypeKind::Estimate) : nullptr;
  }
  if (a->is(TypeKind::Duration) || b->is(TypeKind::Duration)) {
    if (a->kind == b->kind)
      return sum ? a : op == BinaryOp::Div ? simple(TypeKind::Real) : nullptr;
    if (isReal(b) && (op == BinaryOp::Mul || op == BinaryOp::Div))
      return a;
    return isReal(a) && op == BinaryOp::Mul ? b : nullptr;
  }
  if (a->is(TypeKind::Counts) && b->is(TypeKind::Counts)) // more shots of one circuit
    return op == BinaryOp::Add ? a : nullptr;
  if (a->is(TypeKind::Observable) || b->is(TypeKind::Observable)) {
    if (a->is(TypeKind::Observable) && (b->is(TypeKind::Observable) || isReal(b)))
      return sum || op == BinaryOp::Mul || (op == BinaryOp::Div && isReal(b)) ? a : nullptr;
    return isReal(a) && (sum || op == BinaryOp::Mul) ? b : nullptr;
  }
  return nullptr;
}

TypeRef arithmeticType(BinaryOp op, const TypeRef &lhs, const TypeRef &rhs) {
  const bool left = lhs->is(TypeKind::Array), right = rhs->is(TypeKind::Array);
  if (!left && !right)
    return combine(op, lhs, rhs);
  if (left && right) {
    if (lhs->sizes.size() != rhs->sizes.size() || (op != BinaryOp::Add && op != BinaryOp::Sub))
      return nullptr;
    SizeBindings none;
    for (size_t i = 0; i < lhs->sizes.size(); ++i)
      if (!solve(lhs->sizes[i], rhs->sizes[i], {}, none))
        return nullptr;
    TypeRef element = combine(op, lhs->element, rhs->element);
    return element ? arrayOf(element, lhs->sizes) : nullptr;
  }
  if (op != BinaryOp::Mul && !((op == BinaryOp::Div || op == BinaryOp::Pow) && left))
    return nullptr;
  TypeRef element = combine(op, left ? lhs->element : lhs, right ? rhs->element : rhs);
  return element ? arrayOf(element, left ? lhs->sizes : rhs->sizes) : nullptr;
}

TypeRef Checker::unaryArithmetic(const UnaryExpr &u, const TypeRef &t) {
  const TypeRef &element = t->is(TypeKind::Array) ? t->element : t;
  if (u.op == UnaryOp::Neg &&
      (element->isNumber() || isEstimate(element) || element->is(TypeKind::Duration) ||
       element->is(TypeKind::Observable)))
    return t;
  if (u.op == UnaryOp::Not && t->is(TypeKind::Bool))
    return t;
  diagnostics
      .report(diag::Kind::BadOperand, u.operand->span, u.op == UnaryOp::Neg ? "-" : "not", show(t))
      .label(fmt::format("this is {}", show(t)));
  return simple(TypeKind::Error);
}

TypeRef Checker::arithmetic(const BinaryExpr &b, const TypeRef &lhs, const TypeRef &rhs) {
  if (TypeRef result = arithmeticType(b.op, lhs, rhs))
    return result;
  const bool left = lhs->is(TypeKind::Array), right = rhs->is(TypeKind::Array);
  if (left && right && lhs->sizes.size() == rhs->sizes.size() &&
      (b.op == BinaryOp::Add || b.op == BinaryOp::Sub) &&
      combine(b.op, lhs->element, rhs->element)) {
    diagnostics
        .report(diag::Kind::SizeMismatch, b.rhs->span, quote(b.rhs->span), show(rhs), show(lhs))
        .place(b.lhs->span, fmt::format("this is {}", show(lhs)))
        .label(fmt::format("this is {}", show(rhs)));
    return simple(TypeKind::Error);
  }
  auto &d =
      diagnostics
          .report(diag::Kind::BadOperands, b.opSpan, sources.text(b.opSpan), show(lhs), show(rhs))
          .place(b.lhs->span, fmt::format("this is {}", show(lhs)))
          .place(b.rhs->span, fmt::format("this is {}", show(rhs)));
  if (left && right && b.op == BinaryOp::Mul)
    d.help("`dot(a, b)` is the scalar product; element by element is `[x * y for (x, y) in zip(a, "
           "b)]`");
  else if (left != right && (b.op == BinaryOp::Add || b.op == BinaryOp::Sub))
    d.help("add to each element: `[x + c for x in a]`");
  return simple(TypeKind::Error);
}

TypeRef Checker::compareEstimates(const CompareExpr &c, const TypeRef &lhs, const TypeRef &rhs) {
  if (c.op == CompareOp::Eq || c.op == CompareOp::Ne) {
    diagnostics.report(diag::Kind::EstimatesEqual, c.opSpan)
        .label("an estimate has an uncertainty")
        .help("ask for an interval: `e > 0.4 at 95%`, or compare the plain number: `e.value == "
              "0.5 within 0.01`");
    return simple(TypeKind::Error);
  }
  const Expr &e = isEstimate(lhs) ? *c.lhs : *c.rhs;
  if (!c.confidence) {
    diagnostics.report(diag::Kind::ComparisonWithoutConfidence, c.opSpan)
        .label("how sure must this be?")
        .place(e.span, "this is an estimate: measured, with an uncertainty")
        .help("say how sure: ` at 95%` is true when the interval excludes the other side")
        .help("or give the uncertainty up visibly: `.value`")
        .edit({c.span.file, c.span.end, c.span.end}, " at 95%", "add ` at 95%`")
        .edit({e.span.file, e.span.end, e.span.end}, ".value", "compare the plain number");
    return simple(TypeKind::Error);
  }
  if (c.op == CompareOp::In) {
    if (isEstimate(lhs) && rhs->is(TypeKind::Interval))
      return simple(TypeKind::Bool);
    diagnostics.report(diag::Kind::TypeMismatch, c.rhs->span, "what follows `in`", show(rhs),
                       "an interval such as `0.4 to 0.6`");
    return simple(TypeKind::Error);
  }
  if (isEstimate(lhs) && isEstimate(rhs))
    return simple(TypeKind::Bool); // decided on their difference
  expectType(simple(TypeKind::Real), isEstimate(lhs) ? rhs : lhs,
             (isEstimate(lhs) ? c.rhs : c.lhs)->span, "what the estimate is compared with");
  return simple(TypeKind::Bool);
}

TypeRef Checker::compare(const CompareExpr &c) {
  TypeRef lhs = expr(*c.lhs);
  TypeRef rhs = expr(*c.rhs);
  if (c.within)
    expectType(simple(TypeKind::Real), expr(*c.within), c.within->span,
               "the tolerance of `within`");
  if (c.confidence)
    expr(*c.confidence);
  if (lhs->isError() || rhs->isError())
    return simple(TypeKind::Error);
  if (isEstimate(lhs) || isEstimate(rhs))
    return compareEstimates(c, lhs, rhs);
  if (c.confidence) {
    diagnostics
        .report(diag::Kind::ConfidenceOnPlainNumber, c.confidence->span,
                sources.text(c.confidence->span))
        .place(c.lhs->span, fmt::format("this is {}", show(lhs)))
        .place(c.rhs->span, fmt::format("this is {}", show(rhs)))
        .help("compare plain numbers without `at`");
    return simple(TypeKind::Error);
  }
  if (lhs->isLive() || rhs->isLive())
    return simple(TypeKind::Error); // the linearity checker says why
  const bool equality = c.op == CompareOp::Eq || c.op == CompareOp::Ne;
  bool ok = false;
  if (c.op == CompareOp::In) {
    const bool times = rhs->element && rhs->element->is(TypeKind::Duration);
    ok = rhs->is(TypeKind::Interval) && (times ? lhs->is(TypeKind::Duration) : isReal(lhs));
  } else if ((isReal(lhs) && isReal(rhs)) ||
             (lhs->is(TypeKind::Duration) && rhs->is(TypeKind::Duration) && !c.within)) {
    ok = true;
  } else if (equality) {
    auto text = [](const TypeRef &t) { return t->is(TypeKind::String) || t->is(TypeKind::Label); };
    auto bits = [](const TypeRef &t) {
      return t->is(TypeKind::Array) && t->sizes.size() == 1 &&
             (t->element->is(TypeKind::Bool) || t->element->is(TypeKind::Int));
    };
    SizeBindings none;
    if (lhs->isNumber() && rhs->isNumber())
      ok = true;
    else if (!c.within)
      ok = (lhs->is(TypeKind::Bool) && rhs->is(TypeKind::Bool)) ||
           (lhs->is(TypeKind::Pauli) && rhs->is(TypeKind::Pauli)) || (text(lhs) && text(rhs)) ||
           (bits(lhs) && bits(rhs) && lhs->element->kind == rhs->element->kind &&
            solve(lhs->sizes[0], rhs->sizes[0], {}, none));
  }
  if (ok)
    return simple(TypeKind::Bool);
  auto &d =
      diagnostics
          .report(diag::Kind::BadOperands, c.opSpan, sources.text(c.opSpan), show(lhs), show(rhs))
          .place(c.lhs->span, fmt::format("this is {}", show(lhs)))
          .place(c.rhs->span, fmt::format("this is {}", show(rhs)));
  if (lhs->is(TypeKind::Label) != rhs->is(TypeKind::Label))
    d.help("a label is text: compare it with a string, `== \"1\"`");
  return simple(TypeKind::Error);
}

} // namespace qdo::sema
