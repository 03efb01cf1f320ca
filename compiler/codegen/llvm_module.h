// SPDX-License-Identifier: Apache-2.0
// The one translation from the LLVM dialect to LLVM IR.
#ifndef QDO_CODEGEN_LLVM_MODULE_H
#define QDO_CODEGEN_LLVM_MODULE_H

#include "mlir/IR/BuiltinOps.h"
#include <memory>

namespace llvm {
class LLVMContext;
class Module;
class TargetMachine;
} // namespace llvm

namespace qdo::codegen {

/// Null, with an error in the module's diagnostics, when something is not in the LLVM dialect.
/// `machine` gives triple and data layout.
std::unique_ptr<llvm::Module> translate(mlir::ModuleOp module, llvm::LLVMContext &context,
                                        llvm::TargetMachine &machine);

/// The machine this process runs on; null with a message in `error`.
std::unique_ptr<llvm::TargetMachine> hostMachine(std::string &error);

/// The plainest machine of this kind; null with a message in `error`.
std::unique_ptr<llvm::TargetMachine> portableMachine(std::string &error);

} // namespace qdo::codegen

#endif
