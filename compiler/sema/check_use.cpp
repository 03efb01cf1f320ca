// SPDX-License-Identifier: Apache-2.0
// Modules: where they come from, and which of their names others may use.
// Why: the standard library and a file next to the program are modules in the same way.
#include "compiler/sema/checker.h"
#include "compiler/syntax/parse.h"

namespace qdo::sema {

using namespace syntax;

static constexpr std::string_view whereModulesAre =
    "a module of your own is a file next to the program: `use helpers.{f}` reads helpers.qdo; the "
    "standard library has std.encodings, std.states, std.evolution, std.ansatz and std.select";

SymbolId Checker::moduleSymbol(const std::string &path) {
  SymbolId id = newSymbol(SymbolKind::Module, path, {});
  sym(id).modulePath = path;
  return id;
}

ModuleInfo *Checker::load(const std::string &path) {
  if (auto found = loaded.find(path); found != loaded.end())
    return found->second;
  auto text = readModule(path);
  if (!text)
    return loaded[path] = nullptr;
  ModuleInfo &info = program.modules.emplace_back();
  loaded[path] = &info;
  info.path = path;
  info.ast = parse(sources.add(text->name, text->text), sources, diagnostics);
  auto savedScopes = std::move(scopes);
  scopes.clear();
  ModuleInfo *saved = module;
  declareModule(info);
  module = saved;
  scopes = std::move(savedScopes);
  return &info;
}

/// Modules may use each other: their own names are known before those they use are looked up.
void Checker::declareModule(ModuleInfo &info) {
  module = &info;
  info.types.assign(info.ast.nodeCount, nullptr);
  info.uses.assign(info.ast.nodeCount, SymbolId::None);
  for (bool uses : {false, true})
    for (const StmtPtr &stmt : info.ast.stmts)
      if ((stmt->kind == StmtKind::Use) == uses)
        declareStmt(*stmt);
}

std::optional<SymbolId> Checker::exported(const ModuleInfo &from, const std::string &path,
                                          const Ident &name) {
  auto found = from.names.find(name.text);
  const bool isPrivate = name.text.starts_with("_");
  if (found != from.names.end() && !isPrivate)
    return found->second;
  auto &d = diagnostics.report(diag::Kind::UnknownInModule, name.span, path, name.text);
  if (found != from.names.end()) {
    d.place(sym(found->second).span, "a leading `_` keeps it private to its file")
        .help("take the `_` away there, or use something that is not private");
    return std::nullopt;
  }
  std::vector<std::string_view> words;
  for (const auto &[word, id] : from.names)
    if (!word.starts_with("_"))
      words.push_back(word);
  if (auto near = base::nearestWord(name.text, words))
    d.help(fmt::format("did you mean `{}`?", *near))
        .edit(name.span, std::string(*near),
              fmt::format("replace `{}` with `{}`", name.text, *near));
  return std::nullopt;
}

void Checker::bring(const Ident &name, const std::string &as, SymbolId id) {
  auto &names = scopes.empty() ? module->names : scopes.back();
  auto [old, isNew] = names.emplace(as, id);
  if (isNew || old->second == id)
    return;
  if (scopes.empty() && sym(id).kind != SymbolKind::Module)
    diagnostics.report(diag::Kind::DeclaredTwice, name.span, as)
        .label("brought here by `use`")
        .place(sym(old->second).span, "first declared here")
        .help(fmt::format("give it another name: `use MODULE.{} as OTHER`", name.text));
  old->second = id;
}

void Checker::useModule(const UseStmt &use) {
  std::string path;
  for (const Ident &part : use.path)
    path += (path.empty() ? "" : ".") + part.text;
  base::Span span = use.path.front().span.to(use.path.back().span);
  // One error: what uses a name that is missing stays silent.
  auto missing = [&](const Ident &name, const std::string &as) {
    auto &names = scopes.empty() ? module->names : scopes.back();
    names.emplace(as, newSymbol(SymbolKind::Unsupported, as, name.span));
  };
  auto import = [&](const ModuleInfo &from, const std::string &modulePath, const Ident &name,
                    const std::string &as) {
    if (auto id = exported(from, modulePath, name))
      bring(name, as, *id);
    else
      missing(name, as);
  };
  ModuleInfo *whole = load(path);
  // `import numpy as np` was reported as no `use`; that there is no such module is no news.
  if (diagnostics.hasErrorIn(use.span) && !path.starts_with("std"))
    diagnostics.silence(use.span);
  if (use.hasBraces) {
    if (!whole)
      diagnostics.report(diag::Kind::UnknownModule, span, path).help(std::string(whereModulesAre));
    for (const Ident &name : use.names) {
      if (whole)
        import(*whole, path, name, name.text);
      else
        missing(name, name.text);
    }
    return;
  }
  const Ident &last = use.path.back();
  const std::string as = use.alias ? use.alias->text : last.text;
  if (whole || path == "std") {
    bring(last, as, moduleSymbol(path));
    return;
  }
  const size_t dot = path.rfind('.');
  ModuleInfo *parent = dot == std::string::npos ? nullptr : load(path.substr(0, dot));
  if (parent) {
    import(*parent, path.substr(0, dot), last, as);
    return;
  }
  diagnostics.report(diag::Kind::UnknownModule, span, path).help(std::string(whereModulesAre));
  missing(last, as);
}

} // namespace qdo::sema
