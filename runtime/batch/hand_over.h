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
/// Four amplitudes that fill a cache line.
typedef double Line __attribute__((vector_size(64), may_alias));

/// `count` amplitudes from z on. `past`: they are four that fill a line of each row, which is
/// written as a whole and past the caches, so that memory need not be read before.
template <int L, int count, bool whole, bool past>
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
    if constexpr (past) {
      Line line;
#pragma clang loop unroll(full)
      for (int i = 0; i < count; ++i) {
        line[2 * i] = amplitude[i].re[row];
        line[2 * i + 1] = amplitude[i].im[row];
      }
      __builtin_nontemporal_store(line, reinterpret_cast<Line *>(to));
      continue;
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < count; ++i)
      *reinterpret_cast<Pair *>(to + 2 * i) = Pair{amplitude[i].re[row], amplitude[i].im[row]};
  }
}

template <int L, bool whole, bool past> void handOverRows(const HandOver &h) {
  int64_t z = 0;
  auto until = [&](int64_t end) {
    for (; z < end; ++z)
      handOverSome<L, 1, whole, false>(h, z);
  };
  if (past) // a row fills whole lines, so that the lines of all rows begin at the same amplitude
    until((-reinterpret_cast<intptr_t>(h.states) & 63) / 16);
  for (; z + 4 <= h.size; z += 4)
    handOverSome<L, 4, whole, past>(h, z);
  until(h.size);
}

template <int L> void handOver(const HandOver &h) {
  const bool past = h.past && h.size >= 4 && reinterpret_cast<intptr_t>(h.states) % 16 == 0;
  if (past)
    h.rows < L ? handOverRows<L, false, true>(h) : handOverRows<L, true, true>(h);
  else
    h.rows < L ? handOverRows<L, false, false>(h) : handOverRows<L, true, false>(h);
}

} // namespace
} // namespace qdo::batch
