// SPDX-License-Identifier: Apache-2.0
// Expressions: constants fold, the rest becomes arith and math.
#include "compiler/lower/elaborator.h"

#include "mlir/Dialect/Math/IR/Math.h"

#include <fmt/format.h>

#include <cmath>
#include <numbers>

namespace qdo::lower {

using namespace syntax;
namespace arith = mlir::arith;

/// Numbers in a value that elaboration holds, arrays in arrays included.
static int64_t numbersIn(const Value &value) {
  if (value.kind != ValueKind::Array)
    return 1;
  int64_t total = 0;
  for (const Value &each : value.elements)
    total += numbersIn(each);
  return total;
}

Value Elaborator::expr(const Expr &e) {
  switch (e.kind) {
  case ExprKind::Int:
    return Value::ofInt(as<IntExpr>(e).value);
  case ExprKind::Real:
    return Value::ofReal(as<RealExpr>(e).value);
  case ExprKind::Percent:
    return Value::ofReal(as<PercentExpr>(e).value);
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
    return coerce(Value::ofArray(std::move(elements)), typeOf(e), loc(e.span));
  }
  case ExprKind::Comprehension:
    return comprehension(as<ComprehensionExpr>(e));
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
    if (i.step)
      notYet(e.span, "`to ... step ...`");
    Value interval;
    interval.kind = ValueKind::Interval;
    interval.elements = {expr(*i.low), expr(*i.high)};
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
  case sema::SymbolKind::Kernel:
    return kernel(id);
  case sema::SymbolKind::Policy:
    if (const Value *v = lookup(id))
      return *v;
    return policy(id, {}, span);
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
    if (v.kind == ValueKind::Int)
      return arithmetic(BinaryOp::Sub, Value::ofInt(0), v, u.span);
    if (v.kind == ValueKind::Real)
      return v.isConstant() ? Value::ofReal(-v.real)
                            : Value::ofSsa(ValueKind::Real, arith::NegFOp::create(b, at, v.ssa));
    if (v.kind == ValueKind::Observable)
      return arithmetic(BinaryOp::Mul, Value::ofReal(-1), v, u.span);
    if (v.kind == ValueKind::Complex)
      return complexArithmetic(BinaryOp::Sub, Value::ofReal(0), v, u.span);
    break;
  case UnaryOp::Not:
    if (v.isConstant())
      return Value::ofBool(!v.boolean);
    return Value::ofSsa(ValueKind::Bool, arith::XOrIOp::create(b, at, v.ssa, constant(true, at)));
  case UnaryOp::Adj: {
    Value r = v;
    r.ssa = rt("recipe_adjoint", {v.ssa}, at, v.integer);
    r.text = v.text.starts_with("adj ") ? v.text.substr(4) : "adj " + v.text;
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
  if (e.op == BinaryOp::Pow && e.lhs->kind == ExprKind::AbsOverlap)
    return fidelity(as<AbsOverlapExpr>(*e.lhs));
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
    if (lhs.kind == ValueKind::Observable)
      return multiplyObservables(lhs, rhs, e.span);
    if (lhs.kind != ValueKind::Handle || rhs.kind != ValueKind::Handle)
      internal(e.span, "a recipe of the wrong kind");
    const bool then = e.op == BinaryOp::Then;
    if (then && lhs.integer != rhs.integer) {
      diagnostics.report(diag::Kind::QubitsDiffer, e.opSpan, "the left of `then`", lhs.integer,
                         "the right", rhs.integer);
      throw Abandon{};
    }
    Value r = lhs;
    r.integer = then ? lhs.integer : lhs.integer + rhs.integer;
    r.ssa = rt(then ? "recipe_then" : "recipe_tensor", {lhs.ssa, rhs.ssa}, at, r.integer);
    r.type = typeOf(e);
    r.text = lhs.text + (then ? " then " : " tensor ") + rhs.text;
    return r;
  }
  if (e.op == BinaryOp::Pow && lhs.kind == ValueKind::Handle) {
    Value r = lhs;
    r.ssa = rt("recipe_power", {lhs.ssa, ssa(rhs, at)}, at, lhs.integer);
    r.text = "?";
    return r;
  }
  return arithmetic(e.op, lhs, rhs, e.span);
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

Value Elaborator::arithmetic(BinaryOp op, const Value &lhs, const Value &rhs, base::Span span) {
  mlir::Location at = loc(span);
  if (lhs.kind == ValueKind::Observable || rhs.kind == ValueKind::Observable) {
    if (op == BinaryOp::Mul)
      return multiplyObservables(lhs, rhs, span);
    if (op == BinaryOp::Div)
      return multiplyObservables(lhs, arithmetic(op, Value::ofReal(1), rhs, span), span);
    Value sum = lhs;
    for (const PauliTerm &term : rhs.terms) {
      PauliTerm t = term;
      if (op == BinaryOp::Sub)
        t.weight = std::make_shared<Value>(
            arithmetic(BinaryOp::Sub, Value::ofReal(0), *term.weight, span));
      sum.terms.push_back(std::move(t));
    }
    return sum;
  }
  if (lhs.kind == ValueKind::Int && rhs.kind == ValueKind::Int && op != BinaryOp::Div) {
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
    mlir::Value a = ssa(lhs, at), c = ssa(rhs, at);
    switch (op) {
    case BinaryOp::Add:
      return Value::ofSsa(ValueKind::Int, arith::AddIOp::create(b, at, a, c));
    case BinaryOp::Sub:
      return Value::ofSsa(ValueKind::Int, arith::SubIOp::create(b, at, a, c));
    case BinaryOp::Mul:
      return Value::ofSsa(ValueKind::Int, arith::MulIOp::create(b, at, a, c));
    case BinaryOp::Mod:
      return Value::ofSsa(ValueKind::Int, rt("int_mod", {a, c}, at));
    default:
      return Value::ofSsa(ValueKind::Int, rt("int_pow", {a, c}, at));
    }
  }
  if (lhs.kind == ValueKind::Complex || rhs.kind == ValueKind::Complex)
    return complexArithmetic(op, lhs, rhs, span);
  Value x = toReal(lhs, at), y = toReal(rhs, at);
  if (x.kind != ValueKind::Real || y.kind != ValueKind::Real)
    notYet(span, "arithmetic on these values");
  if (x.isConstant() && y.isConstant())
    switch (op) {
    case BinaryOp::Add:
      return Value::ofReal(x.real + y.real);
    case BinaryOp::Sub:
      return Value::ofReal(x.real - y.real);
    case BinaryOp::Mul:
      return Value::ofReal(x.real * y.real);
    case BinaryOp::Div:
      return Value::ofReal(x.real / y.real);
    case BinaryOp::Pow:
      return Value::ofReal(std::pow(x.real, y.real));
    default:
      break;
    }
  mlir::Value a = ssa(x, at), c = ssa(y, at);
  switch (op) {
  case BinaryOp::Add:
    return Value::ofSsa(ValueKind::Real, arith::AddFOp::create(b, at, a, c));
  case BinaryOp::Sub:
    return Value::ofSsa(ValueKind::Real, arith::SubFOp::create(b, at, a, c));
  case BinaryOp::Mul:
    return Value::ofSsa(ValueKind::Real, arith::MulFOp::create(b, at, a, c));
  case BinaryOp::Div:
    return Value::ofSsa(ValueKind::Real, arith::DivFOp::create(b, at, a, c));
  case BinaryOp::Pow:
    if (y.isConstant() && y.real == 2)
      return Value::ofSsa(ValueKind::Real, arith::MulFOp::create(b, at, a, a));
    return Value::ofSsa(ValueKind::Real, mlir::math::PowFOp::create(b, at, a, c));
  default:
    internal(span, "an operator of the wrong kind");
  }
}

/// On the two parts, by the rules for reals: what is known folds.
Value Elaborator::complexArithmetic(BinaryOp op, const Value &lhs, const Value &rhs,
                                    base::Span span) {
  const Value x = toComplex(lhs, loc(span)), y = toComplex(rhs, loc(span));
  const Value &a = x.elements[0], &c = x.elements[1], &d = y.elements[0], &e = y.elements[1];
  auto real = [&](BinaryOp o, const Value &p, const Value &q) { return arithmetic(o, p, q, span); };
  auto product = [&](const Value &im) { // (a + ic)(d + i im)
    return Value::ofComplex(
        real(BinaryOp::Sub, real(BinaryOp::Mul, a, d), real(BinaryOp::Mul, c, im)),
        real(BinaryOp::Add, real(BinaryOp::Mul, a, im), real(BinaryOp::Mul, c, d)));
  };
  switch (op) {
  case BinaryOp::Add:
  case BinaryOp::Sub:
    return Value::ofComplex(real(op, a, d), real(op, c, e));
  case BinaryOp::Mul:
    return product(e);
  case BinaryOp::Div: {
    Value top = product(real(BinaryOp::Sub, Value::ofReal(0), e));
    Value squares = real(BinaryOp::Add, real(BinaryOp::Mul, d, d), real(BinaryOp::Mul, e, e));
    return Value::ofComplex(real(BinaryOp::Div, top.elements[0], squares),
                            real(BinaryOp::Div, top.elements[1], squares));
  }
  default:
    notYet(span, "this operator on complex numbers");
  }
}

Value Elaborator::compareNumbers(CompareOp op, const Value &lhs, const Value &rhs,
                                 base::Span span) {
  mlir::Location at = loc(span);
  if (lhs.kind == ValueKind::Int && rhs.kind == ValueKind::Int) {
    if (lhs.isConstant() && rhs.isConstant()) {
      int64_t a = lhs.integer, c = rhs.integer;
      switch (op) {
      case CompareOp::Eq:
        return Value::ofBool(a == c);
      case CompareOp::Ne:
        return Value::ofBool(a != c);
      case CompareOp::Le:
        return Value::ofBool(a <= c);
      case CompareOp::Ge:
        return Value::ofBool(a >= c);
      case CompareOp::Lt:
        return Value::ofBool(a < c);
      default:
        return Value::ofBool(a > c);
      }
    }
    using P = arith::CmpIPredicate;
    P p = op == CompareOp::Eq   ? P::eq
          : op == CompareOp::Ne ? P::ne
          : op == CompareOp::Le ? P::sle
          : op == CompareOp::Ge ? P::sge
          : op == CompareOp::Lt ? P::slt
                                : P::sgt;
    return Value::ofSsa(ValueKind::Bool,
                        arith::CmpIOp::create(b, at, p, ssa(lhs, at), ssa(rhs, at)));
  }
  Value x = toReal(lhs, at), y = toReal(rhs, at);
  if (x.isConstant() && y.isConstant()) {
    double a = x.real, c = y.real;
    switch (op) {
    case CompareOp::Eq:
      return Value::ofBool(a == c);
    case CompareOp::Ne:
      return Value::ofBool(a != c);
    case CompareOp::Le:
      return Value::ofBool(a <= c);
    case CompareOp::Ge:
      return Value::ofBool(a >= c);
    case CompareOp::Lt:
      return Value::ofBool(a < c);
    default:
      return Value::ofBool(a > c);
    }
  }
  using P = arith::CmpFPredicate;
  P p = op == CompareOp::Eq   ? P::OEQ
        : op == CompareOp::Ne ? P::UNE
        : op == CompareOp::Le ? P::OLE
        : op == CompareOp::Ge ? P::OGE
        : op == CompareOp::Lt ? P::OLT
                              : P::OGT;
  return Value::ofSsa(ValueKind::Bool, arith::CmpFOp::create(b, at, p, ssa(x, at), ssa(y, at)));
}

Value Elaborator::compare(const CompareExpr &c, std::pair<Value, Value> *sides) {
  mlir::Location at = loc(c.span);
  Value lhs = expr(*c.lhs);
  Value rhs = expr(*c.rhs);
  if (sides)
    *sides = {lhs, rhs};
  auto estimate = [](const Value &v) {
    return v.kind == ValueKind::Handle && v.type && v.type->is(sema::TypeKind::Estimate);
  };
  if (estimate(lhs) || estimate(rhs)) {
    const bool left = estimate(lhs);
    const bool above = (c.op == CompareOp::Gt || c.op == CompareOp::Ge) == left;
    const Value &e = left ? lhs : rhs;
    const Value &threshold = left ? rhs : lhs;
    mlir::Value confidence = realSsa(expr(*c.confidence), at);
    return Value::ofSsa(ValueKind::Bool, rt(above ? "estimate_above" : "estimate_below",
                                            {e.ssa, realSsa(threshold, at), confidence}, at));
  }
  if (c.op == CompareOp::In) {
    Value low = compareNumbers(CompareOp::Ge, lhs, rhs.elements[0], c.span);
    Value high = compareNumbers(CompareOp::Le, lhs, rhs.elements[1], c.span);
    if (low.isConstant() && high.isConstant())
      return Value::ofBool(low.boolean && high.boolean);
    return Value::ofSsa(ValueKind::Bool, arith::AndIOp::create(b, at, ssa(low, at), ssa(high, at)));
  }
  if (lhs.kind == ValueKind::Bool && rhs.kind == ValueKind::Bool) {
    Value r;
    if (lhs.isConstant() && rhs.isConstant())
      r = Value::ofBool(lhs.boolean == rhs.boolean);
    else
      r = Value::ofSsa(ValueKind::Bool, arith::CmpIOp::create(b, at, arith::CmpIPredicate::eq,
                                                              ssa(lhs, at), ssa(rhs, at)));
    if (c.op == CompareOp::Eq)
      return r;
    return r.isConstant() ? Value::ofBool(!r.boolean)
                          : Value::ofSsa(ValueKind::Bool,
                                         arith::XOrIOp::create(b, at, r.ssa, constant(true, at)));
  }
  if (lhs.kind == ValueKind::Pauli && rhs.kind == ValueKind::Pauli)
    return Value::ofBool((lhs.text == rhs.text) == (c.op == CompareOp::Eq));
  if (lhs.kind == ValueKind::String && rhs.kind == ValueKind::String) {
    const bool wantEqual = c.op == CompareOp::Eq;
    if (lhs.isConstant() && rhs.isConstant())
      return Value::ofBool((lhs.text == rhs.text) == wantEqual);
    mlir::Value equal = rt("text_equal", {ssa(lhs, at), ssa(rhs, at)}, at);
    return Value::ofSsa(
        ValueKind::Bool,
        wantEqual ? equal : mlir::Value(arith::XOrIOp::create(b, at, equal, constant(true, at))));
  }
  if (c.within) {
    // a == b within eps: |a - b| <= eps
    Value difference = arithmetic(BinaryOp::Sub, toReal(lhs, at), toReal(rhs, at), c.span);
    Value size =
        difference.isConstant()
            ? Value::ofReal(std::abs(difference.real))
            : Value::ofSsa(ValueKind::Real, mlir::math::AbsFOp::create(b, at, difference.ssa));
    return compareNumbers(c.op == CompareOp::Ne ? CompareOp::Gt : CompareOp::Le, size,
                          toReal(expr(*c.within), at), c.span);
  }
  return compareNumbers(c.op, lhs, rhs, c.span);
}

std::optional<int64_t> Elaborator::count(const Value &range) const {
  if (range.kind == ValueKind::Array)
    return static_cast<int64_t>(range.elements.size());
  if (range.kind == ValueKind::Interval && range.elements[0].isConstant() &&
      range.elements[1].isConstant())
    return std::max<int64_t>(0, range.elements[1].integer - range.elements[0].integer);
  return std::nullopt;
}

Value Elaborator::iterate(const Value &range, const Expr &, int64_t at) {
  if (range.kind == ValueKind::Array)
    return range.elements[static_cast<size_t>(at)];
  return Value::ofInt(range.elements[0].integer + at);
}

/// Arrays of arrays double with every line: what elaboration holds is limited.
void Elaborator::limitArray(int64_t numbers, base::Span span) {
  if (numbers > 1'000'000)
    notYet(span, "an array of more than 1,000,000 numbers that are known before the run");
}

Value Elaborator::comprehension(const ComprehensionExpr &c) {
  std::vector<Value> elements;
  int64_t rounds = 0, held = 0;
  auto level = [&](auto &&self, size_t depth) -> void {
    if (depth == c.generators.size()) {
      if (++rounds > 65536)
        notYet(c.generators.front().range->span, "a comprehension of more than 65,536 elements");
      if (c.condition) {
        Value keep = expr(*c.condition);
        if (!keep.isConstant())
          notYet(c.condition->span,
                 "a comprehension's condition that is known only while the program runs");
        if (!keep.boolean)
          return;
      }
      elements.push_back(expr(*c.element));
      held += numbersIn(elements.back());
      limitArray(held, c.span);
      return;
    }
    const Generator &g = c.generators[depth];
    Value range = expr(*g.range);
    auto trips = count(range);
    if (!trips)
      notYet(g.range->span, "a comprehension over what is known only while the program runs");
    if (*trips > 65536)
      notYet(g.range->span, "a comprehension of more than 65,536 elements");
    for (int64_t i = 0; i < *trips; ++i) {
      bindBinder(g.binder, iterate(range, *g.range, i), g.range->span);
      self(self, depth + 1);
    }
  };
  level(level, 0);
  return coerce(Value::ofArray(std::move(elements)), typeOf(c), loc(c.span));
}

} // namespace qdo::lower
