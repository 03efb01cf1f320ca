// SPDX-License-Identifier: Apache-2.0
// Evaluates angles by folding, and applies gates in place to all columns at once.
// Why modifiers are walked and not resolved: the evaluator shares nothing with the passes it
// referees.
#include "qdo/ir/dense.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace qdo::ir;

namespace {

using Complex = std::complex<double>;

class Evaluator {
public:
  /// `state` has 2^wires rows.
  explicit Evaluator(DenseMatrix &state) : state(state) {}

  DenseMap<Value, Attribute> numbers;

  // Applies the body, or its inverse, to `wires` when all of `controls` are 1. False when an angle
  // has no value.
  bool apply(Block &block, ArrayRef<unsigned> wires, uint64_t controls, bool inverse) {
    if (!computeAngles(block))
      return false;
    DenseMap<Value, unsigned> wireOf;
    unsigned next = 0;
    for (Value argument : block.getArguments())
      if (qc::isQubit(argument))
        wireOf[argument] = wires[next++];
    SmallVector<std::pair<Operation *, SmallVector<unsigned, 4>>> order;
    for (Operation &op : block.without_terminator()) {
      if (!qc::isUnitary(&op))
        continue;
      SmallVector<unsigned, 4> on;
      for (Value operand : op.getOperands())
        if (qc::isQubit(operand))
          on.push_back(wireOf.at(operand));
      for (auto [value, wire] : llvm::zip(op.getResults(), on))
        wireOf[value] = wire;
      order.emplace_back(&op, std::move(on));
    }
    if (inverse)
      std::reverse(order.begin(), order.end());
    for (auto &[op, on] : order)
      if (!apply(*op, on, controls, inverse))
        return false;
    return true;
  }

private:
  bool computeAngles(Block &block) {
    for (Operation &op : block.without_terminator()) {
      if (qc::isUnitary(&op))
        continue;
      Attribute constant;
      if (matchPattern(&op, m_Constant(&constant))) {
        numbers[op.getResult(0)] = constant;
        continue;
      }
      SmallVector<Attribute> operands;
      for (Value operand : op.getOperands())
        operands.push_back(numbers.lookup(operand));
      SmallVector<OpFoldResult> results;
      // Folding may rewrite the op in place; a copy keeps the circuit as it is.
      Operation *copy = op.clone();
      bool folded = succeeded(copy->fold(operands, results)) && results.size() == 1;
      Attribute value;
      if (folded)
        value = isa<Attribute>(results[0]) ? cast<Attribute>(results[0])
                                           : numbers.lookup(cast<Value>(results[0]));
      copy->destroy();
      if (!value)
        return false;
      numbers[op.getResult(0)] = value;
    }
    return true;
  }

  std::optional<SmallVector<double, 4>> values(ValueRange angles) {
    SmallVector<double, 4> found;
    for (Value angle : angles) {
      auto number = dyn_cast_or_null<FloatAttr>(numbers.lookup(angle));
      if (!number || !number.getValue().isFinite())
        return std::nullopt;
      found.push_back(number.getValueAsDouble());
    }
    return found;
  }

  static uint64_t mask(ArrayRef<unsigned> wires) {
    uint64_t bits = 0;
    for (unsigned wire : wires)
      bits |= uint64_t(1) << wire;
    return bits;
  }

  bool apply(Operation &op, ArrayRef<unsigned> on, uint64_t controls, bool inverse) {
    if (auto gate = dyn_cast<qc::UnitaryOpInterface>(op)) {
      auto angles = values(gate.getAngles());
      if (!angles)
        return false;
      unsigned own = gate.getInfo().controls;
      multiply(gateMatrix(gate.getGate(), *angles), on.drop_front(own),
               controls | mask(on.take_front(own)), inverse);
      return true;
    }
    if (auto phase = dyn_cast<qc::GPhaseOp>(op)) {
      auto angles = values(phase.getAngle());
      if (!angles)
        return false;
      Complex factor = std::polar(1.0, inverse ? -(*angles)[0] : (*angles)[0]);
      for (uint64_t index = 0; index < state.size(); ++index)
        if ((index & controls) == controls)
          state[index] *= factor;
      return true;
    }
    Block &block = op.getRegion(0).front();
    if (auto ctrl = dyn_cast<qc::CtrlOp>(op)) {
      unsigned own = ctrl.getControls().size();
      return apply(block, on.drop_front(own), controls | mask(on.take_front(own)), inverse);
    }
    if (isa<qc::InvOp>(op))
      return apply(block, on, controls, !inverse);
    int64_t exponent = cast<qc::PowOp>(op).getExponent();
    for (int64_t turn = std::abs(exponent); turn > 0; --turn)
      if (!apply(block, on, controls, inverse != (exponent < 0)))
        return false;
    return true;
  }

  // Without the care for infinities of std::complex, which costs most of the time.
  static Complex times(Complex a, Complex b) {
    return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
  }

  // Bits above the rows count columns and are never targets, so one loop serves all columns.
  void multiply(const GateMatrix &given, ArrayRef<unsigned> targets, uint64_t controls,
                bool inverse) {
    unsigned size = 1u << targets.size();
    GateMatrix matrix(given);
    for (unsigned row = 0; row < size; ++row)
      for (unsigned column = 0; column < size; ++column)
        if (inverse)
          matrix[row * size + column] = std::conj(given[column * size + row]);
    std::array<uint64_t, 4> offset{};
    for (unsigned k = 0; k < size; ++k)
      for (auto [bit, wire] : llvm::enumerate(targets))
        offset[k] |= uint64_t((k >> bit) & 1) << wire;
    // Counts through the indices that have all targets at 0 and all controls at 1.
    uint64_t fixed = offset[size - 1] | controls;
    for (uint64_t index = controls; index < state.size(); index = (index | fixed) + 1) {
      index = (index & ~fixed) | controls;
      std::array<Complex, 4> old;
      for (unsigned k = 0; k < size; ++k)
        old[k] = state[index | offset[k]];
      for (unsigned row = 0; row < size; ++row) {
        Complex sum = 0;
        for (unsigned column = 0; column < size; ++column)
          sum += times(old[column], matrix[row * size + column]);
        state[index | offset[row]] = sum;
      }
    }
  }

  DenseMatrix &state;
};

} // namespace

static bool apply(qc::CircuitOp circuit, ArrayRef<double> data, DenseMatrix &state,
                  uint64_t controls) {
  Evaluator evaluator(state);
  Builder builder(circuit.getContext());
  for (auto [argument, value] : llvm::zip(circuit.getData(), data))
    evaluator.numbers[argument] = builder.getF64FloatAttr(value);
  return evaluator.apply(*circuit.getBodyBlock(),
                         llvm::to_vector(llvm::seq(0u, circuit.getQubitCount())), controls, false);
}

std::optional<DenseMatrix> qdo::ir::denseUnitary(qc::CircuitOp circuit, ArrayRef<double> data) {
  uint64_t rows = uint64_t(1) << circuit.getQubitCount();
  DenseMatrix matrix(rows * rows);
  for (uint64_t row = 0; row < rows; ++row)
    matrix[row * rows + row] = 1;
  if (!apply(circuit, data, matrix, 0))
    return std::nullopt;
  return matrix;
}

std::optional<DenseMatrix> qdo::ir::applyControlled(qc::CircuitOp circuit, ArrayRef<double> data,
                                                    DenseMatrix state) {
  if (!apply(circuit, data, state, uint64_t(1) << circuit.getQubitCount()))
    return std::nullopt;
  return state;
}
