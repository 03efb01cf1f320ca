// SPDX-License-Identifier: Apache-2.0
// `test-forget-gate`: removes the last gate of each circuit. `test-forget-phase`: writes p as rz,
// which differs by a global phase only.
#include "test_passes.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassRegistry.h"
#include "qdo/ir/applied_gate.h"

using namespace mlir;
using namespace qdo::ir;

namespace {

struct ForgetGate : PassWrapper<ForgetGate, OperationPass<>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(ForgetGate)
  StringRef getArgument() const override { return "test-forget-gate"; }
  void runOnOperation() override {
    getOperation()->walk([](qc::CircuitOp circuit) {
      std::optional<AppliedGate> last;
      for (Operation &op : *circuit.getBodyBlock())
        if (auto gate = appliedGate(&op))
          last = gate;
      if (!last)
        return;
      last->op->replaceAllUsesWith(SmallVector<Value>(last->inputs));
      last->op->erase();
    });
  }
};

struct ForgetPhase : PassWrapper<ForgetPhase, OperationPass<>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(ForgetPhase)
  StringRef getArgument() const override { return "test-forget-phase"; }
  void runOnOperation() override {
    getOperation()->walk([](qc::POp phase) {
      OpBuilder builder(phase);
      auto made = qc::createGate(builder, phase.getLoc(), Gate::rz, phase.getOperand(0),
                                 phase.getOperand(1));
      phase->replaceAllUsesWith(made->getResults());
      phase->erase();
    });
  }
};

} // namespace

void qdo::tools::registerTestPasses() {
  PassRegistration<ForgetGate>();
  PassRegistration<ForgetPhase>();
}
