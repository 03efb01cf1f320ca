// SPDX-License-Identifier: Apache-2.0
// Everything a panel needs before its amplitudes: angles, fused rotations, phases, tangents,
// scales. For the kernel sources of one instruction set only. In: slots of L rows. Out: tables that
// the steps of a program read.
#pragma once

#include "runtime/batch/program.h"
#include "runtime/batch/trig.h"

namespace qdo::batch {
namespace {

template <int L> class Prelude {
public:
  /// Doubles of memory for the tables.
  static int64_t size(const Program &p) {
    return int64_t{L} *
           (p.values + 2 * int64_t{p.phasorCount} + 2 * int64_t{p.turnCount} + p.scaleCount);
  }

  /// `slots`: L values for each slot of the circuit.
  Prelude(const Program &p, const double *slots, double *memory)
      : values_(memory), phasors_(values_ + int64_t{L} * p.values),
        tangents_(phasors_ + int64_t{2 * L} * p.phasorCount),
        cosines_(tangents_ + int64_t{L} * p.turnCount),
        scales_(cosines_ + int64_t{L} * p.turnCount) {
    for (int64_t i = 0; i < int64_t{L} * p.slots; i += L)
      store<L>(values_ + i, load<L>(slots + i));
    for (int32_t i = 0; i < p.fusionCount; ++i)
      fuse(p, p.fusions[i]);
    for (int32_t i = 0; i < p.phasorCount; ++i)
      turned<L>(sum(p, p.phasors[i])).to(phasors_ + int64_t{2 * L} * i);
    for (int32_t i = 0; i < p.turnCount; ++i) {
      const Complex<L> half = turned<L>(sum(p, p.turns[i]));
      const V<L> least = flipSign<L>(all<L>(p.smallestCosine), half.re);
      const V<L> cosine = select<L>(absolute<L>(half.re) < p.smallestCosine, least, half.re);
      store<L>(cosines_ + int64_t{L} * i, cosine);
      store<L>(tangents_ + int64_t{L} * i, half.im / cosine);
    }
    for (int32_t i = 0; i < p.scaleCount; ++i) {
      const Scale &scale = p.scales[i];
      V<L> product = all<L>((scale.hadamards % 2 != 0 ? 0x1.6a09e667f3bcdp-1 : 1.0) *
                            __builtin_ldexp(1, -(scale.hadamards / 2)));
      for (int32_t j = 0; j < scale.count; ++j)
        product *= load<L>(cosines_ + int64_t{L} * p.scaleTurns[scale.first + j]);
      store<L>(scales_ + int64_t{L} * i, product);
    }
  }

  /// -1 is the number 1.
  Complex<L> phasor(int32_t i) const {
    return i < 0 ? Complex<L>{all<L>(1), all<L>(0)} : Complex<L>::at(phasors_ + int64_t{2 * L} * i);
  }
  V<L> tangent(int32_t i) const { return i < 0 ? all<L>(1) : load<L>(tangents_ + int64_t{L} * i); }
  V<L> scale(int32_t i) const { return i < 0 ? all<L>(1) : load<L>(scales_ + int64_t{L} * i); }

private:
  V<L> sum(const Program &p, const Sum &sum) const {
    V<L> total = all<L>(sum.constant);
    for (int32_t i = sum.first; i < sum.first + sum.count; ++i)
      total =
          fma(all<L>(p.terms[i].factor), load<L>(values_ + int64_t{L} * p.terms[i].slot), total);
    return total;
  }

  void fuse(const Program &p, const FusionSums &fusion) {
    const Sum *sums = p.fusionSums + fusion.first;
    Complex<L> m00{all<L>(1), all<L>(0)}, m01{all<L>(0), all<L>(0)}, m10 = m01;
    Complex<L> m11 = turned<L>(sum(p, sums[0]));
    for (int32_t i = 1; i < fusion.count; i += 2) {
      const Complex<L> half = turned<L>(sum(p, sums[i]) * 0.5),
                       phase = turned<L>(sum(p, sums[i + 1]));
      const Complex<L> n00 = m00 * half.re + m10 * -half.im, n01 = m01 * half.re + m11 * -half.im;
      m10 = phase * (m00 * half.im + m10 * half.re);
      m11 = phase * (m01 * half.im + m11 * half.re);
      m00 = n00;
      m01 = n01;
    }
    // e^{i zero} P(after) RY P(before): where an entry is 0, its argument is free.
    const V<L> c = length(m00), s = length(m10);
    const V<L> zero = argument<L>(m00.im, m00.re);
    const V<L> after = argument<L>(m10.im, m10.re) - zero;
    const V<L> before = select<L>(c >= s, argument<L>(m11.im, m11.re) - zero - after,
                                  argument<L>(-m01.im, -m01.re) - zero);
    double *out = values_ + int64_t{L} * fusion.into;
    store<L>(out, 2 * argument<L>(s, c));
    store<L>(out + L, before);
    store<L>(out + int64_t{2 * L}, after);
    store<L>(out + int64_t{3 * L}, zero);
  }
  static V<L> length(Complex<L> z) {
    return __builtin_elementwise_sqrt(fma(z.re, z.re, z.im * z.im));
  }

  double *values_, *phasors_, *tangents_, *cosines_, *scales_;
};

} // namespace
} // namespace qdo::batch
