// SPDX-License-Identifier: Apache-2.0
// Gates by value.
#include "qdo/ir/gate_list.h"

using namespace qdo::ir;

bool ListedGate::isConstant() const {
  return llvm::all_of(angles, [](const Angle &angle) { return angle.isConstant(); });
}

GateMatrix ListedGate::matrix() const {
  llvm::SmallVector<double, 4> values;
  for (const Angle &angle : angles)
    values.push_back(angle.constant());
  GateMatrix matrix = gateMatrix(gate, values);
  if (!inverse)
    return matrix;
  GateMatrix adjoint(matrix);
  size_t size = matrix.size() == 4 ? 2 : 4;
  for (size_t row = 0; row < size; ++row)
    for (size_t column = 0; column < size; ++column)
      adjoint[row * size + column] = std::conj(matrix[column * size + row]);
  return adjoint;
}

ListedGate qdo::ir::gateLike(const ListedGate &instead, Gate gate, llvm::ArrayRef<unsigned> wires,
                             llvm::ArrayRef<Angle> angles) {
  ListedGate made;
  made.gate = gate;
  made.wires.assign(wires.begin(), wires.end());
  made.angles.assign(angles.begin(), angles.end());
  made.place = instead.place;
  return made;
}
