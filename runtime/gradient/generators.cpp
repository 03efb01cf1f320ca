// SPDX-License-Identifier: Apache-2.0
// Generators of the gates of gates.def, by name.
#include "runtime/gradient/generators.h"

#include "qdo/runtime/circuit.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

namespace qdo::gradient {

using gates::Amplitude;
using gates::GateCall;
using gates::GateMatrix;

namespace {

enum class Family : uint8_t {
  Phase,
  RotationX,
  RotationY,
  RotationZ,
  U,
  PairX,
  PairY,
  PairZ,
  None
};

Family familyOf(int gate) {
  static const auto families = [] {
    std::array<Family, 64> table{};
    table.fill(Family::None);
    constexpr std::pair<std::string_view, Family> names[] = {
        {"p", Family::Phase},       {"cp", Family::Phase},      {"rx", Family::RotationX},
        {"crx", Family::RotationX}, {"ry", Family::RotationY},  {"cry", Family::RotationY},
        {"rz", Family::RotationZ},  {"crz", Family::RotationZ}, {"u", Family::U},
        {"cu", Family::U},          {"rxx", Family::PairX},     {"ryy", Family::PairY},
        {"rzz", Family::PairZ}};
    for (size_t i = 0; i < gates::all().size(); ++i)
      for (const auto &[name, family] : names)
        if (gates::all()[i].name == name)
          table[i] = family;
    return table;
  }();
  return families[static_cast<size_t>(gate)];
}

/// The generator of the gate as it stands in the record, not of its adjoint.
GateMatrix plainGenerator(const GateCall &call, int angle) {
  const Amplitude I(0, 1);
  GateMatrix g{};
  switch (familyOf(call.gate)) {
  case Family::Phase:
    g[3] = -1;
    break;
  case Family::RotationX:
    g[1] = g[2] = 0.5;
    break;
  case Family::RotationY:
    g[1] = -0.5 * I;
    g[2] = 0.5 * I;
    break;
  case Family::RotationZ:
    g[0] = 0.5;
    g[3] = -0.5;
    break;
  case Family::U: { // P(phi) RY(theta) P(lambda), and e^{i gamma} of `cu`
    const double theta = call.angles[0], phi = call.angles[1];
    if (angle == 0) {
      g[1] = -0.5 * I * std::exp(-I * phi);
      g[2] = 0.5 * I * std::exp(I * phi);
    } else if (angle == 1) {
      g[3] = -1;
    } else if (angle == 2) { // what P(lambda) does is turned by the rest
      const double c = std::cos(theta / 2), s = std::sin(theta / 2);
      const Amplitude column[2] = {-s, std::exp(I * phi) * c};
      for (int row = 0; row < 2; ++row)
        for (int k = 0; k < 2; ++k)
          g[static_cast<size_t>(row * 2 + k)] = -column[row] * std::conj(column[k]);
    } else {
      g[0] = g[3] = -1;
    }
    break;
  }
  case Family::PairX:
    g[3] = g[6] = g[9] = g[12] = 0.5;
    break;
  case Family::PairY:
    g[3] = g[12] = -0.5;
    g[6] = g[9] = 0.5;
    break;
  case Family::PairZ:
    g[0] = g[15] = 0.5;
    g[5] = g[10] = -0.5;
    break;
  case Family::None:
    assert(false && "a gate with angles that has no generator");
    break;
  }
  return g;
}

constexpr double right = std::numbers::pi / 2;
constexpr Shift twoTerms[] = {{right, 0.5}, {-right, -0.5}};
constexpr double plus = (std::numbers::sqrt2 + 1) / (4 * std::numbers::sqrt2);
constexpr double minus = (std::numbers::sqrt2 - 1) / (4 * std::numbers::sqrt2);
constexpr Shift fourTerms[] = {
    {right, plus}, {-right, -plus}, {3 * right, -minus}, {-3 * right, minus}};

} // namespace

GateMatrix matrixOf(const GateCall &call) {
  if (call.gate != QDO_GLOBAL_PHASE)
    return gates::gateMatrix(call);
  GateMatrix m{};
  m[0] = m[3] = std::polar(1.0, call.inverse ? -call.angles[0] : call.angles[0]);
  return m;
}

GateMatrix generator(const GateCall &call, int angle) {
  if (call.gate == QDO_GLOBAL_PHASE) { // e^{ia}, always the way it stands
    GateMatrix g{};
    g[0] = g[3] = -1;
    return g;
  }
  GateCall plain = call;
  plain.inverse = false;
  GateMatrix g = plainGenerator(plain, angle);
  if (!call.inverse)
    return g;
  // V = U^+: dV = i U^+ G = -i (-U^+ G U) V.
  const int size = call.target1 < 0 ? 2 : 4;
  const GateMatrix u = gates::gateMatrix(plain);
  auto at = [&](int row, int column) { return static_cast<size_t>(row * size + column); };
  GateMatrix gu{}, result{};
  for (int i = 0; i < size; ++i)
    for (int k = 0; k < size; ++k)
      for (int j = 0; j < size; ++j)
        gu[at(i, k)] += g[at(i, j)] * u[at(j, k)];
  for (int i = 0; i < size; ++i)
    for (int k = 0; k < size; ++k)
      for (int j = 0; j < size; ++j)
        result[at(i, k)] -= std::conj(u[at(j, i)]) * gu[at(j, k)];
  return result;
}

std::span<const Shift> shiftRule(const GateCall &call, int angle) {
  if (call.gate == QDO_GLOBAL_PHASE)
    return {};
  switch (familyOf(call.gate)) {
  case Family::Phase:
    return twoTerms; // under controls it is a phase on one subspace still
  case Family::U:
    if (angle == 3 && call.controls == 0)
      return {};
    return angle == 0 && call.controls != 0 ? std::span<const Shift>(fourTerms) : twoTerms;
  case Family::None:
    return {};
  default:
    return call.controls != 0 ? std::span<const Shift>(fourTerms) : twoTerms;
  }
}

} // namespace qdo::gradient
