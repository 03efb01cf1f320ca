// SPDX-License-Identifier: Apache-2.0
// Pauli-transfer matrices of gates and channels, and folding.
#include "runtime/density/maps.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <ranges>
#include <utility>

namespace qdo::density {

using gates::Amplitude;
using gates::GateCall;

Map1 depolarising(double p) {
  const double f = 1 - 4 * p / 3;
  return {1, 0, 0, 0, 0, f, 0, 0, 0, 0, f, 0, 0, 0, 0, f};
}

Map1 bitFlip(double p) {
  const double f = 1 - 2 * p;
  return {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, f, 0, 0, 0, 0, f};
}

Map1 amplitudeDamping(double gamma) {
  const double f = std::sqrt(1 - gamma);
  return {1, 0, 0, 0, 0, f, 0, 0, 0, 0, f, 0, gamma, 0, 0, 1 - gamma};
}

Map1 phaseDamping(double lambda) {
  const double f = std::sqrt(1 - lambda);
  return {1, 0, 0, 0, 0, f, 0, 0, 0, 0, f, 0, 0, 0, 0, 1};
}

Map1 relaxation(double gamma, double flip) {
  const double f = std::sqrt(1 - gamma) * (1 - 2 * flip);
  return {1, 0, 0, 0, 0, f, 0, 0, 0, 0, f, 0, gamma, 0, 0, 1 - gamma};
}

Map depolarisingOn(std::vector<int> wires, double p) {
  Map map{std::move(wires), {}};
  const size_t size = map.size();
  map.matrix.assign(size * size, 0);
  for (size_t i = 0; i < size; ++i)
    map.matrix[i * size + i] = i == 0 ? 1 : 1 - p;
  return map;
}

namespace {

/// A Pauli string as a matrix with one entry a column: P |k> = factor |k ^ flips>.
struct Pauli {
  uint64_t flips = 0, signs = 0;
  int ys = 0;

