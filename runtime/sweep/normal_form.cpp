// SPDX-License-Identifier: Apache-2.0
// Gates become phases, turns and flips; one-qubit gates are collected until something needs them.
// Why: U = g diag(1, p) R diag(1, l) with a real R (ZYZ), and diag(1, p) waits for the next gate of
// its qubit, so each turn brings one phase. A controlled U = V diag(a, b) V^-1 is a turn away from
// a phase. CX P CX on one pair is a phase on the parity of two bits and moves nothing.
#include "runtime/sweep/normal_form.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cmath>
#include <numeric>

namespace qdo::sweep {

namespace {

using gates::GateMatrix;
using Kind = Letter::Kind;

/// Row-major 2x2.
using Small = std::array<Amplitude, 4>;

constexpr double rounding = 4e-16;

/// Takes rounding off zero and one, so that circuits of exact gates stay exact.
Amplitude snapped(Amplitude a) {
  auto snap = [](double x) {
    if (std::fabs(x) < rounding)
      return 0.0;
    return std::fabs(std::fabs(x) - 1) < rounding ? std::copysign(1, x) : x;
  };
  return {snap(a.real()), snap(a.imag())};
}

Small product(const Small &a, const Small &b) {
  return {snapped(a[0] * b[0] + a[1] * b[2]), snapped(a[0] * b[1] + a[1] * b[3]),
          snapped(a[2] * b[0] + a[3] * b[2]), snapped(a[2] * b[1] + a[3] * b[3])};
}

Small adjoint(const Small &a) {
  return {std::conj(a[0]), std::conj(a[2]), std::conj(a[1]), std::conj(a[3])};
}

bool isZero(Amplitude a) { return a == Amplitude(0); }
bool isOne(Amplitude a) { return a == Amplitude(1); }
bool isDiagonal(const Small &u) { return isZero(u[1]) && isZero(u[2]); }
uint64_t bit(int place) { return uint64_t{1} << place; }

constexpr Small identity = {1, 0, 0, 1};

/// A unitary as V diag(d0, d1) V^-1.
struct Eigen {
  Small v;
  Amplitude d0, d1;
};

Eigen eigen(const Small &u) {
  const double root = std::sqrt(0.5);
  if (u == Small{0, 1, 1, 0})
    return {{root, root, root, -root}, 1, -1};
  // u = e^{i a} (c - i s n.sigma) with a unit vector n.
  const Amplitude half = std::sqrt(u[0] * u[3] - u[1] * u[2]);
  const Small m = {u[0] / half, u[1] / half, u[2] / half, u[3] / half};
  const double c = (m[0].real() + m[3].real()) / 2;
  double x = -(m[1].imag() + m[2].imag()) / 2, y = (m[2].real() - m[1].real()) / 2,
         z = (m[3].imag() - m[0].imag()) / 2;
  const double s = std::sqrt(x * x + y * y + z * z);
  x /= s, y /= s, z /= s;
  // The eigenvector of n.sigma that does not cancel.
  Amplitude p = z >= 0 ? Amplitude(1 + z) : Amplitude(x, -y);
  Amplitude q = z >= 0 ? Amplitude(x, y) : Amplitude(1 - z);
  const double norm = std::sqrt(std::norm(p) + std::norm(q));
  p /= norm, q /= norm;
  return {{snapped(p), snapped(-std::conj(q)), snapped(q), snapped(std::conj(p))},
          snapped(half * Amplitude(c, -s)),
          snapped(half * Amplitude(c, s))};
}

class Builder {
public:
  explicit Builder(int qubits)
      : waiting_(static_cast<size_t>(qubits), identity), parity_(static_cast<size_t>(qubits)) {
    form_.place.resize(static_cast<size_t>(qubits));
    std::iota(form_.place.begin(), form_.place.end(), 0);
  }

  void add(const GateCall &call) {
    uint64_t controls = 0;
    for (uint64_t rest = call.controls; rest != 0; rest &= rest - 1)
      controls |= bit(form_.place[static_cast<size_t>(std::countr_zero(rest))]);
    const GateMatrix m = gates::gateMatrix(call);
    int &place0 = form_.place[static_cast<size_t>(call.target0)];
    if (call.target1 < 0)
      return one(controls, place0, {m[0], m[1], m[2], m[3]});
    int &place1 = form_.place[static_cast<size_t>(call.target1)];
    if (controls == 0 && isSwap(m))
      std::swap(place0, place1);
    else
      two(controls, place0, place1, m);
  }

  NormalForm finish() {
    for (int t = 0; t < qubits(); ++t)
      settle(t);
    for (int t = 0; t < qubits(); ++t)
      emptyOut(t);
    if (!isOne(global_))
      form_.letters.push_back({.kind = Kind::Phase, .factor = global_});
    return std::move(form_);
  }

private:
  int qubits() const { return static_cast<int>(waiting_.size()); }
  Small &waiting(int t) { return waiting_[static_cast<size_t>(t)]; }
  uint64_t &parity(int t) { return parity_[static_cast<size_t>(t)]; }

  static bool isSwap(const GateMatrix &m) {
    return m[0] == 1.0 && m[6] == 1.0 && m[9] == 1.0 && m[15] == 1.0;
  }

  void emitPhase(uint64_t mask, Amplitude factor) {
    factor = snapped(factor);
    if (mask == 0)
      global_ *= factor;
    else if (!isOne(factor))
      form_.letters.push_back({.kind = Kind::Phase, .mask = mask, .factor = factor});
  }

