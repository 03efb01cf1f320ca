// SPDX-License-Identifier: Apache-2.0
// Decomposes in the magic basis, moves to the chamber by local Cliffords, and spells the result.
// Why every result is multiplied out again: a wrong block would be a wrong program, and the check
// is 4x4.
#include "weyl.h"
#include "one_qubit.h"
#include <numbers>

using namespace qdo::ir;

namespace {

using Complex = std::complex<double>;
constexpr double pi = std::numbers::pi;
constexpr double zero = 1e-12;  // of a coordinate
constexpr double wrong = 1e-11; // of an entry, afterwards

const Complex i(0, 1);

Matrix2 pauli(unsigned axis) {
  Matrix2 matrix;
  if (axis == 0)
    matrix << 0, 1, 1, 0;
  else if (axis == 1)
    matrix << 0, -i, i, 0;
  else
    matrix << 1, 0, 0, -1;
  return matrix;
}

Matrix4 kron(const Matrix2 &high, const Matrix2 &low) {
  Matrix4 product;
  for (unsigned row = 0; row < 2; ++row)
    for (unsigned column = 0; column < 2; ++column)
      product.block<2, 2>(2 * row, 2 * column) = high(row, column) * low;
  return product;
}

// The columns are maximally entangled states in which SO(4) is SU(2) x SU(2).
Matrix4 magic() {
  Matrix4 basis;
  basis << 1, i, 0, 0, 0, 0, i, 1, 0, 0, i, -1, 1, -i, 0, 0;
  return basis / std::sqrt(2.0);
}

Matrix4 canonical(const std::array<double, 3> &coordinates) {
  Matrix4 product = Matrix4::Identity();
  for (unsigned axis = 0; axis < 3; ++axis) // they commute
    product *= std::cos(coordinates[axis]) * Matrix4::Identity() +
               i * std::sin(coordinates[axis]) * kron(pauli(axis), pauli(axis));
  return product;
}

// high x low = matrix up to a phase, which is dropped.
std::array<Matrix2, 2> factors(const Matrix4 &matrix) {
  Eigen::Index row = 0, column = 0;
  matrix.cwiseAbs().maxCoeff(&row, &column);
  Matrix2 low = matrix.block<2, 2>(row / 2 * 2, column / 2 * 2);
  low /= std::sqrt(std::abs(low.determinant()));
  Matrix2 high;
  for (unsigned r = 0; r < 2; ++r)
    for (unsigned c = 0; c < 2; ++c)
      high(r, c) = (low.adjoint() * matrix.block<2, 2>(2 * r, 2 * c)).trace() / 2.0;
  return {low, high};
}

// Real and orthogonal, with `symmetric` = P diag P^T; `symmetric` is unitary, so its real and
// imaginary parts commute, and a sum of them in a generic ratio has their common eigenvectors.
std::optional<Eigen::Matrix4d> diagonalise(const Matrix4 &symmetric) {
  for (double ratio : {0.6180339887, 1.3247179572, 0.2718281828, 2.6651441426, 0.9159655941}) {
    Eigen::Matrix4d mixed = symmetric.real() + ratio * symmetric.imag();
    Eigen::SelfAdjointEigenSolver<Eigen::Matrix4d> solver((mixed + mixed.transpose()) / 2);
    Eigen::Matrix4d vectors = solver.eigenvectors();
    Matrix4 diagonal = vectors.transpose() * symmetric * vectors;
    diagonal.diagonal().setZero();
    if (diagonal.cwiseAbs().maxCoeff() < 1e-12)
      return vectors;
  }
  return std::nullopt;
}

class Chamber {
public:
  explicit Chamber(Weyl &weyl) : weyl(weyl), at(weyl.coordinates) {}

