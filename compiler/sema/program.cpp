// SPDX-License-Identifier: Apache-2.0
// What can be read off a checked program.
#include "compiler/sema/program.h"

#include <algorithm>

namespace qdo::sema {

using namespace syntax;

std::optional<NativeBody> nativeBody(const Symbol &symbol) {
  static constexpr std::string_view markers[] = {"native", "measured", "sampled", "peeked",
                                                 "elaborated"};
  if (symbol.kind != SymbolKind::Function || !symbol.module ||
      !symbol.module->path.starts_with("std."))
    return std::nullopt;
  const auto *call = dynAs<CallExpr>(as<FnStmt>(*symbol.decl).value.get());
  const auto *marker = call ? dynAs<NameExpr>(call->callee.get()) : nullptr;
  if (!marker || std::ranges::find(markers, marker->name) == std::end(markers))
    return std::nullopt;
  return NativeBody{marker->name, call};
}

} // namespace qdo::sema
