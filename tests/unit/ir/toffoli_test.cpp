// SPDX-License-Identifier: Apache-2.0
// T counts of Toffoli ladders beside those published for phase folding: 15, 23, 31 for tof_3, _4
// and _5, and 16, 28 for barenco_tof_3 and _4 (Amy, Maslov and Mosca, IEEE TCAD 33, 1476 (2014);
// Nam, Ross, Su, Childs and Maslov, npj Quantum Information 4, 23 (2018); Kissinger and van de
// Wetering, arXiv:1903.10477). The circuits that Amy's toolkit Feynman publishes say the same:
// tof_3 from 21 to 15, and barenco_tof_5, the next of its series, from 84 to 40.
#include "mlir/IR/MLIRContext.h"
#include "mlir/Pass/PassManager.h"
#include "qdo/ir/pass_guard.h"
#include "qdo/ir/passes.h"
#include "qdo/ir/pipeline.h"
#include "qdo/ir/qdo.h"
#include "qdo/ir/resources.h"
#include "gtest/gtest.h"

using namespace qdo::ir;

namespace {

using Toffoli = std::array<unsigned, 3>;

class Ladders : public ::testing::Test {
protected:
  Ladders() : context(registry(), mlir::MLIRContext::Threading::DISABLED) {
    context.loadAllAvailableDialects();
  }

  static mlir::DialectRegistry registry() {
    mlir::DialectRegistry made;
    registerDialects(made);
    return made;
  }

  mlir::OwningOpRef<mlir::ModuleOp> circuit(const std::vector<Toffoli> &toffolis) {
    unsigned qubits = 0;
    for (const Toffoli &toffoli : toffolis)
      for (unsigned wire : toffoli)
        qubits = std::max(qubits, wire + 1);
    mlir::OpBuilder builder(&context);
    mlir::Location loc = builder.getUnknownLoc();
    mlir::OwningOpRef<mlir::ModuleOp> module = mlir::ModuleOp::create(builder, loc);
    builder.setInsertionPointToStart(module->getBody());
    auto made = qc::CircuitOp::create(builder, loc, "c", "c", 0, qubits);
    builder.setInsertionPointToStart(made.getBodyBlock());
    llvm::SmallVector<mlir::Value> wires(made.getQubits());
    for (const Toffoli &on : toffolis) {
      auto gate =
          qc::createGate(builder, loc, Gate::ccx, {}, {wires[on[0]], wires[on[1]], wires[on[2]]});
      for (unsigned i = 0; i < 3; ++i)
        wires[on[i]] = gate->getResult(i);
    }
    qc::ReturnOp::create(builder, loc, wires);
    return module;
  }

  void run(mlir::ModuleOp module, std::vector<std::unique_ptr<mlir::Pass>> passes) {
    mlir::PassManager manager(&context);
    for (auto &pass : passes)
      manager.addPass(std::move(pass));
    guardPasses(manager, {.checkEach = true});
    ASSERT_TRUE(mlir::succeeded(manager.run(module)));
  }

  static int64_t tGates(mlir::ModuleOp module) {
    return resources(*module.getOps<qc::CircuitOp>().begin()).tGates;
  }

  void expect(const std::vector<Toffoli> &toffolis, int64_t folded) {
    auto module = circuit(toffolis);
    std::vector<std::unique_ptr<mlir::Pass>> lowering, folding;
    lowering.push_back(createLowerToBasis());
    run(*module, std::move(lowering));
    EXPECT_EQ(tGates(*module), 7 * static_cast<int64_t>(toffolis.size()));
    folding.push_back(createCommute());
    folding.push_back(createFoldPhases());
    run(*module, std::move(folding));
    EXPECT_EQ(tGates(*module), folded);
  }

  mlir::MLIRContext context;
};

// n controls 0..n-1, clean ancillas, then the target: up, once, and down again.
std::vector<Toffoli> clean(unsigned controls) {
  std::vector<Toffoli> up;
  unsigned carry = 0;
  for (unsigned control = 1; control + 1 < controls; ++control) {
    unsigned ancilla = controls + control - 1;
    up.push_back({carry, control, ancilla});
    carry = ancilla;
  }
  std::vector<Toffoli> all(up);
  all.push_back({carry, controls - 1, 2 * controls - 2});
  all.insert(all.end(), up.rbegin(), up.rend());
  return all;
}

// Barenco et al., Phys. Rev. A 52, 3457 (1995), lemma 7.2: ancillas in any state.
std::vector<Toffoli> dirty(unsigned controls) {
  std::vector<Toffoli> down;
  unsigned target = 2 * controls - 2;
  for (unsigned control = controls - 1; control >= 2; --control) {
    unsigned ancilla = controls + control - 2;
    down.push_back({control, ancilla, target});
    target = ancilla;
  }
  std::vector<Toffoli> half(down);
  half.push_back({0, 1, target});
  half.insert(half.end(), down.rbegin(), down.rend());
  // Once more without the outermost pair puts the ancillas back.
  std::vector<Toffoli> all(half);
  all.insert(all.end(), half.begin() + 1, half.end() - 1);
  return all;
}

TEST_F(Ladders, Clean) {
  expect(clean(3), 15);
  expect(clean(4), 23);
  expect(clean(5), 31);
}

TEST_F(Ladders, Barenco) {
  expect(dirty(3), 16);
  expect(dirty(4), 28);
}

} // namespace
