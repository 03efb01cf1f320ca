// SPDX-License-Identifier: Apache-2.0
// Turns and diagonals on a block of amplitudes. For layers.cpp alone.
// In: amplitudes by fours, real parts and imaginary parts, so that bit j from 2 on is a distance of
// 2^(j - 1) vectors.
#pragma once

#include "bench/hand/layers.h"
#include "bench/hand/vectors.h"

#include <algorithm>
#include <span>

namespace hand {

HAND_BEGIN
namespace {

[[gnu::always_inline]] inline void turn(bool swapped, V &a, V &b, V t) {
  const V before = a;
  a = swapped ? fma(t, a, -b) : fma(-t, b, a);
  b = swapped ? fma(t, b, before) : fma(t, before, b);
}

/// The turns of `count` neighbouring bits on 2^count vectors; `swapped` has a bit for each.
template <int count, int swapped> [[gnu::always_inline]] inline void turnAll(V *v, const V *t) {
#pragma clang loop unroll(full)
  for (int bit = 0; bit < count; ++bit)
#pragma clang loop unroll(full)
    for (int i = 0; i < 1 << count; ++i)
      if ((i >> bit & 1) == 0)
        turn((swapped >> bit & 1) != 0, v[i], v[i + (1 << bit)], t[bit]);
}

/// Those of bits whose lowest is a distance of `stride` vectors.
template <int count, int swapped>
void pass(double *p, int64_t vectors, int64_t stride, const Turn *turns) {
  constexpr int R = 1 << count;
  V t[count];
  for (int bit = 0; bit < count; ++bit)
    t[bit] = all(turns[bit].t);
  for (int64_t begin = 0; begin < vectors; begin += R * stride)
    for (double *at = p + 4 * begin, *end = at + 4 * stride; at < end; at += 4) {
      V v[R];
#pragma clang loop unroll(full)
      for (int i = 0; i < R; ++i)
        v[i] = load(at + 4 * stride * i);
      turnAll<count, swapped>(v, t);
#pragma clang loop unroll(full)
      for (int i = 0; i < R; ++i)
        store(at + 4 * stride * i, v[i]);
    }
}

using Pass = void (*)(double *, int64_t, int64_t, const Turn *);
constexpr Pass passes[3][8] = {{pass<1, 0>, pass<1, 1>},
                               {pass<2, 0>, pass<2, 1>, pass<2, 2>, pass<2, 3>},
                               {pass<3, 0>, pass<3, 1>, pass<3, 2>, pass<3, 3>, pass<3, 4>,
                                pass<3, 5>, pass<3, 6>, pass<3, 7>}};

/// Turns of neighbouring bits from 2 on, three at a time.
void apply(double *p, int64_t amplitudes, std::span<const Turn> turns) {
  while (!turns.empty()) {
    const size_t count = std::min<size_t>(3, turns.size());
    size_t swapped = 0;
    for (size_t i = 0; i < count; ++i)
      swapped |= size_t{turns[i].swapped} << i;
    passes[count - 1][swapped](p, amplitudes / 2, int64_t{1} << (turns[0].bit - 1), turns.data());
    turns = turns.subspan(count);
  }
}

/// A turn within vectors: v times `same`, and v with its lanes exchanged times `other`.
struct LaneTurn {
  V same, other;
  explicit LaneTurn(const Turn &turn) : same(all(turn.swapped ? turn.t : 1)) {
    const double sine = turn.swapped ? 1 : turn.t;
    other = turn.bit == 0 ? V{-sine, sine, -sine, sine} : V{-sine, -sine, sine, sine};
  }
  V of(V v, V exchanged) const { return fma(other, exchanged, same * v); }
};

/// Bits 0 to 3: two within vectors, two between them.
template <int swapped> void lowestPass(double *p, int64_t vectors, const Turn *turns) {
  const LaneTurn first(turns[0]), second(turns[1]);
  const V t[] = {all(turns[2].t), all(turns[3].t)};
  for (int64_t begin = 0; begin < vectors; begin += 8)
    for (int part : {0, 1}) {
      double *at = p + 4 * (begin + part);
      V v[4];
#pragma clang loop unroll(full)
      for (int i = 0; i < 4; ++i) {
        const V x = load(at + int64_t{8} * i);
        const V y = first.of(x, __builtin_shufflevector(x, x, 1, 0, 3, 2));
        v[i] = second.of(y, __builtin_shufflevector(y, y, 2, 3, 0, 1));
      }
      turnAll<2, swapped>(v, t);
#pragma clang loop unroll(full)
      for (int i = 0; i < 4; ++i)
        store(at + int64_t{8} * i, v[i]);
    }
}

void applyInside(double *p, int64_t amplitudes, const Turns &turns) {
  std::span<const Turn> left = turns.inside;
  if (turns.lowest) {
    constexpr void (*lowest[])(double *, int64_t, const Turn *) = {lowestPass<0>, lowestPass<1>,
                                                                   lowestPass<2>, lowestPass<3>};
    lowest[left[2].swapped + 2 * left[3].swapped](p, amplitudes / 2, left.data());
    left = left.subspan(4);
  }
  apply(p, amplitudes, left);
}

/// Amplitudes times a table times a number.
void multiply(double *p, int64_t amplitudes, const double *table, std::complex<double> factor) {
  const Complex all4{all(factor.real()), all(factor.imag())};
  for (int64_t i = 0; i < 2 * amplitudes; i += 8)
    (Complex::at(p + i) * (Complex::at(table + i) * all4)).to(p + i);
}

} // namespace
HAND_END

} // namespace hand
