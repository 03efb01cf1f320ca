// SPDX-License-Identifier: Apache-2.0
// What is inside a value: indices, slices, members, paths through modules.
#include "compiler/sema/checker.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace qdo::sema {

using namespace syntax;

TypeRef Checker::index(const IndexExpr &e) {
  TypeRef base = expr(*e.base);
  if (base->is(TypeKind::Counts) && e.indices.size() == 1) {
    const Expr &outcome = *e.indices[0];
    return expectType(simple(TypeKind::String), expr(outcome), outcome.span,
                      "an outcome, such as `\"01\"`,")
               ? simple(TypeKind::Int)
               : simple(TypeKind::Error);
  }
  for (const ExprPtr &i : e.indices) {
    TypeRef t = expr(*i);
    if (t->isError() || t->is(TypeKind::Int))
      continue;
    if (t->is(TypeKind::Array) && t->element->is(TypeKind::Int) && i->kind == ExprKind::Binary)
      continue; // a slice
    diagnostics.report(diag::Kind::NotIndexable, i->span, quote(e.base->span), show(t))
        .label(fmt::format("this is {}", show(t)));
    return simple(TypeKind::Error);
  }
  if (base->isError())
    return base;
  auto outside = [&](const Expr &i, const Size &size) {
    Size at = sizeOf(i);
    if (at.isConstant() && size.isConstant() && (at.offset < 0 || at.offset >= size.offset)) {
      diagnostics.report(diag::Kind::StaticIndexOutOfRange, i.span, at.offset, size.offset)
          .place(e.base->span, fmt::format("this is {}", show(base)));
      return true;
    }
    return false;
  };
  auto slice = [&](const Expr &i) {
    return module->types[static_cast<uint32_t>(i.id)]->is(TypeKind::Array);
  };
  if (base->is(TypeKind::Register)) {
    if (e.indices.size() != 1) {
      diagnostics.report(diag::Kind::NotIndexable, e.span, quote(e.base->span),
                         fmt::format("{} indices", e.indices.size()));
      return simple(TypeKind::Error);
    }
    if (slice(*e.indices[0]))
      return sized(TypeKind::Register,
                   module->types[static_cast<uint32_t>(e.indices[0]->id)]->sizes[0]);
    return outside(*e.indices[0], base->sizes[0]) ? simple(TypeKind::Error)
                                                  : simple(TypeKind::Qubit);
  }
  if (base->is(TypeKind::Pauli) && e.indices.size() == 1)
    return simple(TypeKind::Observable);
  if (base->is(TypeKind::String) && e.indices.size() == 1 && !slice(*e.indices[0]))
    return base;
  if (!base->is(TypeKind::Array)) {
    diagnostics.report(diag::Kind::NotIndexable, e.base->span, show(base), "[ ]")
        .label(fmt::format("this is {}", show(base)));
    return simple(TypeKind::Error);
  }
  std::vector<Size> rest = base->sizes;
  std::vector<Size> kept;
  for (size_t i = 0; i < e.indices.size(); ++i) {
    if (i >= base->sizes.size()) {
      diagnostics.report(diag::Kind::NotIndexable, e.span, show(base),
                         fmt::format("{} indices", e.indices.size()));
      return simple(TypeKind::Error);
    }
    if (slice(*e.indices[i]))
      kept.push_back(module->types[static_cast<uint32_t>(e.indices[i]->id)]->sizes[0]);
    else if (outside(*e.indices[i], base->sizes[i]))
      return simple(TypeKind::Error);
  }
  kept.insert(kept.end(), rest.begin() + static_cast<long>(e.indices.size()), rest.end());
  return kept.empty() ? base->element : arrayOf(base->element, kept);
}

