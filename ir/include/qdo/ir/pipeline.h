// SPDX-License-Identifier: Apache-2.0
// The named ways through the passes, for the driver and for qdo-opt.
#ifndef QDO_IR_PIPELINE_H
#define QDO_IR_PIPELINE_H

#include "mlir/IR/BuiltinOps.h"
#include "qdo/ir/pass_guard.h"

namespace mlir {
class DialectRegistry;
class OpPassManager;
} // namespace mlir

namespace qdo::ir {

/// Every dialect a program may hold before conversion, and LLVM's.
void registerDialects(mlir::DialectRegistry &registry);
/// Every pass and pipeline, by name.
void registerPasses();

void buildOptimise(mlir::OpPassManager &passes);
/// After `optimise`: circuits in rz, sx, x and cx, with as few cx as the passes find.
void buildToBasis(mlir::OpPassManager &passes);
void buildToLlvm(mlir::OpPassManager &passes);

/// Run a pipeline, guarded after every pass. Errors go to the context's diagnostics.
mlir::LogicalResult optimise(mlir::ModuleOp module, GuardOptions options = {});
mlir::LogicalResult toBasis(mlir::ModuleOp module, GuardOptions options = {});
mlir::LogicalResult toLlvm(mlir::ModuleOp module, GuardOptions options = {});

} // namespace qdo::ir

#endif
