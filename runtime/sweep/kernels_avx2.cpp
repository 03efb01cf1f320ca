// SPDX-License-Identifier: Apache-2.0
// The kernels for vectors of 32 bytes (avx2).
#define QDO_SWEEP_ISA avx2
#define QDO_SWEEP_BYTES 32
#include "runtime/sweep/kernels.inc"
