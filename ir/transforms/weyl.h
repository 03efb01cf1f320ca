// SPDX-License-Identifier: Apache-2.0
// Two-qubit unitaries in canonical form (KAK), and as few CNOTs as that form needs.
// After: Zhang, Vala, Sastry, Whaley, Phys. Rev. A 67, 042313 (2003) for the form; Shende, Bullock,
// Markov, Phys. Rev. A 70, 012310 (2004) for how many; Vatan, Williams, Phys. Rev. A 69, 032315
// (2004) for three.
#ifndef QDO_IR_TRANSFORMS_WEYL_H
#define QDO_IR_TRANSFORMS_WEYL_H

#include "qdo/ir/gate_list.h"
#include <Eigen/Dense>

namespace qdo::ir {

using Matrix2 = Eigen::Matrix2cd;
using Matrix4 = Eigen::Matrix4cd;

/// e^{i phase} (after[1] x after[0]) e^{i (x XX + y YY + z ZZ)} (before[1] x before[0]);
/// [0] is the less significant qubit.
struct Weyl {
  double phase = 0;
  std::array<double, 3> coordinates{}; // pi/4 >= x >= y >= |z|; z >= 0 if x = pi/4
  std::array<Matrix2, 2> before, after;

  /// 0 to 3.
  unsigned entanglers() const;
};

/// Nothing when rounding spoils it, which callers take as "leave it".
std::optional<Weyl> decompose(const Matrix4 &unitary);

/// Gates on wires 0 and 1 for a decomposition: `entanglers()` times cx, and one-qubit gates.
GateList synthesise(const Weyl &weyl);

/// Of constant gates on wires 0 and 1, the list's phase included.
Matrix4 matrixOf(const GateList &list);

} // namespace qdo::ir

#endif
