// SPDX-License-Identifier: Apache-2.0
// Kernels for x86-64 with AVX-512: eight lanes, and four where eight states leave the caches.
#include "runtime/batch/execute.h"

namespace qdo::batch {

const Kernels &avx512Kernels(int lanes) {
  static constexpr Kernels wide = kernels<8>("AVX-512"), narrow = kernels<4>("AVX-512, 4 lanes");
  return lanes == 8 ? wide : narrow;
}

} // namespace qdo::batch
