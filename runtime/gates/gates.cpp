// SPDX-License-Identifier: Apache-2.0
// gates.def turned into a table and a function.
// Why: each row's matrix expression is compiled as it stands in the record.
#include "runtime/gates/gates.h"

#include <cassert>
#include <cmath>

namespace qdo::gates {

static constexpr GateInfo table[] = {
#define QDO_GATE(name, controls, targets, parameters, matrix, inverse, help)                       \
  {#name, controls, targets, parameters},
#include "qdo/runtime/gates.def"
};

std::span<const GateInfo> all() { return table; }

/// Takes the entries of a matrix of the record, which are ints, reals or complex numbers.
template <class... Entries> static GateMatrix entries(Entries... entry) {
  return {Amplitude(entry)...};
}

static GateMatrix plainMatrix(int gate, double a, double b, double c, double d) {
  using std::cos, std::exp, std::sin, std::sqrt;
  const Amplitude I(0, 1);
  int row = 0;
#define QDO_GATE(name, controls, targets, parameters, matrix, inverse, help)                       \
  if (gate == row++)                                                                               \
    return entries matrix;
#include "qdo/runtime/gates.def"
  assert(false && "not a row of gates.def");
  (void)b, (void)c, (void)d;
  return {};
}

GateMatrix gateMatrix(const GateCall &call) {
  GateMatrix matrix =
      plainMatrix(call.gate, call.angles[0], call.angles[1], call.angles[2], call.angles[3]);
  if (!call.inverse)
    return matrix;
  const int size = 1 << table[call.gate].targets;
  GateMatrix adjoint{};
  for (int row = 0; row < size; ++row)
    for (int column = 0; column < size; ++column)
      adjoint[row * size + column] = std::conj(matrix[column * size + row]);
  return adjoint;
}

} // namespace qdo::gates
