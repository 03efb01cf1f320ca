// SPDX-License-Identifier: Apache-2.0
// Vectors of doubles, one lane a row of data. For the kernel sources of one instruction set only.
// Why: the compiler's own vector types serve x86 and ARM alike; everything is in an unnamed
// namespace, so that code for one instruction set is never linked into another's.
#pragma once

#include <cstdint>

namespace qdo::batch {
namespace {

template <int L> struct Lanes {
  typedef double Real __attribute__((vector_size(8 * L), aligned(8 * L)));
  typedef int64_t Bits __attribute__((vector_size(8 * L), aligned(8 * L)));
};
template <int L> using V = typename Lanes<L>::Real;
template <int L> using B = typename Lanes<L>::Bits;

template <int L> inline V<L> all(double x) { return x - V<L>{}; }
template <int L> inline V<L> load(const double *p) { return *reinterpret_cast<const V<L> *>(p); }
template <int L> inline void store(double *p, V<L> v) { *reinterpret_cast<V<L> *>(p) = v; }

/// a * b + c in one rounding where the instruction set has that.
template <class Vector> inline Vector fma(Vector a, Vector b, Vector c) {
#if defined(__FMA__) || defined(__ARM_FEATURE_FMA)
  return __builtin_elementwise_fma(a, b, c);
#else
  return a * b + c;
#endif
}

/// The bits of a where the mask is set, those of b elsewhere.
template <int L> inline V<L> select(B<L> mask, V<L> a, V<L> b) {
  return V<L>((mask & B<L>(a)) | (~mask & B<L>(b)));
}
template <int L> inline V<L> absolute(V<L> x) { return V<L>(B<L>(x) & INT64_MAX); }
/// x with its sign flipped where that of s is set.
template <int L> inline V<L> flipSign(V<L> x, V<L> s) {
  return V<L>(B<L>(x) ^ (B<L>(s) & INT64_MIN));
}

/// An amplitude of L rows.
template <int L> struct Complex {
  V<L> re, im;
  static Complex at(const double *p) { return {load<L>(p), load<L>(p + L)}; }
  void to(double *p) const {
    store<L>(p, re);
    store<L>(p + L, im);
  }
  friend Complex operator*(Complex a, Complex b) {
    return {fma(a.re, b.re, -(a.im * b.im)), fma(a.re, b.im, a.im * b.re)};
  }
  friend Complex operator*(Complex a, V<L> b) { return {a.re * b, a.im * b}; }
  friend Complex operator+(Complex a, Complex b) { return {a.re + b.re, a.im + b.im}; }
  Complex conj() const { return {re, -im}; }
};

} // namespace
} // namespace qdo::batch
