// SPDX-License-Identifier: Apache-2.0
// States of the zz encoding with two repetitions, by a program written for that circuit alone.
// In: rows of angles: one of each qubit, then one of each pair (0, 1), (0, 2), ..
// Out: panels of four states beside one another.
// Why: what a circuit in general costs is seen beside it.
#pragma once

#include "bench/machine.h"

#include <complex>

namespace hand {

class ZzStates {
public:
  /// 5 to 16 qubits; rows by fours.
  ZzStates(int qubits, int64_t rows);
  void prepare(const double *angles);
  std::complex<double> amplitude(int64_t row, int64_t z) const;

private:
  int qubits_;
  int64_t rows_, size_;
  machine::Memory<double> panels_, scratch_;
};

} // namespace hand
