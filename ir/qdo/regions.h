// SPDX-License-Identifier: Apache-2.0
// What the region ops of `qdo` share: making an entry block and checking one.
#ifndef QDO_IR_QDO_REGIONS_H
#define QDO_IR_QDO_REGIONS_H

#include "qdo/ir/qdo.h"

namespace qdo::ir::data {

/// Adds a region, with an entry block of these arguments if `present`.
void addRegion(mlir::OperationState &state, bool present, mlir::TypeRange arguments);

/// Checks arguments and yielded types of a region that may be empty, and that it uses no qubit from
/// above unless allowed.
mlir::LogicalResult verifyRegion(mlir::Operation *op, mlir::Region &region, mlir::StringRef name,
                                 mlir::TypeRange arguments, mlir::TypeRange yields,
                                 bool qubitsFromAbove = false);

} // namespace qdo::ir::data

#endif
