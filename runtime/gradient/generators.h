// SPDX-License-Identifier: Apache-2.0
// How gates change with their angles: dU/da = -i G U with a Hermitian G on the targets.
// In: a gate with its angles. Out: G for each angle, and the shift rule that its spectrum allows.
// Why: one record serves adjoint differentiation and parameter shift, controlled gates included.
#pragma once

#include "runtime/gates/gates.h"

#include <span>

namespace qdo::gradient {

/// The matrix of a gate or of a global phase, which stands as a multiple of one on its target.
gates::GateMatrix matrixOf(const gates::GateCall &call);
/// G of one angle, row-major as gates::GateMatrix, before controls.
gates::GateMatrix generator(const gates::GateCall &call, int angle);

/// One term of a shift rule: factor * f(a + shift).
struct Shift {
  double shift, factor;
};

/// The derivative of any expectation value with respect to this angle as a sum over moved circuits.
/// Two terms where the differences of the generator's eigenvalues are 0 and +-1 (Mitarai et al.,
/// Phys. Rev. A 98, 032309, 2018); four where they are also +-1/2, which controls bring (Anselmetti
/// et al., New J. Phys. 23, 113010, 2021). Empty: the angle changes nothing that can be measured.
std::span<const Shift> shiftRule(const gates::GateCall &call, int angle);

} // namespace qdo::gradient
