// SPDX-License-Identifier: Apache-2.0
// From declarations to the model of documentation.
#include "compiler/driver/documentation.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

namespace qdo::driver {

namespace {

using namespace syntax;

/// What a declaration has in common with the others, whatever its kind.
struct Shape {
  const char *kind = nullptr; ///< null: nothing to document
  const Ident *name = nullptr;
  const std::vector<Param> *params = nullptr;
  const std::vector<Param> *on = nullptr;
  uint32_t end = 0; ///< of the signature; 0 for the whole statement
  bool circuit = false;
};

Shape shapeOf(const Stmt &s) {
  switch (s.kind) {
  case StmtKind::Param:
    return {"parameter of the program", &as<ParamStmt>(s).name};
  case StmtKind::Dataset:
    return {"data set", &as<DatasetStmt>(s).name, &as<DatasetStmt>(s).params};
  case StmtKind::Policy:
    return {"policy", &as<PolicyStmt>(s).name, &as<PolicyStmt>(s).params};
  case StmtKind::Noise:
    return {"noise", &as<NoiseStmt>(s).name, &as<NoiseStmt>(s).params};
  case StmtKind::Device:
    return {"device", &as<DeviceStmt>(s).name};
  case StmtKind::Kernel:
    return {"kernel", &as<KernelStmt>(s).name, &as<KernelStmt>(s).params};
  case StmtKind::Unitary:
    return {"unitary", &as<UnitaryStmt>(s).name, &as<UnitaryStmt>(s).params,
            &as<UnitaryStmt>(s).on};
  case StmtKind::Observable:
    return {"observable", &as<ObservableStmt>(s).name, &as<ObservableStmt>(s).params};
  case StmtKind::Phantom:
    return {"phantom", &as<PhantomStmt>(s).name, &as<PhantomStmt>(s).params};
  case StmtKind::Select:
    return {"selection", &as<SelectStmt>(s).name};
  case StmtKind::Observe:
    return {"observation", &as<ObserveStmt>(s).name};
  case StmtKind::Circuit: {
    const auto &c = as<CircuitStmt>(s);
    return {
        c.isEncoding ? "encoding" : "circuit", &c.name, &c.params, &c.on, c.body.span.begin, true};
  }
  case StmtKind::Fn: {
    const auto &f = as<FnStmt>(s);
    const uint32_t end = f.block ? f.block->span.begin : f.value ? f.value->span.begin : 0;
    return {"function", &f.name, &f.params, &f.on, end};
  }
  default:
    return {};
  }
}

class Reader {
public:
  Reader(const base::SourceMap &sources, const ResultOf &resultOf)
      : sources(sources), resultOf(resultOf) {}

  std::optional<Documentation::Entry> entry(const Stmt &s) {
    const Shape shape = shapeOf(s);
    if (!shape.kind || shape.name->text.starts_with('_'))
      return std::nullopt;
    Documentation::Entry entry{shape.kind, shape.name->text, signature(s, shape), s.doc, s.span, {},
                               {}};
    Sizes sizes;
    if (shape.params)
      for (const Param &p : *shape.params)
        parameter(p, shape.circuit ? role(p) : "", entry, sizes);
    if (shape.on)
      for (const Param &p : *shape.on)
        parameter(p, "transformed in place", entry, sizes);
    for (const auto &[name, where] : sizes.solvedFrom)
      if (!sizes.parameters.count(name))
        entry.sizes.push_back(
            fmt::format("`{}` is found from `{}`.", name, fmt::join(where, "` or `")));
    return entry;
  }

private:
  const base::SourceMap &sources;
  const ResultOf &resultOf;

  struct Sizes {
    std::map<std::string, std::vector<std::string>> solvedFrom;
    std::set<std::string> parameters;
  };

  std::string signature(const Stmt &s, const Shape &shape) {
    base::Span span = s.span;
    if (shape.end > 0)
      span.end = shape.end;
    std::string text(sources.text(span));
    auto trim = [&] { text.erase(text.find_last_not_of(" \t\r\n") + 1); };
    trim();
    if (shape.end > 0 && text.ends_with('=')) {
      text.pop_back();
      trim();
    }
    if (const auto *f = dynAs<FnStmt>(&s); f && !f->result)
      if (const std::string result = resultOf(*f); !result.empty())
        text += " -> " + result;
    return text;
  }

  static std::string role(const Param &p) {
    if (!p.type)
      return "";
    const std::string &type = p.type->name.text;
    if (type == "real" && p.name.text == "within")
      return "tolerance: above 0 the circuit is made for its data";
    if (type == "observable")
      return "its Paulis are structure, its weights data";
    const bool structure = type == "int" || type == "string" || type == "pauli" ||
                           (type == "bool" && !p.type->hasSizes);
    return structure ? "structure: another value is another circuit" : "data: angles only";
  }

  void parameter(const Param &p, std::string role, Documentation::Entry &entry, Sizes &sizes) {
    auto text = [&](const auto &node) {
      return node ? std::string(sources.text(node->span)) : std::string();
    };
    entry.parameters.push_back({p.name.text, text(p.type), text(p.defaultValue), std::move(role)});
    sizes.parameters.insert(p.name.text);
    if (p.type)
      for (const ExprPtr &size : p.type->sizes)
        names(size.get(), p.name.text, sizes);
  }

  static void names(const Expr *e, const std::string &of, Sizes &sizes) {
    if (!e)
      return;
    if (const auto *name = dynAs<NameExpr>(e)) {
      auto &where = sizes.solvedFrom[name->name];
      if (std::find(where.begin(), where.end(), of) == where.end())
        where.push_back(of);
    } else if (const auto *binary = dynAs<BinaryExpr>(e)) {
      names(binary->lhs.get(), of, sizes);
      names(binary->rhs.get(), of, sizes);
    } else if (const auto *paren = dynAs<ParenExpr>(e)) {
      names(paren->inner.get(), of, sizes);
    }
  }
};

/// The comment that opens the file, without its licence line.
std::string opening(std::string_view text) {
  std::string result;
  while (text.starts_with("//") && !text.starts_with("///")) {
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(2, end - 2);
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    if (!line.starts_with("SPDX-"))
      result += std::string(line) + "\n";
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return result;
}

} // namespace

Documentation documentationOf(std::string title, const Ast &ast, const base::SourceMap &sources,
                              const ResultOf &resultOf) {
  Documentation result{std::move(title), opening(sources.text(ast.file)), {}};
  Reader reader(sources, resultOf);
  for (const StmtPtr &s : ast.stmts)
    if (auto entry = reader.entry(*s))
      result.entries.push_back(std::move(*entry));
  return result;
}

} // namespace qdo::driver
