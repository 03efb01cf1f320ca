// SPDX-License-Identifier: Apache-2.0
// The dialect `qdo` for C++: its types and ops.
#ifndef QDO_IR_QDO_H
#define QDO_IR_QDO_H

#include "qdo/ir/entry_points.h"
#include "qdo/ir/qc.h"

#include "qdo/ir/qdo_dialect.h.inc"
#include "qdo/ir/qdo_enums.h.inc"

namespace qdo::ir::data {

/// What ops of this dialect read and write: the state of a run inside the runtime.
struct RuntimeResource : mlir::SideEffects::Resource::Base<RuntimeResource> {
  mlir::StringRef getName() final { return "runtime"; }
};

} // namespace qdo::ir::data

#define GET_TYPEDEF_CLASSES
#include "qdo/ir/qdo_types.h.inc"

#define GET_OP_CLASSES
#include "qdo/ir/qdo_ops.h.inc"

namespace qdo::ir::data {

/// The IR type of an ABI type; null for void, for `qdo_object` (any handle) and for preps, whose
/// size is not in the ABI.
mlir::Type typeOf(mlir::MLIRContext *context, AbiType type);

/// Whether a value of this type may be passed as that parameter.
bool accepts(AbiType parameter, mlir::Type type);

/// Whether this is a type of the dialect that the runtime sees as an object.
bool isObject(mlir::Type type);

} // namespace qdo::ir::data

#endif
