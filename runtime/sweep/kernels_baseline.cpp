// SPDX-License-Identifier: Apache-2.0
// The kernels for vectors of 16 bytes (baseline).
#define QDO_SWEEP_ISA baseline
#define QDO_SWEEP_BYTES 16
#include "runtime/sweep/kernels.inc"
