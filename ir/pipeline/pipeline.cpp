// SPDX-License-Identifier: Apache-2.0
// The order of passes.
// Why this order: modifiers first, because only single gates can meet; cancelling before merging,
// because a sum of unknown opposite angles is no longer seen to be zero; once more after dead gates
// have gone. CSE is safe here: gates and calls have effects. A simulator applies each named gate in
// one sweep, so spelling gates in a basis is a pipeline of its own.
#include "qdo/ir/pipeline.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"
#include "qdo/ir/pass_guard.h"
#include "qdo/ir/passes.h"
#include "qdo/ir/qdo.h"

using namespace mlir;
using namespace qdo::ir;

// What only ever removes gates, for any machine.
static void addReductions(OpPassManager &passes) {
  passes.addPass(createCommute());
  passes.addPass(createFoldPhases());
  passes.addPass(createFuseOneQubit());
  passes.addPass(createRemoveDeadGates());
  passes.addPass(createCommute());
}

void qdo::ir::buildOptimise(OpPassManager &passes) {
  passes.addPass(createResolveModifiers());
  passes.addPass(createRecogniseKernels()); // before the two halves of one mix
  passes.addPass(createCanonicalizerPass());
  passes.addPass(createCSEPass());
  passes.addPass(createCancelInverses());
  passes.addPass(createMergeRotations());
  passes.addPass(createRemoveDeadGates());
  passes.addPass(createElideSwaps());
  addReductions(passes);
  passes.addPass(createResynthesisePairs());
  passes.addPass(createFuseOneQubit());
  passes.addPass(createReuseQubits());
  passes.addPass(createCanonicalizerPass());
}

void qdo::ir::buildToBasis(OpPassManager &passes) {
  buildOptimise(passes);
  passes.addPass(createPlaceSwaps());
  passes.addPass(createLowerToBasis());
  addReductions(passes);
  passes.addPass(createResynthesiseParities());
  addReductions(passes);
  passes.addPass(createResynthesisePairs());
  addReductions(passes);
  passes.addPass(createSpellOneQubit());
  passes.addPass(createFoldPhases());
  passes.addPass(createCommute());
  passes.addPass(createSpellOneQubit()); // phases that have met
  passes.addPass(createCanonicalizerPass());
}

void qdo::ir::buildToLlvm(OpPassManager &passes) {
  passes.addPass(createOutlineRegions());
  passes.addPass(createQdoToRuntime());
  passes.addPass(createQcToRuntime());
  passes.addPass(createToBlocks());
  passes.addPass(createToLlvm());
  passes.addPass(createCheckStatus());
}

static LogicalResult run(ModuleOp module, void (*build)(OpPassManager &),
                         qdo::ir::GuardOptions options) {
  PassManager passes(module.getContext());
  build(passes);
  qdo::ir::guardPasses(passes, options);
  return passes.run(module);
}

/// Noise belongs to the gates that the program has: a device with noise runs circuits as they are
/// written (docs/decisions/0020).
static bool hasNoise(ModuleOp module) {
  return module
      .walk([](data::RtOp op) {
        return op.getEntry() == "noise_new" ? WalkResult::interrupt() : WalkResult::advance();
      })
      .wasInterrupted();
}

static void buildAsWritten(OpPassManager &passes) {
  passes.addPass(createResolveModifiers());
  passes.addPass(createCSEPass());
}

LogicalResult qdo::ir::optimise(ModuleOp module, GuardOptions options) {
  return run(module, hasNoise(module) ? buildAsWritten : buildOptimise, options);
}
LogicalResult qdo::ir::toBasis(ModuleOp module, GuardOptions options) {
  return run(module, buildToBasis, options);
}
LogicalResult qdo::ir::toLlvm(ModuleOp module, GuardOptions options) {
  return run(module, buildToLlvm, options);
}
