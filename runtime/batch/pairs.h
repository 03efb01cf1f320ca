// SPDX-License-Identifier: Apache-2.0
// Controlled gates on the pairs of amplitudes they touch. For the kernel sources of one instruction
// set only.
#pragma once

#include "runtime/batch/prelude.h"

namespace qdo::batch {
namespace {

template <int L>
void runPairs(const Program &p, const Prelude<L> &prelude, const Pairs &pairs, double *state) {
  constexpr int64_t A = 2 * L;
  const Table table = p.tables[pairs.table];
  const auto flip = static_cast<uint32_t>(pairs.flip);
  auto each = [&](auto body) __attribute__((always_inline)) {
    for (uint64_t i = 0; i < pairs.count; ++i) {
      const uint32_t z = table.high[i >> 6] ^ table.low[i & 63];
      body(state + int64_t{z} * A, state + int64_t{z ^ flip} * A);
    }
  };
  const Complex<L> half = prelude.phasor(pairs.half), phase = prelude.phasor(pairs.phase);
  switch (pairs.kind) {
  case Pairs::PhaseOnly:
    return each([=](double *x, double *) { (Complex<L>::at(x) * phase).to(x); });
  case Pairs::Exchange:
    return each([](double *x, double *y) {
      const Complex<L> old = Complex<L>::at(x);
      Complex<L>::at(y).to(x);
      old.to(y);
    });
  case Pairs::Real: {
    const V<L> m00 = half.re * pairs.signs[0], m01 = half.im * pairs.signs[1];
    const V<L> m10 = half.im * pairs.signs[2], m11 = half.re * pairs.signs[3];
    return each([=](double *x, double *y) {
      for (int part = 0; part < 2; ++part) {
        const V<L> a = load<L>(x + part * L), b = load<L>(y + part * L);
        store<L>(x + part * L, fma(m00, a, m01 * b));
        store<L>(y + part * L, fma(m10, a, m11 * b));
      }
    });
  }
  case Pairs::Complex: {
    const Complex<L> m00 = phase * half.re, m01 = phase * prelude.phasor(pairs.before) * -half.im;
    const Complex<L> after = prelude.phasor(pairs.after), m10 = phase * after * half.im;
    const Complex<L> m11 = m00 * after * prelude.phasor(pairs.before);
    return each([=](double *x, double *y) {
      const auto a = batch::Complex<L>::at(x), b = batch::Complex<L>::at(y);
      (m00 * a + m01 * b).to(x);
      (m10 * a + m11 * b).to(y);
    });
  }
  }
}

} // namespace
} // namespace qdo::batch
