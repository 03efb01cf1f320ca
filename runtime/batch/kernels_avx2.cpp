// SPDX-License-Identifier: Apache-2.0
// Kernels for x86-64 with AVX2 and FMA: four lanes.
#include "runtime/batch/execute.h"

namespace qdo::batch {

const Kernels &avx2Kernels() {
  static constexpr Kernels table = kernels<4>("AVX2");
  return table;
}

} // namespace qdo::batch
