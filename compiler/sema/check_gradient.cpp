// SPDX-License-Identifier: Apache-2.0
// `grad` and `minimize`: a function of numbers that gives one, where it starts, and how to go on.
// Why built in: their results have the shape of what they start from.
// Must not: say what is smooth; elaboration sees the numbers that are differentiated.
#include "compiler/sema/checker.h"

#include <fmt/format.h>

namespace qdo::sema {

using namespace syntax;

static bool isReal(const TypeRef &t) { return t->is(TypeKind::Int) || t->is(TypeKind::Real); }

TypeRef Checker::callGradient(const std::string &name, const CallExpr &call) {
  const bool grad = name == "grad";
  const std::string_view start = grad ? "at" : "from";
  const Expr *function = nullptr, *at = nullptr, *by = nullptr;
  TypeRef functionType, atType, byType;
  bool failed = false;
  for (const Arg &arg : call.args) {
    TypeRef t = expr(*arg.value);
    failed |= t->isError();
    const std::string_view called = arg.name ? std::string_view(arg.name->text) : "";
    auto take = [&](const Expr *&slot, TypeRef &type) {
      if (slot) {
        diagnostics.report(diag::Kind::DuplicateArgument, arg.value->span, std::string(called),
                           name);
        failed = true;
      }
      slot = arg.value.get();
      type = t;
    };
    if (!arg.name && !function) {
      take(function, functionType);
    } else if (called == start) {
      take(at, atType);
    } else if (called == "by" && !grad) {
      take(by, byType);
    } else if (arg.name) {
      diagnostics.report(diag::Kind::UnknownArgument, arg.name->span, name, arg.name->text);
      failed = true;
    } else {
      diagnostics
          .report(diag::Kind::TooManyArguments, arg.value->span, name,
                  grad ? "a function and `at:`" : "a function, `from:` and `by:`")
          .help(grad ? "`grad(w -> loss(w), at: w0)`"
                     : "`minimize(w -> loss(w), from: w0, by: adam(rate: 0.1, steps: 100))`");
      failed = true;
    }
  }
  auto missing = [&](const Expr *given, std::string_view what) {
    if (given || failed)
      return;
    diagnostics.report(diag::Kind::MissingArgument, call.span, name, std::string(what))
        .help(grad ? "`grad(w -> loss(w), at: w0)`"
                   : "`minimize(w -> loss(w), from: w0, by: adam(rate: 0.1, steps: 100))`");
    failed = true;
  };
  missing(function, "function");
  missing(at, start);
  if (!grad)
    missing(by, "by");
  if (failed)
    return simple(TypeKind::Error);

  if (!functionType->is(TypeKind::Function)) {
    diagnostics.report(diag::Kind::BadOperand, function->span, name, show(functionType))
        .label(fmt::format("this is {}", show(functionType)))
        .help(fmt::format("it takes a function: `{}(w -> loss(w), {}: w0)`", name, start));
    return simple(TypeKind::Error);
  }
  const bool array =
      atType->is(TypeKind::Array) && isReal(atType->element) && atType->sizes.size() <= 2;
  if (!array && !isReal(atType)) {
    diagnostics
        .report(diag::Kind::TypeMismatch, at->span, fmt::format("`{}` of `{}`", start, name),
                show(atType), "a number, or a vector or matrix of numbers")
        .label(fmt::format("this is {}", show(atType)));
    return simple(TypeKind::Error);
  }
  if (by && !expectType(simple(TypeKind::Optimizer), byType, by->span, "`by` of `minimize`"))
    return simple(TypeKind::Error);
  const TypeRef real = simple(TypeKind::Real);
  const TypeRef point = array ? arrayOf(real, atType->sizes) : real;
  const TypeRef result = apply(functionType, {point}, function->span, quote(function->span));
  if (result->isError())
    return result;
  if (!isReal(result) && !result->is(TypeKind::Estimate)) {
    diagnostics.report(diag::Kind::NotAnObjective, function->span, name, show(result))
        .label(fmt::format("this gives {}", show(result)))
        .help(result->is(TypeKind::Array) ? "make one number of them: their `sum`, their `mean`"
                                          : "give what is to become small, as one number");
    return simple(TypeKind::Error);
  }
  const TypeRef number = result->is(TypeKind::Estimate) ? result : real;
  if (grad)
    return array ? arrayOf(number, atType->sizes) : number;
  return tupleOf({{"at", point},
                  {"value", number},
                  {"steps", simple(TypeKind::Int)},
                  {"stopped", simple(TypeKind::String)},
                  {"history", arrayOf(number, {Size::unknown()})}});
}

} // namespace qdo::sema
