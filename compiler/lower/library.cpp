// SPDX-License-Identifier: Apache-2.0
// Built-in functions of single values: constants fold, the rest becomes math or runtime calls.
#include "compiler/lower/elaborator.h"
#include "compiler/sema/learning.h"

#include "mlir/Dialect/Math/IR/Math.h"

#include <fmt/format.h>

#include <cmath>

namespace qdo::lower {

using namespace syntax;
namespace arith = mlir::arith;
namespace math = mlir::math;

namespace {
/// A function of one real, folded and as an op.
struct RealFunction {
  std::string_view name;
  double (*fold)(double);
  mlir::Value (*make)(mlir::OpBuilder &, mlir::Location, mlir::Value);
  bool finite = true; ///< of every finite number
};

template <typename Op> mlir::Value make(mlir::OpBuilder &b, mlir::Location at, mlir::Value v) {
  return Op::create(b, at, v);
}

constexpr RealFunction RealFunctions[] = {
    {"abs", [](double v) { return std::abs(v); }, make<math::AbsFOp>},
    {"sqrt", [](double v) { return std::sqrt(v); }, make<math::SqrtOp>, false},
    {"sin", [](double v) { return std::sin(v); }, make<math::SinOp>},
    {"cos", [](double v) { return std::cos(v); }, make<math::CosOp>},
    {"tan", [](double v) { return std::tan(v); }, make<math::TanOp>, false},
    {"asin", [](double v) { return std::asin(v); }, make<math::AsinOp>, false},
    {"acos", [](double v) { return std::acos(v); }, make<math::AcosOp>, false},
    {"atan", [](double v) { return std::atan(v); }, make<math::AtanOp>},
    {"exp", [](double v) { return std::exp(v); }, make<math::ExpOp>, false},
    {"log", [](double v) { return std::log(v); }, make<math::LogOp>, false},
    {"floor", [](double v) { return std::floor(v); }, make<math::FloorOp>},
    {"ceil", [](double v) { return std::ceil(v); }, make<math::CeilOp>},
    {"round", [](double v) { return std::round(v); }, make<math::RoundOp>},
    {"int", [](double v) { return std::trunc(v); }, make<math::TruncOp>},
};

/// The functions that estimates have too, in the order of runtime/estimate/arithmetic.h.
constexpr std::string_view SmoothFunctions[] = {"abs", "sqrt", "sin",  "cos",  "tan",
                                                "exp", "log",  "asin", "acos", "atan"};
} // namespace

Value Elaborator::absolute(const Value &v, base::Span span) { return ofNumber("abs", v, span); }

Value Elaborator::ofNumber(const std::string &name, const Value &x, base::Span span) {
  mlir::Location at = loc(span);
  if (isEstimate(x)) {
    if (name == "real" || name == "conj")
      return x;
    const auto *f = std::find(std::begin(SmoothFunctions), std::end(SmoothFunctions), name);
    if (f == std::end(SmoothFunctions))
      refuseTraced(
          x, span, "`" + name + "`",
          "it jumps, and is flat between its jumps: a gradient needs steps that are smooth");
    Value result = Value::handle(
        rt("estimate_function",
           {x.ssa, constant(static_cast<int64_t>(f - std::begin(SmoothFunctions)), at)}, at),
        x.type);
    result.traced = x.traced;
    return result;
  }
  if (x.kind == ValueKind::Complex) {
    if (name == "conj")
      return Value::ofComplex(x.elements[0], negated(x.elements[1], span));
    auto square = [&](const Value &v) {
      return realArithmetic(BinaryOp::Mul, v, v, ValueKind::Real, span);
    };
    if (name == "abs")
      return ofNumber("sqrt",
                      realArithmetic(BinaryOp::Add, square(x.elements[0]), square(x.elements[1]),
                                     ValueKind::Real, span),
                      span);
    const Value &re = x.elements[0], &im = x.elements[1];
    refuseTraced(x, span, "`" + name + "`", "`abs`, and the real and imaginary parts, have slopes");
    if (re.isConstant() && im.isConstant())
      return Value::ofReal(std::atan2(im.real, re.real));
    return Value::ofSsa(ValueKind::Real, math::Atan2Op::create(b, at, ssa(im, at), ssa(re, at)));
  }
  if (name == "conj")
    return x;
  if (name == "arg")
    return ofNumber("arg", toComplex(x, at), span);
  if (name == "real")
    return toReal(x, at);
  if (x.kind == ValueKind::Bool) {
    if (x.isConstant())
      return Value::ofInt(x.boolean);
    return Value::ofSsa(ValueKind::Int, arith::ExtUIOp::create(b, at, b.getI64Type(), x.ssa));
  }
  const bool whole = name == "int" || name == "floor" || name == "ceil" || name == "round";
  if (x.kind == ValueKind::Int && whole)
    return x;
  if (x.kind == ValueKind::Int && name == "abs") {
    if (!x.isConstant())
      return Value::ofSsa(ValueKind::Int, rt("int_abs", {x.ssa}, at));
    return x.integer < 0 ? negated(x, span) : x;
  }
  const Value r = toReal(x, at);
  const auto *f = std::find_if(std::begin(RealFunctions), std::end(RealFunctions),
                               [&](const RealFunction &g) { return g.name == name; });
  if (f == std::end(RealFunctions))
    internal(span, "a built-in function without a meaning");
  if (r.isConstant()) {
    const double v = f->fold(r.real);
    if (!whole) {
      Value folded = Value::ofReal(v);
      folded.kind = r.kind; // the size of a duration is a duration
      return finite(std::move(folded), f->name.data(), r, Value::ofReal(0), span);
    }
    if (!(std::abs(v) < 9.2e18)) {
      diagnostics.report(diag::Kind::NumberTooLarge, span, fmt::format("{}", r.real));
      throw Abandon{};
    }
    return Value::ofInt(static_cast<int64_t>(v));
  }
  mlir::Value v = f->make(b, at, r.ssa);
  if (whole)
    return Value::ofSsa(ValueKind::Int, rt("int_of_real", {v}, at));
  const Value result = Value::ofSsa(r.kind, v);
  return f->finite ? result : finite(result, f->name.data(), r, Value::ofReal(0), span);
}

Value Elaborator::leastOrMost(bool least, const Value &x, const Value &y, base::Span span) {
  mlir::Location at = loc(span);
  if (x.kind == ValueKind::Int && y.kind == ValueKind::Int) {
    if (x.isConstant() && y.isConstant())
      return Value::ofInt(least ? std::min(x.integer, y.integer) : std::max(x.integer, y.integer));
    mlir::Value p = ssa(x, at), q = ssa(y, at);
    return Value::ofSsa(ValueKind::Int, least ? mlir::Value(arith::MinSIOp::create(b, at, p, q))
                                              : mlir::Value(arith::MaxSIOp::create(b, at, p, q)));
  }
  if (x.traced || y.traced) {
    Value best = Value::handle(
        rt("gradient_extreme", {recordSsa(x, at), recordSsa(y, at), constant(!least, at)}, at),
        sema::simple(sema::TypeKind::Estimate));
    best.traced = true;
    return best;
  }
  if (isEstimate(x) || isEstimate(y))
    return Value::handle(
        rt("estimate_extreme", {recordSsa(x, at), recordSsa(y, at), constant(!least, at)}, at),
        sema::simple(sema::TypeKind::Estimate));
  Value u = toReal(x, at), v = toReal(y, at);
  if (u.isConstant() && v.isConstant())
    return Value::ofReal(least ? std::min(u.real, v.real) : std::max(u.real, v.real));
  mlir::Value p = ssa(u, at), q = ssa(v, at);
  return Value::ofSsa(ValueKind::Real, least ? mlir::Value(arith::MinimumFOp::create(b, at, p, q))
                                             : mlir::Value(arith::MaximumFOp::create(b, at, p, q)));
}

Value Elaborator::intrinsic(sema::SymbolId id, const CallExpr &c) {
  const std::string &name = program.symbol(id).name;
  mlir::Location at = loc(c.span);
  if (name == "grad" || name == "minimize")
    return gradient(name, c);
  if (const auto *function = sema::learningFunction(name))
    return learning(*function, c);
  if (name == "fresh") { // measures again what its argument measures
    rt("fresh_begin", {}, at);
    ++freshDepth;
    Value again = expr(*c.args[0].value);
    --freshDepth;
    rt("fresh_end", {}, at);
    return again;
  }
  std::vector<Value> args;
  for (const Arg &arg : c.args)
    args.push_back(expr(*arg.value));
  if (name == "load") {
    Value wanted;
    wanted.type = typeOf(c);
    return elaborated(name, {args[0], std::move(wanted)}, c.span);
  }
  if (auto result = ofArrays(name, args, c))
    return *result;
  if (name == "min" || name == "max") {
    Value r = args[0];
    for (size_t i = 1; i < args.size(); ++i)
      r = leastOrMost(name == "min", r, args[i], c.span);
    return r;
  }
  if (name == "qubits") {
    if (args[0].kind == ValueKind::Handle)
      return Value::ofInt(args[0].integer);
    notYet(c.span, "`qubits` of an encoding without its data");
  }
  if (name == "split") {
    const int64_t k = constInt(*c.args[1].value, "where a register is split");
    const auto size = static_cast<int64_t>(args[0].qubits.size());
    if (k < 0 || k > size) {
      diagnostics.report(diag::Kind::StaticIndexOutOfRange, c.args[1].value->span, k, size + 1);
      throw Abandon{};
    }
    auto part = [&](int64_t from, int64_t to) {
      return Value::ofQubits(
          {args[0].qubits.begin() + from, args[0].qubits.begin() + to},
          sema::sized(sema::TypeKind::Register, sema::Size::constant(to - from)));
    };
    Value pair;
    pair.kind = ValueKind::Tuple;
    pair.elements = {part(0, k), part(k, size)};
    return pair;
  }
  return ofNumber(name, args[0], c.span);
}

} // namespace qdo::lower
