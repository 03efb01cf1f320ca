// SPDX-License-Identifier: Apache-2.0
// gates.def as tables and functions.
#include "qdo/ir/gates.h"
#include "llvm/ADT/StringMap.h"
#include <array>

using namespace qdo::ir;

namespace {

struct Undo {
  Inverse kind;
  Gate named = Gate::x;
};

#define QDO_SELF                                                                                   \
  Undo { Inverse::Self }
#define QDO_NEGATE                                                                                 \
  Undo { Inverse::Negate }
#define QDO_NAMED(gate)                                                                            \
  Undo { Inverse::Named, Gate::gate }
#define QDO_ADJOINT                                                                                \
  Undo { Inverse::Adjoint }
#define QDO_GATE(name, controls, targets, parameters, matrix, inverse, help)                       \
  GateInfo{#name, controls, targets, parameters, #matrix, (inverse).kind, (inverse).named, help},
const GateInfo table[] = {
#include "qdo/runtime/gates.def"
};

} // namespace

llvm::ArrayRef<GateInfo> qdo::ir::allGates() { return table; }

const GateInfo &qdo::ir::gateInfo(Gate gate) { return table[static_cast<int32_t>(gate)]; }

std::optional<Gate> qdo::ir::gateNamed(llvm::StringRef name) {
  static const llvm::StringMap<Gate> byName = [] {
    llvm::StringMap<Gate> map;
    for (auto [index, info] : llvm::enumerate(allGates()))
      map[info.name] = static_cast<Gate>(index);
    return map;
  }();
  auto found = byName.find(name);
  return found == byName.end() ? std::nullopt : std::optional(found->second);
}

std::optional<Gate> qdo::ir::controlledGate(Gate gate, unsigned more) {
  const GateInfo &base = gateInfo(gate);
  for (auto [index, info] : llvm::enumerate(allGates()))
    if (info.controls == base.controls + more && info.targets == base.targets &&
        info.parameters == base.parameters && info.matrix == base.matrix)
      return static_cast<Gate>(index);
  return std::nullopt;
}

GateMatrix qdo::ir::gateMatrix(Gate gate, llvm::ArrayRef<double> angles) {
  using std::cos, std::exp, std::sin, std::sqrt;
  const std::complex<double> I(0, 1);
  std::array<double, 4> values{};
  std::copy(angles.begin(), angles.end(), values.begin());
  auto [a, b, c, d] = values;
  switch (gate) {
#define QDO_UNFOLD(...) __VA_ARGS__
#define QDO_GATE(name, controls, targets, parameters, matrix, inverse, help)                       \
  case Gate::name:                                                                                 \
    return GateMatrix{QDO_UNFOLD matrix};
#include "qdo/runtime/gates.def"
  }
  return {};
}