  void enter() {
    for (unsigned axis = 0; axis < 3; ++axis)
      shift(axis, -std::lround(at[axis] / (pi / 2)));
    auto size = [&](unsigned axis) { return std::abs(at[axis]); };
    // What is the same up to rounding stays in place.
    for (auto [a, b] : {std::pair(0, 1), std::pair(1, 2), std::pair(0, 1)})
      if (size(a) < size(b) - zero)
        exchange(a, b);
    if (at[0] < 0)
      negate(2);
    if (at[1] < 0)
      negate(0);
    if (at[2] < -zero && at[0] > pi / 4 - zero) {
      shift(0, -1);
      negate(1);
    }
    for (double &coordinate : at)
      if (std::abs(coordinate) < zero)
        coordinate = 0;
  }

  /// Exchanges two coordinates by a rotation of both qubits.
  void exchange(unsigned a, unsigned b) {
    // The Clifford (P + Q)/sqrt 2 turns P into Q and Q into P.
    Matrix2 turn = (pauli(a) + pauli(b)) / std::sqrt(2.0);
    for (unsigned qubit : {0, 1}) {
      weyl.after[qubit] = weyl.after[qubit] * turn;
      weyl.before[qubit] = turn * weyl.before[qubit];
    }
    std::swap(at[a], at[b]);
  }

private:
  // e^{i (pi/2) PP} = i P x P, so quarter turns are local.
  void shift(unsigned axis, long turns) {
    if (turns == 0)
      return;
    at[axis] += static_cast<double>(turns) * (pi / 2);
    if (turns % 2 != 0)
      for (unsigned qubit : {0, 1})
        weyl.after[qubit] = weyl.after[qubit] * pauli(axis);
  }

  // The coordinates other than `axis` change sign.
  void negate(unsigned axis) {
    weyl.after[0] = weyl.after[0] * pauli(axis);
    weyl.before[0] = pauli(axis) * weyl.before[0];
    for (unsigned other = 0; other < 3; ++other)
      if (other != axis)
        at[other] = -at[other];
  }

  Weyl &weyl;
  std::array<double, 3> &at;
};

Matrix4 product(const Weyl &weyl) {
  return kron(weyl.after[1], weyl.after[0]) * canonical(weyl.coordinates) *
         kron(weyl.before[1], weyl.before[0]);
}

// Sets the phase; false when more than a phase is missing.
bool settle(Weyl &weyl, const Matrix4 &unitary) {
  Matrix4 found = product(weyl);
  weyl.phase = std::arg((found.adjoint() * unitary).trace());
  return (std::polar(1.0, weyl.phase) * found - unitary).cwiseAbs().maxCoeff() < wrong;
}

} // namespace

unsigned Weyl::entanglers() const {
  if (coordinates[2] != 0)
    return 3;
  if (coordinates[1] != 0)
    return 2;
  if (coordinates[0] == 0)
    return 0;
  return std::abs(coordinates[0] - pi / 4) < zero ? 1 : 2;
}

std::optional<Weyl> qdo::ir::decompose(const Matrix4 &unitary) {
  const Matrix4 basis = magic();
  Matrix4 inside = basis.adjoint() * unitary * basis;
  // inside = O1 D O2 with real O1, O2, so this is O2^T D^2 O2.
  auto vectors = diagonalise(inside.transpose() * inside);
  if (!vectors)
    return std::nullopt;
  if (vectors->determinant() < 0)
    vectors->col(0) *= -1;
  Matrix4 squares = vectors->transpose() * inside.transpose() * inside * *vectors;
  Eigen::Vector4d phases;
  for (unsigned k = 0; k < 4; ++k)
    phases[k] = std::arg(squares(k, k)) / 2;
  auto left = [&] {
    Matrix4 product = inside * *vectors;
    for (unsigned k = 0; k < 4; ++k)
      product.col(k) *= std::polar(1.0, -phases[k]);
    return product;
  };
  if (left().real().determinant() < 0)
    phases[0] += pi;
  Weyl weyl;
  weyl.after = factors(basis * left() * basis.adjoint());
  weyl.before = factors(basis * vectors->transpose() * basis.adjoint());
  for (unsigned axis = 0; axis < 3; ++axis) {
    Matrix4 signs = basis.adjoint() * kron(pauli(axis), pauli(axis)) * basis;
    weyl.coordinates[axis] = phases.dot(signs.diagonal().real()) / 4;
  }
  Chamber(weyl).enter();
  return settle(weyl, unitary) ? std::optional(weyl) : std::nullopt;
}

