// SPDX-License-Identifier: Apache-2.0
// What a session holds, for the files that implement it.
#pragma once

#include "compiler/codegen/jit.h"
#include "compiler/driver/inputs.h"
#include "compiler/driver/session.h"
#include "compiler/lower/lower.h"
#include "compiler/sema/program.h"

#include "mlir/IR/MLIRContext.h"

#include <set>

namespace qdo::driver {

/// A program that is ready to run.
struct Code {
  /// Lines and columns in bytes from 1, and the file's name, since those outlive the session; line
  /// 0: nowhere.
  struct Site {
    std::string file;
    uint32_t beginLine = 0, beginColumn = 0, endLine = 0, endColumn = 0;
  };
  std::unique_ptr<codegen::Compiled> program;
  std::vector<Site> sites;    ///< of its calls that can fail
  std::set<std::string> open; ///< parameters that get their values when it starts
};

struct Session::State {
  std::optional<std::string> text; ///< of the program, once it was read
  Inputs inputs;                   ///< what else was read, when code is kept
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
  std::map<std::string, std::string> unexportable; ///< what turned out not to compile by itself
  bool optimised = false;
  std::optional<Code> code;
};

} // namespace qdo::driver
