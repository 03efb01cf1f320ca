// SPDX-License-Identifier: Apache-2.0
// Arithmetic: constants fold, numbers become arith and math, estimates and arrays runtime calls.
// Why whole numbers go through the runtime: what does not fit in 64 bits is a located failure.
#include "compiler/lower/elaborator.h"

#include "mlir/Dialect/Math/IR/Math.h"

#include <fmt/format.h>

#include <cmath>
#include <functional>

namespace qdo::lower {

using namespace syntax;

namespace arith = mlir::arith;

bool isEstimate(const Value &v) {
  return v.kind == ValueKind::Handle && v.type && v.type->is(sema::TypeKind::Estimate);
}

bool isCounts(const Value &v) {
  return v.kind == ValueKind::Handle && v.type && v.type->is(sema::TypeKind::Counts);
}

bool isArray(const Value &v) {
  return v.kind == ValueKind::Array || v.kind == ValueKind::List ||
         (v.kind == ValueKind::Handle && v.type && v.type->is(sema::TypeKind::Array));
}

static std::optional<int64_t> foldInt(BinaryOp op, int64_t a, int64_t c) {
  int64_t r = 0;
  switch (op) {
  case BinaryOp::Add:
    return __builtin_add_overflow(a, c, &r) ? std::nullopt : std::optional(r);
  case BinaryOp::Sub:
    return __builtin_sub_overflow(a, c, &r) ? std::nullopt : std::optional(r);
  case BinaryOp::Mul:
    return __builtin_mul_overflow(a, c, &r) ? std::nullopt : std::optional(r);
  case BinaryOp::Mod: {
    if (c == 0 || (a == INT64_MIN && c == -1))
      return std::nullopt;
    int64_t m = a % c;
    return m != 0 && (m < 0) != (c < 0) ? m + c : m;
  }
  case BinaryOp::Pow: {
    if (c < 0)
      return std::nullopt;
    r = 1;
    for (int64_t i = 0; i < c; ++i)
      if (__builtin_mul_overflow(r, a, &r))
        return std::nullopt;
      else if (r == 0 || r == 1)
        break;
    return a == -1 ? (c % 2 ? -1 : 1) : r;
  }
  default:
    return std::nullopt;
  }
}

Value Elaborator::intArithmetic(BinaryOp op, const Value &lhs, const Value &rhs, base::Span span) {
  mlir::Location at = loc(span);
  if (lhs.isConstant() && rhs.isConstant()) {
    if (auto folded = foldInt(op, lhs.integer, rhs.integer))
      return Value::ofInt(*folded);
    if (op == BinaryOp::Mod && rhs.integer == 0) {
      diagnostics.report(diag::Kind::DivisionByZero, span);
      throw Abandon{};
    }
    if (op != BinaryOp::Pow || rhs.integer >= 0) {
      diagnostics.report(diag::Kind::NumberTooLarge, span, std::string(sources.text(span)));
      throw Abandon{};
    }
  }
  const char *entry = op == BinaryOp::Add   ? "int_add"
                      : op == BinaryOp::Sub ? "int_sub"
                      : op == BinaryOp::Mul ? "int_mul"
                      : op == BinaryOp::Mod ? "int_mod"
                                            : "int_pow";
  return Value::ofSsa(ValueKind::Int, rt(entry, {ssa(lhs, at), ssa(rhs, at)}, at));
}

/// Reals and durations.
Value Elaborator::realArithmetic(BinaryOp op, const Value &x, const Value &y, ValueKind kind,
                                 base::Span span) {
  mlir::Location at = loc(span);
  if (isEstimate(x) || isEstimate(y)) // parts of a complex number under differentiation
    return estimateArithmetic(op, x, y, span);
  auto result = [&](const char *operation, auto fold, auto make) {
    Value r;
    if (x.isConstant() && y.isConstant()) {
      r = Value::ofReal(fold(x.real, y.real));
      r.kind = kind;
    } else {
      r = Value::ofSsa(kind, make(ssa(x, at), ssa(y, at)));
    }
    return finite(std::move(r), operation, x, y, span);
  };
  using Real = mlir::Value;
  switch (op) {
  case BinaryOp::Add:
    return result("+", std::plus<double>(),
                  [&](Real a, Real c) -> Real { return arith::AddFOp::create(b, at, a, c); });
  case BinaryOp::Sub:
    return result("-", std::minus<double>(),
                  [&](Real a, Real c) -> Real { return arith::SubFOp::create(b, at, a, c); });
  case BinaryOp::Mul:
    return result("*", std::multiplies<double>(),
                  [&](Real a, Real c) -> Real { return arith::MulFOp::create(b, at, a, c); });
  case BinaryOp::Div:
    return result("/", std::divides<double>(),
                  [&](Real a, Real c) -> Real { return arith::DivFOp::create(b, at, a, c); });
  case BinaryOp::Pow:
    return result(
        "^", [](double a, double c) { return std::pow(a, c); },
        [&](Real a, Real c) -> Real {
          if (y.isConstant() && y.real == 2)
            return arith::MulFOp::create(b, at, a, a);
          return mlir::math::PowFOp::create(b, at, a, c);
        });
  default:
    internal(span, "an operator of the wrong kind");
  }
}

Value Elaborator::complexArithmetic(BinaryOp op, const Value &lhs, const Value &rhs,
                                    base::Span span) {
  mlir::Location at = loc(span);
  auto real = [&](BinaryOp o, const Value &x, const Value &y) {
    return realArithmetic(o, x, y, ValueKind::Real, span);
  };
  const Value x = toComplex(lhs, at);
  if (op == BinaryOp::Pow) {
    if (!rhs.isConstant() || std::abs(rhs.integer) > 4096)
      notYet(span,
             "a power of a complex number that is large or known only while the program runs");
    Value product = toComplex(Value::ofReal(1), at);
    for (int64_t i = 0; i < std::abs(rhs.integer); ++i)
      product = complexArithmetic(BinaryOp::Mul, product, x, span);
    return rhs.integer < 0 ? complexArithmetic(BinaryOp::Div, Value::ofReal(1), product, span)
                           : product;
  }
  const Value y = toComplex(rhs, at);
  const Value &a = x.elements[0], &c = x.elements[1], &p = y.elements[0], &q = y.elements[1];
  auto cross = [&](const Value &u, const Value &v, BinaryOp sign, const Value &w, const Value &z) {
    return real(sign, real(BinaryOp::Mul, u, v), real(BinaryOp::Mul, w, z));
  };
  if (op == BinaryOp::Mul)
    return Value::ofComplex(cross(a, p, BinaryOp::Sub, c, q), cross(a, q, BinaryOp::Add, c, p));
  if (op == BinaryOp::Div) {
    const Value size = cross(p, p, BinaryOp::Add, q, q);
    return Value::ofComplex(real(BinaryOp::Div, cross(a, p, BinaryOp::Add, c, q), size),
                            real(BinaryOp::Div, cross(c, p, BinaryOp::Sub, a, q), size));
  }
  return Value::ofComplex(real(op, a, p), real(op, c, q));
}

/// First-order error propagation happens in the runtime, which knows what estimates share.
Value Elaborator::estimateArithmetic(BinaryOp op, const Value &lhs, const Value &rhs,
                                     base::Span span) {
  mlir::Location at = loc(span);
  const sema::TypeRef type = sema::simple(sema::TypeKind::Estimate);
  auto give = [&](mlir::Value v) {
    Value r = Value::handle(v, type);
    r.traced = lhs.traced || rhs.traced;
    return r;
  };
  const bool left = isEstimate(lhs), right = isEstimate(rhs);
  if ((lhs.traced && right && !rhs.traced) || (rhs.traced && left && !lhs.traced))
    ++measurements; // what was measured before makes slopes uncertain, too
  auto number = [&](double v) { return constant(v, at); };
  if (op == BinaryOp::Mod)
    refuseTraced(left ? lhs : rhs, span, "a remainder");
  if (op == BinaryOp::Pow && right) // a^b = exp(b log a)
    return ofNumber(
        "exp", arithmetic(BinaryOp::Mul, rhs, ofNumber("log", toReal(lhs, at), span), span), span);
  if (op == BinaryOp::Pow)
    return give(rt("estimate_power", {lhs.ssa, realSsa(rhs, at)}, at));
  if (left && right) {
    if (op == BinaryOp::Add || op == BinaryOp::Sub)
      return give(
          rt("estimate_sum", {lhs.ssa, rhs.ssa, number(op == BinaryOp::Add ? 1.0 : -1.0)}, at));
    return give(
        rt(op == BinaryOp::Mul ? "estimate_product" : "estimate_quotient", {lhs.ssa, rhs.ssa}, at));
  }
  const Value &e = left ? lhs : rhs;
  const Value other = toReal(left ? rhs : lhs, at);
  auto affine = [&](mlir::Value factor, mlir::Value offset) {
    return give(rt("estimate_affine", {e.ssa, factor, offset}, at));
  };
  switch (op) {
  case BinaryOp::Add:
    return affine(number(1), ssa(other, at));
  case BinaryOp::Sub:
    return left ? affine(number(1), ssa(realArithmetic(BinaryOp::Sub, Value::ofReal(0), other,
                                                       ValueKind::Real, span),
                                        at))
                : affine(number(-1), ssa(other, at));
  case BinaryOp::Mul:
    return affine(ssa(other, at), number(0));
  default:
    if (left)
      return affine(
          ssa(realArithmetic(BinaryOp::Div, Value::ofReal(1), other, ValueKind::Real, span), at),
          number(0));
    return give(rt("estimate_quotient", {rt("estimate_number", {ssa(other, at)}, at), e.ssa}, at));
  }
}

/// Element by element; a runtime array stays one.
Value Elaborator::arrayArithmetic(BinaryOp op, const Value &lhs, const Value &rhs,
                                  base::Span span) {
  mlir::Location at = loc(span);
  const bool left = isArray(lhs), right = isArray(rhs);
  if (isTraced(lhs) || isTraced(rhs)) { // of a row: a circuit can take what becomes of its numbers
    const auto x = knownElements(lhs, mostTakenApart, span);
    const auto y = knownElements(rhs, mostTakenApart, span);
    if (x || y)
      return arrayArithmetic(op, x.value_or(lhs), y.value_or(rhs), span);
  }
  auto isStatic = [](const Value &v, bool array) { return !array || v.kind == ValueKind::Array; };
  if (isStatic(lhs, left) && isStatic(rhs, right)) {
    const Value &shape = left ? lhs : rhs;
    if (left && right && lhs.elements.size() != rhs.elements.size()) {
      diagnostics.report(diag::Kind::SizeMismatch, span, "the right side",
                         fmt::format("an array of {}", rhs.elements.size()),
                         fmt::format("one of {}", lhs.elements.size()));
      throw Abandon{};
    }
    std::vector<Value> elements;
    for (size_t i = 0; i < shape.elements.size(); ++i)
      elements.push_back(
          arithmetic(op, left ? lhs.elements[i] : lhs, right ? rhs.elements[i] : rhs, span));
    return Value::ofArray(std::move(elements));
  }
  auto isList = [](const Value &v) { return v.kind == ValueKind::List || isTraced(v); };
  if (isList(lhs) || isList(rhs) || (!left && !isNumber(lhs)) || (!right && !isNumber(rhs))) {
    // Elements of any kind: one loop in the program.
    const Value &shape = left ? lhs : rhs;
    if (left && right)
      rt("array_same_size", {ssa(length(lhs, at), at), ssa(length(rhs, at), at)}, at);
    return collect(length(shape, at), span, [&](const Value &i) -> std::optional<Value> {
      return arithmetic(op, left ? elementAt(lhs, i, span) : lhs,
                        right ? elementAt(rhs, i, span) : rhs, span);
    });
  }
  const int64_t code = op == BinaryOp::Add   ? 0
                       : op == BinaryOp::Sub ? 1
                       : op == BinaryOp::Mul ? 2
                       : op == BinaryOp::Div ? 3
                                             : 4;
  static constexpr const char *shown[] = {"+", "-", "*", "/", "^"};
  const Value &shape = lhs.kind == ValueKind::Handle ? lhs : rhs;
  mlir::Value result =
      left && right
          ? rt("array_combine", {ssa(lhs, at), constant(code, at), ssa(rhs, at)}, at)
          : rt("array_scale",
               {ssa(left ? lhs : rhs, at), constant(code, at), realSsa(left ? rhs : lhs, at)}, at);
  return Value::handle(finiteArray(result, shown[code], span), shape.type);
}

Value Elaborator::arithmetic(BinaryOp op, const Value &lhs, const Value &rhs, base::Span span) {
  mlir::Location at = loc(span);
  if (lhs.kind == ValueKind::String || rhs.kind == ValueKind::String) // labels that are numbers
    return arithmetic(op, labelNumber(lhs, at), labelNumber(rhs, at), span);
  if (isCounts(lhs))
    return Value::handle(rt("counts_add", {lhs.ssa, rhs.ssa}, at), lhs.type);
  if (isArray(lhs) || isArray(rhs))
    return arrayArithmetic(op, lhs, rhs, span);
  if (isObservable(lhs) || isObservable(rhs))
    return observableArithmetic(op, lhs, rhs, span);
  if (isEstimate(lhs) || isEstimate(rhs))
    return estimateArithmetic(op, lhs, rhs, span);
  if (lhs.kind == ValueKind::Complex || rhs.kind == ValueKind::Complex)
    return complexArithmetic(op, lhs, rhs, span);
  if (lhs.kind == ValueKind::Int && rhs.kind == ValueKind::Int && op != BinaryOp::Div)
    return intArithmetic(op, lhs, rhs, span);
  Value x = toReal(lhs, at), y = toReal(rhs, at);
  const bool durations = x.kind == ValueKind::Duration && y.kind == ValueKind::Duration;
  const bool duration = (x.kind == ValueKind::Duration || y.kind == ValueKind::Duration) &&
                        !(durations && op == BinaryOp::Div);
  auto known = [](const Value &v) {
    return v.kind == ValueKind::Real || v.kind == ValueKind::Duration;
  };
  if (!known(x) || !known(y))
    notYet(span, "arithmetic on these values");
  return realArithmetic(op, x, y, duration ? ValueKind::Duration : ValueKind::Real, span);
}

Value Elaborator::negated(const Value &v, base::Span span) {
  mlir::Location at = loc(span);
  if (v.kind == ValueKind::Int)
    return intArithmetic(BinaryOp::Sub, Value::ofInt(0), v, span);
  if (v.kind == ValueKind::Real || v.kind == ValueKind::Duration) {
    Value r = v;
    if (v.isConstant())
      r.real = -v.real;
    else
      r.ssa = arith::NegFOp::create(b, at, v.ssa);
    return r;
  }
  return arithmetic(BinaryOp::Mul, Value::ofReal(-1), v, span);
}

} // namespace qdo::lower
