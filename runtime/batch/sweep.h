// SPDX-License-Identifier: Apache-2.0
// Butterflies on up to three bits of a panel in one pass. For the kernel sources of one instruction
// set only.
// Why: what a pass reads first (an index table, another area) and does last (times a diagonal or a
// scale) is part of it, so memory is swept once.
#pragma once

#include "runtime/batch/prelude.h"

namespace qdo::batch {
namespace {

enum class Load : uint8_t { Direct, Gather, GatherTimesDiagonal };
/// Part: a diagonal that does not depend on every bit.
enum class After : uint8_t { Nothing, Diagonal, Part, Scale };

/// One pass with everything it needs at hand.
template <int L> struct PassCall {
  const double *in;
  double *out;
  const double *before, *diagonal;
  int64_t beforeBits, diagonalBits;
  V<L> scale, tangent[3];
  Table table;
  int bit[3];
};

template <int L, int bits, bool rotates>
[[gnu::always_inline]] inline void butterflies(V<L> (&v)[1 << bits], const V<L> (&t)[3]) {
#pragma clang loop unroll(full)
  for (int j = 0; j < bits; ++j)
#pragma clang loop unroll(full)
    for (int i = 0; i < 1 << bits; ++i)
      if ((i >> j & 1) == 0) {
        V<L> &x = v[i], &y = v[i | 1 << j];
        if (rotates) {
          const V<L> u = fma(-t[j], y, x);
          y = fma(t[j], x, y);
          x = u;
        } else {
          const V<L> u = x - y;
          x = x + y;
          y = u;
        }
      }
}

/// The amplitudes of a group, from its first: in doubles within the state and within its diagonals,
/// and as what its index in the table is changed by.
struct Offsets {
  int64_t state[8], before[8], diagonal[8];
  uint32_t source[8];
};

template <int L, int bits, bool rotates, Load from, After after>
[[gnu::always_inline]] inline void group(const PassCall<L> &call, const V<L> (&t)[3], V<L> scale,
                                         int64_t z, const Offsets &at) {
  constexpr int count = 1 << bits;
  constexpr int64_t A = 2 * L;
  double *out = call.out + z * A;
  const double *in = call.in + z * A;
  constexpr bool gathers = from != Load::Direct;
  uint32_t origin = 0;
  if (gathers)
    origin = call.table.high[z >> 6] ^ call.table.low[z & 63];
  V<L> parts[2][count];
#pragma clang loop unroll(full)
  for (int i = 0; i < count; ++i) {
    const double *amplitude =
        gathers ? call.in + int64_t{origin ^ at.source[i]} * A : in + at.state[i];
    if (from == Load::GatherTimesDiagonal) {
      const auto product = Complex<L>::at(amplitude) *
                           Complex<L>::at(call.before + (z & call.beforeBits) * A + at.before[i]);
      parts[0][i] = product.re;
      parts[1][i] = product.im;
    } else {
      parts[0][i] = load<L>(amplitude);
      parts[1][i] = load<L>(amplitude + L);
    }
  }
#pragma clang loop unroll(full)
  for (int part = 0; part < 2; ++part) {
    V<L>(&v)[count] = parts[part];
    butterflies<L, bits, rotates>(v, t);
    if (after == After::Nothing || after == After::Scale)
#pragma clang loop unroll(full)
      for (int i = 0; i < count; ++i)
        store<L>(out + at.state[i] + part * L, after == After::Scale ? v[i] * scale : v[i]);
  }
  if (after == After::Diagonal || after == After::Part) {
    const bool part = after == After::Part;
    const double *diagonal = call.diagonal + (part ? z & call.diagonalBits : z) * A;
#pragma clang loop unroll(full)
    for (int i = 0; i < count; ++i)
      (Complex<L>{parts[0][i], parts[1][i]} *
       Complex<L>::at(diagonal + (part ? at.diagonal[i] : at.state[i])))
          .to(out + at.state[i]);
  }
}

/// The pass over amplitudes begin .. end, a multiple of its own block.
template <int L, int bits, bool rotates, Load from, After after>
void pass(const PassCall<L> &call, int64_t begin, int64_t end) {
  Offsets at;
  for (int i = 0; i < 1 << bits; ++i) {
    int64_t index = 0;
    for (int j = 0; j < bits; ++j)
      index |= int64_t{i >> j & 1} << call.bit[j];
    at.state[i] = index * 2 * L;
    if (from == Load::GatherTimesDiagonal)
      at.before[i] = (index & call.beforeBits) * 2 * L;
    if (after == After::Part)
      at.diagonal[i] = (index & call.diagonalBits) * 2 * L;
    if (from != Load::Direct)
      at.source[i] = call.table.high[index >> 6] ^ call.table.low[index & 63] ^ call.table.high[0];
  }
  const V<L> t[3] = {call.tangent[0], call.tangent[1], call.tangent[2]};
  const V<L> scale = call.scale;
  const int64_t run = int64_t{1} << call.bit[0];
  auto body = [&](int64_t z) __attribute__((always_inline)) {
    group<L, bits, rotates, from, after>(call, t, scale, z, at);
  };
  if (call.bit[bits - 1] == call.bit[0] + bits - 1) { // neighbouring bits
    for (int64_t block = begin; block < end; block += run << bits)
      for (int64_t z = block; z < block + run; ++z)
        body(z);
    return;
  }
  const int64_t middle = int64_t{1} << call.bit[bits - 2], high = int64_t{1} << call.bit[bits - 1];
  for (int64_t a = begin; a < end; a += 2 * high)
    for (int64_t b = a; b < a + high; b += bits == 3 ? 2 * middle : high)
      for (int64_t c = b; c < b + (bits == 3 ? middle : high); c += 2 * run)
        for (int64_t z = c; z < c + run; ++z)
          body(z);
}

template <int L, int bits, bool rotates, Load from>
void passThen(After after, const PassCall<L> &call, int64_t begin, int64_t end) {
  switch (after) {
  case After::Nothing:
    return pass<L, bits, rotates, from, After::Nothing>(call, begin, end);
  case After::Diagonal:
    return pass<L, bits, rotates, from, After::Diagonal>(call, begin, end);
  case After::Part:
    return pass<L, bits, rotates, from, After::Part>(call, begin, end);
  case After::Scale:
    return pass<L, bits, rotates, from, After::Scale>(call, begin, end);
  }
}

template <int L, int bits, bool rotates>
void passFrom(Load from, After after, const PassCall<L> &call, int64_t begin, int64_t end) {
  switch (from) {
  case Load::Direct:
    return passThen<L, bits, rotates, Load::Direct>(after, call, begin, end);
  case Load::Gather:
    return passThen<L, bits, rotates, Load::Gather>(after, call, begin, end);
  case Load::GatherTimesDiagonal:
    return passThen<L, bits, rotates, Load::GatherTimesDiagonal>(after, call, begin, end);
  }
}

template <int L, int bits>
void passOf(bool rotates, Load from, After after, const PassCall<L> &call, int64_t begin,
            int64_t end) {
  rotates ? passFrom<L, bits, true>(from, after, call, begin, end)
          : passFrom<L, bits, false>(from, after, call, begin, end);
}

template <int L>
void runSweep(const Program &p, const Prelude<L> &prelude, const Sweep &sweep, const double *from,
              double *to, const double *before, const double *diagonal) {
  auto run = [&](int32_t i, int64_t begin, int64_t end) {
    const Pass &row = p.passes[sweep.firstPass + i];
    PassCall<L> call{};
    const bool last = i == sweep.passes - 1;
    call.in = i == 0 ? from : to;
    call.out = to;
    call.before = before;
    call.diagonal = diagonal;
    call.beforeBits = sweep.beforeBits;
    call.diagonalBits = sweep.diagonalBits;
    call.scale = prelude.scale(sweep.scale);
    for (int j = 0; j < row.bits; ++j) {
      call.bit[j] = row.bit[j];
      if (row.rotates)
        call.tangent[j] = prelude.tangent(row.turn[j]);
    }
    Load load = Load::Direct;
    if (i == 0 && sweep.table >= 0) {
      call.table = p.tables[sweep.table];
      load = before != nullptr ? Load::GatherTimesDiagonal : Load::Gather;
    }
    const bool whole = sweep.diagonalBits == (int64_t{1} << p.qubits) - 1;
    const After after = !last                 ? After::Nothing
                        : diagonal != nullptr ? (whole ? After::Diagonal : After::Part)
                        : sweep.scale >= 0    ? After::Scale
                                              : After::Nothing;
    if (row.bits == 3)
      passOf<L, 3>(row.rotates != 0, load, after, call, begin, end);
    else if (row.bits == 2)
      passOf<L, 2>(row.rotates != 0, load, after, call, begin, end);
    else
      passOf<L, 1>(row.rotates != 0, load, after, call, begin, end);
  };
  const int64_t size = int64_t{1} << p.qubits, block = int64_t{1} << sweep.blockBits;
  for (int64_t begin = 0; sweep.blocked > 0 && begin < size; begin += block)
    for (int32_t i = 0; i < sweep.blocked; ++i)
      run(i, begin, begin + block);
  for (int32_t i = sweep.blocked; i < sweep.passes; ++i)
    run(i, 0, size);
}

} // namespace
} // namespace qdo::batch
