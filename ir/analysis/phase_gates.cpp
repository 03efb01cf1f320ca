// SPDX-License-Identifier: Apache-2.0
// Reads and writes phases of parities.
#include "qdo/ir/phase_gates.h"
#include <numbers>

using namespace qdo::ir;

static constexpr double pi = std::numbers::pi;

std::optional<ParityPhase> qdo::ir::parityPhase(const ListedGate &gate) {
  if (!gate.isBare())
    return std::nullopt;
  switch (gate.gate) {
  case Gate::z:
    return ParityPhase{pi, 0};
  case Gate::s:
    return ParityPhase{pi / 2, 0};
  case Gate::sdg:
    return ParityPhase{-pi / 2, 0};
  case Gate::t:
    return ParityPhase{pi / 4, 0};
  case Gate::tdg:
    return ParityPhase{-pi / 4, 0};
  case Gate::p:
    return ParityPhase{gate.angles[0], 0};
  case Gate::rz:
  case Gate::rzz:
    return ParityPhase{gate.angles[0], gate.angles[0] * -0.5};
  default:
    return std::nullopt;
  }
}

static std::optional<Gate> named(const Angle &angle) {
  auto eighths = wholeTurns(angle, pi / 4);
  switch (eighths.value_or(0)) {
  case 1:
    return Gate::t;
  case 2:
    return Gate::s;
  case 4:
    return Gate::z;
  case -2:
    return Gate::sdg;
  case -1:
    return Gate::tdg;
  default:
    return std::nullopt;
  }
}

std::optional<ListedGate> qdo::ir::phaseGate(const ListedGate &instead,
                                             llvm::ArrayRef<unsigned> wires, const Angle &angle,
                                             bool rotation, Angle &global) {
  Angle turn = reduced(angle, 2 * pi);
  if (turn.isZero())
    return std::nullopt;
  if (wires.size() == 2 || rotation) {
    global = global + turn * 0.5;
    return gateLike(instead, wires.size() == 2 ? Gate::rzz : Gate::rz, wires, turn);
  }
  if (auto gate = named(turn))
    return gateLike(instead, *gate, wires);
  return gateLike(instead, Gate::p, wires, turn);
}
