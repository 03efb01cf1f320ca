// SPDX-License-Identifier: Apache-2.0
// Straight-line gates as a list on numbered wires: what passes that look further than one op work
// on.
// Why: replacing gates in a list needs no bookkeeping of linear values, and the algorithms can be
// read and tested without MLIR.
#ifndef QDO_IR_GATE_LIST_H
#define QDO_IR_GATE_LIST_H

#include "qdo/ir/angle.h"
#include "qdo/ir/gates.h"
#include <complex>
#include <vector>

namespace qdo::ir {

struct ListedGate {
  Gate gate = Gate::x;
  llvm::SmallVector<unsigned, 3> wires; // all controls, then targets
  llvm::SmallVector<Angle, 1> angles;
  bool inverse = false;
  unsigned moreControls = 0; // before those of the gate itself
  unsigned place = 0;        // which op of the program it stands for

  const GateInfo &info() const { return gateInfo(gate); }
  unsigned controls() const { return moreControls + info().controls; }
  llvm::ArrayRef<unsigned> controlWires() const {
    return llvm::ArrayRef(wires).take_front(controls());
  }
  llvm::ArrayRef<unsigned> targetWires() const {
    return llvm::ArrayRef(wires).drop_front(controls());
  }
  bool isBare() const { return !inverse && moreControls == 0; }
  /// A bare gate without angles.
  bool is(Gate other) const { return gate == other && isBare(); }
  bool isConstant() const;
  /// On the targets alone, with `inverse`; the gate must be constant.
  GateMatrix matrix() const;
};

struct GateList {
  unsigned wires = 0;
  std::vector<ListedGate> gates;
  Angle phase; // e^{i phase}, over all
  /// Qubits may end on other wires: what goes on as wire i ends on wire `ends[i]`. Empty: all stay.
  bool mayMove = false;
  llvm::SmallVector<unsigned> ends;
};

/// `gate` on `wires` in place of `instead`.
ListedGate gateLike(const ListedGate &instead, Gate gate, llvm::ArrayRef<unsigned> wires,
                    llvm::ArrayRef<Angle> angles = {});

} // namespace qdo::ir

#endif
