// SPDX-License-Identifier: Apache-2.0
// The order of passes.
// Why this order: modifiers first, because only single gates can meet; cancelling before merging,
// because a sum of unknown opposite angles is no longer seen to be zero; once more after dead gates
// have gone. CSE is safe here: gates and calls have effects.
#include "qdo/ir/pipeline.h"
#include "mlir/Conversion/SCFToControlFlow/SCFToControlFlow.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"
#include "qdo/ir/linearity.h"
#include "qdo/ir/passes.h"

using namespace mlir;

void qdo::ir::buildOptimise(OpPassManager &passes) {
  passes.addPass(createResolveModifiers());
  passes.addPass(createCanonicalizerPass());
  passes.addPass(createCSEPass());
  passes.addPass(createCancelInverses());
  passes.addPass(createMergeRotations());
  passes.addPass(createRemoveDeadGates());
  passes.addPass(createCancelInverses());
  passes.addPass(createCanonicalizerPass());
}

void qdo::ir::buildToLlvm(OpPassManager &passes) {
  passes.addPass(createOutlineRegions());
  passes.addPass(createQdoToRuntime());
  passes.addPass(createQcToRuntime());
  passes.addPass(createSCFToControlFlowPass());
  passes.addPass(createToLlvm());
  passes.addPass(createCheckStatus());
}

static LogicalResult run(ModuleOp module, void (*build)(OpPassManager &)) {
  PassManager passes(module.getContext());
  build(passes);
  qdo::ir::guardLinearity(passes);
  return passes.run(module);
}

LogicalResult qdo::ir::optimise(ModuleOp module) { return run(module, buildOptimise); }
LogicalResult qdo::ir::toLlvm(ModuleOp module) { return run(module, buildToLlvm); }
