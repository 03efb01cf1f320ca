// SPDX-License-Identifier: Apache-2.0
// Remembers the unitary of every small circuit and compares it with what a pass has made of it.
#ifndef QDO_IR_ANALYSIS_UNITARY_CHECK_H
#define QDO_IR_ANALYSIS_UNITARY_CHECK_H

#include "qdo/ir/dense.h"
#include "llvm/ADT/StringMap.h"

namespace qdo::ir {

class UnitaryCheck {
public:
  /// Takes note of every circuit under `root`. Fails, with an error, on one that it cannot compute.
  mlir::LogicalResult remember(mlir::Operation *root);

  /// Fails, with an error at each circuit that is another one than before.
  mlir::LogicalResult compare(mlir::Operation *root, llvm::StringRef pass);

private:
  struct Point {
    llvm::SmallVector<double> data;
    DenseMatrix unitary, controlled;
  };
  struct Known {
    uint64_t hash = 0;
    std::vector<Point> points;
  };

  static std::optional<Known> evaluate(qc::CircuitOp circuit);
  static bool evaluate(qc::CircuitOp circuit, Point &point);

  llvm::StringMap<Known> known;
};

} // namespace qdo::ir

#endif
