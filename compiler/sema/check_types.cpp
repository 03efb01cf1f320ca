// SPDX-License-Identifier: Apache-2.0
// Written types and sizes, and the signatures of declarations.
#include "compiler/sema/checker.h"

#include <fmt/format.h>

namespace qdo::sema {

using namespace syntax;

std::string Checker::quote(base::Span span) const {
  std::string text(sources.text(span));
  for (char &c : text)
    if (c == '\n' || c == '\r' || c == '\t')
      c = ' ';
  if (text.size() > 60)
    text = text.substr(0, 57) + "...";
  return "`" + text + "`";
}

/// A size expression; a name that means nothing yet becomes a new size when `newSizes` is given.
Size Checker::sizeOf(const Expr &expr, std::vector<uint32_t> *newSizes) {
  switch (expr.kind) {
  case ExprKind::Int:
    return Size::constant(as<IntExpr>(expr).value);
  case ExprKind::Paren:
    return sizeOf(*as<ParenExpr>(expr).inner, newSizes);
  case ExprKind::Name: {
    const auto &name = as<NameExpr>(expr);
    SymbolId id = lookup(name.name);
    // Only an int can be a size, so a gate-like or function name never captures one.
    if (newSizes &&
        (id == SymbolId::None || (sym(id).kind != SymbolKind::SizeName &&
                                  !(sym(id).type && sym(id).type->is(TypeKind::Int))))) {
      SymbolId fresh = newSymbol(SymbolKind::SizeName, name.name, expr.span);
      sym(fresh).type = simple(TypeKind::Int);
      sym(fresh).value = Size::of(static_cast<uint32_t>(fresh));
      newSizes->push_back(static_cast<uint32_t>(fresh));
      bind(name.name, fresh);
      id = fresh;
    }
    if (id == SymbolId::None)
      return Size::unknown();
    module->uses[static_cast<uint32_t>(expr.id)] = id;
    return sym(id).value.value_or(Size::unknown());
  }
  case ExprKind::Binary: {
    const auto &b = as<BinaryExpr>(expr);
    if (b.op == BinaryOp::Pow) {
      Size base = sizeOf(*b.lhs, newSizes);
      return base == Size::constant(2) ? powerOfTwo(sizeOf(*b.rhs, newSizes)) : Size::unknown();
    }
    Size lhs = sizeOf(*b.lhs, newSizes);
    Size rhs = sizeOf(*b.rhs, newSizes);
    switch (b.op) {
    case BinaryOp::Add:
      return lhs + rhs;
    case BinaryOp::Sub:
      return lhs - rhs;
    case BinaryOp::Mul:
      return lhs * rhs;
    default:
      return Size::unknown();
    }
  }
  default:
    return Size::unknown();
  }
}

TypeRef Checker::type(const syntax::Type &written, std::vector<uint32_t> *newSizes) {
  if (written.result) { // `real[2] -> real`, `(real, int) -> real`
    std::vector<TypeField> parameters;
    if (written.isTuple)
      for (const syntax::TypeField &field : written.fields)
        parameters.push_back({"", type(*field.type, newSizes)});
    else
      parameters.push_back({"", plainType(written, newSizes)});
    return functionOf(std::move(parameters), type(*written.result, newSizes));
  }
  return plainType(written, newSizes);
}

/// A type without `-> result`.
TypeRef Checker::plainType(const syntax::Type &written, std::vector<uint32_t> *newSizes) {
  std::vector<Size> sizes;
  for (const ExprPtr &size : written.sizes)
    sizes.push_back(size ? sizeOf(*size, newSizes) : Size::unknown());
  if (written.isTuple) {
    std::vector<TypeField> fields;
    for (const syntax::TypeField &field : written.fields)
      fields.push_back({field.name ? field.name->text : "", type(*field.type, newSizes)});
    TypeRef tuple = fields.empty() ? simple(TypeKind::Unit) : tupleOf(std::move(fields));
    return written.hasSizes ? arrayOf(tuple, sizes) : tuple;
  }
  static const std::map<std::string, TypeKind, std::less<>> names = {
      {"int", TypeKind::Int},
      {"real", TypeKind::Real},
      {"complex", TypeKind::Complex},
      {"bool", TypeKind::Bool},
      {"string", TypeKind::String},
      {"duration", TypeKind::Duration},
      {"label", TypeKind::Label},
      {"estimate", TypeKind::Estimate},
      {"counts", TypeKind::Counts},
      {"amplitudes", TypeKind::Amplitudes},
      {"unitary", TypeKind::Unitary},
      {"prep", TypeKind::Prep},
      {"ensemble", TypeKind::Ensemble},
      {"qubit", TypeKind::Qubit},
      {"encoding", TypeKind::Encoding},
      {"kernel", TypeKind::Kernel},
      {"policy", TypeKind::Policy},
      {"observable", TypeKind::Observable},
      {"pauli", TypeKind::Pauli},
      {"dataset", TypeKind::Dataset},
      {"row", TypeKind::Row},
      {"model", TypeKind::Model},
      {"noise", TypeKind::Noise},
      {"device", TypeKind::Device},
      {"shadow", TypeKind::Shadow},
      {"interval", TypeKind::Interval},
      {"optimizer", TypeKind::Optimizer}};
  auto found = names.find(written.name.text);
  if (found == names.end()) {
    auto &d = diagnostics.report(diag::Kind::UnknownType, written.name.span, written.name.text);
    std::vector<std::string_view> words;
    for (const auto &[word, kind] : names)
      words.push_back(word);
    static const std::map<std::string, std::string, std::less<>> foreign = {{"float", "real"},
                                                                            {"double", "real"},
                                                                            {"str", "string"},
                                                                            {"integer", "int"},
                                                                            {"boolean", "bool"}};
    auto habit = foreign.find(written.name.text);
    auto near = habit != foreign.end() ? std::optional<std::string_view>(habit->second)
                                       : base::nearestWord(written.name.text, words);
    if (near)
      d.help(fmt::format("did you mean `{}`?", *near))
          .edit(written.name.span, std::string(*near), fmt::format("replace it with `{}`", *near));
    return simple(TypeKind::Error);
  }
  TypeKind kind = found->second;
  switch (kind) {
  case TypeKind::Unitary:
  case TypeKind::Prep:
  case TypeKind::Ensemble:
    return sized(kind, sizes.empty() ? Size::unknown() : sizes[0]);
  case TypeKind::Qubit:
    return sizes.empty() ? simple(kind) : sized(TypeKind::Register, sizes[0]);
  case TypeKind::Encoding:
  case TypeKind::Kernel: {
    auto result = std::make_shared<sema::Type>();
    result->kind = kind;
    for (const TypePtr &arg : written.args)
      result->fields.push_back({"", type(*arg, newSizes)});
    if (kind == TypeKind::Encoding)
      result->sizes = {Size::unknown()};
    return written.hasSizes ? arrayOf(result, sizes) : TypeRef(result);
  }
  default:
    return written.hasSizes ? arrayOf(simple(kind), sizes) : simple(kind);
  }
}

const std::vector<syntax::Param> &parametersOf(const Stmt &decl) {
  static const std::vector<syntax::Param> none;
  switch (decl.kind) {
  case StmtKind::Circuit:
  case StmtKind::Unitary:
    return as<CircuitStmt>(decl).params;
  case StmtKind::Fn:
    return as<FnStmt>(decl).params;
  case StmtKind::Kernel:
    return as<KernelStmt>(decl).params;
  case StmtKind::Policy:
    return as<PolicyStmt>(decl).params;
  case StmtKind::Noise:
    return as<NoiseStmt>(decl).params;
  case StmtKind::Observable:
    return as<ObservableStmt>(decl).params;
  default:
    return none;
  }
}

/// Values that may choose gates: all else is data, which sets angles only.
bool isStructure(const Type &type) {
  const Type &scalar = type.is(TypeKind::Array) ? *type.element : type;
  return scalar.is(TypeKind::Int) || scalar.is(TypeKind::String) || scalar.is(TypeKind::Pauli) ||
         type.is(TypeKind::Bool);
}

/// `within: real`: how far a circuit may be from what was asked for. Above 0 it shapes the circuit,
/// which is then made for data that elaboration knows.
bool isTolerance(const Type &type, std::string_view name) {
  return type.is(TypeKind::Real) && name == "within";
}

void Checker::declareParameters(Signature &signature, const std::vector<syntax::Param> &params,
                                std::vector<Signature::Parameter> &out, bool borrowed) {
  // Sizes may name an `int` wherever it stands: `w: real[2 * n * layers], layers: int`.
  std::vector<SymbolId> symbols;
  for (const syntax::Param &param : params) {
    symbols.push_back(newSymbol(SymbolKind::Variable, param.name.text, param.name.span));
    const syntax::Type &written = *param.type;
    if (written.isTuple || written.result || written.hasSizes || written.name.text != "int")
      continue;
    Symbol &symbol = sym(symbols.back());
    symbol.type = simple(TypeKind::Int);
    symbol.value = Size::of(static_cast<uint32_t>(symbols.back()));
    bind(param.name.text, symbols.back());
  }
  for (const syntax::Param &param : params) {
    Signature::Parameter p;
    p.name = param.name.text;
    p.symbol = symbols[static_cast<size_t>(&param - params.data())];
    p.type = type(*param.type, &signature.sizeVariables);
    p.defaultValue = param.defaultValue.get();
    TypeKind k = p.type->kind;
    p.structure = isStructure(*p.type) || isTolerance(*p.type, p.name);
    for (const Signature::Parameter &other : out)
      if (other.name == p.name)
        diagnostics.report(diag::Kind::DeclaredTwice, param.name.span, p.name)
            .label("second parameter of this name");
    Symbol &symbol = sym(p.symbol);
    symbol.type = p.type;
    symbol.borrowed = borrowed;
    module->declared[{static_cast<uint32_t>(param.id), 0}] = p.symbol;
    if (k == TypeKind::Int) {
      symbol.value = Size::of(static_cast<uint32_t>(p.symbol));
      signature.sizeVariables.push_back(static_cast<uint32_t>(p.symbol));
    }
    bind(p.name, p.symbol); // later sizes may name it
    out.push_back(std::move(p));
  }
}

Signature &Checker::signature(SymbolId id) {
  Signature &result = program.signatures[id];
  if (result.resolved)
    return result;
  result.resolved = true;
  const Stmt &decl = *sym(id).decl;
  inModuleOf(id, [&] {
    declareParameters(result, parametersOf(decl), result.parameters, false);
    if (decl.kind == StmtKind::Circuit || decl.kind == StmtKind::Unitary)
      declareParameters(result, as<CircuitStmt>(decl).on, result.on, true);
    if (decl.kind == StmtKind::Fn) {
      const auto &fn = as<FnStmt>(decl);
      declareParameters(result, fn.on, result.on, true);
      if (fn.result)
        result.result = type(*fn.result, &result.sizeVariables);
    }
    for (const Signature::Parameter &p : result.on)
      if (!p.type->isError() && !p.type->isLive())
        diagnostics.report(diag::Kind::TypeMismatch, sym(p.symbol).span, "`" + p.name + "`",
                           show(p.type), "qubits: what comes after `on` is quantum memory");
    for (const Signature::Parameter &p : result.parameters)
      if (p.defaultValue) {
        TypeRef actual = expr(*p.defaultValue);
        expectType(p.type, actual, p.defaultValue->span, "the default of `" + p.name + "`",
                   result.sizeVariables);
      }
  });
  return result;
}

void Checker::bindParameters(const Signature &signature) {
  for (uint32_t size : signature.sizeVariables)
    bind(program.symbols[size].name, static_cast<SymbolId>(size));
  for (const auto *list : {&signature.parameters, &signature.on})
    for (const Signature::Parameter &p : *list)
      bind(p.name, p.symbol);
}

bool Checker::expectType(const TypeRef &expected, const TypeRef &actual, base::Span span,
                         std::string_view what, const std::vector<uint32_t> &solvable,
                         SizeBindings *bindings) {
  SizeBindings local;
  SizeBindings &found = bindings ? *bindings : local;
  Fit fit = fits(expected, actual, solvable, found);
  if (fit == Fit::Yes && expected->is(TypeKind::Function) && actual->is(TypeKind::Function) &&
      actual->closure) {
    // Known code where only a type is asked for: its body must give what the type promises.
    std::vector<TypeRef> parameters;
    for (const TypeField &field : expected->fields)
      parameters.push_back(substitute(field.type, found));
    const TypeRef promised = substitute(expected->element, found),
                  given = apply(actual, parameters, span, quote(span));
    if (!promised->is(TypeKind::Estimate) || given->is(TypeKind::Estimate) || given->isError())
      return expectType(promised, given, span, "the result of " + quote(span), solvable, &found);
    diagnostics
        .report(diag::Kind::TypeMismatch, span, "the result of " + quote(span), show(given),
                show(promised))
        .label(fmt::format("this is {}", show(given)));
    return false; // nobody widens what a function gives
  }
  if (fit == Fit::Yes)
    return true;
  std::string wanted = show(substitute(expected, found));
  if (fit == Fit::SizeMismatch) {
    // A pattern such as 2^n that no whole n satisfies reads differently from 3 against 4.
    bool solvedFor = false;
    std::string unknown;
    for (uint32_t size : solvable)
      if (!found.count(size) && wanted.find(program.sizeNames[size]) != std::string::npos) {
        solvedFor = true;
        unknown = program.sizeNames[size];
      }
    if (solvedFor)
      diagnostics.report(diag::Kind::SizesDoNotSolve, span, what, show(actual), unknown, wanted)
          .label(fmt::format("this is {}", show(actual)))
          .help(expected->sizes[0].base == Size::Base::PowerOfTwo
                    ? fmt::format("give a value whose size fits `{}`, or fill it up with zeros: "
                                  "`pad: true`",
                                  wanted)
                    : fmt::format("give a value whose size fits `{}`", wanted));
    else
      diagnostics.report(diag::Kind::SizeMismatch, span, what, show(actual), wanted)
          .label(fmt::format("this is {}", show(actual)));
    return false;
  }
  auto &d = diagnostics.report(diag::Kind::TypeMismatch, span, what, show(actual), wanted);
  d.label(fmt::format("this is {}", show(actual)));
  if (expected->is(TypeKind::Real) && actual->is(TypeKind::Estimate))
    d.help("give the uncertainty up visibly: `.value`")
        .edit({span.file, span.end, span.end}, ".value", "add `.value`");
  if (expected->is(TypeKind::Int) && actual->is(TypeKind::Real))
    d.help("`int(...)` rounds towards zero");
  if (expected->isRecipe() && actual->isLive())
    d.help("a live state has no recipe any more: pass the recipe it was prepared from");
  if (expected->isLive() && actual->isRecipe())
    d.help("`prepare` makes live qubits from a recipe")
        .edit({span.file, span.begin, span.begin}, "prepare ", "insert `prepare`");
  return false;
}

} // namespace qdo::sema
