// SPDX-License-Identifier: Apache-2.0
// One gate in final form, read uniformly: bare, or under qc.ctrl, qc.inv, or qc.ctrl around qc.inv.
// Why: passes and conversions after qc-resolve-modifiers need only this view.
#ifndef QDO_IR_APPLIED_GATE_H
#define QDO_IR_APPLIED_GATE_H

#include "qdo/ir/qc.h"

namespace qdo::ir {

struct AppliedGate {
  mlir::Operation *op; // the outermost
  Gate gate;
  bool inverse;
  unsigned moreControls; // before those of the gate itself
  mlir::ValueRange angles;
  mlir::ValueRange inputs;  // all controls, then targets
  mlir::ValueRange outputs; // in the same order

  const GateInfo &info() const { return gateInfo(gate); }
  unsigned controls() const { return moreControls + info().controls; }
  /// The same gate with the same modifiers (angles aside).
  bool sameKind(const AppliedGate &other) const {
    return gate == other.gate && inverse == other.inverse && moreControls == other.moreControls;
  }
};

/// Nothing when `op` is not a gate in final form.
std::optional<AppliedGate> appliedGate(mlir::Operation *op);

/// The gate just before `later` on the very same qubits in the same roles, if there is one.
std::optional<AppliedGate> gateBefore(const AppliedGate &later);

} // namespace qdo::ir

#endif
