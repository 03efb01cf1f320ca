// SPDX-License-Identifier: Apache-2.0
// States of several circuits of one shape side by side: amplitude i of lane l is at i * W + l.
// In: gates whose matrices differ by lane. Out: changed amplitudes, inner products by lane.
// Why: the inner loops run over lanes, so they are vector code for any gate on any qubit.
#pragma once

#include "runtime/gates/gates.h"

#include <bit>
#include <cstdint>
#include <vector>

namespace qdo::gradient {

template <int W> struct Lanes {
  double at[W] = {};
};

/// A complex matrix for each lane; entries that are 0 in all of them are skipped.
template <int W> struct LaneMatrix {
  Lanes<W> re[16] = {}, im[16] = {};
  bool used[16] = {};
  bool real = true; ///< no entry has an imaginary part
  int size = 2;

  void set(int lane, int entry, gates::Amplitude value) {
    re[entry].at[lane] = value.real();
    im[entry].at[lane] = value.imag();
    used[entry] |= value != gates::Amplitude(0);
    real &= value.imag() == 0;
  }
};

template <int W> class LaneStates {
public:
  explicit LaneStates(int qubits) : qubits_(qubits), re_(W << qubits), im_(W << qubits) {}

  void setZero() {
    std::fill(re_.begin(), re_.end(), 0.0);
    std::fill(im_.begin(), im_.end(), 0.0);
    std::fill_n(re_.begin(), W, 1.0);
  }

  /// Calls body(index) for every basis state with these bits set and the bits of `free` clear.
  template <class Body> void each(uint64_t set, uint64_t free, Body body) const {
    const uint64_t fixed = set | free, all = (uint64_t{1} << qubits_) - 1;
    const uint64_t rest = all & ~fixed;
    uint64_t i = 0;
    do {
      body(i | set);
      i = (i - rest) & rest; // the next subset of the bits that are left
    } while (i != 0);
  }

  void apply(const gates::GateCall &call, const LaneMatrix<W> &m) {
    const uint64_t bit0 = uint64_t{1} << call.target0;
    if (call.target1 < 0)
      return applyOne(call.controls, bit0, m);
    applyTwo(call.controls, bit0, uint64_t{1} << call.target1, m);
  }

  /// Im <this|G|other> of each lane, G on the targets where all controls are 1.
  Lanes<W> imaginary(const gates::GateCall &call, const LaneMatrix<W> &g,
                     const LaneStates &other) const {
    const uint64_t bit0 = uint64_t{1} << call.target0;
    const uint64_t bit1 = call.target1 < 0 ? 0 : uint64_t{1} << call.target1;
    const uint64_t offsets[4] = {0, bit0, bit1, bit0 | bit1};
    Lanes<W> sum;
    for (int row = 0; row < g.size; ++row)
      for (int column = 0; column < g.size; ++column) {
        const int entry = row * g.size + column;
        if (!g.used[entry])
          continue;
        Lanes<W> tre, tim; // <this| at row, |other> at column
        each(call.controls, bit0 | bit1, [&](uint64_t i) {
          const double *ar = re(i | offsets[row]), *ai = im(i | offsets[row]);
          const double *br = other.re(i | offsets[column]), *bi = other.im(i | offsets[column]);
          for (int l = 0; l < W; ++l) {
            tre.at[l] += ar[l] * br[l] + ai[l] * bi[l];
            tim.at[l] += ar[l] * bi[l] - ai[l] * br[l];
          }
        });
        for (int l = 0; l < W; ++l)
          sum.at[l] += g.re[entry].at[l] * tim.at[l] + g.im[entry].at[l] * tre.at[l];
      }
    return sum;
  }

  /// <this|other> of each lane.
  void inner(const LaneStates &other, Lanes<W> &re, Lanes<W> &im) const {
    re = im = {};
    for (uint64_t i = 0; i < uint64_t{1} << qubits_; ++i) {
      const double *ar = this->re(i), *ai = this->im(i), *br = other.re(i), *bi = other.im(i);
      for (int l = 0; l < W; ++l) {
        re.at[l] += ar[l] * br[l] + ai[l] * bi[l];
        im.at[l] += ar[l] * bi[l] - ai[l] * br[l];
      }
    }
  }

  /// Adds weight * P|other>, P with X on the bits of x, Z on those of z, Y on both.
  void addPauli(double weight, uint64_t x, uint64_t z, const LaneStates &other) {
    const int ys = std::popcount(x & z);
    for (uint64_t i = 0; i < uint64_t{1} << qubits_; ++i) {
      // P|i ^ x> = phase |i>: Y = i X Z.
      const uint64_t from = i ^ x;
      const int quarter = (ys + 2 * std::popcount(from & z)) & 3; // power of i
      const double *br = other.re(from), *bi = other.im(from);
      double *ar = re(i), *ai = im(i);
      const double sign = quarter >= 2 ? -weight : weight;
      if (quarter % 2 == 0)
        for (int l = 0; l < W; ++l) {
          ar[l] += sign * br[l];
          ai[l] += sign * bi[l];
        }
      else
        for (int l = 0; l < W; ++l) {
          ar[l] -= sign * bi[l];
          ai[l] += sign * br[l];
        }
    }
  }

  /// this = (re + i im) * other, lane by lane.
  void scaled(const Lanes<W> &re, const Lanes<W> &im, const LaneStates &other) {
    for (uint64_t i = 0; i < uint64_t{1} << qubits_; ++i) {
      const double *br = other.re(i), *bi = other.im(i);
      double *ar = this->re(i), *ai = this->im(i);
      for (int l = 0; l < W; ++l) {
        ar[l] = re.at[l] * br[l] - im.at[l] * bi[l];
        ai[l] = re.at[l] * bi[l] + im.at[l] * br[l];
      }
    }
  }

  void clear() {
    std::fill(re_.begin(), re_.end(), 0.0);
    std::fill(im_.begin(), im_.end(), 0.0);
  }

private:
  double *re(uint64_t i) { return re_.data() + i * W; }
  double *im(uint64_t i) { return im_.data() + i * W; }
  const double *re(uint64_t i) const { return re_.data() + i * W; }
  const double *im(uint64_t i) const { return im_.data() + i * W; }

  void scale(uint64_t i, const Lanes<W> &fr, const Lanes<W> &fi) {
    double *ar = re(i), *ai = im(i);
    for (int l = 0; l < W; ++l) {
      const double x = ar[l], y = ai[l];
      ar[l] = fr.at[l] * x - fi.at[l] * y;
      ai[l] = fr.at[l] * y + fi.at[l] * x;
    }
  }

  void applyOne(uint64_t controls, uint64_t bit, const LaneMatrix<W> &m) {
    if (!m.used[1] && !m.used[2]) {
      each(controls, bit, [&](uint64_t i) {
        scale(i, m.re[0], m.im[0]);
        scale(i | bit, m.re[3], m.im[3]);
      });
      return;
    }
    if (m.real) {
      each(controls, bit, [&](uint64_t i) {
        for (double *base : {re(0), im(0)}) {
          double *p = base + i * W, *q = base + (i | bit) * W;
          for (int l = 0; l < W; ++l) {
            const double x = p[l], y = q[l];
            p[l] = m.re[0].at[l] * x + m.re[1].at[l] * y;
            q[l] = m.re[2].at[l] * x + m.re[3].at[l] * y;
          }
        }
      });
      return;
    }
    each(controls, bit, [&](uint64_t i) {
      double *pr = re(i), *pi = im(i), *qr = re(i | bit), *qi = im(i | bit);
      for (int l = 0; l < W; ++l) {
        const double xr = pr[l], xi = pi[l], yr = qr[l], yi = qi[l];
        pr[l] = m.re[0].at[l] * xr - m.im[0].at[l] * xi + m.re[1].at[l] * yr - m.im[1].at[l] * yi;
        pi[l] = m.re[0].at[l] * xi + m.im[0].at[l] * xr + m.re[1].at[l] * yi + m.im[1].at[l] * yr;
        qr[l] = m.re[2].at[l] * xr - m.im[2].at[l] * xi + m.re[3].at[l] * yr - m.im[3].at[l] * yi;
        qi[l] = m.re[2].at[l] * xi + m.im[2].at[l] * xr + m.re[3].at[l] * yi + m.im[3].at[l] * yr;
      }
    });
  }

  void applyTwo(uint64_t controls, uint64_t bit0, uint64_t bit1, const LaneMatrix<W> &m) {
    const uint64_t offsets[4] = {0, bit0, bit1, bit0 | bit1};
    each(controls, bit0 | bit1, [&](uint64_t i) {
      Lanes<W> inRe[4], inIm[4];
      for (int k = 0; k < 4; ++k)
        for (int l = 0; l < W; ++l) {
          inRe[k].at[l] = re(i | offsets[k])[l];
          inIm[k].at[l] = im(i | offsets[k])[l];
        }
      for (int row = 0; row < 4; ++row) {
        Lanes<W> outRe, outIm;
        for (int column = 0; column < 4; ++column) {
          const int entry = row * 4 + column;
          if (!m.used[entry])
            continue;
          for (int l = 0; l < W; ++l) {
            outRe.at[l] +=
                m.re[entry].at[l] * inRe[column].at[l] - m.im[entry].at[l] * inIm[column].at[l];
            outIm.at[l] +=
                m.re[entry].at[l] * inIm[column].at[l] + m.im[entry].at[l] * inRe[column].at[l];
          }
        }
        for (int l = 0; l < W; ++l) {
          re(i | offsets[row])[l] = outRe.at[l];
          im(i | offsets[row])[l] = outIm.at[l];
        }
      }
    });
  }

  int qubits_;
  std::vector<double> re_, im_;
};

} // namespace qdo::gradient
