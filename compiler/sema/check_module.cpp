// SPDX-License-Identifier: Apache-2.0
// Declarations and scopes: which name means what.
#include "compiler/sema/checker.h"
#include "compiler/sema/linearity.h"

#include <algorithm>

namespace qdo::sema {

using namespace syntax;

std::string_view describe(SymbolKind kind) {
  switch (kind) {
  case SymbolKind::Variable:
    return "a value";
  case SymbolKind::SizeName:
    return "a size";
  case SymbolKind::ProgramParam:
    return "a program parameter";
  case SymbolKind::Constant:
    return "a constant";
  case SymbolKind::Intrinsic:
  case SymbolKind::Function:
    return "a function";
  case SymbolKind::Circuit:
    return "a circuit";
  case SymbolKind::Kernel:
    return "a kernel";
  case SymbolKind::Policy:
    return "a policy";
  case SymbolKind::Noise:
    return "a noise";
  case SymbolKind::Device:
    return "a device";
  case SymbolKind::Observable:
    return "an observable";
  case SymbolKind::Dataset:
    return "a dataset";
  case SymbolKind::Selection:
    return "a selection";
  case SymbolKind::Module:
    return "a module";
  case SymbolKind::Unsupported:
    return "something that does not run yet";
  }
  return "a name";
}

SymbolId Checker::newSymbol(SymbolKind kind, std::string name, base::Span span) {
  auto id = static_cast<SymbolId>(program.symbols.size());
  Symbol &symbol = program.symbols.emplace_back();
  symbol.kind = kind;
  symbol.name = std::move(name);
  symbol.span = span;
  symbol.module = module;
  program.sizeNames[static_cast<uint32_t>(id)] = symbol.name;
  return id;
}

void Checker::declareBuiltins() {
  auto constant = [&](const char *name, TypeRef type) {
    SymbolId id = newSymbol(SymbolKind::Constant, name, {});
    sym(id).type = std::move(type);
    builtins[name] = id;
  };
  constant("pi", simple(TypeKind::Real));
  constant("exact", simple(TypeKind::Policy));
  constant("spent", simple(TypeKind::Spent));
  for (const char *pauli : {"X", "Y", "Z"})
    constant(pauli, simple(TypeKind::Pauli));
  for (const char *name : {"abs",       "sqrt",    "sin",           "cos",
                           "tan",       "asin",    "acos",          "atan",
                           "exp",       "log",     "floor",         "ceil",
                           "round",     "min",     "max",           "sum",
                           "mean",      "real",    "int",           "conj",
                           "arg",       "zip",     "map",           "filter",
                           "norm",      "dot",     "argmax",        "argmin",
                           "any",       "all",     "enumerate",     "zeros",
                           "linspace",  "flatten", "random_normal", "random_uniform",
                           "fresh",     "split",   "qubits",        "grad",
                           "minimize",  "gram",    "alignment",     "geometric_difference",
                           "write_npy", "pca",     "standardise",   "cross_validate",
                           "load"})
    builtins[name] = newSymbol(SymbolKind::Intrinsic, name, {});
}

SymbolId Checker::lookup(std::string_view name) const {
  for (auto scope = scopes.rbegin(); scope != scopes.rend(); ++scope)
    if (auto found = scope->find(name); found != scope->end())
      return found->second;
  if (auto found = module->names.find(name); found != module->names.end())
    return found->second;
  if (auto prelude = loaded.find("std.prelude"); prelude != loaded.end() && prelude->second)
    if (auto found = prelude->second->names.find(name); found != prelude->second->names.end())
      return found->second;
  if (auto found = builtins.find(name); found != builtins.end())
    return found->second;
  return SymbolId::None;
}

SymbolId Checker::resolve(const Ident &name, bool report) {
  SymbolId id = lookup(name.text);
  if (id == SymbolId::None && name.text == "std")
    return moduleSymbol("std");
  if (id == SymbolId::None && report)
    unknownName(name);
  return id;
}

SymbolId Checker::declare(SymbolKind kind, const Ident &name, const Stmt *decl) {
  SymbolId id = newSymbol(kind, name.text, name.span);
  sym(id).decl = decl;
  if (decl)
    module->declared[{static_cast<uint32_t>(decl->id), 0}] = id;
  auto &names = scopes.empty() ? module->names : scopes.back();
  auto [old, isNew] = names.emplace(name.text, id);
  if (!isNew) {
    diagnostics.report(diag::Kind::DeclaredTwice, name.span, name.text)
        .label("declared again here")
        .place(sym(old->second).span, "first declared here")
        .help("give one of them another name");
  }
  return id;
}

SymbolId Checker::declareLocal(const Ident &name, NodeId node, uint32_t index, TypeRef type) {
  SymbolId id = newSymbol(SymbolKind::Variable, name.text, name.span);
  sym(id).type = std::move(type);
  module->declared[{static_cast<uint32_t>(node), index}] = id;
  if (scopes.empty()) {
    auto [old, isNew] = module->names.emplace(name.text, id);
    if (!isNew)
      diagnostics.report(diag::Kind::DeclaredTwice, name.span, name.text)
          .label("declared again here")
          .place(sym(old->second).span, "first declared here")
          .help("give one of them another name, or declare it with `var` and assign");
  } else if (name.text != "_") {
    scopes.back()[name.text] = id; // an inner or later `let` shadows
  }
  return id;
}

/// Declarations are visible in the whole module; `let` and `select` only after their statement.
void Checker::declareStmt(const Stmt &stmt) {
  auto typed = [&](SymbolKind kind, const Ident &name, TypeKind type) {
    SymbolId id = declare(kind, name, &stmt);
    sym(id).type = simple(type);
  };
  switch (stmt.kind) {
  case StmtKind::Error: // what it would have declared is known, so that uses are no second error
    for (const Ident &name : as<ErrorStmt>(stmt).names) {
      SymbolId id = newSymbol(SymbolKind::Unsupported, name.text, name.span);
      (scopes.empty() ? module->names : scopes.back()).emplace(name.text, id);
    }
    break;
  case StmtKind::Use:
    useModule(as<UseStmt>(stmt));
    break;
  case StmtKind::Circuit:
    declare(SymbolKind::Circuit, as<CircuitStmt>(stmt).name, &stmt);
    break;
  case StmtKind::Fn:
    declare(SymbolKind::Function, as<FnStmt>(stmt).name, &stmt);
    break;
  case StmtKind::Policy:
    typed(SymbolKind::Policy, as<PolicyStmt>(stmt).name, TypeKind::Policy);
    break;
  case StmtKind::Observable:
    typed(SymbolKind::Observable, as<ObservableStmt>(stmt).name, TypeKind::Observable);
    break;
  case StmtKind::Kernel:
    typed(SymbolKind::Kernel, as<KernelStmt>(stmt).name, TypeKind::Kernel);
    break;
  case StmtKind::Noise:
    typed(SymbolKind::Noise, as<NoiseStmt>(stmt).name, TypeKind::Noise);
    break;
  case StmtKind::Device:
    typed(SymbolKind::Device, as<DeviceStmt>(stmt).name, TypeKind::Device);
    break;
  case StmtKind::Unitary:
    declare(SymbolKind::Circuit, as<UnitaryStmt>(stmt).name, &stmt);
    break;
  case StmtKind::Phantom:
    declare(SymbolKind::Unsupported, as<PhantomStmt>(stmt).name, &stmt);
    break;
  case StmtKind::Observe:
    declare(SymbolKind::Unsupported, as<ObserveStmt>(stmt).name, &stmt);
    break;
  default:
    break;
  }
}

void Checker::run() {
  module = &program.modules.front();
  declareBuiltins();
  load("std.prelude");
  ModuleInfo &main = program.modules.front();
  declareModule(main);
  // Top-level code runs in order; declarations are checked where they stand.
  stmts(main.ast.stmts, nullptr);
  // Imported declarations that something reached are checked once, after their users.
  for (size_t i = 0; i < program.modules.size(); ++i) {
    if (i == 0)
      continue;
    ModuleInfo &info = program.modules[i];
    module = &info;
    scopes.clear();
    for (const StmtPtr &s : info.ast.stmts)
      stmt(*s);
  }
  module = &main;
  scopes.clear();
  uncalled();
}

Program check(Ast main, base::SourceMap &sources, const ModuleReader &readModule,
              diag::Engine &diagnostics) {
  Program program;
  ModuleInfo &info = program.modules.emplace_back();
  info.ast = std::move(main);
  Checker(program, sources, readModule, diagnostics).run();
  checkLinearity(program, sources, diagnostics);
  return program;
}

} // namespace qdo::sema
