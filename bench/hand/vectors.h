// SPDX-License-Identifier: Apache-2.0
// Four doubles at once, with their sines, cosines and logarithms, for the programs written by hand.
// Why the regions of attributes: only the code in them may use AVX2; the machine may lack it.
#pragma once

#include <cstdint>

#if defined(__x86_64__)
#define HAND_BEGIN                                                                                 \
  _Pragma("clang attribute push(__attribute__((target(\"avx2,fma\"))), apply_to = function)")
#define HAND_END _Pragma("clang attribute pop")
#else
#define HAND_BEGIN
#define HAND_END
#endif

namespace hand {

/// Whether the programs by hand can run here: they were written for AVX2 with FMA.
inline bool available() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
  return false;
#endif
}

HAND_BEGIN
namespace {

typedef double V __attribute__((vector_size(32)));
typedef int64_t Bits __attribute__((vector_size(32)));

inline V load(const double *p) { return *reinterpret_cast<const V *>(p); }
inline void store(double *p, V v) { *reinterpret_cast<V *>(p) = v; }
inline V all(double x) { return V{x, x, x, x}; }
inline V fma(V a, V b, V c) { return __builtin_elementwise_fma(a, b, c); }
inline V select(Bits mask, V a, V b) { return V((mask & Bits(a)) | (~mask & Bits(b))); }

/// Four complex numbers: real parts, then imaginary parts.
struct Complex {
  V re, im;
  static Complex at(const double *p) { return {load(p), load(p + 4)}; }
  void to(double *p) const {
    store(p, re);
    store(p + 4, im);
  }
};
inline Complex operator*(Complex a, Complex b) {
  return {fma(a.re, b.re, -(a.im * b.im)), fma(a.re, b.im, a.im * b.re)};
}

/// The sum of coefficients[i] x^i.
template <int N> inline V polynomial(const double (&coefficients)[N], V x) {
  V sum = all(coefficients[N - 1]);
  for (int i = N - 2; i >= 0; --i)
    sum = fma(sum, x, all(coefficients[i]));
  return sum;
}

/// e^{i angle} for |angle| < 1e5. Coefficients: fdlibm, k_sin.c and k_cos.c.
inline Complex turned(V angle) {
  constexpr double sines[] = {-1.66666666666666324348e-01, 8.33333333332248946124e-03,
                              -1.98412698298579493134e-04, 2.75573137070700676789e-06,
                              -2.50507602534068634195e-08, 1.58969099521155010221e-10};
  constexpr double cosines[] = {4.16666666666666019037e-02, -1.38888888888741095749e-03,
                                2.48015872894767294178e-05, -2.75573143513906633035e-07,
                                2.08757232129817482790e-09, -1.13596475577881948265e-11};
  constexpr double magic = 0x1.8p52; // adding it leaves the nearest integer in the low bits
  const V shifted = fma(angle, all(0x1.45f306dc9c883p-1), all(magic)), quarters = shifted - magic;
  V x = fma(quarters, all(-0x1.921fb54442d18p0), angle);
  x = fma(quarters, all(-0x1.1a62633145c07p-54), x);
  const V square = x * x;
  const V sine = fma(x * square, polynomial(sines, square), x);
  const V cosine =
      fma(square * square, polynomial(cosines, square), fma(square, all(-0.5), all(1)));
  const Bits quarter = Bits(shifted), odd = -(quarter & 1);
  const Bits minusSine = (quarter & 2) << 62, minusCosine = ((quarter + 1) & 2) << 62;
  return {V(Bits(select(odd, sine, cosine)) ^ minusCosine),
          V(Bits(select(odd, cosine, sine)) ^ minusSine)};
}

/// The natural logarithm of normal positive numbers. Coefficients: fdlibm, e_log.c.
inline V logarithm(V x) {
  constexpr double series[] = {6.666666666666735130e-01, 3.999999999940941908e-01,
                               2.857142874366239149e-01, 2.222219843214978396e-01,
                               1.818357216161805012e-01, 1.531383769920937332e-01,
                               1.479819860511658591e-01};
  // x = 2^exponent (1 + f) with 1 + f between sqrt(1/2) and sqrt(2).
  const Bits shifted = Bits(x) - 0x3fe6a09e667f3bcd;
  const Bits fraction = (shifted & 0x000fffffffffffff) + 0x3fe6a09e667f3bcd;
  constexpr double magic = 0x1.8p52;
  const V exponent = V((shifted >> 52) + Bits(all(magic))) - magic;
  const V f = V(fraction) - 1.0, s = f / (f + 2.0), z = s * s;
  const V rest = z * polynomial(series, z), half = 0.5 * f * f;
  return fma(exponent, all(0x1.62e42fefa39efp-1), f - (half - s * (half + rest)));
}

} // namespace
HAND_END

} // namespace hand