TypeRef Checker::member(const MemberExpr &m) {
  // A path through modules: std.encodings.zz
  if (const auto *n = dynAs<NameExpr>(m.base.get())) {
    SymbolId id = lookup(n->name);
    if (id == SymbolId::None && n->name != "std") {
      resolve({n->name, n->span});
      return simple(TypeKind::Error);
    }
  }
  const bool outerPath = std::exchange(inPath, true);
  TypeRef base = expr(*m.base);
  inPath = outerPath;
  SymbolId through = SymbolId::None;
  if (m.base->kind == ExprKind::Name || m.base->kind == ExprKind::Member)
    through = module->uses[static_cast<uint32_t>(m.base->id)];
  if (through != SymbolId::None && sym(through).kind == SymbolKind::Module) {
    const std::string path = sym(through).modulePath;
    if (path == "std" || load(path) == nullptr) {
      std::string deeper = path + "." + m.member.text;
      if (!load(deeper)) {
        diagnostics.report(diag::Kind::UnknownModule, m.span, deeper);
        return simple(TypeKind::Error);
      }
      module->uses[static_cast<uint32_t>(m.id)] = moduleSymbol(deeper);
      if (!inPath)
        diagnostics.report(diag::Kind::NotAllowedHere, m.span, "a module", "as a value")
            .help(fmt::format("name something in it: `{}.NAME`", deeper));
      return simple(TypeKind::Error);
    }
    ModuleInfo *from = load(path);
    auto found = exported(*from, path, m.member);
    if (!found)
      return simple(TypeKind::Error);
    // A function is only ever called, so naming one through its module is no use as a value yet.
    SymbolKind kind = sym(*found).kind;
    if (kind == SymbolKind::Function || kind == SymbolKind::Intrinsic) {
      module->uses[static_cast<uint32_t>(m.id)] = *found;
      return simple(TypeKind::Error);
    }
    return useOf(*found, m);
  }
  return base->isError() ? base : memberOf(base, m);
}

