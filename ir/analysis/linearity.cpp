// SPDX-License-Identifier: Apache-2.0
// Counts the uses of every qubit, and the pass that does only this.
// Why one use is enough for paths: a region gets qubits as arguments, so its uses are of other
// values; only `qdo.with`, whose body runs exactly once, may reach outside.
#include "qdo/ir/linearity.h"
#include "mlir/IR/BuiltinTypes.h"
#include "qdo/ir/passes.h"
#include "qdo/ir/qdo.h"

using namespace mlir;
using namespace qdo::ir;

namespace qdo::ir {
#define GEN_PASS_DEF_VERIFYLINEARITY
#include "qdo/ir/passes.h.inc"
} // namespace qdo::ir

namespace {

enum class Holding { None, Qubit, Inside };

// A function type mentions qubits without holding one.
Holding holding(Type type) {
  if (qc::isQubit(type))
    return Holding::Qubit;
  if (isa<FunctionType>(type))
    return Holding::None;
  bool found = false;
  type.walk([&](qc::QubitType) { found = true; });
  return found ? Holding::Inside : Holding::None;
}

bool mayHoldQubits(Operation *op) {
  if (isa_and_nonnull<qc::QcDialect>(op->getDialect()))
    return true;
  if (isa<data::PrepareOp, data::WithOp, data::YieldOp>(op))
    return true;
  StringRef name = op->getName().getStringRef();
  return name == "func.func" || name == "func.call" || name == "func.return";
}

class Checker {
public:
  LogicalResult run(Operation *root) {
    root->walk<WalkOrder::PreOrder>([&](Operation *op) {
      checkHolder(op, op->getOperands());
      checkHolder(op, op->getResults());
      for (Value result : op->getResults())
        checkUses(result);
      for (Region &region : op->getRegions())
        for (Block &block : region) {
          checkHolder(op, block.getArguments());
          for (Value argument : block.getArguments())
            checkUses(argument);
        }
    });
    return failure(broken);
  }

private:
  InFlightDiagnostic error(Location loc) {
    broken = true;
    return emitError(loc);
  }

  // One report an op is enough.
  template <typename Values> void checkHolder(Operation *op, Values &&values) {
    for (Value value : values) {
      Holding held = holding(value.getType());
      if (held == Holding::Inside)
        error(op->getLoc()) << "a qubit cannot be part of another type: " << value.getType();
      else if (held == Holding::Qubit && !mayHoldQubits(op))
        error(op->getLoc()) << "`" << op->getName() << "` cannot hold qubits";
      else
        continue;
      return;
    }
  }

  void checkUses(Value value) {
    if (!qc::isQubit(value))
      return;
    if (value.use_empty()) {
      error(value.getLoc())
          << "a qubit is dropped: it must go into a gate, a measurement or a discard";
      return;
    }
    if (!value.hasOneUse()) {
      auto report = error(value.getLoc()) << "a qubit is used more than once";
      for (Operation *user : value.getUsers())
        report.attachNote(user->getLoc()) << "used here";
      return;
    }
    checkPlace(value, *value.user_begin());
  }

  // The use must run exactly once for each run of the definition.
  void checkPlace(Value value, Operation *user) {
    Operation *at = user;
    while (at->getParentRegion() != value.getParentRegion()) {
      at = at->getParentOp();
      if (!isa<data::WithOp>(at)) {
        error(user->getLoc()) << "a qubit from outside is used inside of `" << at->getName()
                              << "`, which need not run exactly once";
        return;
      }
    }
    if (at->getBlock() != value.getParentBlock())
      error(user->getLoc())
          << "a qubit is used in another block than its own, so not on every path";
  }

  bool broken = false;
};

struct VerifyLinearityPass : qdo::ir::impl::VerifyLinearityBase<VerifyLinearityPass> {
  void runOnOperation() override {
    if (failed(verifyLinearity(getOperation())))
      signalPassFailure();
    markAllAnalysesPreserved();
  }
};

} // namespace

LogicalResult qdo::ir::verifyLinearity(Operation *root) { return Checker().run(root); }
