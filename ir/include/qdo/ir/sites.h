// SPDX-License-Identifier: Apache-2.0
// Which place of the program each fallible runtime call stands for.
#ifndef QDO_IR_SITES_H
#define QDO_IR_SITES_H

#include "mlir/IR/BuiltinOps.h"
#include <vector>

namespace qdo::ir {

/// The `qdo_site` of a call is an index into this.
struct SiteTable {
  std::vector<mlir::Location> locations;
};

/// The table of a module that `qdo-to-llvm` has converted.
SiteTable siteTable(mlir::ModuleOp module);

} // namespace qdo::ir

#endif
