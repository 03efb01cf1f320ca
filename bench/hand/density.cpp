// SPDX-License-Identifier: Apache-2.0
// Two passes over memory a layer: the lower qubits in tiles as they lie, the higher ones in
// gathered columns. A rotation is a real 3 x 3 matrix, noise a factor in it, CZ a permutation with
// signs.
#include "bench/hand/density.h"

#include "bench/hand/vectors.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace hand {

/// Doubles of a row that are gathered at once: a cache line.
static constexpr int64_t width = 8;

HAND_BEGIN
namespace {

/// The rotation of the qubit whose letters are `stride` apart, from four doubles on.
void rotate(double *r, int64_t size, int64_t stride, const std::array<double, 9> &m) {
  V k[9];
  for (size_t i = 0; i < 9; ++i)
    k[i] = all(m[i]);
  for (int64_t begin = 0; begin < size; begin += 4 * stride)
    for (double *at = r + begin, *end = at + stride; at < end; at += 4) {
      const V x = load(at + stride), y = load(at + 2 * stride), z = load(at + 3 * stride);
#pragma clang loop unroll(full)
      for (int i = 0; i < 3; ++i)
        store(at + (i + 1) * stride, fma(k[3 * i + 2], z, fma(k[3 * i + 1], y, k[3 * i] * x)));
    }
}

/// That of qubit 0, whose letters are the lanes of a vector.
void rotateLanes(double *r, int64_t size, const std::array<double, 9> &m) {
  const V i{1, 0, 0, 0}, x{0, m[0], m[3], m[6]}, y{0, m[1], m[4], m[7]}, z{0, m[2], m[5], m[8]};
  for (int64_t at = 0; at < size; at += 4) {
    const V v = load(r + at);
    const V vx = __builtin_shufflevector(v, v, 1, 1, 1, 1);
    const V vy = __builtin_shufflevector(v, v, 2, 2, 2, 2);
    const V vz = __builtin_shufflevector(v, v, 3, 3, 3, 3);
    store(r + at, fma(z, vz, fma(y, vy, fma(x, vx, i * v))));
  }
}

/// What CZ exchanges, letters of the lower and the higher qubit, with the sign of the exchange.
struct Exchange {
  int low, high, otherLow, otherHigh;
  double sign;
};
constexpr Exchange exchanges[] = {{1, 0, 1, 3, 1}, {2, 0, 2, 3, 1}, {0, 1, 3, 1, 1},
                                  {0, 2, 3, 2, 1}, {1, 1, 2, 2, 1}, {1, 2, 2, 1, -1}};

/// CZ on two neighbours, and noise on both: each letter keeps `kept` of its weight.
void cz(double *r, int64_t size, int64_t stride, double kept) {
  const double weight[] = {1, kept, kept * kept};
  const auto weightOf = [&](int low, int high) { return weight[(low != 0) + (high != 0)]; };
  for (int64_t begin = 0; begin < size; begin += 16 * stride)
    for (double *at = r + begin, *end = at + stride; at < end; at += 4) {
      const auto place = [&](int low, int high) { return at + (low + 4 * high) * stride; };
#pragma clang loop unroll(full)
      for (const Exchange &e : exchanges) {
        const V one = load(place(e.low, e.high)), other = load(place(e.otherLow, e.otherHigh));
        store(place(e.otherLow, e.otherHigh), one * (e.sign * weightOf(e.otherLow, e.otherHigh)));
        store(place(e.low, e.high), other * (e.sign * weightOf(e.low, e.high)));
      }
      for (auto [low, high] : {std::pair{3, 0}, std::pair{0, 3}, std::pair{3, 3}})
        store(place(low, high), load(place(low, high)) * weightOf(low, high));
    }
}

/// That on qubits 0 and 1.
void czLanes(double *r, int64_t size, double kept) {
  const V once{1, kept, kept, kept}, twice = once * kept;
  const V minusX{1, -1, 1, 1}, minusY{1, 1, -1, 1};
  for (double *at = r, *end = r + size; at < end; at += 16) {
    const V i = load(at), z = load(at + 12);
    const V x = load(at + 4), y = load(at + 8);
    const V xr = __builtin_shufflevector(x, x, 3, 2, 1, 0);
    const V yr = __builtin_shufflevector(y, y, 3, 2, 1, 0);
    store(at, __builtin_shufflevector(i, z, 0, 5, 6, 3) * once);
    store(at + 4, __builtin_shufflevector(xr, yr * minusY, 0, 5, 6, 3) * twice);
    store(at + 8, __builtin_shufflevector(yr, xr * minusX, 0, 5, 6, 3) * twice);
    store(at + 12, __builtin_shufflevector(z, i, 0, 5, 6, 3) * twice);
  }
}

void copyRows(const double *from, int64_t fromStride, double *to, int64_t toStride, int64_t rows) {
  for (int64_t row = 0; row < rows; ++row, from += fromStride, to += toStride) {
    store(to, load(from));
    store(to + 4, load(from + 4));
  }
}

} // namespace