GateList qdo::ir::synthesise(const Weyl &given) {
  Weyl weyl(given);
  unsigned entanglers = weyl.entanglers();
  if (entanglers == 2) // e^{i(x XX + z ZZ)} is two CNOTs around two rotations
    Chamber(weyl).exchange(1, 2);
  auto [x, y, z] = weyl.coordinates;
  GateList list;
  list.wires = 2;
  double phase = weyl.phase;
  const ListedGate none;
  auto local = [&](const std::array<Matrix2, 2> &matrices) {
    for (unsigned wire : {0, 1}) {
      const Matrix2 &m = matrices[wire];
      if (auto gate = oneQubitGate(none, {m(0, 0), m(0, 1), m(1, 0), m(1, 1)}, wire, phase))
        list.gates.push_back(*gate);
    }
  };
  auto add = [&](Gate gate, llvm::ArrayRef<unsigned> wires, llvm::ArrayRef<Angle> angles = {}) {
    list.gates.push_back(gateLike(none, gate, wires, angles));
  };
  local(weyl.before);
  switch (entanglers) {
  case 1: // e^{i (pi/4) XX}
    add(Gate::h, 0);
    add(Gate::cx, {0, 1});
    add(Gate::rz, 0, Angle(-pi / 2));
    add(Gate::rx, 1, Angle(-pi / 2));
    add(Gate::h, 0);
    phase -= pi / 4;
    break;
  case 2:
    add(Gate::cx, {0, 1});
    add(Gate::rx, 0, Angle(-2 * x));
    if (z != 0)
      add(Gate::rz, 1, Angle(-2 * z));
    add(Gate::cx, {0, 1});
    break;
  case 3:
    add(Gate::rz, 1, Angle(pi / 2));
    add(Gate::cx, {1, 0});
    add(Gate::rz, 0, Angle(pi / 2 - 2 * z));
    add(Gate::ry, 1, Angle(pi / 2 - 2 * x));
    add(Gate::cx, {0, 1});
    add(Gate::ry, 1, Angle(2 * y - pi / 2));
    add(Gate::cx, {1, 0});
    add(Gate::rz, 0, Angle(-pi / 2));
    phase += pi / 4;
    break;
  default:
    break;
  }
  local(weyl.after);
  list.phase = phase;
  return list;
}

Matrix4 qdo::ir::matrixOf(const GateList &list) {
  Matrix4 product = std::polar(1.0, list.phase.constant()) * Matrix4::Identity();
  for (const ListedGate &gate : list.gates) {
    GateMatrix own = gate.matrix();
    unsigned controls = 0, targets = gate.info().targets, size = 1u << targets;
    for (unsigned wire : gate.controlWires())
      controls |= 1u << wire;
    Matrix4 wide = Matrix4::Zero();
    auto place = [&](unsigned index, unsigned local) { // the targets' bits set to those of `local`
      for (auto [bit, wire] : llvm::enumerate(gate.targetWires()))
        index = (index & ~(1u << wire)) | (((local >> bit) & 1) << wire);
      return index;
    };
    for (unsigned column = 0; column < 4; ++column) {
      if ((column & controls) != controls) {
        wide(column, column) = 1;
        continue;
      }
      unsigned from = 0;
      for (auto [bit, wire] : llvm::enumerate(gate.targetWires()))
        from |= ((column >> wire) & 1) << bit;
      for (unsigned to = 0; to < size; ++to)
        wide(place(column, to), column) = own[to * size + from];
    }
    product = wide * product;
  }
  return product;
}
