// SPDX-License-Identifier: Apache-2.0
// H and D twice, D the phases of the zz encoding: H by radix-8 passes, D by doubling.
#include "bench/hand/zz_states.h"

#include "bench/hand/vectors.h"

namespace hand {

/// An amplitude of four rows takes so many doubles.
static constexpr int64_t A = 8;
/// Memories begin some cache lines beside powers of two, so that they do not share cache sets.
static constexpr int64_t diagonalAt = 19 * A, factorAt = 37 * A;

HAND_BEGIN
namespace {

/// Phases e^{i x} of the polynomial x(z) = sum ones[k] z_k + sum pairs[k][j] z_k z_j.
struct Phasors {
  static constexpr int most = 16;
  Complex ones[most], pairs[most][most];

  /// The circuit has the parity of a pair: z_j + z_k - 2 z_j z_k.
  Phasors(const double *angles, int64_t rowSize, int n) {
    auto at = [&](int64_t slot) {
      return V{angles[slot], angles[rowSize + slot], angles[2 * rowSize + slot],
               angles[3 * rowSize + slot]};
    };
    V sums[most];
    for (int k = 0; k < n; ++k)
      sums[k] = at(k);
    int64_t slot = n;
    for (int j = 0; j < n; ++j)
      for (int k = j + 1; k < n; ++k, ++slot) {
        const V angle = at(slot);
        sums[j] += angle;
        sums[k] += angle;
        pairs[k][j] = turned(-2 * angle);
      }
    for (int k = 0; k < n; ++k)
      ones[k] = turned(sums[k]);
  }
};

/// D[z + 2^k] = D[z] F[z] for each bit k; F, what z_k adds to z, is made by doubling too. Its last
/// half is used as it is made.
void makeDiagonal(const Phasors &phasors, int n, double *diagonal, double *factor) {
  Complex{all(1), all(0)}.to(diagonal);
  phasors.ones[0].to(diagonal + A);
  for (int k = 1; k < n; ++k) {
    phasors.ones[k].to(factor);
    for (int j = 0; j + 1 < k; ++j)
      for (int64_t z = 0, half = int64_t{1} << j; z < half; ++z)
        (Complex::at(factor + z * A) * phasors.pairs[k][j]).to(factor + (z + half) * A);
    const int64_t half = int64_t{1} << (k - 1), size = 2 * half;
    const Complex last = phasors.pairs[k][k - 1];
    for (int64_t z = 0; z < half; ++z) {
      const Complex low = Complex::at(factor + z * A), high = low * last;
      (Complex::at(diagonal + z * A) * low).to(diagonal + (z + size) * A);
      (Complex::at(diagonal + (z + half) * A) * high).to(diagonal + (z + half + size) * A);
    }
  }
}

template <int R> [[gnu::always_inline]] inline void butterflies(V *v) {
#pragma clang loop unroll(full)
  for (int bit = 1; bit < R; bit *= 2)
#pragma clang loop unroll(full)
    for (int i = 0; i < R; ++i)
      if ((i & bit) == 0) {
        const V difference = v[i] - v[i + bit];
        v[i] += v[i + bit];
        v[i + bit] = difference;
      }
}

/// R amplitudes that are `stride` apart, mixed: real or imaginary parts.
template <int R>
[[gnu::always_inline]] inline void mixSome(const double *from, double *to, int64_t stride) {
  V v[R];
#pragma clang loop unroll(full)
  for (int i = 0; i < R; ++i)
    v[i] = load(from + i * stride * A);
  butterflies<R>(v);
#pragma clang loop unroll(full)
  for (int i = 0; i < R; ++i)
    store(to + i * stride * A, v[i]);
}

template <int R> void mix(const double *from, double *to, int64_t stride, int64_t size) {
  for (int64_t begin = 0; begin < size; begin += stride * R)
    for (int64_t z = begin; z < begin + stride; ++z) {
      mixSome<R>(from + z * A, to + z * A, stride);
      mixSome<R>(from + z * A + 4, to + z * A + 4, stride);
    }
}

void mixBits(int bits, const double *from, double *to, int64_t stride, int64_t size) {
  if (bits == 3)
    mix<8>(from, to, stride, size);
  else if (bits == 2)
    mix<4>(from, to, stride, size);
  else if (bits == 1)
    mix<2>(from, to, stride, size);
}

/// The highest three bits, and then times a diagonal.
void mixLast(double *state, const double *diagonal, int64_t stride, double scale) {
  for (int64_t z = 0; z < stride; ++z) {
    double *at = state + z * A;
    mixSome<8>(at, at, stride);
    mixSome<8>(at + 4, at + 4, stride);
#pragma clang loop unroll(full)
    for (int i = 0; i < 8; ++i) {
      const Complex factor = Complex::at(diagonal + (z + i * stride) * A);
      double *to = at + i * stride * A;
      (Complex::at(to) * Complex{factor.re * scale, factor.im * scale}).to(to);
    }
  }
}

/// D H D H |0..0>. The lowest bits are mixed in blocks that stay in a first-level cache.
void stateOf(const Phasors &phasors, int n, double *state, double *scratch) {
  const int64_t size = int64_t{1} << n;
  double *diagonal = scratch + diagonalAt, *factor = scratch + size * A + factorAt;
  makeDiagonal(phasors, n, diagonal, factor);
  const int bits = n - 3, blockBits = bits < 8 ? bits : 8;
  const int64_t block = A << blockBits;
  for (int64_t begin = 0; begin < size * A; begin += block) {
    int done = (blockBits + 2) % 3 + 1;
    mixBits(done, diagonal + begin, state + begin, 1, int64_t{1} << blockBits);
    for (; done < blockBits; done += 3)
      mix<8>(state + begin, state + begin, int64_t{1} << done, int64_t{1} << blockBits);
  }
  int done = blockBits;
  for (; bits - done >= 3; done += 3)
    mix<8>(state, state, int64_t{1} << done, size);
  mixBits(bits - done, state, state, int64_t{1} << done, size);
  mixLast(state, diagonal, int64_t{1} << bits, 1 / static_cast<double>(size));
}

} // namespace

void ZzStates::prepare(const double *angles) {
  const int64_t rowSize = qubits_ * (qubits_ + 1) / 2;
  for (int64_t row = 0; row < rows_; row += 4)
    stateOf(Phasors(angles + row * rowSize, rowSize, qubits_), qubits_,
            panels_.data() + row / 4 * size_ * A, scratch_.data());
}
HAND_END

ZzStates::ZzStates(int qubits, int64_t rows)
    : qubits_(qubits), rows_(rows), size_(int64_t{1} << qubits),
      panels_(static_cast<size_t>(rows / 4 * size_ * A)),
      scratch_(static_cast<size_t>(2 * size_ * A + factorAt)) {}

std::complex<double> ZzStates::amplitude(int64_t row, int64_t z) const {
  const double *at = panels_.data() + (row / 4 * size_ + z) * A + row % 4;
  return {at[0], at[4]};
}

} // namespace hand
