// SPDX-License-Identifier: Apache-2.0
// The kernels for vectors of 64 bytes (avx512).
#define QDO_SWEEP_ISA avx512
#define QDO_SWEEP_BYTES 64
#include "runtime/sweep/kernels.inc"
