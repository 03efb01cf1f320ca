// SPDX-License-Identifier: Apache-2.0
// Which kernels this machine runs.
#include "runtime/sweep/program.h"

namespace qdo::sweep {

#define QDO_SWEEP_KERNELS(isa)                                                                     \
  namespace isa {                                                                                  \
  extern const Kernels<double> inDouble;                                                           \
  extern const Kernels<float> inFloat;                                                             \
  }
QDO_SWEEP_KERNELS(baseline)
#if defined(__x86_64__)
QDO_SWEEP_KERNELS(avx2)
QDO_SWEEP_KERNELS(avx512)
#endif
#undef QDO_SWEEP_KERNELS

Isa bestIsa() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq"))
    return Isa::Avx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    return Isa::Avx2;
#endif
  return Isa::Baseline;
}

template <class T>
static const Kernels<T> &chosen(Isa isa, int bits, const Kernels<T> &base, const Kernels<T> *two,
                                const Kernels<T> *five) {
  if (isa >= Isa::Avx512 && five && bits >= five->laneBits)
    return *five;
  if (isa >= Isa::Avx2 && two && bits >= two->laneBits)
    return *two;
  return base;
}

#if defined(__x86_64__)
template <> const Kernels<double> &kernelsFor(Isa isa, int bits) {
  return chosen(isa, bits, baseline::inDouble, &avx2::inDouble, &avx512::inDouble);
}
template <> const Kernels<float> &kernelsFor(Isa isa, int bits) {
  return chosen(isa, bits, baseline::inFloat, &avx2::inFloat, &avx512::inFloat);
}
#else
template <> const Kernels<double> &kernelsFor(Isa isa, int bits) {
  return chosen<double>(isa, bits, baseline::inDouble, nullptr, nullptr);
}
template <> const Kernels<float> &kernelsFor(Isa isa, int bits) {
  return chosen<float>(isa, bits, baseline::inFloat, nullptr, nullptr);
}
#endif

} // namespace qdo::sweep
