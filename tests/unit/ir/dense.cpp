// SPDX-License-Identifier: Apache-2.0
// Evaluates angles, multiplies matrices.
#include "dense.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/DenseMap.h"
#include <stdexcept>

using namespace mlir;
using namespace qdo::ir;
using namespace qdo::tests;

Matrix qdo::tests::controlled(const Matrix &matrix, unsigned controls) {
  Eigen::Index mask = (Eigen::Index(1) << controls) - 1, size = matrix.rows() << controls;
  Matrix result = Matrix::Identity(size, size);
  for (Eigen::Index row = 0; row < matrix.rows(); ++row)
    for (Eigen::Index column = 0; column < matrix.cols(); ++column)
      result((row << controls) | mask, (column << controls) | mask) = matrix(row, column);
  return result;
}

Matrix qdo::tests::gateUnitary(Gate gate, llvm::ArrayRef<double> angles) {
  GateMatrix entries = gateMatrix(gate, angles);
  Eigen::Index size = Eigen::Index(1) << gateInfo(gate).targets;
  Matrix matrix(size, size);
  for (Eigen::Index row = 0; row < size; ++row)
    for (Eigen::Index column = 0; column < size; ++column)
      matrix(row, column) = entries[row * size + column];
  return controlled(matrix, gateInfo(gate).controls);
}

namespace {

class Evaluator {
public:
  llvm::DenseMap<Value, double> numbers;

  // What a straight-line body does to its qubits.
  Matrix body(Block &block, ValueRange qubits) {
    unsigned count = qubits.size();
    Matrix result = Matrix::Identity(Eigen::Index(1) << count, Eigen::Index(1) << count);
    llvm::DenseMap<Value, unsigned> wires;
    for (auto [wire, qubit] : llvm::enumerate(qubits))
      wires[qubit] = wire;
    for (Operation &op : block.without_terminator()) {
      if (auto phase = dyn_cast<qc::GPhaseOp>(op)) {
        result *= std::polar(1.0, numbers.at(phase.getAngle()));
        continue;
      }
      if (!isa<qc::UnitaryOpInterface>(op) && !qc::isModifier(&op)) {
        numbers[op.getResult(0)] = number(op);
        continue;
      }
      Matrix own = matrix(op);
      SmallVector<unsigned> on;
      for (Value operand : op.getOperands())
        if (qc::isQubit(operand))
          on.push_back(wires.at(operand));
      result = embed(own, on, count) * result;
      for (auto [value, wire] : llvm::zip(op.getResults(), on))
        wires[value] = wire;
    }
    return result;
  }

private:
  double number(Operation &op) {
    auto at = [&](unsigned i) { return numbers.at(op.getOperand(i)); };
    if (auto constant = dyn_cast<arith::ConstantOp>(op))
      return cast<FloatAttr>(constant.getValue()).getValueAsDouble();
    if (isa<arith::AddFOp>(op))
      return at(0) + at(1);
    if (isa<arith::SubFOp>(op))
      return at(0) - at(1);
    if (isa<arith::MulFOp>(op))
      return at(0) * at(1);
    if (isa<arith::NegFOp>(op))
      return -at(0);
    throw std::runtime_error("the referee does not know " + op.getName().getStringRef().str());
  }

  // The matrix of one op on its own qubits, in the order of its operands.
  Matrix matrix(Operation &op) {
    if (auto gate = dyn_cast<qc::UnitaryOpInterface>(op)) {
      SmallVector<double> angles;
      for (Value angle : gate.getAngles())
        angles.push_back(numbers.at(angle));
      return gateUnitary(gate.getGate(), angles);
    }
    Block &block = op.getRegion(0).front();
    Matrix inner = body(block, block.getArguments());
    if (auto ctrl = dyn_cast<qc::CtrlOp>(op))
      return controlled(inner, ctrl.getControls().size());
    if (isa<qc::InvOp>(op))
      return inner.adjoint();
    int64_t exponent = cast<qc::PowOp>(op).getExponent();
    Matrix base = exponent < 0 ? Matrix(inner.adjoint()) : inner;
    Matrix result = Matrix::Identity(inner.rows(), inner.cols());
    for (int64_t turn = std::abs(exponent); turn > 0; --turn)
      result = base * result;
    return result;
  }

  static Matrix embed(const Matrix &small, ArrayRef<unsigned> wires, unsigned count) {
    Eigen::Index size = Eigen::Index(1) << count;
    auto gather = [&](Eigen::Index index) {
      Eigen::Index result = 0;
      for (auto [bit, wire] : llvm::enumerate(wires))
        result |= ((index >> wire) & 1) << bit;
      return result;
    };
    Eigen::Index used = 0;
    for (unsigned wire : wires)
      used |= Eigen::Index(1) << wire;
    Matrix result = Matrix::Zero(size, size);
    for (Eigen::Index row = 0; row < size; ++row)
      for (Eigen::Index column = 0; column < size; ++column)
        if ((row & ~used) == (column & ~used))
          result(row, column) = small(gather(row), gather(column));
    return result;
  }
};

} // namespace

Matrix qdo::tests::unitary(qc::CircuitOp circuit, llvm::ArrayRef<double> data) {
  Evaluator evaluator;
  for (auto [argument, value] : llvm::zip(circuit.getData(), data))
    evaluator.numbers[argument] = value;
  return evaluator.body(*circuit.getBodyBlock(), circuit.getQubits());
}
