// SPDX-License-Identifier: Apache-2.0
// Expressions: who takes a live value, and where a live value cannot stand.
// Why a sink goes down instead of a type coming up: what happens to a value depends on who asks for
// it.
#include "compiler/sema/linear_checker.h"

#include <algorithm>

namespace qdo::sema::linear {

using namespace syntax;

static constexpr std::string_view measureFirst =
    "`measure` it first: an outcome is classical, and can be copied and shown";
static constexpr std::string_view useTuple =
    "keep live qubits in a register, or in a tuple without names: `(a, b)`";
static constexpr std::string_view passRecipe =
    "give it the recipe, a `prep`: recipes are classical values, states are not";

void LinearChecker::classical(const Expr &expr, std::string_view what, std::string_view help) {
  value(expr, {Sink::Kind::Classical, std::string(what), help.empty() ? measureFirst : help});
}

/// Of several operands in one place only the first live one is reported: it is one mistake.
void LinearChecker::refuseOnce(const Expr &expr, std::string_view what, std::string_view help,
                               bool &wasRefused) {
  if (wasRefused && isLive(expr))
    return value(expr, Sink{});
  wasRefused |= isLive(expr);
  classical(expr, what, help);
}

void LinearChecker::value(const Expr &expr, const Sink &sink) {
  // Where names and types have found a mistake, only what is used up is followed, in silence.
  const bool hasBlocks =
      expr.kind == ExprKind::If || expr.kind == ExprKind::Estimate || expr.kind == ExprKind::Lambda;
  const bool isQuiet = !hasBlocks && typeOf(expr)->isError() && alreadyReported(expr.span);
  quiet += isQuiet;
  parts(expr, sink);
  quiet -= isQuiet;
}

void LinearChecker::parts(const Expr &expr, const Sink &sink) {
  switch (expr.kind) {
  case ExprKind::Error:
  case ExprKind::Int:
  case ExprKind::Real:
  case ExprKind::Percent:
  case ExprKind::Duration:
  case ExprKind::Imaginary:
  case ExprKind::Bool:
    return;
  case ExprKind::Name:
  case ExprKind::Index:
    return nameOrIndex(expr, sink);
  case ExprKind::Paren:
    return value(*as<ParenExpr>(expr).inner, sink);
  case ExprKind::Tuple:
    return tuple(as<TupleExpr>(expr), sink);
  case ExprKind::Unary:
    return unary(as<UnaryExpr>(expr), sink);
  case ExprKind::Binary:
    return binary(as<BinaryExpr>(expr));
  case ExprKind::Call:
    return call(as<CallExpr>(expr), sink);
  case ExprKind::If:
    return ifExpr(as<IfExpr>(expr), sink);
  case ExprKind::Comprehension:
    return comprehension(as<ComprehensionExpr>(expr));
  case ExprKind::Lambda:
    return lambda(as<LambdaExpr>(expr));
  case ExprKind::Estimate:
    return inFrame("an `estimate` block", {expr.span.file, expr.span.begin, expr.span.begin + 8},
                   [&] {
                     block(as<EstimateExpr>(expr).body,
                           {Sink::Kind::Classical, "the value of an `estimate` block",
                            "end the block with an outcome: `measure` it"});
                   });
  default:
    return classicalParts(expr);
  }
}

/// Expressions all of whose parts are classical.
void LinearChecker::classicalParts(const Expr &expr) {
  bool wasRefused = false;
  switch (expr.kind) {
  case ExprKind::String:
    for (const StringPart &part : as<StringExpr>(expr).parts)
      if (part.value)
        classical(*part.value, "part of a string");
    return;
  case ExprKind::Array:
    for (const ExprPtr &element : as<ArrayExpr>(expr).elements)
      refuseOnce(*element, "an element of an array", useTuple, wasRefused);
    return;
  case ExprKind::BraExpect:
    return classical(*as<BraExpectExpr>(expr).observable, "an observable");
  case ExprKind::Overlap:
    classical(*as<OverlapExpr>(expr).bra, "part of a bra-ket", passRecipe);
    return classical(*as<OverlapExpr>(expr).ket, "part of a bra-ket", passRecipe);
  case ExprKind::AbsOverlap:
    classical(*as<AbsOverlapExpr>(expr).bra, "part of a bra-ket", passRecipe);
    return classical(*as<AbsOverlapExpr>(expr).ket, "part of a bra-ket", passRecipe);
  case ExprKind::MatrixElement:
    classical(*as<MatrixElementExpr>(expr).bra, "part of a bra-ket", passRecipe);
    classical(*as<MatrixElementExpr>(expr).observable, "part of a bra-ket", passRecipe);
    return classical(*as<MatrixElementExpr>(expr).ket, "part of a bra-ket", passRecipe);
  case ExprKind::Ctrl:
    if (as<CtrlExpr>(expr).count)
      classical(*as<CtrlExpr>(expr).count, "the count of `ctrl`");
    return classical(*as<CtrlExpr>(expr).operand, "an operand of `ctrl`", passRecipe);
  case ExprKind::Compare: {
    const auto &compare = as<CompareExpr>(expr);
    refuseOnce(*compare.lhs, "compared", measureFirst, wasRefused);
    refuseOnce(*compare.rhs, "compared", measureFirst, wasRefused);
    if (compare.within)
      classical(*compare.within, "a tolerance");
    return;
  }
  case ExprKind::Interval: {
    const auto &interval = as<IntervalExpr>(expr);
    for (const Expr *end : {interval.low.get(), interval.high.get(), interval.step.get()})
      if (end)
        classical(*end, "an end of an interval");
    return;
  }
  case ExprKind::Member: {
    // `q.size` reads what the type says, not the state.
    const Expr &base = *as<MemberExpr>(expr).base;
    if (base.kind != ExprKind::Name)
      classical(base, "read field by field");
    return;
  }
  default:
    return;
  }
}

void LinearChecker::nameOrIndex(const Expr &expr, const Sink &sink) {
  const auto *index = dynAs<IndexExpr>(&expr);
  if (index)
    for (const ExprPtr &each : index->indices)
      classical(*each, "an index");
  if (const auto place = placeOf(expr))
    atPlace(*place, expr, sink);
  else if (index)
    classical(*index->base, "taken apart by an index",
              "give it a name first: `let q = ...`, then `q[0]`");
}

/// What becomes of a live value that an expression makes.
void LinearChecker::result(const Expr &expr, const Sink &sink) {
  if (!isLive(expr) || quiet > 0 || alreadyReported(expr.span))
    return;
  if (sink.kind == Sink::Kind::Drop)
    reports.resultLost(expr, typeOf(expr));
  else if (sink.kind == Sink::Kind::Classical)
    reports.classical(expr, typeOf(expr), sink.what, sink.help);
}

void LinearChecker::unary(const UnaryExpr &unary, const Sink &sink) {
  switch (unary.op) {
  case UnaryOp::Measure:
    return value(*unary.operand, {Sink::Kind::Take, "measured", {}});
  case UnaryOp::Prepare:
    classical(*unary.operand, "prepared",
              "`prepare` makes a state from a recipe; this is a state already");
    return result(unary, sink);
  case UnaryOp::Neg:
  case UnaryOp::Not:
  case UnaryOp::Adj:
    return classical(*unary.operand, fmt::format("an operand of `{}`", sources.text(unary.opSpan)));
  }
}

void LinearChecker::binary(const BinaryExpr &binary) {
  const std::string what = fmt::format("an operand of `{}`", sources.text(binary.opSpan));
  classical(*binary.lhs, what);
  if (binary.op != BinaryOp::And && binary.op != BinaryOp::Or)
    return classical(*binary.rhs, what);
  const auto kind = binary.op == BinaryOp::And ? Fork::Kind::And : Fork::Kind::Or;
  branch({kind, binary.lhs->span, {}, false}, [&] { classical(*binary.rhs, what); }, [] {});
}

void LinearChecker::tuple(const TupleExpr &tuple, const Sink &sink) {
  Sink inner = sink;
  if (sink.kind == Sink::Kind::Drop)
    inner = {Sink::Kind::Take, "moved into a tuple", {}};
  for (const Arg &field : tuple.fields)
    if (field.name)
      classical(*field.value, "a field of a record", useTuple);
    else
      value(*field.value, inner);
  if (sink.kind == Sink::Kind::Drop)
    result(tuple, sink);
}

void LinearChecker::call(const CallExpr &call, const Sink &sink) {
  if (call.callee->kind != ExprKind::Name)
    classical(*call.callee, "called");
  arguments(call);
  result(call, sink);
}

void LinearChecker::arguments(const CallExpr &call) {
  const std::string name(sources.text(call.callee->span));
  const std::string refused = fmt::format("an argument of `{}`", name);
  const SymbolId symbol = use(*call.callee);
  const auto signature = program.signatures.find(symbol);
  const bool isFunction =
      signature != program.signatures.end() && program.symbol(symbol).kind == SymbolKind::Function;
  const bool hasHole = std::any_of(call.args.begin(), call.args.end(), [](const Arg &arg) {
    const auto *hole = dynAs<NameExpr>(arg.value.get());
    return hole && hole->name == "_";
  });
  const bool isSplit = symbol != SymbolId::None &&
                       program.symbol(symbol).kind == SymbolKind::Intrinsic &&
                       program.symbol(symbol).name == "split";
  size_t position = 0;
  for (const Arg &arg : call.args) {
    bool moves = isSplit && &arg == &call.args.front();
    if (isFunction && !hasHole) {
      const auto &parameters = signature->second.parameters;
      const auto named = [&](const Signature::Parameter &p) {
        return arg.name && p.name == arg.name->text;
      };
      const auto at = arg.name ? std::find_if(parameters.begin(), parameters.end(), named)
                               : parameters.begin() + static_cast<std::ptrdiff_t>(
                                                          std::min(position++, parameters.size()));
      moves = at != parameters.end() && at->type && at->type->isLive();
    }
    if (moves)
      value(*arg.value, {Sink::Kind::Take, fmt::format("passed to `{}`", name), {}});
    else
      classical(*arg.value, refused, passRecipe);
  }
}

void LinearChecker::comprehension(const ComprehensionExpr &expr) {
  const base::Span head =
      expr.generators.front().binder.span.to(expr.generators.back().range->span);
  const auto element = [&] { classical(*expr.element, "an element of an array", useTuple); };
  forLoop(expr.generators, head, [&] {
    if (!expr.condition)
      return element();
    classical(*expr.condition, "a condition");
    branch({Fork::Kind::Filter, expr.condition->span, {}, false}, element, [] {});
  });
}

void LinearChecker::lambda(const LambdaExpr &expr) {
  const base::Span body = expr.body ? expr.body->span : expr.block->span;
  inFrame("a lambda", {expr.span.file, expr.span.begin, body.begin}, [&] {
    pushScope();
    for (uint32_t i = 0; i < expr.params.size(); ++i)
      declare(declared(expr.id, i), {Origin::Kind::Parameter, {}});
    const Sink taken{Sink::Kind::Take, "returned", {}};
    if (expr.body)
      value(*expr.body, taken);
    else
      block(*expr.block, taken);
    popScope({Exit::Kind::ScopeEnd, body, {}, {}});
  });
}

} // namespace qdo::sema::linear
