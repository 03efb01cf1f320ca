// SPDX-License-Identifier: Apache-2.0
// Every row of gates.def, inverted or not, under up to three controls, reaches the basis with its
// unitary.
#include "mlir/IR/MLIRContext.h"
#include "mlir/Pass/PassManager.h"
#include "qdo/ir/pass_guard.h"
#include "qdo/ir/passes.h"
#include "qdo/ir/pipeline.h"
#include "qdo/ir/qdo.h"
#include "gtest/gtest.h"

using namespace qdo::ir;

namespace {

using Values = llvm::SmallVector<mlir::Value>;

// qc.ctrl(...) { qc.inv { gate } }, each where it is asked for.
Values place(mlir::OpBuilder &builder, Gate gate, mlir::ValueRange angles, unsigned controls,
             bool inverse, llvm::ArrayRef<mlir::Value> wires) {
  mlir::Location loc = builder.getUnknownLoc();
  if (controls == 0 && !inverse)
    return Values(qc::createGate(builder, loc, gate, angles, wires)->getResults());
  mlir::OpBuilder::InsertionGuard guard(builder);
  mlir::Operation *modifier = nullptr;
  if (controls != 0)
    modifier =
        qc::CtrlOp::create(builder, loc, wires.take_front(controls), wires.drop_front(controls));
  else
    modifier = qc::InvOp::create(builder, loc, wires);
  mlir::Block &body = modifier->getRegion(0).front();
  builder.setInsertionPointToStart(&body);
  Values inner(body.getArguments());
  Values out = place(builder, gate, angles, 0, controls != 0 && inverse, inner);
  qc::YieldOp::create(builder, loc, out);
  return Values(modifier->getResults());
}

TEST(Basis, EveryGate) {
  mlir::DialectRegistry registry;
  registerDialects(registry);
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  context.loadAllAvailableDialects();
  for (auto [index, info] : llvm::enumerate(allGates()))
    for (unsigned controls = 0; controls <= 3; ++controls)
      for (bool inverse : {false, true}) {
        mlir::OpBuilder builder(&context);
        mlir::Location loc = builder.getUnknownLoc();
        mlir::OwningOpRef<mlir::ModuleOp> module = mlir::ModuleOp::create(builder, loc);
        builder.setInsertionPointToStart(module->getBody());
        auto circuit = qc::CircuitOp::create(builder, loc, "c", "c", info.parameters,
                                             info.qubits() + controls);
        builder.setInsertionPointToStart(circuit.getBodyBlock());
        Values out = place(builder, static_cast<Gate>(index), circuit.getData(), controls, inverse,
                           Values(circuit.getQubits()));
        qc::ReturnOp::create(builder, loc, out);
        mlir::PassManager passes(&context);
        buildToBasis(passes);
        guardPasses(passes, {.checkEach = true});
        ASSERT_TRUE(mlir::succeeded(passes.run(*module)))
            << info.name.str() << " under " << controls << (inverse ? ", inverted" : "");
        module->walk([&](qc::UnitaryOpInterface gate) {
          Gate found = gate.getGate();
          EXPECT_TRUE(found == Gate::rz || found == Gate::sx || found == Gate::x ||
                      found == Gate::cx)
              << gateInfo(found).name.str() << " in place of " << info.name.str();
        });
        module->walk([](mlir::Operation *op) { EXPECT_FALSE(qc::isModifier(op)); });
      }
}

} // namespace
