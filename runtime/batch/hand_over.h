// SPDX-License-Identifier: Apache-2.0
// States of a panel's rows, one after another in a caller's memory. For the kernel sources of one
// instruction set only.
// Why amplitude by amplitude: what belongs to its rows is read as whole vectors, once.
#pragma once

#include "runtime/batch/kernels.h"
#include "runtime/batch/lanes.h"

namespace qdo::batch {
namespace {

/// An amplitude where the caller has placed it.
typedef double Pair __attribute__((vector_size(16), aligned(8), may_alias));

/// `count` amplitudes from z on: a cache line of each row if these are four.
template <int L, int count, bool whole>
[[gnu::always_inline]] inline void handOverSome(const HandOver &h, int64_t z) {
  Complex<L> amplitude[count];
#pragma clang loop unroll(full)
  for (int i = 0; i < count; ++i) {
    const uint32_t place = h.places.high[(z + i) >> 6] ^ h.places.low[(z + i) & 63];
    amplitude[i] = Complex<L>::at(h.panel + int64_t{place} * 2 * L);
  }
  double *to = h.states + 2 * z;
#pragma clang loop unroll(full)
  for (int row = 0; row < L; ++row, to += 2 * h.size) {
    if (!whole && row >= h.rows)
      break;
#pragma clang loop unroll(full)
    for (int i = 0; i < count; ++i)
      *reinterpret_cast<Pair *>(to + 2 * i) = Pair{amplitude[i].re[row], amplitude[i].im[row]};
  }
}

template <int L, bool whole> void handOverRows(const HandOver &h) {
  int64_t z = 0;
  for (; z + 4 <= h.size; z += 4)
    handOverSome<L, 4, whole>(h, z);
  for (; z < h.size; ++z)
    handOverSome<L, 1, whole>(h, z);
}

template <int L> void handOver(const HandOver &h) {
  h.rows < L ? handOverRows<L, false>(h) : handOverRows<L, true>(h);
}

} // namespace
} // namespace qdo::batch
