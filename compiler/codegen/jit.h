// SPDX-License-Identifier: Apache-2.0
// From the LLVM dialect to code that runs in this process.
// In: a module that the pipeline `to-llvm` has converted. Out: its entry function, or its LLVM IR
// as text. Why one translation for both: the text that `emit` shows is exactly what runs.
#ifndef QDO_CODEGEN_JIT_H
#define QDO_CODEGEN_JIT_H

#include "mlir/IR/BuiltinOps.h"
#include "qdo/runtime/abi.h"
#include <memory>
#include <string>
#include <string_view>

namespace qdo::codegen {

/// A program in memory. It must outlive every run of it.
class Compiled {
public:
  struct Engine;
  Compiled(std::unique_ptr<Engine> engine, void (*entry)(qdo_ctx *));
  ~Compiled();

  /// Runs `qdo_main`. How it ended is in the context.
  void run(qdo_ctx *context) const { entry(context); }

private:
  std::unique_ptr<Engine> engine;
  void (*entry)(qdo_ctx *);
};

/// A program, or what went wrong in this compiler (never in a user's program).
class Compilation {
public:
  Compilation(std::unique_ptr<Compiled> program) : program(std::move(program)) {}
  Compilation(std::string message) : message(std::move(message)) {}

  explicit operator bool() const { return program != nullptr; }
  const Compiled *operator->() const { return program.get(); }
  std::unique_ptr<Compiled> take() { return std::move(program); }
  const std::string &error() const { return message; }

private:
  std::unique_ptr<Compiled> program;
  std::string message;
};

/// Compiles for this machine. `object`: filled with the object file, for `load`.
Compilation compile(mlir::ModuleOp module, std::string *object = nullptr);

/// What `compile` made before, on a machine with the same `hostName`, by the same compiler.
Compilation load(std::string_view object);

/// The kind of processor that `compile` makes code for, and by which code generator.
std::string hostName();

/// The LLVM IR that `compile` hands to the code generator; empty when the module cannot be
/// translated.
std::string llvmText(mlir::ModuleOp module);

} // namespace qdo::codegen

#endif
