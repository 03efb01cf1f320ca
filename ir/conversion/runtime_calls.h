// SPDX-License-Identifier: Apache-2.0
// A builder for code that calls the runtime: constants, text and `qdo.rt` at one place.
#ifndef QDO_IR_CONVERSION_RUNTIME_CALLS_H
#define QDO_IR_CONVERSION_RUNTIME_CALLS_H

#include "qdo/ir/qdo.h"

namespace qdo::ir {

class RuntimeCalls {
public:
  explicit RuntimeCalls(mlir::Operation *before) : builder(before), loc(before->getLoc()) {}

  mlir::Value integer(int64_t value);
  mlir::Value real(double value);
  mlir::Value boolean(bool value);
  mlir::Value text(mlir::StringRef value);
  mlir::Value function(mlir::StringRef symbol);
  /// Calls an entry point; null when it gives nothing.
  mlir::Value call(mlir::StringRef entry, mlir::ValueRange arguments, int64_t prepQubits = 0);
  /// The recipe of a circuit applied to data.
  mlir::Value recipe(qc::CircuitOp circuit, mlir::ValueRange data);

  mlir::OpBuilder builder;
  mlir::Location loc;
};

// Parts of `qdo-to-runtime`.
void convertDataset(data::DatasetOp op);
void convertKernel(data::KernelOp op, qc::CircuitOp circuit);

} // namespace qdo::ir

#endif
