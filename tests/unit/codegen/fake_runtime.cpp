// SPDX-License-Identifier: Apache-2.0
// Every entry point of the runtime doing nothing, so that generated code can be tested by itself.
// Why weak: a test replaces the ones it looks at.
#include "qdo/runtime/abi.h"

#undef QDO_PREPEND_CTX
#define QDO_PREPEND_CTX(...) (qdo_ctx * __VA_OPT__(, ) __VA_ARGS__)
#define QDO_ENTRY(name, result, parameters)                                                        \
  __attribute__((weak)) result qdo_rt_##name QDO_PREPEND_CTX parameters { return result(); }

extern "C" {
#include "qdo/runtime/entry_points.def"
#define QDO_ENTRY(name, result, parameters)                                                        \
  __attribute__((weak)) result qdo_rt_##name QDO_PREPEND_CTX parameters { return result(); }
#include "qdo/runtime/keeping.def"
__attribute__((weak)) void qdo_rt_angles(qdo_sink *, int32_t, const double *, int64_t, double *) {}
}
