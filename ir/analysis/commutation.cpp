// SPDX-License-Identifier: Apache-2.0
// Reads commutation off the matrices of gates.def, once.
// Why at one generic point of the angles: a row that commutes with a Pauli there does so for all,
// since its entries are analytic in the angles.
#include "qdo/ir/commutation.h"

using namespace qdo::ir;

namespace {

using Complex = std::complex<double>;
constexpr double close = 1e-12;

struct Facts {
  std::array<uint8_t, 2> axes{}; // of each target
  bool phase = false;            // diag(1, something): all qubits are alike, controls or not
  bool symmetric = false;        // two targets may be exchanged
};

Complex entry(const GateMatrix &matrix, size_t size, size_t row, size_t column) {
  return matrix[row * size + column];
}

// Does `matrix` commute with the Pauli on the target `bit`?
bool keeps(const GateMatrix &matrix, size_t size, unsigned bit, uint8_t axis) {
  const Complex i(0, 1);
  size_t flip = axis == AxisZ ? 0 : size_t(1) << bit;
  // P |k> = value(k) |k ^ flip>
  auto value = [&](size_t k) -> Complex {
    bool one = (k >> bit) & 1;
    return axis == AxisX ? 1 : axis == AxisZ ? (one ? -1 : 1) : (one ? -i : i);
  };
  for (size_t row = 0; row < size; ++row)
    for (size_t column = 0; column < size; ++column)
      if (std::abs(entry(matrix, size, row, column ^ flip) * value(column) -
                   value(row ^ flip) * entry(matrix, size, row ^ flip, column)) > close)
        return false;
  return true;
}

Facts factsOf(Gate gate) {
  const GateInfo &info = gateInfo(gate);
  const double generic[] = {0.7390851332, 1.2020569031, 0.5772156649, 0.9159655941};
  GateMatrix matrix = gateMatrix(gate, llvm::ArrayRef(generic).take_front(info.parameters));
  size_t size = size_t(1) << info.targets;
  Facts facts;
  for (unsigned bit = 0; bit < info.targets; ++bit)
    for (uint8_t axis : {AxisX, AxisY, AxisZ})
      if (keeps(matrix, size, bit, axis))
        facts.axes[bit] |= axis;
  facts.phase = size == 2 && (facts.axes[0] & AxisZ) && std::abs(matrix[0] - 1.0) < close;
  if (size == 4) {
    auto exchanged = [](size_t k) { return (k >> 1) | ((k & 1) << 1); };
    facts.symmetric = true;
    for (size_t row = 0; row < 4; ++row)
      for (size_t column = 0; column < 4; ++column)
        facts.symmetric &= std::abs(entry(matrix, 4, row, column) -
                                    entry(matrix, 4, exchanged(row), exchanged(column))) < close;
  }
  return facts;
}

const Facts &facts(Gate gate) {
  static const std::vector<Facts> table = [] {
    std::vector<Facts> made;
    for (size_t index = 0; index < allGates().size(); ++index)
      made.push_back(factsOf(static_cast<Gate>(index)));
    return made;
  }();
  return table[static_cast<size_t>(gate)];
}

} // namespace

uint8_t qdo::ir::axesOf(const ListedGate &gate, unsigned position) {
  unsigned controls = gate.controls();
  return position < controls ? AxisZ : facts(gate.gate).axes[position - controls];
}

bool qdo::ir::isDiagonal(const ListedGate &gate) {
  for (unsigned target = 0; target < gate.info().targets; ++target)
    if (!(facts(gate.gate).axes[target] & AxisZ))
      return false;
  return true;
}

bool qdo::ir::commute(const ListedGate &left, const ListedGate &right) {
  for (auto [i, wire] : llvm::enumerate(left.wires))
    for (auto [j, other] : llvm::enumerate(right.wires))
      if (wire == other && (axesOf(left, i) & axesOf(right, j)) == 0)
        return false;
  return true;
}

llvm::SmallVector<unsigned, 3> qdo::ir::canonicalWires(const ListedGate &gate) {
  llvm::SmallVector<unsigned, 3> wires(gate.wires);
  auto *targets = wires.begin() + gate.controls();
  if (facts(gate.gate).phase) {
    llvm::sort(wires);
    return wires;
  }
  std::sort(wires.begin(), targets);
  if (facts(gate.gate).symmetric)
    std::sort(targets, wires.end());
  return wires;
}
