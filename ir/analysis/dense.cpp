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

  // Bits above the rows count columns and are never targets, so one loop serves all columns.
  void multiply(const GateMatrix &matrix, ArrayRef<unsigned> targets, uint64_t controls,
                bool inverse) {
    unsigned size = 1u << targets.size();
    uint64_t used = mask(targets);
    for (uint64_t index = 0; index < state.size(); ++index) {
      if ((index & used) != 0 || (index & controls) != controls)
        continue;
      std::array<uint64_t, 4> places{};
      std::array<Complex, 4> old{};
      for (unsigned k = 0; k < size; ++k) {
        places[k] = index;
        for (auto [bit, wire] : llvm::enumerate(targets))
          places[k] |= uint64_t((k >> bit) & 1) << wire;
        old[k] = state[places[k]];
      }
      for (unsigned row = 0; row < size; ++row) {
        Complex sum = 0;
        for (unsigned column = 0; column < size; ++column)
          sum += old[column] *
                 (inverse ? std::conj(matrix[column * size + row]) : matrix[row * size + column]);
        state[places[row]] = sum;
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
