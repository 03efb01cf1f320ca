// SPDX-License-Identifier: Apache-2.0
// What can be read off a checked program.
#include "compiler/sema/program.h"

#include <algorithm>

namespace qdo::sema {

using namespace syntax;

bool isFidelity(const KernelStmt &kernel) {
  const Expr *body = kernel.body.get();
  while (const auto *paren = dynAs<ParenExpr>(body))
    body = paren->inner.get();
  const auto *power = dynAs<BinaryExpr>(body);
  const auto *two = power ? dynAs<IntExpr>(power->rhs.get()) : nullptr;
  const auto *abs = power ? dynAs<AbsOverlapExpr>(power->lhs.get()) : nullptr;
  const auto *bra = abs ? dynAs<NameExpr>(abs->bra.get()) : nullptr;
  const auto *ket = abs ? dynAs<NameExpr>(abs->ket.get()) : nullptr;
  auto isParam = [&](const NameExpr *n) {
    return n && kernel.params.size() == 2 &&
           (n->name == kernel.params[0].name.text || n->name == kernel.params[1].name.text);
  };
  return kernel.via && two && two->value == 2 && power->op == BinaryOp::Pow && isParam(bra) &&
         isParam(ket) && bra->name != ket->name;
}

std::optional<NativeBody> nativeBody(const Symbol &symbol) {
  static constexpr std::string_view markers[] = {"native",    "measured", "sampled",
                                                 "estimated", "peeked",   "elaborated"};
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
