// SPDX-License-Identifier: Apache-2.0
// Gram matrices, what they say about a kernel, preprocessing and validation: types and payment.
#include "compiler/sema/checker.h"
#include "compiler/sema/learning.h"

#include <fmt/format.h>

#include <algorithm>

namespace qdo::sema {

using namespace syntax;

const LearningFunction *learningFunction(std::string_view name) {
  static const std::vector<LearningFunction> functions = {
      {"gram", {"k", "xs", "ys"}, 2},
      {"alignment", {"k", "rows", "centred"}, 2},
      {"geometric_difference", {"K", "classical"}, 2},
      {"write_npy", {"path", "values"}, 2},
      {"pca", {"rows", "to"}, 2},
      {"standardise", {"rows"}, 1},
      {"cross_validate", {"training", "folds"}, 1},
  };
  auto found = std::ranges::find(functions, name, &LearningFunction::name);
  return found == functions.end() ? nullptr : &*found;
}

std::optional<std::vector<const Expr *>> ordered(const LearningFunction &function,
                                                 const std::vector<Arg> &arguments) {
  std::vector<const Expr *> given(function.parameters.size(), nullptr);
  size_t next = 0;
  for (const Arg &arg : arguments) {
    size_t at = next;
    if (arg.name)
      at = static_cast<size_t>(std::ranges::find(function.parameters, arg.name->text) -
                               function.parameters.begin());
    else
      ++next;
    if (at >= given.size() || given[at])
      return std::nullopt;
    given[at] = arg.value.get();
  }
  for (size_t i = 0; i < function.required; ++i)
    if (!given[i])
      return std::nullopt;
  return given;
}

bool makesClassicalKernel(const Expr &kernel, const ModuleInfo &module, const Program &program) {
  if (const auto *paren = dynAs<ParenExpr>(&kernel))
    return makesClassicalKernel(*paren->inner, module, program);
  const auto *call = dynAs<CallExpr>(&kernel);
  const SymbolId id = call ? module.uses[static_cast<uint32_t>(call->callee->id)] : SymbolId::None;
  const auto native = id == SymbolId::None ? std::nullopt : nativeBody(program.symbol(id));
  return native && native->marker == "native";
}

/// What a Gram matrix, or one of its summaries, holds.
TypeRef Checker::measuredType(const Expr &kernel, const TypeRef &type, base::Span span,
                              std::string_view what) {
  SymbolId name = module->uses[static_cast<uint32_t>(kernel.id)];
  bool classical = false;
  if (type->is(TypeKind::Kernel) && name != SymbolId::None &&
      sym(name).kind == SymbolKind::Kernel) {
    if (!program.effects[name].checked)
      inModuleOf(name, [&] { kernelDecl(name); });
    const Effects &effects = program.effects[name];
    classical = !effects.measures && effects.result && effects.result->is(TypeKind::Real);
  }
  if (classical || context.payer == Payer::Exact)
    return simple(TypeKind::Real);
  pay(span, what);
  return simple(TypeKind::Estimate);
}

/// The data set with `columns` features, as `pca` makes it; any number without it.
static TypeRef withFeatures(const TypeRef &rows, const std::optional<Size> &columns) {
  if (!rows->schema)
    return datasetOf(nullptr);
  auto schema = std::make_shared<Schema>(*rows->schema);
  const bool hasX =
      std::ranges::find(schema->fields, "x", &TypeField::name) != schema->fields.end();
  for (TypeField &field : schema->fields)
    if (columns && field.type->is(TypeKind::Array) && (field.name == "x" || !hasX))
      field.type = arrayOf(simple(TypeKind::Real), {*columns});
  return datasetOf(schema);
}

TypeRef Checker::crossValidation(const Expr &training) {
  auto refuse = [&](const std::string &what) {
    diagnostics.report(diag::Kind::NotATraining, training.span, what)
        .help("write the training as it would stand alone: `cross_validate(svm(k, flowers.train, "
              "C: 1.0), folds: 5)`");
    return simple(TypeKind::Error);
  };
  TypeRef type = expr(training);
  if (type->isError())
    return type;
  const auto *call = dynAs<CallExpr>(&training);
  if (!type->is(TypeKind::Model) || !call)
    return refuse(type->is(TypeKind::Model) ? "a model that has been trained" : show(type));
  const SymbolId id = module->uses[static_cast<uint32_t>(call->callee->id)];
  if (id == SymbolId::None || sym(id).kind != SymbolKind::Function)
    return refuse("a call of a function held in a value");
  const auto &parameters = signature(id).parameters;
  const auto sets = std::ranges::count_if(
      parameters, [](const auto &p) { return p.type->is(TypeKind::Dataset); });
  if (sets != 1)
    return refuse(fmt::format("one that takes {} data sets", sets));
  if (context.payer != Payer::Exact)
    pay(training.span, "a cross-validation");
  return simple(TypeKind::Real);
}

TypeRef Checker::callLearning(const LearningFunction &function, const CallExpr &call) {
  const auto given = ordered(function, call.args);
  if (!given) {
    for (const Arg &arg : call.args)
      expr(*arg.value);
    std::string shape;
    for (size_t i = 0; i < function.parameters.size(); ++i)
      shape += fmt::format("{}{}{}", i ? ", " : "", function.parameters[i],
                           i < function.required ? "" : ": ...");
    diagnostics
        .report(diag::Kind::FunctionArity, call.span, fmt::format("`{}`", function.name),
                function.required, call.args.size())
        .help(fmt::format("it is called as `{}({})`", function.name, shape));
    return simple(TypeKind::Error);
  }
  const std::vector<const Expr *> &args = *given;
  if (function.name == "cross_validate") {
    if (args[1])
      expectType(simple(TypeKind::Int), expr(*args[1]), args[1]->span, "`folds`");
    return crossValidation(*args[0]);
  }
  std::vector<TypeRef> types;
  for (const Expr *arg : args)
    types.push_back(arg ? expr(*arg) : nullptr);
  for (const TypeRef &t : types)
    if (t && t->isError())
      return t;
  auto expect = [&](size_t i, const TypeRef &type) {
    return !args[i] ||
           expectType(type, types[i], args[i]->span,
                      fmt::format("`{}` of `{}`", function.parameters[i], function.name));
  };
  const TypeRef error = simple(TypeKind::Error), real = simple(TypeKind::Real);
  const TypeRef matrix = arrayOf(real, {Size::unknown(), Size::unknown()});
  const TypeRef rows = datasetOf(nullptr), kernel = simple(TypeKind::Kernel);
  auto isMatrix = [](const TypeRef &t) {
    return t->is(TypeKind::Array) && t->sizes.size() == 2 &&
           (t->element->is(TypeKind::Estimate) || t->element->is(TypeKind::Real));
  };
  if (function.name == "gram") {
    if (!expect(0, kernel) || !expect(1, matrix) || !expect(2, matrix))
      return error;
    const Size count = types[1]->sizes[0];
    return arrayOf(measuredType(*args[0], types[0], call.span, "a Gram matrix"),
                   {count, types[2] ? types[2]->sizes[0] : count});
  }
  if (function.name == "alignment") {
    if (isMatrix(types[0])) {
      if (!isMatrix(types[1]) || args[2] || types[0]->element->kind != types[1]->element->kind) {
        diagnostics
            .report(diag::Kind::TypeMismatch, args[1]->span, "the second matrix of `alignment`",
                    show(types[1]), show(types[0]))
            .label(fmt::format("this is {}", show(types[1])));
        return error;
      }
      return types[0]->element;
    }
    if ((!types[0]->is(TypeKind::Encoding) && !expect(0, kernel)) || !expect(1, rows) ||
        !expect(2, simple(TypeKind::Bool)))
      return error;
    return measuredType(*args[0], types[0], call.span, "an alignment");
  }
  if (function.name == "geometric_difference") {
    if (!isMatrix(types[0])) {
      diagnostics
          .report(diag::Kind::TypeMismatch, args[0]->span, "`K` of `geometric_difference`",
                  show(types[0]), show(arrayOf(simple(TypeKind::Estimate), matrix->sizes)))
          .label(fmt::format("this is {}", show(types[0])));
      return error;
    }
    if (!expect(1, kernel))
      return error;
    measuredType(*args[1], types[1], call.span, "a geometric difference");
    return numberWith(types[0]->element->kind,
                      {{"bound", real}, {"verdict", simple(TypeKind::String)}});
  }
  if (function.name == "write_npy") {
    if (!expect(0, simple(TypeKind::String)))
      return error;
    const bool numbers =
        types[1]->is(TypeKind::Array) && types[1]->sizes.size() <= 2 &&
        (types[1]->element->is(TypeKind::Real) || types[1]->element->is(TypeKind::Int));
    if (!numbers) {
      expectType(matrix, types[1], args[1]->span, "what `write_npy` writes");
      return error;
    }
    return simple(TypeKind::Unit);
  }
  if (!expect(0, rows) || (args.size() > 1 && !expect(1, simple(TypeKind::Int))))
    return error;
  return withFeatures(types[0],
                      function.name == "pca" ? std::optional(sizeOf(*args[1])) : std::nullopt);
}

} // namespace qdo::sema
