// SPDX-License-Identifier: Apache-2.0
// Constructors of every pass (passes.td).
#ifndef QDO_IR_PASSES_H
#define QDO_IR_PASSES_H

#include "mlir/Pass/Pass.h"

namespace qdo::ir {

#define GEN_PASS_DECL
#include "qdo/ir/passes.h.inc"

} // namespace qdo::ir

#endif
