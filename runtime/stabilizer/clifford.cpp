// SPDX-License-Identifier: Apache-2.0
// Conjugating Pauli operators with matrices.
// Why: G is Clifford when G^-1 P G is a Pauli operator for every generator P; with at most three
// wires that is a product of 8 x 8 matrices, made once for each kind of gate.
#include "runtime/stabilizer/clifford.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace qdo::stabilizer {

using gates::Amplitude;

namespace {

constexpr size_t Most = size_t{1} << Clifford::mostWires;
using Matrix = std::array<std::array<Amplitude, Most>, Most>;

/// The gate on its targets alone. Empty wires for a phase.
struct Bare {
  int targets;
  gates::GateMatrix matrix; ///< row-major; of a phase the first entry
};

Bare bareOf(const CliffordKey &key) {
  if (key.gate < 0) {
    const double angle = key.inverse ? -key.angles[0] : key.angles[0];
    return {0, {std::polar(1.0, angle)}};
  }
  gates::GateCall call{key.gate, key.inverse, 0, 0, -1, {}};
  std::ranges::copy(key.angles, call.angles);
  return {gates::all()[static_cast<size_t>(key.gate)].targets, gates::gateMatrix(call)};
}

bool near(Amplitude a, Amplitude b) { return std::abs(a - b) <= cliffordTolerance; }

/// Whether the matrix is a number times the identity.
bool isNumber(const Bare &bare) {
  const size_t size = size_t{1} << bare.targets;
  for (size_t i = 0; i < size * size; ++i)
    if (!near(bare.matrix[i], i % (size + 1) == 0 ? bare.matrix[0] : Amplitude(0)))
      return false;
  return true;
}

/// The matrix on controls (low bits) and targets.
Matrix controlled(const Bare &bare, int controls) {
  const size_t size = size_t{1} << (controls + bare.targets);
  const size_t on = (size_t{1} << controls) - 1, inner = size_t{1} << bare.targets;
  Matrix m{};
  for (size_t row = 0; row < size; ++row)
    for (size_t column = 0; column < size; ++column)
      if ((column & on) != on)
        m[row][column] = row == column ? 1 : 0;
      else if ((row & on) == on)
        m[row][column] = bare.matrix[(row >> controls) * inner + (column >> controls)];
  return m;
}

/// P|k> = i^phase (-1)^{k.z} |k ^ x>, the X after the Z.
Amplitude powerOfI(int power) {
  constexpr Amplitude powers[] = {{1, 0}, {0, 1}, {-1, 0}, {0, -1}};
  return powers[power & 3];
}

/// The Pauli operator that a matrix is.
std::optional<Image> imageOf(const Matrix &m, size_t size) {
  // The first column says which X, and the phase; the columns 2^j say which Z.
  size_t x = 0;
  while (x < size && std::abs(m[x][0]) < 0.5)
    ++x;
  if (x == size)
    return std::nullopt;
  Image image{static_cast<uint8_t>(x), 0, 0};
  while (image.phase < 4 && !near(m[x][0], powerOfI(image.phase)))
    ++image.phase;
  if (image.phase == 4)
    return std::nullopt;
  for (size_t bit = 1; bit < size; bit <<= 1)
    if (near(m[x ^ bit][bit], -m[x][0]))
      image.z |= static_cast<uint8_t>(bit);
  for (size_t row = 0; row < size; ++row)
    for (size_t column = 0; column < size; ++column) {
      const bool odd = std::popcount(column & image.z) % 2 != 0;
      const Amplitude expected =
          row == (column ^ x) ? powerOfI(image.phase + (odd ? 2 : 0)) : Amplitude(0);
      if (!near(m[row][column], expected))
        return std::nullopt;
    }
  return image;
}

/// adjoint(g) P g for the Pauli X^x Z^z.
Matrix conjugated(const Matrix &g, size_t size, size_t x, size_t z) {
  Matrix out{};
  for (size_t row = 0; row < size; ++row)
    for (size_t column = 0; column < size; ++column) {
      Amplitude sum = 0;
      for (size_t k = 0; k < size; ++k) // P|k> = (-1)^{k.z} |k ^ x>
        sum += std::conj(g[k ^ x][row]) * (std::popcount(k & z) % 2 ? -g[k][column] : g[k][column]);
      out[row][column] = sum;
    }
  return out;
}

Clifford::Form formOf(const Clifford &c) {
  Clifford::Form form = Clifford::Form::Signs;
  const int rows = 2 * c.wires;
  auto self = [&](int row) {
    const auto bit = static_cast<uint8_t>(1 << row / 2);
    return row % 2 == 0 ? Image{bit, 0, 0} : Image{0, bit, 0};
  };
  auto strings = [](Image image) { return std::pair(image.x, image.z); };
  for (int row = 0; row < rows; ++row) {
    const Image image = c.images[static_cast<size_t>(row)];
    if (strings(image) == strings(self(row)))
      continue;
    form = Clifford::Form::Products;
    // Itself and others, none of which changes.
    for (int other = 0; other < rows; ++other) {
      const Image o = self(other);
      const bool has = (image.x & o.x) || (image.z & o.z);
      const bool changes = c.images[static_cast<size_t>(other)] != o;
      if (other == row ? !has : has && changes)
        return Clifford::Form::General;
    }
  }
  return form;
}

} // namespace

Found Cliffords::find(const CliffordKey &key) {
  auto [place, isNew] = answers_.try_emplace(key);
  Answer &answer = place->second;
  if (isNew) {
    answer = {};
    Bare bare = bareOf(key);
    int controls = key.controls;
    if (isNumber(bare)) { // a phase of the last control, under the others
      answer.nothing = controls == 0 || near(bare.matrix[0], 1);
      answer.dropped = bare.targets;
      bare = {1, {1, 0, 0, bare.matrix[0]}};
      --controls;
    }
    if (!answer.nothing && controls + bare.targets <= Clifford::mostWires) {
      const Matrix g = controlled(bare, controls);
      Clifford &c = answer.gate;
      c.wires = controls + bare.targets;
      const size_t size = size_t{1} << c.wires;
      answer.isClifford = true;
      for (int row = 0; row < 2 * c.wires && answer.isClifford; ++row) {
        const size_t bit = size_t{1} << row / 2;
        auto image = imageOf(conjugated(g, size, row % 2 ? 0 : bit, row % 2 ? bit : 0), size);
        answer.isClifford = image.has_value();
        c.images[static_cast<size_t>(row)] = image.value_or(Image{});
      }
      c.form = formOf(c);
    }
  }
  return {answer.isClifford ? &answer.gate : nullptr, answer.nothing, answer.dropped};
}

} // namespace qdo::stabilizer