  /// Emits the turn that waits on a place; a diagonal may go on waiting.
  void flush(int t) {
    Small &u = waiting(t);
    if (isDiagonal(u))
      return;
    const double c = std::abs(u[0]), s = std::abs(u[2]);
    Letter turn{.kind = Kind::Turn, .target = t, .cosine = c, .sine = s};
    // u = g diag(1, after) [c -s; s c] diag(1, before)
    Amplitude g, after, before;
    if (c < rounding) {
      turn.cosine = 0, turn.sine = 1;
      turn.mirror = true; // [0 1; 1 0]: no sign to correct
      before = 1, g = u[1], after = snapped(u[2] * std::conj(g));
    } else {
      g = u[0] / c;
      after = snapped(u[2] * std::conj(g) / s);
      before = snapped(-u[1] * std::conj(g) / s);
      if (before == -1.0) { // then a mirror needs no phase before it
        turn.mirror = true;
        before = 1;
      }
    }
    global_ *= snapped(g);
    emitPhase(bit(t), before);
    form_.letters.push_back(turn);
    u = {1, 0, 0, after};
  }

  /// Flushes a place and the phase that is left.
  void emptyOut(int t) {
    flush(t);
    Small &u = waiting(t);
    global_ *= u[0];
    emitPhase(bit(t), u[3] * std::conj(u[0]));
    u = identity;
  }

  /// Makes real the flips that wait on a place.
  void settle(int t) {
    for (uint64_t rest = parity(t); rest != 0; rest &= rest - 1)
      form_.letters.push_back({.kind = Kind::Flip, .target = t, .mask = rest & (0 - rest)});
    parity(t) = 0;
  }
  /// Settles whatever waits for the value of one of these places to stay.
  void settleReaders(uint64_t places) {
    for (int t = 0; t < qubits(); ++t)
      if (parity(t) & places)
        settle(t);
  }

  /// A phase where all of `mask` are 1, in the values that the places stand for.
  void phase(uint64_t mask, Amplitude factor) {
    if (isOne(factor))
      return;
    for (uint64_t rest = mask; rest != 0; rest &= rest - 1) {
      const int t = std::countr_zero(rest);
      flush(t);
      if (parity(t) == 0)
        continue;
      if (mask == bit(t) && std::has_single_bit(parity(t))) {
        // a xor b = a + b - 2 a b
        emitPhase(bit(t), factor);
        emitPhase(parity(t), factor);
        return emitPhase(bit(t) | parity(t), std::conj(factor * factor));
      }
      settle(t);
    }
    emitPhase(mask, factor);
  }

  void one(uint64_t controls, int t, const Small &u) {
    if (isDiagonal(u)) {
      if (controls == 0 && parity(t) == 0) {
        waiting(t) = product(u, waiting(t));
        return;
      }
      phase(controls, u[0]);
      return phase(controls | bit(t), u[3] * std::conj(u[0]));
    }
    if (controls == 0) {
      settle(t);
      settleReaders(bit(t));
      waiting(t) = product(u, waiting(t));
      return;
    }
    if (u == Small{0, 1, 1, 0})
      return flip(controls, t);
    if (isZero(u[0])) { // a flip with phases: cy
      flip(controls, t);
      return one(controls, t, {u[1], 0, 0, u[2]});
    }
    const Eigen e = eigen(u);
    one(0, t, adjoint(e.v));
    one(controls, t, {e.d0, 0, 0, e.d1});
    one(0, t, e.v);
  }

  void flip(uint64_t controls, int t) {
    settleReaders(bit(t));
    for (uint64_t rest = controls; rest != 0; rest &= rest - 1) {
      const int c = std::countr_zero(rest);
      settle(c);
      flush(c);
    }
    if (std::has_single_bit(controls)) {
      emptyOut(t); // places with a parity have nothing waiting
      parity(t) ^= controls;
      return;
    }
    settle(t);
    emptyOut(t);
    form_.letters.push_back({.kind = Kind::Flip, .target = t, .mask = controls});
  }

  /// A gate on two targets that is diagonal or keeps the parity of their bits; a is the lower bit.
  void two(uint64_t controls, int a, int b, const GateMatrix &m);

  NormalForm form_{};
  std::vector<Small> waiting_;
  /// Place t stands for its bit xor the parity of these (flips that may yet cancel).
  std::vector<uint64_t> parity_;
  Amplitude global_ = 1;
};

void Builder::two(uint64_t controls, int a, int b, const GateMatrix &m) {
  bool diagonal = true;
  [[maybe_unused]] bool sorted = true; // keeps the parity of the two bits
  for (size_t row = 0; row < 4; ++row)
    for (size_t column = 0; column < 4; ++column)
      if (row != column && !isZero(m[row * 4 + column])) {
        diagonal = false;
        sorted &= std::popcount(row ^ column) == 2;
      }
  if (diagonal) {
    const Amplitude d0 = m[0], d1 = m[5], d2 = m[10], d3 = m[15];
    phase(controls, d0);
    phase(controls | bit(a), d1 * std::conj(d0));
    phase(controls | bit(b), d2 * std::conj(d0));
    return phase(controls | bit(a) | bit(b), d3 * d0 * std::conj(d1 * d2));
  }
  assert(sorted && "a two-qubit gate of the record keeps the parity of its qubits");
  // After a flip of b by a, b says which of two one-qubit gates acts on a.
  const Small even = {m[0], m[3], m[12], m[15]}, odd = {m[10], m[9], m[6], m[5]};
  flip(bit(a), b);
  one(controls, a, even);
  one(controls | bit(b), a, product(odd, adjoint(even)));
  flip(bit(a), b);
}

} // namespace

NormalForm normalForm(std::span<const GateCall> calls, int qubits) {
  Builder builder(qubits);
  for (const GateCall &call : calls)
    builder.add(call);
  return builder.finish();
}

} // namespace qdo::sweep
