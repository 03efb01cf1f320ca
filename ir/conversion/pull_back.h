// SPDX-License-Identifier: Apache-2.0
// The derivative of a circuit's angles by its data, as a function beside them.
// In: the function from data to angles, in the LLVM dialect. Out: `pull_back` of circuit.h.
// Why reverse mode: one call gives the slopes of all data, and straight-line code is easy to go
// back.
#ifndef QDO_IR_CONVERSION_PULL_BACK_H
#define QDO_IR_CONVERSION_PULL_BACK_H

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/Builders.h"

namespace qdo::ir {

/// `computed` are the values of the slots from `firstSlot` on. Null when one of them comes from a
/// step that has no derivative.
mlir::LLVM::LLVMFuncOp makePullBack(mlir::OpBuilder &builder, mlir::LLVM::LLVMFuncOp angles,
                                    mlir::StringRef name, size_t firstSlot,
                                    mlir::ValueRange computed);

} // namespace qdo::ir

#endif
