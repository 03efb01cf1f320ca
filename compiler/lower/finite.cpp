// SPDX-License-Identifier: Apache-2.0
// Numbers are finite: an operation on reals whose result is infinite or no number is an error where
// it stands.
// Why not everywhere: whoever asks generated code for single numbers (a kernel, a score, a function
// to minimise, the angles of a circuit) judges each of them, and its code stays straight.
#include "compiler/lower/elaborator.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "qdo/runtime/real_result.h"

#include <cmath>

namespace qdo::lower {

/// Whether somebody else looks at the numbers that the code at the insertion point gives.
bool Elaborator::judgedLater() const {
  for (mlir::Region *region = b.getInsertionBlock()->getParent(); region;
       region = region->getParentRegion()) {
    mlir::Operation *op = region->getParentOp();
    if (mlir::isa<qdata::PolicyOp, qdata::EstimateOp>(op)) // they give a yes or a no
      return false;
    if (mlir::isa<qc::CircuitOp, qdata::GeneralKernelOp, qdata::MinimizeOp, qdata::GradOp>(op))
      return true;
    if (auto select = mlir::dyn_cast<qdata::SelectOp>(op); select && region == &select.getScore())
      return true;
    if (auto function = mlir::dyn_cast<mlir::func::FuncOp>(op)) // exported code gives what it gets
      return function.getName() != "main";
  }
  return false;
}

/// The result of an operation on reals, named as `reals::shownOperation` takes it.
Value Elaborator::finite(Value result, const char *operation, const Value &x, const Value &y,
                         base::Span span) {
  if (result.isConstant()) {
    if (std::isfinite(result.real))
      return result;
    if (reals::isDivisionByZero(operation, y.real))
      diagnostics.report(diag::Kind::DivisionByZero, span);
    else
      diagnostics.report(diag::Kind::BadValue, span,
                         "`" + reals::shownOperation(operation, x.real, y.real) + "`",
                         reals::shownResult(result.real), "a finite number");
    throw Abandon{};
  }
  if (judgedLater())
    return result;
  mlir::Location at = loc(span);
  rt("real_check", {ssa(result, at), text(operation, at), ssa(x, at), ssa(y, at)}, at);
  return result;
}

/// The same for one number of whole arrays.
Value Elaborator::finiteOfArrays(const Value &result, const char *operation, base::Span span) {
  const Value arrays = Value::ofReal(std::nan(""));
  return finite(result, operation, arrays, arrays, span);
}

/// The same for an array of the run.
mlir::Value Elaborator::finiteArray(mlir::Value array, const char *operation, base::Span span) {
  mlir::Location at = loc(span);
  if (!judgedLater())
    rt("array_check", {array, text(operation, at)}, at);
  return array;
}

} // namespace qdo::lower
