// SPDX-License-Identifier: Apache-2.0
// Kernels for every machine of this architecture: two lanes.
#include "runtime/batch/execute.h"

namespace qdo::batch {

const Kernels &baselineKernels() {
  static constexpr Kernels table = kernels<2>("baseline");
  return table;
}

} // namespace qdo::batch