  explicit Pauli(size_t letters) {
    for (int q = 0; letters != 0; ++q, letters >>= 2) {
      const size_t letter = letters & 3; // I X Y Z
      flips |= uint64_t{letter == 1 || letter == 2} << q;
      signs |= uint64_t{letter >= 2} << q;
      ys += letter == 2;
    }
  }
  Amplitude factor(uint64_t k) const {
    static const Amplitude powers[] = {{1, 0}, {0, 1}, {-1, 0}, {0, -1}};
    return powers[ys % 4] * (std::popcount(k & signs) % 2 ? -1.0 : 1.0);
  }
};

double snapped(double x) {
  if (std::fabs(x) < 1e-15)
    return 0;
  return std::fabs(std::fabs(x) - 1) < 1e-15 ? std::copysign(1, x) : x;
}

/// Tr(P U Q U^-1) / 2^k for all P, Q; u is 2^k x 2^k, row-major.
std::vector<double> transfer(const std::vector<Amplitude> &u, size_t qubits) {
  const size_t side = size_t{1} << qubits, size = side * side;
  std::vector<double> out(size * size);
  std::vector<Amplitude> moved(side * side), turned(side * side);
  for (size_t column = 0; column < size; ++column) {
    const Pauli q(column);
    for (size_t r = 0; r < side; ++r)
      for (size_t c = 0; c < side; ++c)
        moved[r * side + c] = u[r * side + (c ^ q.flips)] * q.factor(c);
    for (size_t r = 0; r < side; ++r)
      for (size_t c = 0; c < side; ++c) {
        Amplitude sum = 0;
        for (size_t k = 0; k < side; ++k)
          sum += moved[r * side + k] * std::conj(u[c * side + k]);
        turned[r * side + c] = sum;
      }
    for (size_t row = 0; row < size; ++row) {
      const Pauli p(row);
      Amplitude trace = 0;
      for (size_t k = 0; k < side; ++k)
        trace += p.factor(k) * turned[k * side + (k ^ p.flips)];
      out[row * size + column] = snapped(trace.real() / static_cast<double>(side));
    }
  }
  return out;
}

/// a after b, both on the same wires.
std::vector<double> product(const std::vector<double> &a, const std::vector<double> &b,
                            size_t size) {
  std::vector<double> out(size * size);
  for (size_t r = 0; r < size; ++r)
    for (size_t k = 0; k < size; ++k)
      if (const double x = a[r * size + k]; x != 0)
        for (size_t c = 0; c < size; ++c)
          out[r * size + c] += x * b[k * size + c];
  return out;
}

/// A one-qubit map as a map on more wires, where its qubit is number `at`.
std::vector<double> widened(const std::vector<double> &one, size_t at, size_t wires) {
  const size_t size = size_t{1} << 2 * wires, shift = 2 * at;
  std::vector<double> out(size * size);
  for (size_t r = 0; r < size; ++r)
    for (size_t letter = 0; letter < 4; ++letter) {
      const size_t c = (r & ~(size_t{3} << shift)) | letter << shift;
      out[r * size + c] = one[(r >> shift & 3) * 4 + letter];
    }
  return out;
}

bool isDiagonal(const Map &map) {
  for (size_t r = 0; r < map.size(); ++r)
    for (size_t c = 0; c < map.size(); ++c)
      if (r != c && map.matrix[r * map.size() + c] != 0)
        return false;
  return true;
}

/// One entry at most in each row: folding a full one-qubit map in would make it dense.
bool isSparse(const Map &map) {
  for (size_t r = 0; r < map.size(); ++r)
    if (std::count(map.matrix.begin() + static_cast<std::ptrdiff_t>(r * map.size()),
                   map.matrix.begin() + static_cast<std::ptrdiff_t>((r + 1) * map.size()),
                   0.0) < static_cast<std::ptrdiff_t>(map.size()) - 1)
      return false;
  return true;
}

} // namespace

void Maps::gate(const GateCall &call) {
  Map map;
  for (int q = 0; q < qubits_; ++q)
    if (call.controls >> q & 1 || q == call.target0 || q == call.target1)
      map.wires.push_back(q);
  assert(std::ssize(map.wires) <= mostWires);
  auto at = [&](int qubit) {
    return static_cast<size_t>(std::ranges::find(map.wires, qubit) - map.wires.begin());
  };
  const gates::GateMatrix m = gates::gateMatrix(call);
  const size_t side = size_t{1} << map.wires.size(), targets = call.target1 < 0 ? 1 : 2;
  size_t controls = 0;
  for (uint64_t rest = call.controls; rest != 0; rest &= rest - 1)
    controls |= size_t{1} << at(std::countr_zero(rest));
  const size_t bits[2] = {at(call.target0), targets == 2 ? at(call.target1) : 0};
  std::vector<Amplitude> u(side * side);
  for (size_t c = 0; c < side; ++c) {
    if ((c & controls) != controls) {
      u[c * side + c] = 1;
      continue;
    }
    size_t column = 0, rest = c;
    for (size_t t = 0; t < targets; ++t) {
      column |= (c >> bits[t] & 1) << t;
      rest &= ~(size_t{1} << bits[t]);
    }
    for (size_t row = 0; row < size_t{1} << targets; ++row) {
      size_t r = rest;
      for (size_t t = 0; t < targets; ++t)
        r |= (row >> t & 1) << bits[t];
      u[r * side + c] = m[(row << targets) + column];
    }
  }
  map.matrix = transfer(u, map.wires.size());
  add(std::move(map));
}

void Maps::map(int qubit, const Map1 &matrix) { add({{qubit}, {matrix.begin(), matrix.end()}}); }

void Maps::map(int first, int second, const Map2 &matrix) {
  Map map{{first, second}, {matrix.begin(), matrix.end()}};
  if (first > second) {
    std::swap(map.wires[0], map.wires[1]);
    auto swapped = [](size_t i) { return i >> 2 | (i & 3) << 2; };
    for (size_t r = 0; r < 16; ++r)
      for (size_t c = 0; c < 16; ++c)
        map.matrix[swapped(r) * 16 + swapped(c)] = matrix[r * 16 + c];
  }
  add(std::move(map));
}

Maps Maps::transposed() const {
  Maps out(qubits_);
  for (const Map &map : std::views::reverse(maps_)) {
    Map turned = map;
    for (size_t r = 0; r < map.size(); ++r)
      for (size_t c = 0; c < map.size(); ++c)
        turned.matrix[c * map.size() + r] = map.matrix[r * map.size() + c];
    out.add(std::move(turned));
  }
  return out;
}

void Maps::add(Map map) {
  // A one-qubit map joins the last one on its qubit, if that stays as cheap as it is.
  if (map.wires.size() == 1)
    if (const int64_t at = last_[static_cast<size_t>(map.wires[0])]; at >= 0) {
      Map &before = maps_[static_cast<size_t>(at)];
      if (before.wires.size() == 1 || isDiagonal(map) || !isSparse(before)) {
        const size_t wire = static_cast<size_t>(std::ranges::find(before.wires, map.wires[0]) -
                                                before.wires.begin());
        before.matrix =
            product(widened(map.matrix, wire, before.wires.size()), before.matrix, before.size());
        return;
      }
    }
  // The same pair once more: two maps in one.
  if (map.wires.size() == 2) {
    const int64_t a = last_[static_cast<size_t>(map.wires[0])],
                  b = last_[static_cast<size_t>(map.wires[1])];
    if (a >= 0 && a == b && maps_[static_cast<size_t>(a)].wires == map.wires &&
        isSparse(map) == isSparse(maps_[static_cast<size_t>(a)])) {
      Map &before = maps_[static_cast<size_t>(a)];
      before.matrix = product(map.matrix, before.matrix, 16);
      return;
    }
  }
  for (int wire : map.wires)
    last_[static_cast<size_t>(wire)] = std::ssize(maps_);
  maps_.push_back(std::move(map));
}

} // namespace qdo::density
