// SPDX-License-Identifier: Apache-2.0
// Expressions: names, literals, arithmetic, comparisons, members, indices.
#include "compiler/sema/checker.h"

#include <fmt/format.h>

namespace qdo::sema {

using namespace syntax;

static constexpr size_t MaxTupleParts = 4096;

TypeRef Checker::notYet(base::Span span, std::string_view what) {
  diagnostics.report(diag::Kind::NotYet, span, what).label("not in this version of qdo");
  return simple(TypeKind::Error);
}

TypeRef Checker::expr(const Expr &e) {
  TypeRef result = compute(e);
  module->types[static_cast<uint32_t>(e.id)] = result;
  return result;
}

TypeRef Checker::compute(const Expr &e) {
  switch (e.kind) {
  case ExprKind::Error:
    return simple(TypeKind::Error);
  case ExprKind::Int:
    return simple(TypeKind::Int);
  case ExprKind::Real:
  case ExprKind::Percent:
    return simple(TypeKind::Real);
  case ExprKind::Duration:
    return simple(TypeKind::Duration);
  case ExprKind::Imaginary:
    return simple(TypeKind::Complex);
  case ExprKind::Bool:
    return simple(TypeKind::Bool);
  case ExprKind::Name:
    return name(as<NameExpr>(e));
  case ExprKind::String:
    return string(as<StringExpr>(e));
  case ExprKind::Paren:
    return expr(*as<ParenExpr>(e).inner);
  case ExprKind::Tuple:
    return tuple(as<TupleExpr>(e));
  case ExprKind::Array:
    return array(as<ArrayExpr>(e));
  case ExprKind::Comprehension:
    return comprehension(as<ComprehensionExpr>(e));
  case ExprKind::BraExpect:
    return notYet(e.span, "`<A>` outside a phantom's constraints");
  case ExprKind::Overlap:
    return overlap(as<OverlapExpr>(e));
  case ExprKind::MatrixElement:
    return matrixElement(as<MatrixElementExpr>(e));
  case ExprKind::AbsOverlap:
    return absOverlap(as<AbsOverlapExpr>(e));
  case ExprKind::Unary:
    return unary(as<UnaryExpr>(e));
  case ExprKind::Ctrl: {
    const auto &ctrl = as<CtrlExpr>(e);
    TypeRef operand = recipe(*ctrl.operand, "what `ctrl` controls");
    if (ctrl.count)
      expectType(simple(TypeKind::Int), expr(*ctrl.count), ctrl.count->span,
                 "the number of controls");
    if (operand->isError())
      return operand;
    if (!expectType(sized(TypeKind::Unitary, operand->sizes[0]), operand, ctrl.operand->span,
                    "what `ctrl` controls"))
      return simple(TypeKind::Error);
    return sized(TypeKind::Unitary,
                 operand->sizes[0] + (ctrl.count ? sizeOf(*ctrl.count) : Size::constant(1)));
  }
  case ExprKind::Binary:
    return binary(as<BinaryExpr>(e));
  case ExprKind::Compare:
    return compare(as<CompareExpr>(e));
  case ExprKind::Interval: {
    const auto &i = as<IntervalExpr>(e);
    TypeRef first; // all bounds are numbers, or all are durations
    for (const Expr *bound : {i.low.get(), i.high.get(), i.step.get()})
      if (bound) {
        TypeRef t = expr(*bound);
        if (!first && t->is(TypeKind::Duration))
          first = t;
        else if (!first &&
                 expectType(simple(TypeKind::Real), t, bound->span, "a bound of an interval"))
          first = simple(TypeKind::Real);
        else if (first)
          expectType(first, t, bound->span, "a bound of an interval");
      }
    auto interval = std::make_shared<sema::Type>();
    interval->kind = TypeKind::Interval;
    interval->element = first;
    return interval;
  }
  case ExprKind::Member:
    return member(as<MemberExpr>(e));
  case ExprKind::Call:
    return call(as<CallExpr>(e));
  case ExprKind::Index:
    return index(as<IndexExpr>(e));
  case ExprKind::Lambda:
    return lambda(as<LambdaExpr>(e));
  case ExprKind::If:
    return ifExpr(as<IfExpr>(e));
  case ExprKind::Estimate:
    return estimateBlock(as<EstimateExpr>(e));
  }
  return simple(TypeKind::Error);
}

TypeRef Checker::name(const NameExpr &n) {
  if (n.name == "_") {
    diagnostics.report(diag::Kind::NotAllowedHere, n.span, "a hole `_`", "here")
        .help("a hole leaves an argument of an encoding open: `zz(_, reps: 1)`");
    return simple(TypeKind::Error);
  }
  SymbolId id = resolve({n.name, n.span});
  if (id != SymbolId::None && sym(id).kind == SymbolKind::Module && !inPath) {
    diagnostics.report(diag::Kind::NotAllowedHere, n.span, "a module", "as a value")
        .help("name something in it: `std.encodings.zz`");
    return simple(TypeKind::Error);
  }
  return id == SymbolId::None ? simple(TypeKind::Error) : useOf(id, n);
}

TypeRef Checker::useOf(SymbolId id, const Expr &e) {
  module->uses[static_cast<uint32_t>(e.id)] = id;
  switch (sym(id).kind) {
  case SymbolKind::Unsupported:
  case SymbolKind::Module:
    return simple(TypeKind::Error);
  case SymbolKind::Circuit:
    return encodingOf(id);
  case SymbolKind::Policy:
  case SymbolKind::Noise:
    if (!parametersOf(*sym(id).decl).empty())
      for (const auto &p : signature(id).parameters)
        if (!p.defaultValue) {
          diagnostics.report(diag::Kind::MissingArgument, e.span, sym(id).name, p.name);
          return simple(TypeKind::Error);
        }
    return sym(id).type;
  case SymbolKind::Function:
    return functionValue(id);
  case SymbolKind::Kernel:
    if (const Effects &effects = program.effects[id]; !effects.checked && !effects.checking)
      inModuleOf(id, [&] { kernelDecl(id); });
    return hasExactForm(id, e.span) ? sym(id).type : simple(TypeKind::Error);
  case SymbolKind::Intrinsic:
    diagnostics
        .report(diag::Kind::NotAllowedHere, e.span, "the built-in `" + sym(id).name + "`",
                "as a value")
        .help(fmt::format("wrap it: `x -> {}(x)`", sym(id).name));
    return simple(TypeKind::Error);
  default:
    return sym(id).type;
  }
}

TypeRef Checker::string(const StringExpr &s) {
  for (const StringPart &part : s.parts) {
    if (!part.value)
      continue;
    TypeRef t = expr(*part.value);
    if (t->isError() || part.spec.empty())
      continue;
    if (auto problem = formatProblem(*t, part.spec))
      diagnostics.report(diag::Kind::BadFormatSpec, part.specSpan, part.spec, show(t), *problem)
          .help("formats are those of fmt: `{x:.3f}`, `{n:>6}`");
  }
  return simple(TypeKind::String);
}

std::optional<std::string> formatProblem(const Type &type, const std::string &spec) {
  int digits = 0;
  for (char c : spec) {
    digits = c >= '0' && c <= '9' ? digits + 1 : 0;
    if (digits > 3)
      return "a width or precision above 999";
  }
  std::string format = "{:" + spec + "}";
  try {
    switch (type.kind) {
    case TypeKind::Int:
      (void)fmt::format(fmt::runtime(format), int64_t{1});
      break;
    case TypeKind::Real:
    case TypeKind::Estimate:
    case TypeKind::Complex:
      (void)fmt::format(fmt::runtime(format), 1.0);
      break;
    case TypeKind::Bool:
      (void)fmt::format(fmt::runtime(format), true);
      break;
    case TypeKind::String:
    case TypeKind::Label:
      (void)fmt::format(fmt::runtime(format), std::string("x"));
      break;
    default:
      break; // objects say at run time what they understand
    }
  } catch (const fmt::format_error &error) {
    return error.what();
  }
  return std::nullopt;
}

TypeRef Checker::join(const TypeRef &a, const TypeRef &b, bool &failed) {
  if (a->isError() || b->isError())
    return simple(TypeKind::Error);
  SizeBindings none;
  if (fits(a, b, {}, none) == Fit::Yes)
    return a;
  if (fits(b, a, {}, none) == Fit::Yes)
    return b;
  // A label beside a number is the number that it is.
  for (const auto &[label, other] : {std::pair(&a, &b), std::pair(&b, &a)})
    if ((*label)->is(TypeKind::Label) &&
        ((*other)->is(TypeKind::Real) || (*other)->is(TypeKind::Int)))
      return simple(TypeKind::Real);
  failed = true;
  return simple(TypeKind::Error);
}

TypeRef Checker::array(const ArrayExpr &a) {
  TypeRef element;
  for (const ExprPtr &e : a.elements) {
    TypeRef t = expr(*e);
    if (t->isLive())
      continue; // the linearity checker says why
    bool failed = false;
    TypeRef joined = element ? join(element, t, failed) : t;
    if (failed)
      expectType(element, t, e->span, "this element");
    element = joined;
  }
  if (!element)
    element = simple(a.elements.empty() ? TypeKind::Real : TypeKind::Error);
  if (element->isError())
    return element;
  Size rows = Size::constant(static_cast<int64_t>(a.elements.size()));
  if (element->is(TypeKind::Array)) {
    std::vector<Size> sizes = {rows};
    sizes.insert(sizes.end(), element->sizes.begin(), element->sizes.end());
    return arrayOf(element->element, sizes);
  }
  return arrayOf(element, {rows});
}

TypeRef Checker::comprehension(const ComprehensionExpr &c) {
  scopes.emplace_back();
  generators(c.generators);
  if (c.condition)
    condition(*c.condition, "the condition of a comprehension");
  TypeRef element = expr(*c.element);
  scopes.pop_back();
  if (element->isError())
    return element;
  Size count = c.condition ? Size::unknown() : Size::constant(1);
  for (const Generator &g : c.generators)
    if (TypeRef range = module->types[static_cast<uint32_t>(g.range->id)];
        range && range->is(TypeKind::Array))
      count = count * range->sizes[0];
    else
      count = Size::unknown();
  if (element->is(TypeKind::Array)) {
    std::vector<Size> sizes = {count};
    sizes.insert(sizes.end(), element->sizes.begin(), element->sizes.end());
    return arrayOf(element->element, sizes);
  }
  return arrayOf(element, {count});
}

/// Single values in a tuple and the tuples in it; stops counting once there are more than `most`.
static size_t partsOf(const sema::Type &type, size_t most) {
  if (!type.is(TypeKind::Tuple))
    return 1;
  size_t parts = 0;
  for (const sema::TypeField &field : type.fields)
    if ((parts += partsOf(*field.type, most - parts)) > most)
      break;
  return parts;
}

TypeRef Checker::tuple(const TupleExpr &t) {
  std::vector<sema::TypeField> fields;
  bool failed = false;
  for (const Arg &arg : t.fields) {
    TypeRef type = expr(*arg.value);
    // A live value in a record: the linearity checker says why not.
    failed |= type->isError() || (arg.name && type->isLive());
    for (const sema::TypeField &other : fields)
      if (arg.name && other.name == arg.name->text) {
        diagnostics.report(diag::Kind::DeclaredTwice, arg.name->span, arg.name->text)
            .label("second field of this name");
        failed = true;
      }
    fields.push_back({arg.name ? arg.name->text : "", std::move(type)});
  }
  if (failed)
    return simple(TypeKind::Error);
  if (fields.empty())
    return simple(TypeKind::Unit);
  TypeRef type = tupleOf(std::move(fields));
  if (partsOf(*type, MaxTupleParts) > MaxTupleParts)
    return notYet(t.span, "a tuple of more than 4,096 values");
  return type;
}

TypeRef Checker::unary(const UnaryExpr &u) {
  if (context.place == Place::Circuit && (u.op == UnaryOp::Measure || u.op == UnaryOp::Prepare)) {
    notUnitary(u.opSpan, u.op == UnaryOp::Measure ? "`measure`" : "`prepare`")
        .label("not unitary")
        .help(u.op == UnaryOp::Measure ? "write a `fn` that takes the qubits and measures them"
                                       : "apply the circuit's gates to a qubit it borrows");
    return simple(TypeKind::Error);
  }
  TypeRef t = expr(*u.operand);
  if (t->isError())
    return t;
  auto bad = [&](std::string_view op) {
    diagnostics.report(diag::Kind::BadOperand, u.operand->span, op, show(t))
        .label(fmt::format("this is {}", show(t)));
    return simple(TypeKind::Error);
  };
  switch (u.op) {
  case UnaryOp::Neg:
  case UnaryOp::Not:
    return unaryArithmetic(u, t);
  case UnaryOp::Adj:
    if (t->is(TypeKind::Unitary))
      return t;
    return bad("adj");
  case UnaryOp::Prepare: {
    if (!t->isRecipe())
      return bad("prepare");
    pay(u.span, "`prepare`");
    return sized(TypeKind::Register, t->sizes[0]);
  }
  case UnaryOp::Measure: {
    if (t->is(TypeKind::Qubit))
      return simple(TypeKind::Bool);
    if (t->is(TypeKind::Register))
      return t->sizes[0] == Size::constant(1) ? simple(TypeKind::Bool)
                                              : arrayOf(simple(TypeKind::Bool), {t->sizes[0]});
    auto result = bad("measure");
    return result;
  }
  }
  return simple(TypeKind::Error);
}

TypeRef Checker::binary(const BinaryExpr &b) {
  TypeRef lhs = expr(*b.lhs);
  TypeRef rhs = expr(*b.rhs);
  if (lhs->isError() || rhs->isError())
    return simple(TypeKind::Error);
  auto bad = [&] {
    diagnostics
        .report(diag::Kind::BadOperands, b.opSpan, sources.text(b.opSpan), show(lhs), show(rhs))
        .place(b.lhs->span, fmt::format("this is {}", show(lhs)))
        .place(b.rhs->span, fmt::format("this is {}", show(rhs)));
    return simple(TypeKind::Error);
  };
  switch (b.op) {
  case BinaryOp::Or:
  case BinaryOp::And:
    return lhs->is(TypeKind::Bool) && rhs->is(TypeKind::Bool) ? lhs : bad();
  case BinaryOp::Range: {
    if (!lhs->is(TypeKind::Int) || !rhs->is(TypeKind::Int))
      return bad();
    return arrayOf(simple(TypeKind::Int), {sizeOf(*b.rhs) - sizeOf(*b.lhs)});
  }
  case BinaryOp::Then: {
    if (!lhs->isRecipe() || !rhs->is(TypeKind::Unitary)) {
      if (lhs->isRecipe() && rhs->isRecipe()) {
        diagnostics
            .report(diag::Kind::TypeMismatch, b.rhs->span, "the right of `then`", show(rhs),
                    "a unitary")
            .help("a state cannot be applied to another state; superpose or mix them instead");
        return simple(TypeKind::Error);
      }
      return bad();
    }
    SizeBindings none;
    if (!solve(lhs->sizes[0], rhs->sizes[0], {}, none)) {
      diagnostics.report(diag::Kind::QubitsDiffer, b.opSpan, quote(b.lhs->span),
                         show(lhs->sizes[0]), quote(b.rhs->span), show(rhs->sizes[0]));
      return simple(TypeKind::Error);
    }
    return lhs;
  }
  case BinaryOp::Tensor: {
    if (lhs->is(TypeKind::Observable) && rhs->is(TypeKind::Observable))
      return lhs;
    if (!lhs->isRecipe() || !rhs->isRecipe())
      return bad();
    return sized(std::max(lhs->kind, rhs->kind), lhs->sizes[0] + rhs->sizes[0]);
  }
  case BinaryOp::Pow:
    if (lhs->is(TypeKind::Unitary) && rhs->is(TypeKind::Int))
      return lhs;
    [[fallthrough]];
  default:
    return arithmetic(b, lhs, rhs);
  }
}

void Checker::shapeDependsOnData(const Expr &e, std::string_view what) {
  if (context.place != Place::Circuit)
    return;
  // Structure is made of int, bool and string parameters, sizes and constants; real numbers are
  // data.
  struct Finder {
    Checker &checker;
    const Expr *found = nullptr;
    void visit(const Expr &e) {
      if (found)
        return;
      switch (e.kind) {
      case ExprKind::Name: {
        SymbolId id = checker.lookup(as<NameExpr>(e).name);
        if (id == SymbolId::None)
          return;
        const Symbol &s = checker.sym(id);
        const TypeRef &t = s.type;
        if (s.kind == SymbolKind::Variable && t && !t->isLive() && !isTolerance(*t, s.name) &&
            (t->is(TypeKind::Real) || t->is(TypeKind::Complex) ||
             (t->is(TypeKind::Array) && !isStructure(*t))))
          found = &e;
        return;
      }
      case ExprKind::Paren:
        return visit(*as<ParenExpr>(e).inner);
      case ExprKind::Unary:
        return visit(*as<UnaryExpr>(e).operand);
      case ExprKind::Binary:
        visit(*as<BinaryExpr>(e).lhs);
        return visit(*as<BinaryExpr>(e).rhs);
      case ExprKind::Compare:
        visit(*as<CompareExpr>(e).lhs);
        return visit(*as<CompareExpr>(e).rhs);
      case ExprKind::Index:
        return visit(*as<IndexExpr>(e).base);
      case ExprKind::Call:
        if (checker.elaborated(*as<CallExpr>(e).callee))
          return; // its value is known when the circuit is made
        for (const Arg &a : as<CallExpr>(e).args)
          visit(*a.value);
        return;
      default:
        return;
      }
    }
  } finder{*this};
  finder.visit(e);
  if (!finder.found)
    return;
  if (const auto *n = dynAs<NameExpr>(&e))
    if (const TypeRef &t = sym(lookup(n->name)).type; t && t->is(TypeKind::Array))
      return; // `for t in x` runs over a data array: its length is structure
  const Symbol &circuit = sym(context.function);
  auto &d = diagnostics.report(diag::Kind::ShapeDependsOnData, e.span, what);
  if (finder.found->span.begin == e.span.begin)
    d.label("this is data");
  else
    d.label("known only with the data").place(finder.found->span, "this is data");
  d.place(circuit.span, fmt::format("`{}` has one shape for every row", circuit.name))
      .help("let data set angles only; choose gates by `int` or `bool` parameters");
  diagnostics.silence(e.span); // that it is no `int` either is the same mistake
}

TypeRef Checker::ifExpr(const IfExpr &e) {
  shapeDependsOnData(*e.condition, "which gates run");
  condition(*e.condition, "the condition of `if`");
  if (e.elseBlock)
    if (const auto *c = dynAs<CompareExpr>(e.condition.get()); c && c->confidence && !e.elseIsIf)
      diagnostics
          .report(diag::Kind::ElseOfNotShown,
                  e.elseBlock->span.file == c->span.file
                      ? base::Span{e.elseBlock->span.file, e.elseBlock->span.begin,
                                   e.elseBlock->span.begin + 1}
                      : c->span)
          .label("runs when it was not shown")
          .place(c->span, "true only when the interval excludes the other side")
          .help("test the opposite too: `if ... < ... at ...`, or treat `else` as \"cannot tell\"");
  TypeRef thenType = simple(TypeKind::Unit);
  TypeRef elseType = simple(TypeKind::Unit);
  block(e.thenBlock, &thenType);
  if (e.elseBlock)
    block(*e.elseBlock, &elseType);
  if (!e.elseBlock || thenType->is(TypeKind::Unit) || elseType->is(TypeKind::Unit))
    return simple(TypeKind::Unit);
  bool failed = false;
  TypeRef result = join(thenType, elseType, failed);
  if (failed)
    diagnostics.report(diag::Kind::TypeMismatch, e.elseBlock->span, "`else`", show(elseType),
                       show(thenType));
  return result;
}

} // namespace qdo::sema