void DepolarisedLayers::lowQubits(qdo::base::ThreadPool &pool, const Rotation *rotations) {
  const int64_t tile = int64_t{1} << 2 * low_;
  pool.forTiles(static_cast<int64_t>(state_.size()), tile, [&](int64_t begin, int64_t) {
    double *at = state_.data() + begin;
    rotateLanes(at, tile, rotations[0]);
    for (int q = 1; q < low_; ++q)
      rotate(at, tile, int64_t{1} << 2 * q, rotations[q]);
    czLanes(at, tile, kept_);
    for (int q = 1; q + 1 < low_; ++q)
      cz(at, tile, int64_t{1} << 2 * q, kept_);
  });
}

/// The highest of the lower qubits belongs to a column too: CZ joins it to the next.
void DepolarisedLayers::highQubits(qdo::base::ThreadPool &pool, const Rotation *rotations) {
  const int64_t rows = int64_t{1} << 2 * (qubits_ - low_ + 1);
  const int64_t stride = int64_t{1} << 2 * (low_ - 1);
  pool.forTiles(stride, width, [&](int64_t begin, int64_t) {
    static thread_local machine::Memory<double> columns;
    if (columns.size() < static_cast<size_t>(rows * width))
      columns = machine::Memory<double>(static_cast<size_t>(rows * width));
    double *at = columns.data();
    copyRows(state_.data() + begin, stride, at, width, rows);
    for (int q = low_; q < qubits_; ++q)
      rotate(at, rows * width, width << 2 * (q - low_ + 1), rotations[q]);
    for (int q = low_ - 1; q + 1 < qubits_; ++q)
      cz(at, rows * width, width << 2 * (q - low_ + 1), kept_);
    copyRows(at, width, state_.data() + begin, stride, rows);
  });
}
HAND_END

/// Of the gate u: about Z, Y and Z.
static std::array<double, 9> rotationOf(const std::array<double, 3> &angles) {
  const double c = std::cos(angles[0]), s = std::sin(angles[0]);
  const double ca = std::cos(angles[1]), sa = std::sin(angles[1]);
  const double cb = std::cos(angles[2]), sb = std::sin(angles[2]);
  return {ca * c * cb - sa * sb,
          -ca * c * sb - sa * cb,
          ca * s,
          sa * c * cb + ca * sb,
          -sa * c * sb + ca * cb,
          sa * s,
          -s * cb,
          s * sb,
          c};
}

DepolarisedLayers::DepolarisedLayers(int qubits, std::span<const std::array<double, 3>> angles,
                                     double probability)
    : qubits_(qubits), low_(std::max(5, qubits - 4)), kept_(1 - 4 * probability / 3),
      state_(size_t{1} << 2 * qubits) {
  for (const auto &angle : angles) {
    rotations_.push_back(rotationOf(angle));
    for (double &entry : rotations_.back())
      entry *= kept_;
  }
}

void DepolarisedLayers::run(qdo::base::ThreadPool &pool) {
  machine::setZero(pool, state_.data(), state_.size());
  for (uint64_t z = 0; z < uint64_t{1} << qubits_; ++z) { // |0..0>: 1 for I and Z on every qubit
    uint64_t place = 0;
    for (int q = 0; q < qubits_; ++q)
      place |= (z >> q & 1) * 3 << 2 * q;
    state_.data()[place] = 1;
  }
  for (size_t layer = 0; layer < rotations_.size(); layer += static_cast<size_t>(qubits_)) {
    lowQubits(pool, &rotations_[layer]);
    highQubits(pool, &rotations_[layer]);
  }
}

} // namespace hand
