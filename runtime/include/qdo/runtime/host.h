/* SPDX-License-Identifier: Apache-2.0
 * What hosts of runs and of libraries use beside abi.h.
 * Why apart: generated code calls none of it. */
#ifndef QDO_RUNTIME_HOST_H
#define QDO_RUNTIME_HOST_H

#include "qdo/runtime/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Keeps states of more than 16 qubits in single precision; for a run that has done nothing yet.
 * Sums over them stay double. */
void qdo_rt_use_single_precision(qdo_ctx *);

/* For exported functions: numbers of the caller, row by row, as an array of the run, and back.
 * `columns`: 0 for one dimension. Null or false after a failure. */
qdo_array qdo_rt_array_from(qdo_ctx *, const double *numbers, int64_t rows, int64_t columns);
bool qdo_rt_array_into(qdo_ctx *, qdo_array, double *numbers, int64_t count);

#ifdef __cplusplus
}
#endif
#endif
