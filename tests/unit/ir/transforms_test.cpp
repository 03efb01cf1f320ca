// SPDX-License-Identifier: Apache-2.0
// Every transform keeps the unitary of random circuits, global phase included.
#include "dense.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Pass/PassManager.h"
#include "qdo/ir/linearity.h"
#include "qdo/ir/pass_guard.h"
#include "qdo/ir/passes.h"
#include "qdo/ir/pipeline.h"
#include "qdo/ir/resources.h"
#include "random_circuit.h"
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

using namespace qdo::tests;
using namespace qdo::ir;

namespace {

mlir::MLIRContext &context() {
  static mlir::MLIRContext *made = [] {
    mlir::DialectRegistry registry;
    registerDialects(registry);
    auto *context = new mlir::MLIRContext(registry, mlir::MLIRContext::Threading::DISABLED);
    context->loadAllAvailableDialects();
    return context;
  }();
  return *made;
}

using Build = void (*)(mlir::OpPassManager &);

template <auto create> void one(mlir::OpPassManager &passes) { passes.addPass(create()); }
template <auto create> void resolvedThen(mlir::OpPassManager &passes) {
  passes.addPass(createResolveModifiers());
  passes.addPass(create());
}

unsigned gatesIn(mlir::ModuleOp module) {
  unsigned count = 0;
  module.walk([&](qc::UnitaryOpInterface) { ++count; });
  return count;
}

void run(mlir::ModuleOp module, Build build) {
  mlir::PassManager passes(&context());
  build(passes);
  guardPasses(passes, {.checkEach = true});
  RC_ASSERT(mlir::succeeded(passes.run(module)));
}

// Angles without any relation, so that nothing is equal by chance.
void keepsUnitary(Build build, bool flat) {
  auto choices = *rc::gen::arbitrary<Choices>();
  auto module = randomCircuit(context(), choices, flat);
  RC_ASSERT(mlir::succeeded(mlir::verify(*module)));
  RC_ASSERT(mlir::succeeded(verifyLinearity(*module)));
  const double data[randomData] = {0.7390851332, -1.8392867552};
  Matrix before = unitary(circuitOf(*module), data);
  unsigned count = gatesIn(*module);
  run(*module, build);
  Matrix after = unitary(circuitOf(*module), data);
  RC_CLASSIFY(gatesIn(*module) < count, "fewer gates");
  RC_ASSERT((before - after).norm() < 1e-9);
}

RC_GTEST_PROP(Transforms, ResolveModifiers, ()) {
  keepsUnitary(one<createResolveModifiers>, false);
}
RC_GTEST_PROP(Transforms, CancelInverses, ()) { keepsUnitary(one<createCancelInverses>, true); }
RC_GTEST_PROP(Transforms, CancelInversesOfResolved, ()) {
  keepsUnitary(resolvedThen<createCancelInverses>, false);
}
RC_GTEST_PROP(Transforms, MergeRotations, ()) { keepsUnitary(one<createMergeRotations>, true); }
RC_GTEST_PROP(Transforms, MergeRotationsOfResolved, ()) {
  keepsUnitary(resolvedThen<createMergeRotations>, false);
}
RC_GTEST_PROP(Transforms, RemoveDeadGates, ()) { keepsUnitary(one<createRemoveDeadGates>, false); }
RC_GTEST_PROP(Transforms, Commute, ()) { keepsUnitary(resolvedThen<createCommute>, false); }
RC_GTEST_PROP(Transforms, FoldPhases, ()) { keepsUnitary(resolvedThen<createFoldPhases>, false); }
RC_GTEST_PROP(Transforms, FuseOneQubit, ()) {
  keepsUnitary(resolvedThen<createFuseOneQubit>, false);
}
RC_GTEST_PROP(Transforms, ResynthesisePairs, ()) {
  keepsUnitary(resolvedThen<createResynthesisePairs>, false);
}
RC_GTEST_PROP(Transforms, ResynthesiseParities, ()) {
  keepsUnitary(resolvedThen<createResynthesiseParities>, false);
}
RC_GTEST_PROP(Transforms, PlaceSwaps, ()) { keepsUnitary(resolvedThen<createPlaceSwaps>, false); }
RC_GTEST_PROP(Transforms, ElideSwaps, ()) { keepsUnitary(resolvedThen<createElideSwaps>, false); }
RC_GTEST_PROP(Transforms, LowerToBasis, ()) {
  keepsUnitary(resolvedThen<createLowerToBasis>, false);
}
RC_GTEST_PROP(Transforms, SpellOneQubit, ()) {
  keepsUnitary(resolvedThen<createSpellOneQubit>, false);
}
RC_GTEST_PROP(Transforms, ToBasis, ()) { keepsUnitary(buildToBasis, false); }
// Passes on gate lists meet circuits whose modifiers are still there.
RC_GTEST_PROP(Transforms, FoldPhasesUnresolved, ()) { keepsUnitary(one<createFoldPhases>, false); }
RC_GTEST_PROP(Transforms, FuseOneQubitUnresolved, ()) {
  keepsUnitary(one<createFuseOneQubit>, false);
}
RC_GTEST_PROP(Transforms, ElideSwapsUnresolved, ()) { keepsUnitary(one<createElideSwaps>, false); }
RC_GTEST_PROP(Transforms, Optimise, ()) { keepsUnitary(buildOptimise, false); }

// After resolving, only gates and single gates under qc.ctrl or qc.inv are left.
RC_GTEST_PROP(Transforms, ResolvedIsFinal, ()) {
  auto module = randomCircuit(context(), *rc::gen::arbitrary<Choices>());
  run(*module, one<createResolveModifiers>);
  module->walk([](mlir::Operation *op) {
    RC_ASSERT(!mlir::isa<qc::PowOp>(op));
    if (qc::isModifier(op)) {
      auto &body = op->getRegion(0).front();
      RC_ASSERT(llvm::hasNItems(body, 2));
      RC_ASSERT(mlir::isa<qc::UnitaryOpInterface>(body.front()) ||
                (mlir::isa<qc::CtrlOp>(op) && mlir::isa<qc::InvOp>(body.front())));
    }
  });
}

RC_GTEST_PROP(Transforms, FoldingNeverAddsTGates, ()) {
  auto module = randomCircuit(context(), *rc::gen::arbitrary<Choices>());
  run(*module, [](mlir::OpPassManager &passes) {
    passes.addPass(createResolveModifiers());
    passes.addPass(createLowerToBasis());
  });
  Resources before = resources(circuitOf(*module));
  run(*module, one<createFoldPhases>);
  Resources after = resources(circuitOf(*module));
  RC_CLASSIFY(after.tGates < before.tGates, "fewer T gates");
  // Unknown angles that cancel may leave an eighth turn, which is a T gate then.
  RC_ASSERT(after.tGates + after.rotations <= before.tGates + before.rotations);
  RC_ASSERT(after.rotations <= before.rotations);
  if (before.rotations == 0)
    RC_ASSERT(after.tGates <= before.tGates);
  RC_ASSERT(after.gates <= before.gates);
}

// A circuit and its inverse are nothing, and the optimiser finds out.
RC_GTEST_PROP(Transforms, ThereAndBackIsNothing, ()) {
  auto module = thereAndBack(context(), *rc::gen::arbitrary<Choices>());
  run(*module, buildOptimise);
  RC_ASSERT(gatesIn(*module) == 0u);
}

} // namespace
