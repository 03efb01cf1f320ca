// SPDX-License-Identifier: Apache-2.0
// `grad` and `minimize`: what they give, in the shape of what they start from.
// In: a call. Out: ops that the runtime calls back, with a gradient or a fit.
// Why numbers of the record travel as estimates: whatever can be done with an estimate then works
// on them, and the runtime knows which is which.
#include "compiler/lower/elaborator.h"

#include <fmt/format.h>

#include <utility>

namespace qdo::lower {

using namespace syntax;

/// Notes what a gradient costs: under the policy around its function, or, when the function has
/// some of its own, that there are costs which nobody knows.
void Elaborator::payGradient(mlir::Operation *op, const sema::TypeRef &point, base::Span span) {
  if (payersInside.empty())
    return noteGradient(op, point, span);
  std::swap(payers, payersInside);
  note("loss ?", std::nullopt, span, -1);
  note("slopes ?", std::nullopt, span, -1);
  std::swap(payers, payersInside);
  payersInside.clear();
}

/// Whether an optimiser is known to ask for values and never for slopes.
static bool asksForValues(const Value &by) {
  auto made = by.ssa.getDefiningOp<qdata::RtOp>();
  return made && (made.getEntry() == "optimizer_cma" || made.getEntry() == "optimizer_spsa");
}

Value Elaborator::minimised(const CallExpr &c, const Value &function, base::Span functionSpan,
                            const Value &by, mlir::Value point, const sema::TypeRef &shape,
                            bool scalar) {
  mlir::Location at = loc(c.span);
  const sema::TypeRef real = sema::simple(sema::TypeKind::Real);
  const Value like = scalar ? Value::ofReal(0) : Value::handle(point, shape);
  auto op = qdata::MinimizeOp::create(b, at, point, by.ssa);
  bool sampled = false, plain = false;
  auto lower = [&](Numbers numbers) {
    sampled = objective(op.getFunction(), function, like, functionSpan, numbers);
  };
  if (!asksForValues(by)) {
    lower(Numbers::Traced);
  } else if (needsNumbers(op.getFunction(), [&] { lower(Numbers::Traced); })) {
    Uncertain often(*this);
    lower(Numbers::Plain);
    plain = true; // what it measures is noted where it stands
  }
  if (sampled && !plain)
    payGradient(op, shape, c.span);
  mlir::Value fit = op.getFit();
  Value result;
  result.kind = ValueKind::Tuple;
  // Not the checker's type: it knows none where an open dataset went into the function.
  const sema::TypeRef number =
      sema::simple(sampled ? sema::TypeKind::Estimate : sema::TypeKind::Real);
  result.type = sema::tupleOf({{"at", scalar ? real : shape},
                               {"value", number},
                               {"steps", sema::simple(sema::TypeKind::Int)},
                               {"stopped", sema::simple(sema::TypeKind::String)},
                               {"history", sema::arrayOf(number, {sema::Size::unknown()})}});
  mlir::Value reached = rt("fit_at", {fit}, at);
  result.elements.push_back(
      scalar
          ? Value::ofSsa(ValueKind::Real, rt("array_get", {reached, constant(int64_t{0}, at)}, at))
          : Value::handle(reached, shape));
  result.elements.push_back(
      sampled ? Value::handle(rt("fit_estimate", {fit}, at), sema::simple(sema::TypeKind::Estimate))
              : Value::ofSsa(ValueKind::Real, rt("fit_value", {fit}, at)));
  result.elements.push_back(Value::ofSsa(ValueKind::Int, rt("fit_steps", {fit}, at)));
  result.elements.push_back(Value::ofSsa(ValueKind::String, rt("fit_stopped", {fit}, at)));
  if (sampled) {
    Value history = Value::ofSsa(ValueKind::List, rt("fit_history_measured", {fit}, at));
    history.elements = {result.elements[1]};
    result.elements.push_back(std::move(history));
  } else {
    result.elements.push_back(
        Value::handle(rt("fit_history", {fit}, at), sema::arrayOf(real, {sema::Size::unknown()})));
  }
  return result;
}

Value Elaborator::gradient(const std::string &name, const CallExpr &c) {
  mlir::Location at = loc(c.span);
  const bool grad = name == "grad";
  if (differentiating > 0) {
    if (valuesOnly)
      throw NeedsNumbers{};
    auto &report = diagnostics.report(
        diag::Kind::NotYet, c.span,
        fmt::format("`{}` inside a function that is differentiated itself", name));
    report.label("not in this version of qdo");
    if (grad)
      report.help("a second derivative is a difference of gradients: `(grad(f, at: t + 1e-4) - "
                  "grad(f, at: t - 1e-4)) / 2e-4`");
    throw Abandon{};
  }
  std::optional<Value> function, start, by;
  base::Span functionSpan = c.span, startSpan = c.span;
  for (const Arg &arg : c.args) {
    Value v = expr(*arg.value);
    if (!arg.name)
      function = v, functionSpan = arg.value->span;
    else if (arg.name->text == "by")
      by = v;
    else
      start = v, startSpan = arg.value->span;
  }
  const sema::TypeRef real = sema::simple(sema::TypeKind::Real);
  const bool scalar = isNumber(*start);
  if (scalar)
    start = Value::ofArray({toReal(*start, at)});
  sema::TypeRef shape;
  mlir::Value point;
  if (start->kind == ValueKind::Handle) {
    shape = start->type;
    point = start->ssa;
  } else if (start->kind == ValueKind::Array && !start->elements.empty()) {
    std::vector<sema::Size> sizes;
    for (const Value *v = &*start; v->kind == ValueKind::Array && !v->elements.empty();
         v = &v->elements[0])
      sizes.push_back(sema::Size::constant(static_cast<int64_t>(v->elements.size())));
    shape = sema::arrayOf(real, sizes);
    point = arrayHandle(*start, at);
  } else if (start->kind == ValueKind::Array) {
    diagnostics.report(diag::Kind::BadValue, startSpan,
                       fmt::format("`{}` of `{}`", grad ? "at" : "from", name), "empty",
                       "one number or more");
    throw Abandon{};
  } else {
    notYet(c.span, "a gradient by whole numbers known only while the program runs");
  }
  if (!grad)
    return minimised(c, *function, functionSpan, *by, point, shape, scalar);
  auto op = qdata::GradOp::create(b, at, point, false);
  const Value like = scalar ? Value::ofReal(0) : Value::handle(point, shape);
  if (!objective(op.getFunction(), *function, like, functionSpan, Numbers::Traced)) {
    auto exact = qdata::GradOp::create(b, at, point, true);
    exact.getFunction().takeBody(op.getFunction());
    op.erase();
    mlir::Value array = exact.getGradient();
    if (scalar)
      return Value::ofSsa(ValueKind::Real, rt("array_get", {array, constant(int64_t{0}, at)}, at));
    return Value::handle(array, shape);
  }
  payGradient(op, shape, c.span);
  mlir::Value list = op.getGradient();
  const sema::TypeRef estimate = sema::simple(sema::TypeKind::Estimate);
  int64_t next = 0;
  auto element = [&] {
    mlir::Value place[] = {list, constant(next++, at), constant(int64_t{0}, at)};
    return Value::handle(
        qdata::RtOp::create(b, at, "list_object", place, qdata::EstimateType::get(b.getContext()))
            .getOutput(),
        estimate);
  };
  if (scalar)
    return element();
  if (!evaluate(shape->sizes[0])) {
    Value v = Value::ofSsa(ValueKind::List, list);
    v.elements = {Value::handle(nullptr, estimate)};
    return v;
  }
  std::function<Value(size_t)> build = [&](size_t depth) {
    if (depth == shape->sizes.size())
      return element();
    std::vector<Value> elements;
    for (int64_t i = 0, n = *evaluate(shape->sizes[depth]); i < n; ++i)
      elements.push_back(build(depth + 1));
    return Value::ofArray(std::move(elements));
  };
  return build(0);
}

} // namespace qdo::lower
