// SPDX-License-Identifier: Apache-2.0
// Parts of `qdo-to-llvm`.
#ifndef QDO_IR_CONVERSION_TO_LLVM_H
#define QDO_IR_CONVERSION_TO_LLVM_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir {
class LLVMTypeConverter;
}

namespace qdo::ir {

/// The discardable attributes that carry sites: on a call its number, on the module the table.
constexpr llvm::StringLiteral siteAttr = "qdo.site", sitesAttr = "qdo.sites";

/// Turns each qc.circuit into the constant @name, a qdo_circuit, and its function of angles.
/// Arithmetic on angles stays for the patterns.
mlir::LogicalResult convertCircuits(mlir::ModuleOp module);

/// Declares every entry point that the module calls.
void declareEntryPoints(mlir::ModuleOp module);

/// Numbers the places of fallible calls.
void numberSites(mlir::ModuleOp module);

/// qdo.rt, text, function addresses, captures and packed numbers.
void populateRuntimePatterns(mlir::LLVMTypeConverter &converter, mlir::RewritePatternSet &patterns);

} // namespace qdo::ir

#endif
