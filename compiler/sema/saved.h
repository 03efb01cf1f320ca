// SPDX-License-Identifier: Apache-2.0
// `save x as "name"` and `load("name@2")`: what can be kept, and under which names.
#pragma once

#include "compiler/diag/diagnostic.h"
#include "compiler/sema/types.h"
#include "compiler/syntax/ast.h"

namespace qdo::sema {

/// Reports what cannot be saved, or not under this name.
void checkSave(const syntax::SaveStmt &save, const TypeRef &type, const std::string &shown,
               diag::Engine &diagnostics);
/// Whether such a value can be loaded by this name; reported when not.
bool checkLoad(const syntax::CallExpr &load, const TypeRef &type, const std::string &shown,
               diag::Engine &diagnostics);

} // namespace qdo::sema
