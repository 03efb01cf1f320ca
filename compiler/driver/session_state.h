// SPDX-License-Identifier: Apache-2.0
// What a session holds, for the files that implement it.
#pragma once

#include "compiler/driver/session.h"
#include "compiler/lower/lower.h"
#include "compiler/sema/program.h"

#include "mlir/IR/MLIRContext.h"

#include <set>

namespace qdo::driver {

struct Session::State {
  std::optional<base::FileId> file;
  std::optional<syntax::Ast> ast; ///< until it is checked
  std::optional<sema::Program> program;
  std::unique_ptr<mlir::MLIRContext> context;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  lower::Spending spending;
  const syntax::TestStmt *test = nullptr;         ///< what is elaborated instead of the program
  std::set<std::string> openParams;               ///< they get their values when the program starts
  std::map<std::string, std::string> fixedParams; ///< values of the others, as they would be given
  std::vector<lower::Export> *exports = nullptr;  ///< where elaboration says what others may call
  bool optimised = false;
};

} // namespace qdo::driver
