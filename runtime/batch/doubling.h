// SPDX-License-Identifier: Apache-2.0
// Diagonals by doubling. For the kernel sources of one instruction set only.
#pragma once

#include "runtime/batch/prelude.h"

namespace qdo::batch {
namespace {

template <int L> class Doubling {
public:
  Doubling(const Program &program, const Prelude<L> &prelude, double *factors)
      : p_(program), prelude_(prelude), q_(factors) {}

  void seed(double *f, const Seed &seed) const {
    (prelude_.phasor(seed.phasor) * prelude_.scale(seed.scale)).to(f);
  }

  void extend(double *f, const Extend &e, const double *twin) const {
    const int64_t size = int64_t{1} << e.bit;
    const Complex<L> first = prelude_.phasor(e.constant) * (prelude_.tangent(e.turn) * e.factor);
    if (e.factor == 0)
      fill(f + size * A, size, e.among);
    else if (e.weights > 0)
      weighted(f, e, first, size);
    else if (e.constant < 0 && e.turn < 0)
      scaled(f, first.re, size, e.among);
    else
      multiplied(f, first, size, e.among);
    if (twin != nullptr)
      runs(size, e.among, [&](int64_t begin, int64_t end) {
        for (int64_t z = begin; z < end; ++z) {
          const Complex<L> g = Complex<L>::at(twin + z * A);
          (Complex<L>::at(f + z * A) * g).to(f + z * A);
          (Complex<L>::at(f + (z + size) * A) * g.conj()).to(f + (z + size) * A);
        }
      });
  }

private:
  static constexpr int64_t A = 2 * L; ///< doubles of an amplitude

  /// Calls body(begin, end) for the runs of neighbours that all z below `size` consist of whose
  /// bits are among `bits`.
  template <class Body>
  [[gnu::always_inline]] static void runs(int64_t size, int64_t bits, Body body) {
    const int64_t lowest = (bits + 1) & ~bits, run = lowest < size ? lowest : size;
    const int64_t rest = bits & (size - run);
    int64_t z = 0;
    do {
      body(z, z + run);
      z = (z - rest) & rest; // the next number made of these bits
    } while (z != 0);
  }
  static void fill(double *f, int64_t size, int64_t among) {
    runs(size, among, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin * A; i < end * A; i += L)
        store<L>(f + i, all<L>(0));
    });
  }
  static void scaled(double *f, V<L> by, int64_t size, int64_t among) {
    runs(size, among, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin * A; i < end * A; i += L)
        store<L>(f + size * A + i, load<L>(f + i) * by);
    });
  }
  static void multiplied(double *f, Complex<L> by, int64_t size, int64_t among) {
    runs(size, among, [&](int64_t begin, int64_t end) {
      for (int64_t z = begin; z < end; ++z)
        (Complex<L>::at(f + z * A) * by).to(f + (z + size) * A);
    });
  }

  /// The product of the weights is a table over the bits from the lowest to the highest that has a
  /// weight. It is built but for its last doubling, which is fused with the product.
  void weighted(double *f, const Extend &e, Complex<L> first, int64_t size) const {
    const Weight *weight = p_.weights + e.firstWeight;
    const int low = weight[0].bit, top = weight[e.weights - 1].bit;
    const int64_t run = int64_t{1} << low, between = e.among >> low;
    first.to(q_);
    int64_t filled = 1;
    for (int bit = low, next = 0; bit < top; ++bit, filled *= 2) {
      if (weight[next].bit == bit)
        multiplied(q_, prelude_.phasor(weight[next++].phasor), filled, between);
      else if ((e.among >> bit & 1) != 0)
        scaled(q_, all<L>(1), filled, between);
    }
    const Complex<L> last = prelude_.phasor(weight[e.weights - 1].phasor);
    const int64_t half = filled * run;
    double *const g = f + size * A;
    const int64_t above = e.among & (size - 2 * half);
    int64_t base = 0;
    do {
      if (run == 1)
        runs(half, e.among, [&](int64_t begin, int64_t end) {
          for (int64_t z = begin; z < end; ++z)
            both(f + base * A, g + base * A, z, half, Complex<L>::at(q_ + z * A), last);
        });
      else
        runs(filled, between, [&](int64_t firstOf, int64_t endOf) {
          for (int64_t k = firstOf; k < endOf; ++k) {
            const Complex<L> q = Complex<L>::at(q_ + k * A), u = q * last;
            runs(run, e.among, [&](int64_t begin, int64_t end) {
              for (int64_t z = base + k * run + begin; z < base + k * run + end; ++z) {
                (Complex<L>::at(f + z * A) * q).to(g + z * A);
                (Complex<L>::at(f + (z + half) * A) * u).to(g + (z + half) * A);
              }
            });
          }
        });
      base = (base - above) & above;
    } while (base != 0);
  }
  static void both(const double *f, double *g, int64_t z, int64_t half, Complex<L> q,
                   Complex<L> last) {
    (Complex<L>::at(f + z * A) * q).to(g + z * A);
    (Complex<L>::at(f + (z + half) * A) * (q * last)).to(g + (z + half) * A);
  }

  const Program &p_;
  const Prelude<L> &prelude_;
  double *q_;
};

} // namespace
} // namespace qdo::batch
