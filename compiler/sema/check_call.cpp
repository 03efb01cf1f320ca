// SPDX-License-Identifier: Apache-2.0
// Calls: arguments against parameters, sizes solved, shots paid for.
#include "compiler/sema/checker.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

namespace qdo::sema {

using namespace syntax;

static std::string plural(size_t count, std::string_view one) {
  return count == 0   ? fmt::format("no {}s", one)
         : count == 1 ? fmt::format("1 {}", one)
                      : fmt::format("{} {}s", count, one);
}

diag::Diagnostic &Checker::notUnitary(base::Span span, std::string_view what) {
  const auto &circuit = as<CircuitStmt>(*sym(context.function).decl);
  const std::string_view word = circuit.isEncoding ? "encoding" : "circuit";
  return diagnostics.report(diag::Kind::NotUnitary, span, what, word, circuit.name.text)
      .place(circuit.name.span, fmt::format("this {} must stay unitary", word));
}

diag::Diagnostic &Checker::notUnitaryCall(base::Span span, const Symbol &function) {
  const auto &circuit = as<CircuitStmt>(*sym(context.function).decl);
  const std::string_view word = circuit.isEncoding ? "encoding" : "circuit";
  return diagnostics
      .report(diag::Kind::NotUnitaryCall, span, function.name, word, circuit.name.text)
      .place(circuit.name.span, fmt::format("this {} must stay unitary", word));
}

/// Something here costs shots: it needs a policy, its caller's at the least.
void Checker::pay(base::Span span, std::string_view what) {
  if (context.place == Place::Circuit) {
    notUnitary(span, what)
        .label("this measures")
        .help("measure where the circuit is used: `with shots(1000) { ... }`");
    return;
  }
  switch (context.payer) {
  case Payer::Nobody:
    if (module->ast.mayBeUnread("with", span))
      break; // the policy may stand in a line that could not be read
    diagnostics.report(diag::Kind::UnpaidShots, span, what)
        .label("costs shots")
        .help("put it under a policy: `with shots(1000) { ... }`, or `with exact { ... }` on a "
              "simulator");
    break;
  case Payer::Caller:
    if (auto &effects = program.effects[context.function]; !effects.measures)
      effects.measures = span;
    break;
  case Payer::Policy:
  case Payer::Exact:
    break;
  }
}

/// The declaration a callee names: a name, or a path through modules such as std.encodings.zz.
std::optional<SymbolId> Checker::callee(const Expr &e) {
  if (const auto *n = dynAs<NameExpr>(&e)) {
    SymbolId id = resolve({n->name, n->span});
    if (id == SymbolId::None)
      return std::nullopt;
    module->uses[static_cast<uint32_t>(e.id)] = id;
    return id;
  }
  if (const auto *m = dynAs<MemberExpr>(&e)) {
    TypeRef t = expr(e);
    (void)m;
    SymbolId id = module->uses[static_cast<uint32_t>(e.id)];
    if (id != SymbolId::None)
      return id;
    if (t->isError())
      return std::nullopt;
  }
  return SymbolId::None;
}

/// What `pad` makes of data for a size `2^n`: the next power of two, or not known yet.
static TypeRef padded(const TypeRef &wanted, const TypeRef &actual, const Expr *pads) {
  const auto *literal = dynAs<BoolExpr>(pads);
  if (!wanted->is(TypeKind::Array) || !actual->is(TypeKind::Array) ||
      wanted->sizes[0].base != Size::Base::PowerOfTwo || (literal && !literal->value))
    return actual;
  std::vector<Size> sizes = actual->sizes;
  sizes[0] = literal && sizes[0].isConstant() && sizes[0].offset > 0
                 ? Size::constant(
                       static_cast<int64_t>(std::bit_ceil(static_cast<uint64_t>(sizes[0].offset))))
                 : Size::unknown();
  return arrayOf(actual->element, sizes);
}

bool Checker::arguments(SymbolId id, const std::vector<Arg> &args, base::Span span,
                        SizeBindings &bindings, std::vector<TypeField> *holes) {
  Signature &sig = signature(id);
  const std::string &name = sym(id).name;
  std::vector<const Arg *> given(sig.parameters.size(), nullptr);
  bool ok = true;
  size_t next = 0;
  for (const Arg &arg : args) {
    size_t at = next;
    if (arg.name) {
      at = std::find_if(sig.parameters.begin(), sig.parameters.end(),
                        [&](const auto &p) { return p.name == arg.name->text; }) -
           sig.parameters.begin();
      if (at == sig.parameters.size()) {
        auto &d =
            diagnostics.report(diag::Kind::UnknownArgument, arg.name->span, name, arg.name->text);
        std::vector<std::string_view> words;
        for (const auto &p : sig.parameters)
          words.push_back(p.name);
        if (auto near = base::nearestWord(arg.name->text, words))
          d.help(fmt::format("did you mean `{}`?", *near))
              .edit(arg.name->span, std::string(*near), fmt::format("replace it with `{}`", *near));
        expr(*arg.value);
        ok = false;
        continue;
      }
    } else {
      while (next < given.size() && given[next])
        ++next;
      at = next++;
    }
    if (at >= given.size()) {
      auto &d = diagnostics.report(diag::Kind::TooManyArguments, arg.value->span, name,
                                   plural(given.size(), "argument"));
      if (sym(id).span.size())
        d.place(sym(id).span, "declared here");
      ok = false;
      break;
    }
    if (given[at]) {
      diagnostics.report(diag::Kind::DuplicateArgument, arg.value->span, sig.parameters[at].name,
                         name);
      ok = false;
      continue;
    }
    given[at] = &arg;
  }
  const Expr *pads = nullptr; // `pad: true`: data that are too short for 2^n are filled up
  for (size_t i = 0; i < given.size(); ++i)
    if (given[i] && sig.parameters[i].name == "pad" && sig.parameters[i].type->is(TypeKind::Bool))
      pads = given[i]->value.get();
  for (size_t i = 0; i < given.size(); ++i) {
    const Signature::Parameter &p = sig.parameters[i];
    if (!given[i]) {
      if (!p.defaultValue && ok) {
        auto &d = diagnostics.report(diag::Kind::MissingArgument, span, name, p.name);
        if (sym(p.symbol).span.size())
          d.place(sym(p.symbol).span, fmt::format("`{}` is {}", p.name, show(p.type)));
        ok = false;
      }
      if (p.defaultValue && p.type->is(TypeKind::Int))
        if (const auto *lit = dynAs<IntExpr>(p.defaultValue))
          bindings.emplace(static_cast<uint32_t>(p.symbol), Size::constant(lit->value));
      continue;
    }
    const Expr &value = *given[i]->value;
    if (const auto *hole = dynAs<NameExpr>(&value); hole && hole->name == "_") {
      module->types[static_cast<uint32_t>(value.id)] = simple(TypeKind::Hole);
      if (!holes || p.structure) {
        diagnostics
            .report(diag::Kind::NotAllowedHere, value.span, "a hole `_`",
                    holes ? "for `" + p.name + "`, which is part of the circuit's shape" : "here")
            .help(holes ? "give it a value"
                        : "only the data arguments of an encoding can be left open");
        ok = false;
      } else {
        holes->push_back({p.name, p.type});
      }
      continue;
    }
    TypeRef actual = expr(value);
    if (pads)
      actual = padded(p.type, actual, pads);
    if (!expectType(p.type, actual, value.span, fmt::format("`{}` of `{}`", p.name, name),
                    sig.sizeVariables, &bindings))
      ok = false;
    if (p.type->is(TypeKind::Int)) {
      Size size = sizeOf(value);
      auto known = bindings.find(static_cast<uint32_t>(p.symbol));
      if (known == bindings.end())
        bindings[static_cast<uint32_t>(p.symbol)] = size;
    }
  }
  return ok;
}

/// Whether an expression is a path through modules, such as `std.encodings`.
bool Checker::isModulePath(const Expr &e) const {
  if (const auto *m = dynAs<MemberExpr>(&e))
    return isModulePath(*m->base);
  const auto *n = dynAs<NameExpr>(&e);
  if (!n)
    return false;
  const SymbolId id = lookup(n->name);
  return id == SymbolId::None ? n->name == "std" : program.symbol(id).kind == SymbolKind::Module;
}

TypeRef Checker::call(const CallExpr &call) {
  if (const auto *method = dynAs<MemberExpr>(call.callee.get());
      method && !isModulePath(*method->base)) {
    TypeRef base = expr(*method->base);
    if (!base->isError())
      return callMethod(call, *method, base);
    for (const Arg &arg : call.args)
      expr(*arg.value);
    return base;
  }
  auto id = callee(*call.callee);
  if (!id) {
    for (const Arg &arg : call.args)
      if (!(arg.value->kind == ExprKind::Name && as<NameExpr>(*arg.value).name == "_"))
        expr(*arg.value);
    return simple(TypeKind::Error);
  }
  if (*id != SymbolId::None)
    switch (sym(*id).kind) {
    case SymbolKind::Unsupported:
      return simple(TypeKind::Error);
    case SymbolKind::Intrinsic:
      return callIntrinsic(*id, call);
    case SymbolKind::Function:
      return callFunction(*id, call);
    case SymbolKind::Circuit:
      return callCircuit(*id, call);
    case SymbolKind::Policy:
    case SymbolKind::Noise:
      return callPolicy(*id, call);
    case SymbolKind::Observable:
      notYet(call.span, "an observable with arguments");
      return simple(TypeKind::Error);
    case SymbolKind::Variable:
    case SymbolKind::Kernel:
      break;
    default:
      diagnostics.report(diag::Kind::NotCallable, call.callee->span,
                         std::string(describe(sym(*id).kind)));
      return simple(TypeKind::Error);
    }
  TypeRef t = *id == SymbolId::None ? expr(*call.callee) : sym(*id).type;
  if (t->is(TypeKind::Kernel))
    return callKernel(t, call, *id);
  if (t->is(TypeKind::Function)) {
    if (t->closure && t->closure->symbol != SymbolId::None)
      return callFunction(t->closure->symbol, call);
    std::vector<TypeRef> types;
    for (const Arg &arg : call.args) {
      if (arg.name) {
        diagnostics.report(diag::Kind::UnknownArgument, arg.name->span,
                           sources.text(call.callee->span), arg.name->text);
        return simple(TypeKind::Error);
      }
      types.push_back(expr(*arg.value));
    }
    return apply(t, types, call.span, quote(call.callee->span));
  }
  if (t->isError())
    return t;
  if (t->is(TypeKind::Encoding))
    return notYet(call.span, "calling an encoding that is held in a value");
  diagnostics.report(diag::Kind::NotCallable, call.callee->span, show(t));
  return simple(TypeKind::Error);
}

TypeRef Checker::callFunction(SymbolId id, const CallExpr &call) {
  Signature &sig = signature(id);
  const Symbol &symbol = sym(id);
  if (context.place == Place::Circuit) {
    auto &effects = program.effects[id];
    if (!effects.checked)
      fnBody(id, Payer::Caller);
    if (effects.measures || !sig.on.empty()) {
      auto &d = notUnitaryCall(call.span, symbol);
      if (effects.measures)
        d.place(*effects.measures, fmt::format("`{}` measures here", symbol.name))
            .help("call it where the circuit is used");
      else
        d.place(symbol.span, fmt::format("`{}` is declared as a function here", symbol.name))
            .help(fmt::format("declare `{}` as a circuit if all it does is unitary", symbol.name));
      return simple(TypeKind::Error);
    }
  }
  if (!sig.on.empty()) {
    diagnostics.report(diag::Kind::MissingArgument, call.span, symbol.name, "on")
        .help(fmt::format("it borrows qubits: write `{} q`", sources.text(call.span)));
    return simple(TypeKind::Error);
  }
  SizeBindings bindings;
  bool ok = arguments(id, call.args, call.span, bindings, nullptr);
  auto &effects = program.effects[id];
  TypeRef result = resultOf(id);
  const auto native = nativeBody(symbol);
  if (native && native->marker == "peeked" && context.payer != Payer::Exact)
    diagnostics.report(diag::Kind::Peeking, call.span, "`" + symbol.name + "`")
        .label("nobody can look at this on a device")
        .help("put it under `with exact { ... }`, or estimate an expectation value instead");
  if (native && native->marker == "sampled" && context.payer == Payer::Exact) {
    diagnostics
        .report(diag::Kind::NotAllowedHere, call.span, "`" + symbol.name + "`",
                "under `with exact`")
        .help(result && result->is(TypeKind::Tuple)
                  ? "it is fitted to shots: put it under `with shots(1000) { ... }`; `qdo run "
                    "--exact` "
                    "gives the curve of infinitely many"
                  : "counts are samples: put it under `with shots(1000) { ... }`");
    return simple(TypeKind::Error);
  }
  if (effects.measures && context.payer != Payer::Exact)
    pay(call.span, fmt::format("a call of `{}`", symbol.name));
  if (!ok)
    return simple(TypeKind::Error);
  if (symbol.name == "accuracy" && native && native->marker == "measured")
    return numberWith(TypeKind::Real, {{"undecided", simple(TypeKind::Int)}});
  // What no argument fixed is known at elaboration.
  for (uint32_t size : sig.sizeVariables)
    bindings.emplace(size, Size::unknown());
  return result ? substitute(result, bindings) : simple(TypeKind::Error);
}

TypeRef Checker::circuitResult(const Signature &sig, const SizeBindings &bindings) const {
  Size qubits = Size::constant(0);
  for (const Signature::Parameter &p : sig.on)
    qubits = qubits + (p.type->is(TypeKind::Register) ? substitute(p.type->sizes[0], bindings)
                                                      : Size::constant(1));
  return sized(TypeKind::Unitary, qubits);
}

TypeRef Checker::callCircuit(SymbolId id, const CallExpr &call) {
  Signature &sig = signature(id);
  SizeBindings bindings;
  std::vector<TypeField> holes;
  if (!arguments(id, call.args, call.span, bindings, &holes))
    return simple(TypeKind::Error);
  for (uint32_t size : sig.sizeVariables)
    bindings.emplace(size, Size::unknown());
  if (holes.empty())
    return circuitResult(sig, bindings);
  auto encoding = std::make_shared<sema::Type>();
  encoding->kind = TypeKind::Encoding;
  for (TypeField &hole : holes)
    encoding->fields.push_back({"", substitute(hole.type, bindings)});
  encoding->sizes = circuitResult(sig, bindings)->sizes;
  return encoding;
}

/// A circuit's bare name as a value: every parameter without a default is a hole.
TypeRef Checker::encodingOf(SymbolId circuit) {
  Signature &sig = signature(circuit);
  SizeBindings bindings;
  for (uint32_t size : sig.sizeVariables)
    bindings.emplace(size, Size::unknown());
  auto encoding = std::make_shared<sema::Type>();
  encoding->kind = TypeKind::Encoding;
  for (const Signature::Parameter &p : sig.parameters)
    if (!p.defaultValue)
      encoding->fields.push_back({"", substitute(p.type, bindings)});
  encoding->sizes = circuitResult(sig, bindings)->sizes;
  if (encoding->fields.empty())
    return sized(TypeKind::Unitary, encoding->sizes[0]);
  return encoding;
}

TypeRef Checker::callPolicy(SymbolId id, const CallExpr &call) {
  SizeBindings bindings;
  if (!arguments(id, call.args, call.span, bindings, nullptr))
    return simple(TypeKind::Error);
  return sym(id).type;
}

} // namespace qdo::sema
