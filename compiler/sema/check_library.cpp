// SPDX-License-Identifier: Apache-2.0
// Built-in functions and methods: what their arguments may be and what they give.
// Why not in the standard library: they work on any type, or need what elaboration knows.
#include "compiler/sema/checker.h"
#include "compiler/sema/learning.h"

#include <fmt/format.h>

#include <algorithm>

namespace qdo::sema {

using namespace syntax;

namespace {
struct Arity {
  std::string_view name;
  size_t least, most;
};
constexpr size_t Many = 64;
constexpr Arity Arities[] = {
    {"zip", 2, Many},   {"enumerate", 1, 1}, {"map", 2, 2},           {"filter", 2, 2},
    {"linspace", 3, 3}, {"zeros", 1, 2},     {"flatten", 1, 1},       {"dot", 2, 2},
    {"norm", 1, 1},     {"argmax", 1, 1},    {"argmin", 1, 1},        {"any", 1, 1},
    {"all", 1, 1},      {"fresh", 1, 1},     {"split", 2, 2},         {"qubits", 1, 1},
    {"conj", 1, 1},     {"arg", 1, 1},       {"random_normal", 1, 2}, {"random_uniform", 1, 2},
    {"sum", 1, 1},      {"mean", 1, 1},      {"min", 1, Many},        {"max", 1, Many},
};
} // namespace

static TypeRef elementOf(const TypeRef &array) {
  return array->sizes.size() == 1
             ? array->element
             : arrayOf(array->element, {array->sizes.begin() + 1, array->sizes.end()});
}

static TypeRef arrayOfElements(const TypeRef &element, const Size &count) {
  if (!element->is(TypeKind::Array))
    return arrayOf(element, {count});
  std::vector<Size> sizes = {count};
  sizes.insert(sizes.end(), element->sizes.begin(), element->sizes.end());
  return arrayOf(element->element, sizes);
}

TypeRef Checker::callIntrinsic(SymbolId id, const CallExpr &call) {
  const std::string &name = sym(id).name;
  if (name == "grad" || name == "minimize")
    return callGradient(name, call);
  if (const LearningFunction *function = learningFunction(name))
    return callLearning(*function, call);
  const bool random = name == "random_normal" || name == "random_uniform";
  std::vector<TypeRef> types;
  std::vector<const Expr *> values;
  for (const Arg &arg : call.args) {
    TypeRef t = expr(*arg.value);
    if (!arg.name) {
      types.push_back(t);
      values.push_back(arg.value.get());
    } else if (random && arg.name->text == "scale") {
      expectType(simple(TypeKind::Real), t, arg.value->span, "`scale` of `" + name + "`");
    } else {
      diagnostics.report(diag::Kind::UnknownArgument, arg.name->span, name, arg.name->text);
      return simple(TypeKind::Error);
    }
  }
  const auto *arity = std::find_if(std::begin(Arities), std::end(Arities),
                                   [&](const Arity &a) { return a.name == name; });
  const size_t least = arity == std::end(Arities) ? 1 : arity->least;
  const size_t most = arity == std::end(Arities) ? 1 : arity->most;
  if (types.size() < least || types.size() > most) {
    diagnostics.report(diag::Kind::FunctionArity, call.span, "`" + name + "`",
                       types.size() < least ? least : most, types.size());
    return simple(TypeKind::Error);
  }
  for (const TypeRef &t : types)
    if (t->isError())
      return t;
  auto bad = [&](size_t i, std::string_view help = {}) {
    auto &d = diagnostics.report(diag::Kind::BadOperand, values[i]->span, name, show(types[i]));
    d.label(fmt::format("this is {}", show(types[i])));
    if (!help.empty())
      d.help(std::string(help));
    return simple(TypeKind::Error);
  };
  auto isReal = [](const TypeRef &t) { return t->is(TypeKind::Int) || t->is(TypeKind::Real); };
  auto isArray = [](const TypeRef &t) { return t->is(TypeKind::Array); };
  const TypeRef &first = types[0];
  auto real = [] { return simple(TypeKind::Real); };
  auto whole = [] { return simple(TypeKind::Int); };

  // ---- of arrays
  if (name == "zip" || name == "enumerate") {
    std::vector<TypeField> fields;
    if (name == "enumerate")
      fields.push_back({"", whole()});
    for (size_t i = 0; i < types.size(); ++i) {
      if (!isArray(types[i]))
        return bad(i, "it takes arrays");
      SizeBindings none;
      if (!solve(first->sizes[0], types[i]->sizes[0], {}, none)) {
        diagnostics
            .report(diag::Kind::SizeMismatch, values[i]->span, quote(values[i]->span),
                    show(types[i]), show(first))
            .label(fmt::format("this is {}", show(types[i])))
            .place(values[0]->span, fmt::format("this is {}", show(first)));
        return simple(TypeKind::Error);
      }
      fields.push_back({"", elementOf(types[i])});
    }
    return arrayOf(tupleOf(std::move(fields)), {first->sizes[0]});
  }
  if (name == "map" || name == "filter") {
    if (!first->is(TypeKind::Function))
      return bad(0, fmt::format("write the function first: `{}(x -> x > 0, xs)`", name));
    if (!isArray(types[1]))
      return bad(1, "it takes an array");
    TypeRef result = apply(first, {elementOf(types[1])}, values[0]->span, quote(values[0]->span));
    if (result->isError())
      return result;
    if (name == "map")
      return arrayOfElements(result, types[1]->sizes[0]);
    if (!expectType(simple(TypeKind::Bool), result, values[0]->span, "what `filter` asks"))
      return simple(TypeKind::Error);
    return arrayOfElements(elementOf(types[1]), Size::unknown());
  }
  if (name == "sum" || name == "mean" || ((name == "min" || name == "max") && types.size() == 1)) {
    if (!isArray(first))
      return bad(0, name == "min" || name == "max" ? "" : "it takes an array");
    const TypeRef &element = first->element;
    if (isReal(element))
      return name == "mean" ? real() : element;
    const bool summable = element->is(TypeKind::Estimate) || element->is(TypeKind::Complex) ||
                          element->is(TypeKind::Duration) ||
                          (element->is(TypeKind::Observable) && name == "sum");
    const bool ordered = element->is(TypeKind::Estimate);
    return ordered || (summable && (name == "sum" || name == "mean")) ? element : bad(0);
  }
  if (name == "min" || name == "max") {
    bool isWhole = true, isMeasured = false;
    for (size_t i = 0; i < types.size(); ++i) {
      isMeasured |= types[i]->is(TypeKind::Estimate);
      if (!isReal(types[i]) && !types[i]->is(TypeKind::Estimate))
        return bad(i);
      isWhole &= types[i]->is(TypeKind::Int);
    }
    return isMeasured ? simple(TypeKind::Estimate) : isWhole ? whole() : real();
  }
  if (name == "flatten") {
    if (!isArray(first))
      return bad(0, "it takes an array");
    Size count = Size::constant(1);
    for (const Size &size : first->sizes)
      count = count * size;
    return arrayOf(first->element, {count});
  }
  if (name == "norm" || name == "dot") {
    for (size_t i = 0; i < types.size(); ++i)
      if (!isArray(types[i]) ||
          !(types[i]->element->isNumber() || types[i]->element->is(TypeKind::Estimate)))
        return bad(i, "it takes an array of numbers");
    if (name == "norm")
      return first->element->is(TypeKind::Estimate) ? first->element : real();
    SizeBindings none;
    if (first->sizes.size() != 1 || types[1]->sizes.size() != 1 ||
        !solve(first->sizes[0], types[1]->sizes[0], {}, none)) {
      diagnostics.report(diag::Kind::SizeMismatch, values[1]->span, quote(values[1]->span),
                         show(types[1]), show(first));
      return simple(TypeKind::Error);
    }
    for (TypeKind kind : {TypeKind::Estimate, TypeKind::Complex, TypeKind::Real})
      if (first->element->is(kind) || types[1]->element->is(kind))
        return simple(kind);
    return whole();
  }
  if (name == "argmax" || name == "argmin")
    return isArray(first) && first->sizes.size() == 1 && isReal(first->element)
               ? whole()
               : bad(0, "it takes an array of numbers");
  if (name == "any" || name == "all")
    return isArray(first) && first->element->is(TypeKind::Bool)
               ? simple(TypeKind::Bool)
               : bad(0, "it takes an array of bool");
  if (name == "linspace") {
    for (size_t i = 0; i < 2; ++i)
      if (!isReal(types[i]))
        return bad(i);
    if (!types[2]->is(TypeKind::Int))
      return bad(2, "the third argument says how many points");
    return arrayOf(real(), {sizeOf(*values[2])});
  }
  if (name == "zeros" || random) {
    std::vector<Size> sizes;
    for (size_t i = 0; i < types.size(); ++i) {
      if (!types[i]->is(TypeKind::Int))
        return bad(i, "it takes sizes");
      sizes.push_back(sizeOf(*values[i]));
    }
    return arrayOf(real(), sizes);
  }

  // ---- of quantum things
  const bool measured =
      first->is(TypeKind::Estimate) || (isArray(first) && first->element->is(TypeKind::Estimate));
  if (name == "fresh" && measured)
    if (const Expr *known = alreadyMeasured(*values[0])) {
      diagnostics.report(diag::Kind::NotAllowedHere, known->span, quote(known->span), "in `fresh`")
          .label("measured already")
          .help("`fresh` measures what stands in its parentheses: `fresh(<p|H|p>)`, "
                "`fresh(gram(k, xs))`, or a call of a function that measures");
      return simple(TypeKind::Error);
    }
  if (name == "fresh")
    return measured || context.payer == Payer::Exact
               ? first
               : bad(0, "write what to measure again: `fresh(<p|H|p>)`");
  if (name == "qubits")
    return first->isRecipe() || first->is(TypeKind::Encoding) ? whole()
                                                              : bad(0, "it takes a recipe");
  if (name == "split") {
    if (!first->is(TypeKind::Register) || !types[1]->is(TypeKind::Int))
      return bad(first->is(TypeKind::Register) ? 1 : 0,
                 "`split(q, k)` gives the first `k` qubits and the rest");
    const Size k = sizeOf(*values[1]);
    return tupleOf(
        {{"", sized(TypeKind::Register, k)}, {"", sized(TypeKind::Register, first->sizes[0] - k)}});
  }

  if (name == "load") { // `let` takes it where the type is written
    diagnostics
        .report(diag::Kind::NotAllowedHere, call.span, "`load`",
                "without the type of what was saved")
        .help("write the type beside the name: `let e: estimate = load(\"name\")`");
    return simple(TypeKind::Error);
  }

  // ---- of one number
  if (name == "conj" || name == "arg") {
    if (!first->isNumber())
      return bad(0);
    return name == "arg" ? real() : first;
  }
  if (name == "int" && first->is(TypeKind::Bool))
    return whole();
  if (first->is(TypeKind::Estimate)) {
    static constexpr std::string_view smooth[] = {"abs", "sqrt", "sin", "cos", "tan", "exp", "log"};
    if (std::find(std::begin(smooth), std::end(smooth), name) != std::end(smooth))
      return first;
    return bad(0, "use the plain number: `.value`");
  }
  if (first->is(TypeKind::Complex) && name == "abs")
    return real();
  if (first->is(TypeKind::Duration) && name == "abs")
    return first;
  if (!isReal(first))
    return bad(0);
  if (name == "abs")
    return first;
  return name == "int" || name == "floor" || name == "ceil" || name == "round" ? whole() : real();
}

const Expr *Checker::alreadyMeasured(const Expr &e) const {
  const TypeRef &type = module->types[static_cast<uint32_t>(e.id)];
  const bool measured =
      type && (type->is(TypeKind::Estimate) ||
               (type->is(TypeKind::Array) && type->element->is(TypeKind::Estimate)));
  if (!measured)
    return nullptr;
  if (const auto *paren = dynAs<ParenExpr>(&e))
    return alreadyMeasured(*paren->inner);
  if (const auto *binary = dynAs<BinaryExpr>(&e)) {
    const Expr *left = alreadyMeasured(*binary->lhs);
    return left ? left : alreadyMeasured(*binary->rhs);
  }
  if (const auto *unary = dynAs<UnaryExpr>(&e))
    return alreadyMeasured(*unary->operand);
  // A part of what is measured here is measured here: `gram(k, xs).min_eigenvalue`.
  const Expr *whole = nullptr;
  if (const auto *index = dynAs<IndexExpr>(&e))
    whole = index->base.get();
  if (const auto *member = dynAs<MemberExpr>(&e))
    whole = member->base.get();
  if (whole)
    return whole->kind == ExprKind::Call || whole->kind == ExprKind::Paren ? alreadyMeasured(*whole)
                                                                           : &e;
  return e.kind == ExprKind::Name ? &e : nullptr;
}

TypeRef Checker::callMethod(const CallExpr &call, const MemberExpr &method, const TypeRef &base) {
  const std::string &name = method.member.text;
  if (base->is(TypeKind::Shadow))
    return askShadow(call, method);
  std::vector<TypeRef> types;
  for (const Arg &arg : call.args)
    types.push_back(expr(*arg.value));
  if (base->is(TypeKind::Tuple))
    for (const sema::TypeField &field : base->fields)
      if (field.name == name && field.type->is(TypeKind::Function))
        return apply(field.type, types, call.span, quote(call.callee->span));
  if (base->is(TypeKind::Counts) && name == "probability") {
    if (types.size() != 1) {
      diagnostics.report(diag::Kind::FunctionArity, call.span, "`probability`", 1, types.size())
          .help("`c.probability(\"01\")`: of the outcome with 1 on qubit 0");
      return simple(TypeKind::Error);
    }
    return expectType(simple(TypeKind::String), types[0], call.args[0].value->span,
                      "an outcome, such as `\"01\"`,")
               ? simple(TypeKind::Estimate)
               : simple(TypeKind::Error);
  }
  if (base->is(TypeKind::Dataset) && name == "batch") {
    if (types.size() != 2) {
      diagnostics.report(diag::Kind::FunctionArity, call.span, "`batch`", 2, types.size())
          .help("`rows.batch(16, step)`: 16 rows, other ones in each step");
      return simple(TypeKind::Error);
    }
    for (size_t i = 0; i < 2; ++i)
      expectType(simple(TypeKind::Int), types[i], call.args[i].value->span,
                 i == 0 ? "the rows of a batch" : "the number of the batch");
    if (!base->schema)
      return base;
    auto schema = std::make_shared<Schema>(*base->schema);
    schema->parts.clear();
    schema->openParts = false;
    return datasetOf(schema);
  }
  if (base->is(TypeKind::Dataset) && name == "map")
    return notYet(method.member.span, "`.map` of a dataset");
  diagnostics.report(diag::Kind::UnknownMember, method.member.span, show(base), name);
  return simple(TypeKind::Error);
}

} // namespace qdo::sema
