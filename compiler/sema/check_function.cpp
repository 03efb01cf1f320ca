// SPDX-License-Identifier: Apache-2.0
// Functions: bodies, results, lambdas and functions as values.
// Why a body is checked for each way of paying: under `exact` bra-kets are plain numbers, so the
// same text has other types there.
#include "compiler/sema/checker.h"

#include <fmt/format.h>

#include <algorithm>

namespace qdo::sema {

using namespace syntax;

void Checker::fnDecl(SymbolId id) {
  signature(id);
  functions.push_back(id);
}

void Checker::uncalled() {
  for (size_t i = 0; i < functions.size(); ++i) {
    const Effects &effects = program.effects[functions[i]];
    if (!effects.checked && !effects.exactResult && !effects.failed)
      fnBody(functions[i], Payer::Caller);
  }
  context = {};
  context.payer = Payer::Policy;
  for (size_t i = 0; i < closures.size(); ++i)
    if (closures[i]->lambda && !closures[i]->checked)
      applyLambda(*closures[i], std::vector<TypeRef>(closures[i]->lambda->params.size(),
                                                     simple(TypeKind::Error)));
}

static bool alwaysReturns(const std::vector<StmtPtr> &list) {
  for (const StmtPtr &s : list) {
    if (s->kind == StmtKind::Return || s->kind == StmtKind::Error)
      return true;
    if (const auto *with = dynAs<WithStmt>(s.get()); with && alwaysReturns(with->body.stmts))
      return true;
    if (const auto *loop = dynAs<WhileStmt>(s.get()))
      if (const auto *forever = dynAs<BoolExpr>(loop->condition.get()); forever && forever->value)
        return true; // it is left by `return`, or never
    const auto *e = dynAs<ExprStmt>(s.get());
    const auto *i = e ? dynAs<IfExpr>(e->value.get()) : nullptr;
    if (i && i->elseBlock && alwaysReturns(i->thenBlock.stmts) &&
        alwaysReturns(i->elseBlock->stmts))
      return true;
  }
  return false;
}

/// A library function whose value is known when a circuit is made, whatever its arguments.
bool Checker::elaborated(const Expr &callee) const {
  const auto *n = dynAs<NameExpr>(&callee);
  const SymbolId id = n ? lookup(n->name) : SymbolId::None;
  const auto native = id == SymbolId::None ? std::nullopt : nativeBody(program.symbol(id));
  return native && native->marker == "elaborated";
}

/// What a type written for the case of shots is under `exact`.
static TypeRef underExact(const TypeRef &type) {
  if (!type)
    return type;
  if (type->is(TypeKind::Estimate))
    return simple(TypeKind::Real);
  if (!type->is(TypeKind::Array) && !type->is(TypeKind::Tuple))
    return type;
  auto copy = std::make_shared<sema::Type>(*type);
  copy->element = underExact(type->element);
  for (sema::TypeField &field : copy->fields)
    field.type = underExact(field.type);
  return copy;
}

/// What a function with this signature promises. One that is given estimates makes estimates of
/// them under `exact`, too.
static TypeRef promisedBy(const Signature &signature, bool exact) {
  const auto measured = [](const Signature::Parameter &p) {
    return p.type->is(TypeKind::Estimate) ||
           (p.type->is(TypeKind::Array) && p.type->element->is(TypeKind::Estimate));
  };
  return exact && std::ranges::none_of(signature.parameters, measured)
             ? underExact(signature.result)
             : signature.result;
}

/// Checks a function's body and infers its result; under `exact` bra-kets are plain numbers.
TypeRef Checker::fnBody(SymbolId id, Payer payer) {
  Effects &effects = program.effects[id];
  Signature &sig = signature(id);
  const auto &fn = as<FnStmt>(*sym(id).decl);
  const bool exact = payer == Payer::Exact;
  if (effects.checking) {
    if (!sig.result)
      diagnostics.report(diag::Kind::TypeMismatch, fn.name.span,
                         "the result of the recursive `" + fn.name.text + "`", "not written",
                         "a result type: `fn " + fn.name.text + "(...) -> TYPE`");
    return sig.result ? promisedBy(sig, exact) : simple(TypeKind::Error);
  }
  if (effects.failed)
    return simple(TypeKind::Error);
  effects.checking = true;
  const unsigned errorsBefore = diagnostics.errorCount();
  TypeRef result = sig.result;
  // The library's own functions have no body to check: native("entry") and its kin.
  if (const auto native = nativeBody(sym(id))) {
    if (native->marker == "measured" || native->marker == "sampled" ||
        native->marker == "estimated")
      effects.measures = fn.name.span;
    effects.checked = true;
    effects.checking = false;
    effects.result = effects.exactResult = result;
    if (native->marker == "estimated")
      effects.exactResult = underExact(result);
    return exact ? effects.exactResult : result;
  }
  inModuleOf(id, [&] {
    bindParameters(sig);
    context = {};
    context.place = Place::Function;
    context.payer = payer;
    context.function = id;
    // `-> estimate` is the result under shots; the same body under `exact` gives a number.
    context.declaredResult = promisedBy(sig, exact);
    std::vector<TypeRef> returns;
    context.returns = &returns;
    TypeRef inferred = simple(TypeKind::Unit);
    if (fn.value) {
      inferred = expr(*fn.value);
      if (context.declaredResult)
        expectType(context.declaredResult, inferred, fn.value->span,
                   "the result of `" + fn.name.text + "`");
    } else {
      const bool forgotten = forgotReturn(fn) || module->ast.mayBeUnread("return", fn.name.span);
      block(*fn.block);
      for (size_t i = 0; i < returns.size(); ++i) {
        bool failed = false;
        inferred = i == 0 ? returns[0] : join(inferred, returns[i], failed);
        if (failed && !context.declaredResult)
          diagnostics.report(diag::Kind::TypeMismatch, fn.name.span,
                             "one result of `" + fn.name.text + "`", show(returns[i]),
                             show(returns[0]));
      }
      const TypeRef &promised = context.declaredResult ? context.declaredResult : inferred;
      if (!forgotten && !returns.empty() && !promised->is(TypeKind::Unit) && !promised->isError() &&
          !alwaysReturns(fn.block->stmts))
        diagnostics
            .report(diag::Kind::TypeMismatch, fn.name.span, "the result of `" + fn.name.text + "`",
                    "missing on some path", show(promised))
            .place({fn.block->span.file, fn.block->span.end - 1, fn.block->span.end},
                   "this end can be reached")
            .help("end every path with `return`");
      if (!forgotten && returns.empty() && context.declaredResult &&
          !context.declaredResult->is(TypeKind::Unit))
        diagnostics
            .report(diag::Kind::TypeMismatch, fn.name.span, "the result of `" + fn.name.text + "`",
                    "missing", show(context.declaredResult))
            .help("end it with `return`");
    }
    result = context.declaredResult ? context.declaredResult : inferred;
  });
  effects.checking = false;
  effects.failed = diagnostics.errorCount() != errorsBefore;
  (exact ? effects.exactResult : effects.result) = result;
  if (!exact)
    effects.checked = true;
  return result;
}

/// What a call of a declared function gives at this place; null when that is not known yet.
TypeRef Checker::resultOf(SymbolId id) {
  Effects &effects = program.effects[id];
  const bool exact = context.payer == Payer::Exact;
  if (exact ? !effects.exactResult : !effects.checked)
    return fnBody(id, exact ? Payer::Exact : Payer::Caller);
  return exact ? effects.exactResult : effects.result;
}

TypeRef Checker::lambda(const LambdaExpr &lambda) {
  auto closure = std::make_shared<Closure>();
  closure->lambda = &lambda;
  closure->scopes = scopes;
  closure->module = module;
  closure->context = context;
  closures.push_back(closure);
  auto type = std::make_shared<sema::Type>();
  type->kind = TypeKind::Function;
  type->fields.assign(lambda.params.size(), {"", simple(TypeKind::Error)});
  type->element = simple(TypeKind::Error);
  type->closure = closure;
  return type;
}

TypeRef Checker::functionValue(SymbolId id) {
  const Signature &sig = signature(id);
  auto closure = std::make_shared<Closure>();
  closure->symbol = id;
  auto type = std::make_shared<sema::Type>();
  type->kind = TypeKind::Function;
  for (const Signature::Parameter &p : sig.parameters)
    if (!p.defaultValue)
      type->fields.push_back({"", p.type});
  type->element = sig.result ? sig.result : simple(TypeKind::Error);
  type->closure = closure;
  return type;
}

TypeRef Checker::apply(const TypeRef &function, const std::vector<TypeRef> &args, base::Span span,
                       std::string_view name) {
  if (args.size() != function->fields.size()) {
    diagnostics.report(diag::Kind::FunctionArity, span, name, function->fields.size(), args.size())
        .label(fmt::format("this is {}", show(function)));
    return simple(TypeKind::Error);
  }
  const Closure *closure = function->closure.get();
  if (closure && closure->lambda)
    return applyLambda(*closure, args);
  SizeBindings bindings;
  static const std::vector<uint32_t> none;
  const Signature *sig = closure ? &signature(closure->symbol) : nullptr;
  for (size_t i = 0; i < args.size(); ++i)
    if (!expectType(function->fields[i].type, args[i], span,
                    fmt::format("argument {} of {}", i + 1, name), sig ? sig->sizeVariables : none,
                    &bindings))
      return simple(TypeKind::Error);
  if (!closure)
    return context.payer == Payer::Exact ? underExact(function->element) : function->element;
  if (!sig->on.empty())
    return notYet(span, "a function that borrows qubits, held in a value,");
  TypeRef result = resultOf(closure->symbol);
  if (program.effects[closure->symbol].measures && context.payer != Payer::Exact)
    pay(span, fmt::format("a call of `{}`", sym(closure->symbol).name));
  for (uint32_t size : sig->sizeVariables)
    bindings.emplace(size, Size::unknown());
  return result ? substitute(result, bindings) : simple(TypeKind::Error);
}

TypeRef Checker::applyLambda(const Closure &closure, const std::vector<TypeRef> &args) {
  if (closure.failed)
    return simple(TypeKind::Error);
  closure.checked = true;
  const LambdaExpr &lambda = *closure.lambda;
  const unsigned errorsBefore = diagnostics.errorCount();
  std::vector<Scope> outerScopes = std::exchange(scopes, closure.scopes);
  ModuleInfo *outerModule = std::exchange(module, closure.module);
  const Context outer = context;
  context.place = outer.place == Place::Circuit ? Place::Circuit : Place::Function;
  context.loops = 0;
  context.estimate = {};
  context.declaredResult = nullptr;
  std::vector<TypeRef> returns;
  context.returns = &returns;
  scopes.emplace_back();
  for (size_t i = 0; i < lambda.params.size(); ++i) {
    const SymbolId id =
        declareLocal(lambda.params[i], lambda.id, static_cast<uint32_t>(i), args[i]);
    if (args[i]->is(TypeKind::Int))
      sym(id).value = Size::of(static_cast<uint32_t>(id));
  }
  TypeRef result = simple(TypeKind::Unit);
  if (lambda.body) {
    result = expr(*lambda.body);
  } else {
    TypeRef last;
    block(*lambda.block, &last);
    if (last)
      returns.push_back(last);
    for (size_t i = 0; i < returns.size(); ++i) {
      bool failed = false;
      result = i == 0 ? returns[0] : join(result, returns[i], failed);
      if (failed)
        diagnostics.report(diag::Kind::TypeMismatch, lambda.span, "one result of this function",
                           show(returns[i]), show(returns[0]));
    }
  }
  context = outer;
  module = outerModule;
  scopes = std::move(outerScopes);
  closure.failed = diagnostics.errorCount() != errorsBefore;
  return result;
}

} // namespace qdo::sema
