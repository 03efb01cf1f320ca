// SPDX-License-Identifier: Apache-2.0
// `grad` and `minimize`: their function becomes a region whose numbers are those of a record.
// In: a function, a start. Out: ops that the runtime calls back, with a gradient or a fit.
// Why numbers of the record travel as estimates: whatever can be done with an estimate then works
// on them, and the runtime knows which is which.
#include "compiler/lower/elaborator.h"

#include "qdo/ir/applied_gate.h"

#include "llvm/ADT/ScopeExit.h"
#include <fmt/format.h>

#include <utility>

namespace qdo::lower {

using namespace syntax;

static constexpr int64_t MaxParameters = 100'000;

bool isTraced(const Value &v) {
  return v.traced || (v.kind != ValueKind::Function && std::ranges::any_of(v.elements, isTraced));
}

/// An error when a step that is not smooth gets a number under differentiation.
void Elaborator::refuseTraced(const Value &value, base::Span span, std::string_view what,
                              std::string_view help) {
  if (!isTraced(value))
    return;
  auto &d = diagnostics.report(diag::Kind::NotDifferentiable, span, what);
  d.label("no gradient goes through this");
  if (differentiated.size())
    d.place(differentiated, "differentiated here");
  if (!help.empty())
    d.help(std::string(help));
  throw Abandon{};
}

mlir::Value Elaborator::recordSsa(const Value &number, mlir::Location at) {
  return isEstimate(number) ? number.ssa : rt("estimate_number", {realSsa(number, at)}, at);
}

/// A number of the record as a value.
static Value traced(mlir::Value v) {
  Value r = Value::handle(v, sema::simple(sema::TypeKind::Estimate));
  r.traced = true;
  return r;
}

Value Elaborator::likeOther(const Value &v, const Value &other, mlir::Location at) {
  if (other.traced && (v.kind == ValueKind::Real || v.kind == ValueKind::Int))
    return traced(recordSsa(v, at));
  if (v.kind == ValueKind::String && other.kind == ValueKind::Real)
    return labelNumber(v, at);
  if (other.kind == ValueKind::Array && v.kind == ValueKind::Array &&
      v.elements.size() == other.elements.size()) {
    Value r = v;
    for (size_t i = 0; i < r.elements.size(); ++i)
      r.elements[i] = likeOther(v.elements[i], other.elements[i], at);
    return r;
  }
  return v;
}

/// The function's code, on numbers of a record instead of the numbers of `at`.
void Elaborator::objective(mlir::Region &region, const Value &function, const Value &at,
                           base::Span span) {
  mlir::OpBuilder::InsertionGuard guard(b);
  mlir::Location where = loc(span);
  b.setInsertionPointToEnd(&region.front());
  mlir::Value list = region.front().getArgument(0);
  const mlir::Type estimate = qdata::EstimateType::get(b.getContext());
  int64_t next = 0;
  auto number = [&] {
    mlir::Value place[] = {list, constant(next++, where), constant(int64_t{0}, where)};
    return traced(qdata::RtOp::create(b, where, "list_object", place, estimate).getOutput());
  };
  Value point;
  if (at.kind != ValueKind::Handle) {
    point = number();
  } else {
    std::vector<int64_t> sizes;
    int64_t count = 1;
    for (const sema::Size &size : at.type->sizes) {
      auto known = evaluate(size);
      if (!known && at.type->sizes.size() > 1)
        notYet(span, "a gradient by a matrix whose size is known only while the program runs");
      sizes.push_back(known.value_or(-1));
      count *= sizes.back();
    }
    if (count > MaxParameters)
      notYet(span, "a gradient by more than 100,000 numbers");
    if (sizes[0] < 0) { // as many as the run finds
      point = Value::ofSsa(ValueKind::List, list);
      point.elements = {traced(nullptr)};
    } else {
      std::function<Value(size_t)> build = [&](size_t depth) {
        if (depth == sizes.size())
          return number();
        std::vector<Value> elements;
        for (int64_t i = 0; i < sizes[depth]; ++i)
          elements.push_back(build(depth + 1));
        return Value::ofArray(std::move(elements));
      };
      point = build(0);
    }
  }
  std::vector<mlir::Value> outer = std::move(wires);
  wires.assign(outer.size(), nullptr);
  const base::Span outerSpan = std::exchange(differentiated, span);
  ++differentiating;
  // What is wrong in the function ends here, and not in what follows it.
  const auto leave = llvm::make_scope_exit([&] {
    --differentiating;
    differentiated = outerSpan;
    wires = std::move(outer);
  });
  Value result = labelNumber(apply(function, {point}, span), where);
  // What fields the rows of a parameter have, only a call knows: nobody may have seen it before.
  if (!isEstimate(result) && result.kind != ValueKind::Real && result.kind != ValueKind::Int) {
    diagnostics
        .report(diag::Kind::NotAnObjective, span,
                mlir::isa<qdata::GradOp>(region.getParentOp()) ? "grad" : "minimize",
                isArray(result) ? "several numbers" : "no number")
        .help("make one number of them: their `sum`, their `mean`");
    throw Abandon{};
  }
  qdata::YieldOp::create(b, where, recordSsa(toReal(result, where), where));
}

Value Elaborator::gradient(const std::string &name, const CallExpr &c) {
  mlir::Location at = loc(c.span);
  const bool grad = name == "grad";
  if (differentiating > 0) {
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
  base::Span functionSpan = c.span;
  for (const Arg &arg : c.args) {
    Value v = expr(*arg.value);
    if (!arg.name)
      function = v, functionSpan = arg.value->span;
    else if (arg.name->text == "by")
      by = v;
    else
      start = v;
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
  } else {
    notYet(c.span, "a gradient by whole numbers known only while the program runs");
  }
  const Value like = scalar ? Value::ofReal(0) : Value::handle(point, shape);

  const int64_t before = measurements;
  auto measures = [&] { return measurements != before && !payer().exact; };
  if (!grad) {
    auto op = qdata::MinimizeOp::create(b, at, point, by->ssa);
    objective(op.getFunction(), *function, like, functionSpan);
    if (measures())
      noteGradient(op, shape, c.span);
    mlir::Value fit = op.getFit();
    Value result;
    result.kind = ValueKind::Tuple;
    // Not the checker's type: it knows none where an open dataset went into the function.
    const sema::TypeRef number =
        sema::simple(measures() ? sema::TypeKind::Estimate : sema::TypeKind::Real);
    result.type = sema::tupleOf({{"at", scalar ? real : shape},
                                 {"value", number},
                                 {"steps", sema::simple(sema::TypeKind::Int)},
                                 {"stopped", sema::simple(sema::TypeKind::String)},
                                 {"history", sema::arrayOf(real, {sema::Size::unknown()})}});
    mlir::Value reached = rt("fit_at", {fit}, at);
    result.elements.push_back(
        scalar ? Value::ofSsa(ValueKind::Real,
                              rt("array_get", {reached, constant(int64_t{0}, at)}, at))
               : Value::handle(reached, shape));
    result.elements.push_back(
        measures()
            ? Value::handle(rt("fit_estimate", {fit}, at), sema::simple(sema::TypeKind::Estimate))
            : Value::ofSsa(ValueKind::Real, rt("fit_value", {fit}, at)));
    result.elements.push_back(Value::ofSsa(ValueKind::Int, rt("fit_steps", {fit}, at)));
    result.elements.push_back(Value::ofSsa(ValueKind::String, rt("fit_stopped", {fit}, at)));
    result.elements.push_back(
        Value::handle(rt("fit_history", {fit}, at), sema::arrayOf(real, {sema::Size::unknown()})));
    return result;
  }
  auto op = qdata::GradOp::create(b, at, point, false);
  objective(op.getFunction(), *function, like, functionSpan);
  if (!measures()) {
    auto exact = qdata::GradOp::create(b, at, point, true);
    exact.getFunction().takeBody(op.getFunction());
    op.erase();
    mlir::Value array = exact.getGradient();
    if (scalar)
      return Value::ofSsa(ValueKind::Real, rt("array_get", {array, constant(int64_t{0}, at)}, at));
    return Value::handle(array, shape);
  }
  noteGradient(op, shape, c.span);
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

/// A recipe of which some numbers are those of the record.
mlir::Value Elaborator::tracedRecipe(qc::CircuitOp circuit, const std::vector<Value> &data,
                                     int64_t qubits, base::Span span) {
  mlir::Location at = loc(span);
  // Native angles of numbers that are not differentiated are numbers like any others.
  llvm::DenseSet<mlir::Value> moving;
  for (size_t i = 0; i < data.size(); ++i)
    if (data[i].traced)
      moving.insert(circuit.getData()[i]);
  circuit.getBodyBlock()->walk<mlir::WalkOrder::PreOrder>([&](mlir::Operation *op) {
    if (llvm::none_of(op->getOperands(), [&](mlir::Value v) { return moving.contains(v); }))
      return;
    if (mlir::isa<qc::AnglesOp>(op))
      notYet(span, fmt::format("a gradient through `{}`, whose angles come from all of its data "
                               "together,",
                               circuit.getDisplay().str()));
    for (mlir::Value result : op->getResults())
      if (result.getType().isF64())
        moving.insert(result);
  });
  circuit->setAttr(qc::differentiableAttr, b.getUnitAttr());
  mlir::Value list = rt("list_new", {}, at);
  for (const Value &v : data) {
    rt("list_add_object", {list, recordSsa(v, at)}, at);
    rt("list_end_element", {list}, at);
  }
  mlir::Value address =
      qdata::FunctionOp::create(b, at, qdata::FnType::get(b.getContext()), circuit.getSymName());
  return rt("gradient_recipe", {address, list}, at, qubits);
}

Value Elaborator::tracedFidelity(const Value &bra, const Value &ket, base::Span span) {
  ++measurements; // paid by the gradient as a whole
  return traced(rt("gradient_fidelity", {bra.ssa, ket.ssa}, loc(span)));
}

Value Elaborator::tracedOverlap(const Value &bra, const Value &ket, base::Span span) {
  mlir::Location at = loc(span);
  auto part = [&](bool imaginary) {
    return traced(rt("gradient_overlap", {bra.ssa, ket.ssa, constant(imaginary, at)}, at));
  };
  return Value::ofComplex(part(false), part(true));
}

/// Terms whose weights are differentiated are measured each by itself.
Value Elaborator::tracedExpectation(const Value &prep, const Value &o, base::Span span) {
  mlir::Location at = loc(span);
  Value plain = o;
  plain.terms.clear();
  std::optional<Value> sum;
  auto add = [&](const Value &part) {
    sum = sum ? arithmetic(BinaryOp::Add, *sum, part, span) : part;
  };
  auto of = [&](const Value &observables) {
    mlir::Value handle = observable(observables, span, prep.integer);
    ++measurements;
    return traced(rt("gradient_expect", {prep.ssa, handle}, at));
  };
  for (const PauliTerm &term : o.terms) {
    if (!term.weight->traced) {
      plain.terms.push_back(term);
      continue;
    }
    Value one = o;
    one.terms = {{std::make_shared<Value>(Value::ofReal(1)), term.factors}};
    add(arithmetic(BinaryOp::Mul, *term.weight, of(one), span));
  }
  if (!plain.terms.empty() || !sum)
    add(of(plain));
  return *sum;
}

} // namespace qdo::lower