TypeRef Checker::memberOf(const TypeRef &base, const MemberExpr &m) {
  const std::string &name = m.member.text;
  std::vector<std::string_view> known;
  auto table = [&](std::initializer_list<std::pair<const char *, TypeKind>> members) -> TypeRef {
    for (const auto &[word, kind] : members) {
      if (name == word)
        return simple(kind);
      known.push_back(word);
    }
    return nullptr;
  };
  TypeRef found;
  switch (base->kind) {
  case TypeKind::Estimate:
    for (const sema::TypeField &field : base->fields) { // a geometric difference
      if (field.name == name)
        return field.type;
      known.push_back(field.name);
    }
    found = table({{"value", TypeKind::Real},
                   {"stderr", TypeKind::Real},
                   {"low", TypeKind::Real},
                   {"high", TypeKind::Real},
                   {"shots", TypeKind::Int},
                   {"method", TypeKind::String}});
    break;
  case TypeKind::Spent:
    found = table({{"shots", TypeKind::Int},
                   {"circuits", TypeKind::Int},
                   {"time", TypeKind::Duration},
                   {"left", TypeKind::Int}});
    break;
  case TypeKind::Complex:
    found = table({{"re", TypeKind::Real}, {"im", TypeKind::Real}});
    break;
  case TypeKind::Real: // an accuracy and the like
  case TypeKind::Tuple:
    for (const sema::TypeField &field : base->fields) {
      if (field.name == name)
        return field.type;
      if (!field.name.empty())
        known.push_back(field.name);
    }
    break;
  case TypeKind::Register:
  case TypeKind::String:
  case TypeKind::Array:
    if (name == "size")
      return simple(TypeKind::Int);
    known = {"size"};
    if (base->is(TypeKind::Array) && base->sizes.size() == 2 &&
        (base->element->is(TypeKind::Estimate) || base->element->is(TypeKind::Real))) {
      if (name == "min_eigenvalue")
        return base->element;
      known.push_back("min_eigenvalue");
    }
    if (base->is(TypeKind::Array) && base->element->is(TypeKind::Estimate)) {
      TypeRef field = table({{"value", TypeKind::Real},
                             {"stderr", TypeKind::Real},
                             {"low", TypeKind::Real},
                             {"high", TypeKind::Real},
                             {"shots", TypeKind::Int}});
      if (field)
        return arrayOf(field, base->sizes);
    }
    break;
  case TypeKind::Counts:
    found = table({{"shots", TypeKind::Int}, {"size", TypeKind::Int}, {"qubits", TypeKind::Int}});
    known.push_back("probability");
    break;
  case TypeKind::Shadow:
    found = table({{"snapshots", TypeKind::Int}, {"qubits", TypeKind::Int}});
    known.insert(known.end(), {"expect", "fidelity", "purity", "entropy"});
    break;
  case TypeKind::Model:
    if (name == "support")
      return arrayOf(simple(TypeKind::Int), {Size::unknown()});
    if (name == "repair")
      return simple(TypeKind::String);
    known = {"support", "repair"};
    break;
  case TypeKind::Selection:
    if (name == "stopped")
      return simple(TypeKind::String);
    if (base->schema)
      for (const sema::TypeField &field : base->schema->fields)
        if (field.name == name && field.type->is(TypeKind::Model))
          return field.type;
    known = {"stopped"};
    [[fallthrough]];
  case TypeKind::Dataset: {
    if (name == "size")
      return simple(TypeKind::Int);
    known.push_back("size");
    if (!base->schema) // a parameter of type `dataset`: elaboration knows its parts
      return datasetOf(nullptr);
    for (const std::string &part : base->schema->parts) {
      if (part == name)
        return datasetOf(base->schema);
      known.push_back(part);
    }
    for (const sema::TypeField &field : base->schema->fields) {
      if (field.name == name) {
        if (field.type->is(TypeKind::Array))
          return arrayOf(field.type->element, {Size::unknown(), field.type->sizes[0]});
        if (!field.type->is(TypeKind::Label))
          return arrayOf(field.type, {Size::unknown()});
        return notYet(m.span, "a column of labels as a value");
      }
      known.push_back(field.name);
    }
    if (base->schema->openParts && base->is(TypeKind::Dataset))
      return datasetOf(base->schema); // the data brings its parts: elaboration knows them
    break;
  }
  case TypeKind::Row:
    if (!base->schema) // of a parameter of type `dataset`: elaboration knows its fields
      return simple(TypeKind::Error);
    if (base->schema)
      for (const sema::TypeField &field : base->schema->fields) {
        if (base->hidesLabel && field.type->is(TypeKind::Label)) {
          if (field.name == name) {
            diagnostics.report(diag::Kind::Peeking, m.member.span, "the label of a candidate")
                .label("not known before it is chosen")
                .help("a score may use the candidate's data and the rows that were chosen before");
            return simple(TypeKind::Error);
          }
          continue;
        }
        if (field.name == name)
          return field.type;
        known.push_back(field.name);
      }
    break;
  default:
    break;
  }
  if (found)
    return found;
  if ((base->schema && base->schema->hasErrors) || (base->is(TypeKind::Row) && !base->schema))
    return simple(TypeKind::Error);
  if (base->is(TypeKind::Dataset) && module->ast.mayBeUnread(name, m.member.span))
    return simple(TypeKind::Error); // a part that a line declares which could not be read
  auto &d = diagnostics.report(diag::Kind::UnknownMember, m.member.span, show(base), name);
  static constexpr std::string_view ofEstimates[] = {"value", "stderr", "low",
                                                     "high",  "shots",  "method"};
  if (m.base->kind == ExprKind::Int &&
      std::ranges::find(ofEstimates, name) != std::end(ofEstimates))
    d.help(fmt::format("`.` binds before `^`: write `(|<p|r>|^2).{}`", name));
  if (auto near = base::nearestWord(name, known))
    d.help(fmt::format("did you mean `.{}`?", *near))
        .edit(m.member.span, std::string(*near), fmt::format("replace it with `{}`", *near));
  else if (!known.empty())
    d.help(fmt::format("it has `.{}`", fmt::join(known, "`, `.")));
  if (known.size() < 2)
    doubt(*m.base);
  return simple(TypeKind::Error);
}

} // namespace qdo::sema
