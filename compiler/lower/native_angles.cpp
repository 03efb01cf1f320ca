// SPDX-License-Identifier: Apache-2.0
// Angles that native code computes: of amplitudes, and of matrices written as `unitary`.
// Why: what is known now becomes constants, the rest one op, and the gates are the same.
#include "compiler/lower/elaborator.h"

#include <fmt/format.h>

namespace qdo::lower {

using namespace syntax;
using angles::Problem;
using angles::Rule;

/// One real for each angle of the rule. What has no angles is an error here when it is known.
Value Elaborator::nativeAngles(Rule rule, const std::vector<Value> &data, base::Span span) {
  mlir::Location at = loc(span);
  std::vector<Value> result;
  if (std::ranges::all_of(data, [](const Value &v) { return v.isConstant(); })) {
    std::vector<double> numbers;
    for (const Value &v : data)
      numbers.push_back(v.real);
    std::vector<double> out(
        static_cast<size_t>(angles::angleCount(rule, static_cast<int64_t>(numbers.size()))));
    refuse(angles::compute(rule, numbers, out), span);
    for (double angle : out)
      result.push_back(Value::ofReal(angle));
    return Value::ofArray(std::move(result));
  }
  std::vector<mlir::Value> operands;
  for (const Value &v : data)
    operands.push_back(ssa(v, at));
  auto op = qc::AnglesOp::create(b, at, rule, operands);
  for (mlir::Value angle : op.getAngles())
    result.push_back(Value::ofSsa(ValueKind::Real, angle));
  return Value::ofArray(std::move(result));
}

void Elaborator::refuse(const angles::Verdict &verdict, base::Span span) {
  switch (verdict.problem) {
  case Problem::None:
    return;
  case Problem::NotFinite:
    diagnostics.report(diag::Kind::StateNotFinite, span, angles::shown(verdict));
    break;
  case Problem::Zero:
    diagnostics.report(diag::Kind::StateZero, span);
    break;
  case Problem::NotNormalised:
    diagnostics.report(diag::Kind::StateNotNormalised, span, angles::shown(verdict))
        .help("divide them by their norm, or ask for it: `normalize: true`");
    break;
  case Problem::NotUnitary:
    diagnostics.report(diag::Kind::MatrixNotUnitary, span, angles::shown(verdict))
        .help("the rows of a unitary have norm 1 and are orthogonal: `sqrt(0.5)`, not `0.7071`");
    break;
  }
  throw Abandon{};
}

Value Elaborator::stateAngles(const Value &amplitudes, bool normalise, base::Span span) {
  std::vector<Value> data;
  flattenData(amplitudes, data, loc(span));
  const Rule rule = isReal(amplitudes) ? normalise ? Rule::state_real_normalised : Rule::state_real
                    : normalise        ? Rule::state_complex_normalised
                                       : Rule::state_complex;
  return nativeAngles(rule, data, span);
}

Value Elaborator::matrixAngles(const UnitaryStmt &unitary) {
  mlir::Location at = loc(unitary.matrix->span);
  std::vector<Value> data;
  for (const Value &row : expr(*unitary.matrix).elements)
    for (const Value &entry : row.elements)
      flattenData(toComplex(entry, at), data, at);
  return nativeAngles(Rule::matrix, data, unitary.matrix->span);
}

/// The gates of a matrix: one `u` and a phase on one qubit; on more, a phase and rotations between
/// two rows at a time, each a `u` with all other qubits as controls.
void Elaborator::applyMatrix(const UnitaryStmt &unitary, const std::vector<QubitId> &qubits) {
  using ir::Gate;
  mlir::Location at = loc(unitary.matrix->span);
  const std::vector<Value> t = matrixAngles(unitary).elements;
  auto angle = [&](size_t i) { return realSsa(t[i], at); };
  auto isZero = [&](size_t i) { return t[i].isConstant() && t[i].real == 0; };
  // e^{i gamma}: p(2 gamma) after rz(-2 gamma), exact under controls too.
  auto phase = [&](size_t i, QubitId q) {
    if (isZero(i))
      return;
    Value twice = arithmetic(BinaryOp::Mul, Value::ofReal(2), t[i], unitary.matrix->span);
    Value back = arithmetic(BinaryOp::Sub, Value::ofReal(0), twice, unitary.matrix->span);
    applyNamed(Gate::rz, {realSsa(back, at)}, {q}, at);
    applyNamed(Gate::p, {realSsa(twice, at)}, {q}, at);
  };
  if (qubits.size() == 1) {
    applyNamed(Gate::u, {angle(0), angle(1), angle(2)}, qubits, at);
    return phase(3, qubits[0]);
  }
  const auto side = int64_t{1} << qubits.size();
  // A gate on bit `bit` of the rows whose other bits are those of `row`.
  auto onRows = [&](int64_t row, size_t bit, Gate controlled, std::vector<mlir::Value> angles) {
    std::vector<QubitId> controls, flipped;
    for (size_t k = 0; k < qubits.size(); ++k) {
      if (k == bit)
        continue;
      controls.push_back(qubits[k]);
      if (!((row >> k) & 1))
        flipped.push_back(qubits[k]);
    }
    for (QubitId q : flipped)
      applyNamed(Gate::x, {}, {q}, at);
    std::vector<QubitId> last{controls.back(), qubits[bit]};
    controls.pop_back();
    underControls(controls, last, at, [&] { applyNamed(controlled, angles, last, at); });
    for (QubitId q : flipped)
      applyNamed(Gate::x, {}, {q}, at);
  };
  auto changed = [](int64_t a, int64_t c) {
    return static_cast<size_t>(std::countr_zero(static_cast<uint64_t>(a ^ c)));
  };
  // The last number of the Gray code is 10..0: its phase acts where the highest qubit is 1.
  if (!isZero(0)) {
    for (size_t k = 0; k + 1 < qubits.size(); ++k)
      applyNamed(Gate::x, {}, {qubits[k]}, at);
    std::vector<QubitId> controls(qubits.begin(), qubits.end() - 2);
    std::vector<QubitId> last(qubits.end() - 2, qubits.end());
    underControls(controls, last, at, [&] { applyNamed(Gate::cp, {angle(0)}, last, at); });
    for (size_t k = 0; k + 1 < qubits.size(); ++k)
      applyNamed(Gate::x, {}, {qubits[k]}, at);
  }
  size_t step = 1;
  for (int64_t column = side - 2; column >= 0; --column)
    for (int64_t r = column + 1; r < side; ++r, step += 4) {
      if (isZero(step) && isZero(step + 1) && isZero(step + 2) && isZero(step + 3))
        continue;
      const int64_t upper = angles::gray(r - 1), lower = angles::gray(r);
      onRows(lower, changed(upper, lower), Gate::cu,
             {angle(step), angle(step + 1), angle(step + 2), angle(step + 3)});
    }
}

} // namespace qdo::lower
