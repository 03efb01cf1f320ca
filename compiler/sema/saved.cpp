// SPDX-License-Identifier: Apache-2.0
// `save x as "name"` and `load("name@2")`: what can be kept, and under which names.
#include "compiler/sema/saved.h"

#include <fmt/format.h>

#include <algorithm>

namespace qdo::sema {

using namespace syntax;

/// The text of a string without interpolation.
static std::optional<std::string> constantText(const Expr &e) {
  const auto *s = dynAs<StringExpr>(&e);
  if (!s)
    return std::nullopt;
  std::string text;
  for (const StringPart &part : s->parts) {
    if (part.value)
      return std::nullopt;
    text += part.text;
  }
  return text;
}

static bool isName(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-_./+").find(c) != std::string_view::npos;
  });
}

/// "name" or "name@3".
static bool isReference(std::string_view text) {
  const size_t at = text.find('@');
  if (at == text.npos)
    return isName(text);
  const std::string_view version = text.substr(at + 1);
  return isName(text.substr(0, at)) && !version.empty() && version.size() < 19 &&
         version[0] != '0' &&
         std::ranges::all_of(version, [](char c) { return c >= '0' && c <= '9'; });
}

static bool isSavable(const Type &type) {
  switch (type.kind) {
  case TypeKind::Estimate:
  case TypeKind::Real:
  case TypeKind::Int:
  case TypeKind::Shadow:
    return true;
  case TypeKind::Array:
    return type.sizes.size() <= 2 &&
           (type.element->is(TypeKind::Real) || type.element->is(TypeKind::Int));
  default:
    return false;
  }
}

static bool isLoadable(const Type &type) {
  return isSavable(type) && !type.is(TypeKind::Int) &&
         (!type.is(TypeKind::Array) || type.element->is(TypeKind::Real));
}

static constexpr std::string_view savable =
    "estimates, shadows, reals and arrays of reals can be saved";

void checkSave(const SaveStmt &save, const TypeRef &type, const std::string &shown,
               diag::Engine &diagnostics) {
  if (auto name = constantText(*save.label); name && !isName(*name)) {
    auto &d = diagnostics.report(diag::Kind::BadClause, save.label->span, *name,
                                 "is no name to save under");
    if (isReference(*name))
      d.label("the registry counts versions itself")
          .help(fmt::format("write `\"{}\"`", name->substr(0, name->find('@'))));
    else
      d.help("names are letters, digits and `-_./+`");
  }
  if (type->isError() || type->isLive() || isSavable(*type))
    return; // live values are the linearity checker's to report
  diagnostics.report(diag::Kind::NotAllowedHere, save.value->span, shown, "after `save`")
      .label(fmt::format("this is {}", shown))
      .help(std::string(savable));
}

bool checkLoad(const CallExpr &load, const TypeRef &type, const std::string &shown,
               diag::Engine &diagnostics) {
  const Expr &name = *load.args[0].value;
  if (auto text = constantText(name); text && !isReference(*text)) {
    diagnostics.report(diag::Kind::BadClause, name.span, *text, "is no name of something saved")
        .help("write `name`, or `name@2` for a version");
    return false;
  }
  if (isLoadable(*type))
    return true;
  diagnostics
      .report(diag::Kind::TypeMismatch, load.span, "what `load` gives", shown,
              "a type that can be saved")
      .help(std::string(savable));
  return false;
}

} // namespace qdo::sema
