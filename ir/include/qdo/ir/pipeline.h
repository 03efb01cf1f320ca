// SPDX-License-Identifier: Apache-2.0
// The named ways through the passes, for the driver and for qdo-opt.
#ifndef QDO_IR_PIPELINE_H
#define QDO_IR_PIPELINE_H

#include "mlir/IR/BuiltinOps.h"

namespace mlir {
class DialectRegistry;
class OpPassManager;
} // namespace mlir

namespace qdo::ir {

/// Every dialect a program may hold before conversion, and LLVM's.
void registerDialects(mlir::DialectRegistry &registry);
/// Every pass and both pipelines, by name.
void registerPasses();

void buildOptimise(mlir::OpPassManager &passes);
void buildToLlvm(mlir::OpPassManager &passes);

/// Run a pipeline, guarded by the linearity check after every pass. Errors go to the context's
/// diagnostics.
mlir::LogicalResult optimise(mlir::ModuleOp module);
mlir::LogicalResult toLlvm(mlir::ModuleOp module);

} // namespace qdo::ir

#endif
