// SPDX-License-Identifier: Apache-2.0
// Inverses of confusion matrices, as values of what was read.
// Source: tensored readout mitigation, Bravyi et al., "Mitigating measurement errors in multiqubit
// experiments", PRA 103, 042605 (2021), section II.
#include "runtime/noise/noise.h"

#include <algorithm>
#include <cmath>

namespace qdo::noise {

double Corrected::value(int qubits, int ones) const {
  return std::pow(zero, qubits - ones) * std::pow(one, ones);
}

static Corrected bounded(double zero, double one, int qubits) {
  Corrected c{zero, one, 0, 0};
  c.low = c.high = c.value(qubits, 0);
  for (int ones = 1; ones <= qubits; ++ones) {
    c.low = std::min(c.low, c.value(qubits, ones));
    c.high = std::max(c.high, c.value(qubits, ones));
  }
  return c;
}

Corrected correctedZeros(const Readout &r, int qubits) {
  const double d = 1 - r.p01 - r.p10;
  return bounded((1 - r.p10) / d, -r.p10 / d, qubits);
}

Corrected correctedSign(const Readout &r, int qubits) {
  // The mean of what is read is shift + shrink * (the true sign).
  const double shrink = 1 - r.p01 - r.p10, shift = r.p10 - r.p01;
  return bounded((1 - shift) / shrink, (-1 - shift) / shrink, qubits);
}

} // namespace qdo::noise
