// SPDX-License-Identifier: Apache-2.0
// Values under differentiation: what they are made into, and what they cannot be made into.
// In: numbers and recipes of a record. Out: steps of the record, or E0328 at the place.
// Why a list of what has slopes and not of what has none: whatever is forgotten is then an error,
// and never a slope of 0.
#include "compiler/lower/elaborator.h"

#include <fmt/format.h>

#include <algorithm>

namespace qdo::lower {

using namespace syntax;

bool isTraced(const Value &v) {
  if (v.traced)
    return true;
  if (v.kind == ValueKind::Function)
    return false;
  if (v.encoding && std::ranges::any_of(v.encoding->given,
                                        [](const auto &given) { return isTraced(*given.second); }))
    return true;
  return std::ranges::any_of(v.elements, isTraced) ||
         std::ranges::any_of(v.terms, [](const PauliTerm &term) { return isTraced(*term.weight); });
}

/// An error when a step that is not smooth gets a number under differentiation.
void Elaborator::refuseTraced(const Value &value, base::Span span, std::string_view what,
                              std::string_view help) {
  if (!isTraced(value))
    return;
  if (valuesOnly)
    throw NeedsNumbers{};
  auto &d = diagnostics.report(diag::Kind::NotDifferentiable, span, what);
  d.label("no gradient goes through this");
  if (differentiated.size())
    d.place(differentiated, "differentiated here");
  if (!help.empty())
    d.help(std::string(help));
  throw Abandon{};
}

/// What a function of the library does with numbers under differentiation, unless it has slopes.
void Elaborator::refuseTracedCall(const std::string &entry, std::string_view name,
                                  const std::vector<Value> &args, base::Span span) {
  struct Way {
    std::string_view entry, help;
  };
  static constexpr Way ways[] = {
      {"fidelity_by", "`|<p|r>|^2` has slopes, and so has `fidelity(p, r)` without `by:`"},
      {"overlap_part", "`|<p|r>|^2` has slopes; under `exact` the parts of `<p|r>` have, too"},
      {"expect_each", "`<p|o|p>` has slopes"},
      {"sample", "`<p|o|p>` and `|<p|r>|^2` have slopes"},
      {"shadow", "`<p|o|p>` and `|<p|r>|^2` have slopes"},
      {"recipe_idle", "how long qubits wait is no number that a gradient moves"},
  };
  const bool usual = entry == "fidelity_by" && args[2].isConstant() &&
                     (args[2].text.empty() || args[2].text == "compute-uncompute");
  for (size_t i = 0; i < args.size(); ++i) {
    const bool recipe = i < (entry == "fidelity_by" ? 2U : 1U);
    if (recipe && (usual || entry == "recipe_idle"))
      continue;
    const auto *way = std::ranges::find(ways, std::string_view(entry), &Way::entry);
    refuseTraced(args[i], span, fmt::format("`{}`", name),
                 way != std::end(ways)
                     ? way->help
                     : "it has no slopes here; an optimiser that needs values only "
                       "takes it: `minimize(.., by: cma())`, or `spsa()`");
  }
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
  if (isEstimate(other) && (v.kind == ValueKind::Real || v.kind == ValueKind::Int))
    return declaredAs(v, other.type, at); // an estimate that is known exactly
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

/// A variable that a loop assigns: what a turn makes of it may be under differentiation.
void Elaborator::mayMove(Value &variable, mlir::Location at) {
  if (differentiating == 0)
    return;
  if (variable.kind == ValueKind::Real)
    variable = traced(recordSsa(variable, at));
  else if (isEstimate(variable) ||
           (variable.kind == ValueKind::Handle && variable.type && variable.type->isRecipe()))
    variable.traced = true;
  else if (variable.kind == ValueKind::List)
    mayMove(variable.elements[0], at);
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
    if (!mlir::isa<qc::AnglesOp>(op)) {
      for (mlir::Value result : op->getResults())
        if (result.getType().isF64())
          moving.insert(result);
      return;
    }
    notYet(span, fmt::format("a gradient through `{}`, whose angles come from all of its data "
                             "together,",
                             circuit.getDisplay().str()));
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

/// What is measured with shots makes slopes estimates. It is paid by the gradient as a whole.
void Elaborator::noteSampled() {
  if (payer().exact)
    return;
  ++measurements;
  if (payers.size() > payersAround && payersInside.empty())
    payersInside = payers;
}

Value Elaborator::tracedFidelity(const Value &bra, const Value &ket, base::Span span) {
  noteSampled();
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
    noteSampled();
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

/// A kernel of two rows, of which one at least is under differentiation: its body on them.
Value Elaborator::tracedKernel(const Value &kernel, const Value &x, const Value &y,
                               base::Span span) {
  if (kernel.symbol != sema::SymbolId::None) {
    for (const Value *row : {&x, &y})
      if (row->kind == ValueKind::List ||
          (row->kind == ValueKind::Handle && isArray(*row) && !evaluate(row->type->sizes[0])))
        notYet(span, "a gradient by rows whose length is known only while the program runs");
    return kernelBody(kernel, x, y, span);
  }
  auto made = kernel.ssa.getDefiningOp<qdata::RtOp>();
  if (!made || made.getEntry() != "kernel_rbf")
    refuseTraced(isTraced(x) ? x : y, span, "a kernel that only the run knows",
                 "declare it: `kernel k(a, b) via zz = |<a|b>|^2` has slopes");
  const Value gamma = Value::ofSsa(ValueKind::Real, made.getArguments()[0]);
  const Value apart = arithmetic(BinaryOp::Sub, x, y, span);
  const Value squares = arithmetic(BinaryOp::Mul, apart, apart, span);
  const sema::TypeRef real = sema::simple(sema::TypeKind::Real);
  const Value distance =
      isArray(squares) ? sum(squares, real, span).value_or(Value::ofReal(0)) : squares;
  return ofNumber("exp", negated(arithmetic(BinaryOp::Mul, gamma, distance, span), span), span);
}

} // namespace qdo::lower
