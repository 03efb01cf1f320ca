// SPDX-License-Identifier: Apache-2.0
// Runs the linearity check after every pass, in every build, and the check of unitaries on demand.
// Why so roundabout: an instrumentation sees the IR after a pass but cannot fail it. So it
// remembers the violation, an action handler skips what follows, and a last pass of the pipeline
// reports the failure.
#include "qdo/ir/pass_guard.h"
#include "mlir/IR/Action.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassInstrumentation.h"
#include "mlir/Pass/PassManager.h"
#include "qdo/ir/linearity.h"
#include "unitary_check.h"
#include <atomic>

using namespace mlir;

namespace {

struct State {
  std::atomic<bool> checked = false, broken = false;
  std::optional<qdo::ir::UnitaryCheck> unitaries;
};

struct Sentinel : PassWrapper<Sentinel, OperationPass<>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(Sentinel)
  Sentinel(std::shared_ptr<State> state) : state(std::move(state)) {}
  StringRef getArgument() const override { return "verify-linearity"; }
  void runOnOperation() override {
    if (state->broken)
      signalPassFailure();
    markAllAnalysesPreserved();
  }
  std::shared_ptr<State> state;
};

struct Guard : PassInstrumentation {
  Guard(std::shared_ptr<State> state) : state(std::move(state)) {}

  void runBeforePass(Pass *, Operation *op) override {
    if (state->checked.exchange(true))
      return;
    if (failed(qdo::ir::verifyLinearity(op)) ||
        (state->unitaries && failed(state->unitaries->remember(op))))
      state->broken = true;
  }

  void runAfterPass(Pass *pass, Operation *op) override {
    if (state->broken || pass->getTypeID() == TypeID::get<Sentinel>())
      return;
    StringRef name = pass->getArgument().empty() ? pass->getName() : pass->getArgument();
    if (failed(qdo::ir::verifyLinearity(op))) {
      state->broken = true;
      emitError(op->getLoc()) << "the pass `" << name
                              << "` broke the law that a qubit has exactly one use";
      return;
    }
    if (state->unitaries && failed(state->unitaries->compare(op, name)))
      state->broken = true;
  }

  std::shared_ptr<State> state;
};

} // namespace

void qdo::ir::guardPasses(PassManager &passes, GuardOptions options) {
  auto state = std::make_shared<State>();
  if (options.checkEach)
    state->unitaries.emplace();
  passes.addInstrumentation(std::make_unique<Guard>(state));
  passes.addPass(std::make_unique<Sentinel>(state));
  passes.getContext()->registerActionHandler([state](function_ref<void()> run,
                                                     const tracing::Action &action) {
    auto *execution = dyn_cast<PassExecutionAction>(&action);
    if (!state->broken || !execution || execution->getPass().getTypeID() == TypeID::get<Sentinel>())
      run();
  });
}
