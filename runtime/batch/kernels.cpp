// SPDX-License-Identifier: Apache-2.0
// Which kernels this machine can run.
#include "runtime/batch/kernels.h"

namespace qdo::batch {

int64_t availableKernels(const Kernels **tables, int64_t room) {
  int64_t count = 0;
  auto add = [&](const Kernels &table) {
    if (count < room)
      tables[count++] = &table;
  };
  add(baselineKernels());
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    add(avx2Kernels());
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl")) {
      add(avx512Kernels(4));
      add(avx512Kernels(8));
    }
  }
#endif
  return count;
}

const Kernels &kernelsFor(int qubits) {
  static const Kernels *tables[4];
  static const int64_t count = availableKernels(tables, 4);
  // A state and its diagonal should stay in a second-level cache: eight lanes of 2^11 amplitudes
  // do.
  return qubits > 12 && count > 3 ? *tables[2] : *tables[count - 1];
}

} // namespace qdo::batch
