// SPDX-License-Identifier: Apache-2.0
// The kernels for avx2.
#define QDO_DENSITY_ISA avx2
#include "runtime/density/kernels.inc"
