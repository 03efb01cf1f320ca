// SPDX-License-Identifier: Apache-2.0
// Recognises gates in 2x2 matrices.
// Why named gates first: they are exact, and a simulator knows their structure.
#include "one_qubit.h"
#include "qdo/ir/phase_gates.h"
#include <cmath>
#include <numbers>

using namespace qdo::ir;

using Complex = std::complex<double>;
static constexpr double pi = std::numbers::pi;
/// Well below the tolerance of checks, well above what a long product rounds.
static constexpr double rounding = 1e-13;

GateMatrix qdo::ir::multiply(const GateMatrix &left, const GateMatrix &right) {
  return {left[0] * right[0] + left[1] * right[2], left[0] * right[1] + left[1] * right[3],
          left[2] * right[0] + left[3] * right[2], left[2] * right[1] + left[3] * right[3]};
}

// The phase by which `matrix` exceeds `other`, if that is all.
static std::optional<double> phaseBetween(const GateMatrix &matrix, const GateMatrix &other) {
  Complex inner = 0;
  for (size_t i = 0; i < 4; ++i)
    inner += std::conj(other[i]) * matrix[i];
  if (std::abs(inner) < 1) // 2 for equal matrices
    return std::nullopt;
  Complex factor = inner / std::abs(inner);
  for (size_t i = 0; i < 4; ++i)
    if (std::abs(matrix[i] - factor * other[i]) > rounding)
      return std::nullopt;
  return std::arg(factor);
}

std::optional<ListedGate> qdo::ir::oneQubitGate(const ListedGate &instead, const GateMatrix &matrix,
                                                unsigned wire, double &global) {
  auto made = [&](Gate gate, llvm::ArrayRef<Angle> angles = {}) {
    return gateLike(instead, gate, wire, angles);
  };
  if (std::abs(matrix[1]) <= rounding && std::abs(matrix[2]) <= rounding) {
    global += std::arg(matrix[0]);
    Angle rest;
    auto gate = phaseGate(instead, wire, std::arg(matrix[3] / matrix[0]), false, rest);
    global += rest.constant();
    return gate;
  }
  for (Gate gate : {Gate::x, Gate::y, Gate::h, Gate::sx})
    if (auto phase = phaseBetween(matrix, gateMatrix(gate, {}))) {
      global += *phase;
      return made(gate);
    }
  // U(theta, phi, lambda) has a real first entry of one sign.
  double theta = 2 * std::atan2(std::abs(matrix[2]), std::abs(matrix[0]));
  Complex first = std::abs(matrix[0]) > rounding ? matrix[0] / std::abs(matrix[0])
                                                 : matrix[2] / std::abs(matrix[2]);
  for (auto [gate, sign] : {std::pair(Gate::rx, 1), std::pair(Gate::ry, 1), std::pair(Gate::rx, -1),
                            std::pair(Gate::ry, -1)})
    if (auto phase = phaseBetween(matrix, gateMatrix(gate, sign * theta))) {
      global += *phase;
      return made(gate, Angle(sign * theta));
    }
  double phi = std::arg(matrix[2] / first);
  double lambda = std::arg(-matrix[1] / first);
  auto exact = [](double angle) { return reduced(angle, 2 * pi).constant(); };
  theta = exact(theta), phi = exact(phi), lambda = exact(lambda);
  auto phase = phaseBetween(matrix, gateMatrix(Gate::u, {theta, phi, lambda}));
  global += phase.value_or(std::arg(first));
  return made(Gate::u, {theta, phi, lambda});
}
