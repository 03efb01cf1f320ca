// SPDX-License-Identifier: Apache-2.0
// Kernels: their declarations, and calls with two rows.
// Why a body is checked twice: under `exact` it gives a number, under a policy an estimate, and a
//      kernel that is handed to the library may meet both.
#include "compiler/sema/checker.h"
#include "compiler/sema/learning.h"

#include <algorithm>

namespace qdo::sema {

using namespace syntax;

/// The encoding after `via`, or null after an error. The arguments are its data.
TypeRef Checker::kernelEncoding(const KernelStmt &kernel, const Signature &sig) {
  TypeRef via = expr(*kernel.via);
  if (via->isError())
    return nullptr;
  if (!via->is(TypeKind::Encoding)) {
    diagnostics
        .report(diag::Kind::TypeMismatch, kernel.via->span, "what follows `via`", show(via),
                "an encoding with its data left open")
        .help(via->isRecipe() ? "leave the data open with a hole: `zz(_, reps: 1)`"
                              : "name an encoding, such as `zz`");
    return nullptr;
  }
  if (via->fields.size() != 1) {
    notYet(kernel.via->span, "an encoding with more than one hole");
    return nullptr;
  }
  for (size_t i = 0; i < 2; ++i) {
    SizeBindings bindings;
    if (!expectType(via->fields[0].type, sig.parameters[i].type, kernel.params[i].span,
                    "`" + sig.parameters[i].name + "` of `" + kernel.name.text + "`",
                    sig.sizeVariables, &bindings))
      return nullptr;
  }
  return via;
}

/// The value of a kernel's body, under a policy or under `exact`.
TypeRef Checker::kernelBody(SymbolId id, const TypeRef &via, Payer payer) {
  const auto &kernel = as<KernelStmt>(*sym(id).decl);
  Signature &sig = signature(id);
  scopes.emplace_back();
  bindParameters(sig);
  // After `via` the arguments are preps on the encoding's qubits.
  for (const Signature::Parameter &p : sig.parameters)
    sym(p.symbol).type = via ? sized(TypeKind::Prep, via->sizes[0]) : p.type;
  Context saved = context;
  context = {};
  context.payer = payer;
  context.place = Place::Clause;
  context.function = id;
  TypeRef value = expr(*kernel.body);
  context = saved;
  scopes.pop_back();
  if (value->isError() || value->is(TypeKind::Estimate) || value->is(TypeKind::Real))
    return value;
  if (value->is(TypeKind::Int))
    return simple(TypeKind::Real);
  diagnostics
      .report(diag::Kind::TypeMismatch, kernel.body->span,
              "the value of `" + kernel.name.text + "`", show(value), "one real number or estimate")
      .help("a kernel says how alike two rows are with one number, such as `|<a|b>|^2`");
  return simple(TypeKind::Error);
}

/// The value of a kernel's body under `exact`; null when it has none, because what it measures
/// takes shots in every way. That is a mistake only where an exact value is asked for.
TypeRef Checker::exactBody(SymbolId id, const TypeRef &via) {
  const diag::Engine said = diagnostics;
  const std::map<SymbolId, Effects> known = program.effects;
  const size_t lambdas = closures.size();
  TypeRef result = kernelBody(id, via, Payer::Exact);
  if (diagnostics.errorCount() == said.errorCount())
    return result;
  const auto &mistake = diagnostics.all().back();
  noExactForm[id] = diagnostics.all().size() > said.all().size() && mistake.located
                        ? mistake.primary.span
                        : as<KernelStmt>(*sym(id).decl).body->span;
  // As if nobody had asked. What was looked at under `exact` only, or has other types now, is
  // looked at again.
  diagnostics = said;
  closures.resize(lambdas);
  for (auto &[other, effects] : program.effects)
    if (auto before = known.find(other); before == known.end())
      effects = {};
    else if (other != id && effects.exactResult != before->second.exactResult)
      effects = {};
  kernelBody(id, via, Payer::Caller);
  return nullptr;
}

/// Under a policy that spends shots, or of a kernel that has an exact value; else reports.
bool Checker::hasExactForm(SymbolId kernel, base::Span use) {
  const auto found = noExactForm.find(kernel);
  if (context.payer != Payer::Exact || found == noExactForm.end())
    return true;
  diagnostics
      .report(diag::Kind::NotAllowedHere, use, "the kernel `" + sym(kernel).name + "`",
              "under `with exact`")
      .place(found->second, "this has no exact value")
      .help("put it under `with shots(1000) { ... }`");
  return false;
}

void Checker::kernelDecl(SymbolId id) {
  Effects &effects = program.effects[id];
  if (effects.checked || effects.checking) // a call has asked for it
    return;
  const auto &kernel = as<KernelStmt>(*sym(id).decl);
  Signature &sig = signature(id);
  auto type = std::make_shared<sema::Type>();
  type->kind = TypeKind::Kernel;
  for (const Signature::Parameter &p : sig.parameters)
    type->fields.push_back({"", p.type});
  SizeBindings unknown;
  for (uint32_t size : sig.sizeVariables)
    unknown.emplace(size, Size::unknown());
  sym(id).type = substitute(TypeRef(type), unknown);
  effects.checking = true;
  effects.failed = true; // until the end is reached
  const unsigned errors = diagnostics.errorCount();
  auto check = [&] {
    if (kernel.params.size() != 2) {
      diagnostics.report(diag::Kind::MissingArgument, kernel.name.span, kernel.name.text,
                         "two data points");
      return;
    }
    TypeRef via;
    if (kernel.via && !(via = kernelEncoding(kernel, sig)))
      return;
    for (size_t i = 0; !via && i < 2; ++i) {
      const TypeRef &row = sig.parameters[i].type;
      const bool reals =
          row->is(TypeKind::Array) && row->sizes.size() == 1 && row->element->is(TypeKind::Real);
      if (row->isError())
        return;
      if (!reals && !row->is(TypeKind::Real)) {
        diagnostics
            .report(diag::Kind::TypeMismatch, kernel.params[i].span,
                    "`" + sig.parameters[i].name + "` of `" + kernel.name.text + "`", show(row),
                    "a row of numbers")
            .help("a kernel without `via` compares rows: `real[n]`, or `real` for one number");
        return;
      }
    }
    effects.result = kernelBody(id, via, Payer::Caller);
    if (diagnostics.errorCount() == errors)
      effects.exactResult = exactBody(id, via);
    effects.failed = diagnostics.errorCount() != errors;
  };
  check();
  effects.checking = false;
  effects.checked = true;
  if (!effects.result)
    effects.result = effects.exactResult = simple(TypeKind::Error);
}

/// `name`: the kernel that is called, when the program says which one it is.
TypeRef Checker::callKernel(const TypeRef &kernel, const CallExpr &call, SymbolId name) {
  const bool exact = context.payer == Payer::Exact;
  TypeRef result = simple(exact ? TypeKind::Real : TypeKind::Estimate);
  bool pays = true;
  if (name != SymbolId::None && sym(name).kind == SymbolKind::Kernel) {
    if (!program.effects[name].checked)
      inModuleOf(name, [&] { kernelDecl(name); });
    const Effects &effects = program.effects[name];
    if (effects.checking)
      return notYet(call.span, "a kernel that calls itself");
    if (effects.failed) // reported where it is declared
      return simple(TypeKind::Error);
    pays = effects.measures.has_value();
    if (!hasExactForm(name, call.span))
      return simple(TypeKind::Error);
    result = exact ? effects.exactResult : effects.result;
  } else if (makesClassicalKernel(*call.callee, *module, program)) {
    pays = false;
    result = simple(TypeKind::Real);
  }
  if (pays)
    pay(call.span, "a kernel value");
  if (call.args.size() != 2) {
    diagnostics.report(diag::Kind::TooManyArguments, call.span, sources.text(call.callee->span),
                       "2 arguments");
    return simple(TypeKind::Error);
  }
  for (size_t i = 0; i < 2; ++i) {
    TypeRef t = expr(*call.args[i].value);
    TypeRef wanted = kernel->fields.empty()
                         ? arrayOf(simple(TypeKind::Real), {Size::unknown()})
                         : kernel->fields[std::min(i, kernel->fields.size() - 1)].type;
    if (t->isRecipe())
      return notYet(call.args[i].value->span, "a kernel of recipes");
    if (!expectType(wanted, t, call.args[i].value->span, "what the kernel compares"))
      return simple(TypeKind::Error);
  }
  return result;
}

} // namespace qdo::sema
