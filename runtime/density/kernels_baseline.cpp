// SPDX-License-Identifier: Apache-2.0
// The kernels for baseline.
#define QDO_DENSITY_ISA baseline
#include "runtime/density/kernels.inc"
