// SPDX-License-Identifier: Apache-2.0
// Gates on state vectors.
// Why: a gate touches runs of neighbouring amplitudes; the loops over a run are plain enough for
// the compiler to vectorise, and diagonal and permutation gates touch only what they change.
#include "runtime/sim/sink.h"
#include "runtime/sim/state.h"

#include <algorithm>
#include <bit>

namespace qdo::sim {

using gates::GateMatrix;

namespace {

/// Plain complex arithmetic: std::complex's product tests for NaN on every multiplication.
struct C {
  double re, im;
  friend C operator*(C a, C b) { return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re}; }
  friend C operator+(C a, C b) { return {a.re + b.re, a.im + b.im}; }
};

C plain(Amplitude a) { return {a.real(), a.imag()}; }
bool isZero(Amplitude a) { return a == Amplitude(0); }
bool isOne(Amplitude a) { return a == Amplitude(1); }

/// All basis states whose bits at some wires have given values, as runs of neighbours.
class Runs {
public:
  /// `wires` are fixed to the bits of `ones`.
  Runs(int qubits, uint64_t wires, uint64_t ones) : ones_(ones) {
    for (uint64_t rest = wires; rest != 0; rest &= rest - 1)
      positions_[count_++] = std::countr_zero(rest);
    length_ = uint64_t{1} << (count_ ? positions_[0] : qubits);
    runs_ = (uint64_t{1} << (qubits - count_)) / length_;
  }
  /// Calls body(index of the first amplitude, length).
  template <class Body> void each(Body body) const {
    for (uint64_t run = 0; run < runs_; ++run) {
      uint64_t index = run * length_;
      for (int i = 0; i < count_; ++i) {
        uint64_t below = (uint64_t{1} << positions_[i]) - 1;
        index = (index & ~below) << 1 | (index & below);
      }
      body(index | ones_, length_);
    }
  }

private:
  int positions_[64];
  int count_ = 0;
  uint64_t ones_, length_, runs_;
};

void scale(StateView state, uint64_t wires, uint64_t ones, Amplitude factor) {
  if (isOne(factor))
    return;
  const C f = plain(factor);
  C *a = reinterpret_cast<C *>(state.amplitudes);
  Runs(state.qubits, wires, ones).each([=](uint64_t first, uint64_t length) {
    for (uint64_t i = first; i < first + length; ++i)
      a[i] = f * a[i];
  });
}

/// Exchanges the amplitudes at `ones` and `ones ^ flip` and multiplies what arrives.
void exchange(StateView state, uint64_t wires, uint64_t ones, uint64_t flip, Amplitude arriveHere,
              Amplitude arriveThere) {
  C *a = reinterpret_cast<C *>(state.amplitudes);
  const C here = plain(arriveHere), there = plain(arriveThere);
  const bool bare = isOne(arriveHere) && isOne(arriveThere);
  Runs(state.qubits, wires, ones).each([=](uint64_t first, uint64_t length) {
    C *p = a + first, *q = a + (first ^ flip);
    if (bare) {
      for (uint64_t i = 0; i < length; ++i)
        std::swap(p[i], q[i]);
      return;
    }
    for (uint64_t i = 0; i < length; ++i) {
      C old = p[i];
      p[i] = here * q[i];
      q[i] = there * old;
    }
  });
}

void applyOne(StateView state, uint64_t controls, int target, const GateMatrix &m) {
  const uint64_t bit = uint64_t{1} << target, wires = controls | bit;
  if (isZero(m[1]) && isZero(m[2])) {
    scale(state, wires, controls, m[0]);
    scale(state, wires, wires, m[3]);
    return;
  }
  if (isZero(m[0]) && isZero(m[3])) {
    exchange(state, wires, controls, bit, m[1], m[2]);
    return;
  }
  C *a = reinterpret_cast<C *>(state.amplitudes);
  Runs runs(state.qubits, wires, controls);
  const bool real = std::all_of(m.begin(), m.begin() + 4, [](auto x) { return x.imag() == 0; });
  if (real) { // h, ry: half the arithmetic
    const double m00 = m[0].real(), m01 = m[1].real(), m10 = m[2].real(), m11 = m[3].real();
    runs.each([=](uint64_t first, uint64_t length) {
      double *p = &a[first].re, *q = &a[first + bit].re;
      for (uint64_t i = 0; i < 2 * length; ++i) {
        double x = p[i], y = q[i];
        p[i] = m00 * x + m01 * y;
        q[i] = m10 * x + m11 * y;
      }
    });
    return;
  }
  const C m00 = plain(m[0]), m01 = plain(m[1]), m10 = plain(m[2]), m11 = plain(m[3]);
  runs.each([=](uint64_t first, uint64_t length) {
    C *p = a + first, *q = a + first + bit;
    for (uint64_t i = 0; i < length; ++i) {
      C x = p[i], y = q[i];
      p[i] = m00 * x + m01 * y;
      q[i] = m10 * x + m11 * y;
    }
  });
}

void applyTwo(StateView state, uint64_t controls, int target0, int target1, const GateMatrix &m) {
  const uint64_t bit0 = uint64_t{1} << target0, bit1 = uint64_t{1} << target1;
  const uint64_t wires = controls | bit0 | bit1;
  const uint64_t offsets[4] = {0, bit0, bit1, bit0 | bit1};
  // Each column with one entry only: a permutation with phases (swap, rzz).
  int source[4];
  bool permutation = true;
  for (int row = 0; row < 4; ++row) {
    int entries = 0;
    for (int column = 0; column < 4; ++column)
      if (!isZero(m[row * 4 + column])) {
        ++entries;
        source[row] = column;
      }
    permutation &= entries == 1;
  }
  if (permutation) {
    for (int row = 0; row < 4; ++row) {
      int other = source[row];
      if (other == row)
        scale(state, wires, controls | offsets[row], m[row * 5]);
      else if (source[other] != row)
        permutation = false; // a longer cycle: no such gate in the record, but stay correct
      else if (row < other)
        exchange(state, wires, controls | offsets[row], offsets[row] ^ offsets[other],
                 m[row * 4 + other], m[other * 4 + row]);
    }
    if (permutation)
      return;
  }
  C *a = reinterpret_cast<C *>(state.amplitudes);
  C entry[16];
  for (int i = 0; i < 16; ++i)
    entry[i] = plain(m[i]);
  Runs(state.qubits, wires, controls).each([&](uint64_t first, uint64_t length) {
    for (uint64_t i = first; i < first + length; ++i) {
      C in[4];
      for (int row = 0; row < 4; ++row)
        in[row] = a[i + offsets[row]];
      for (int row = 0; row < 4; ++row)
        a[i + offsets[row]] = entry[row * 4] * in[0] + entry[row * 4 + 1] * in[1] +
                              entry[row * 4 + 2] * in[2] + entry[row * 4 + 3] * in[3];
    }
  });
}

} // namespace

void setZero(StateView state) {
  std::fill_n(state.amplitudes, state.size(), Amplitude(0));
  state.amplitudes[0] = 1;
}

void apply(StateView state, const GateCall &call) {
  const GateMatrix matrix = gates::gateMatrix(call);
  if (call.target1 < 0)
    applyOne(state, call.controls, call.target0, matrix);
  else
    applyTwo(state, call.controls, call.target0, call.target1, matrix);
}

} // namespace qdo::sim
