// SPDX-License-Identifier: Apache-2.0
// Counts of circuits that are known by hand.
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "qdo/ir/pipeline.h"
#include "qdo/ir/qdo.h"
#include "qdo/ir/resources.h"
#include "gtest/gtest.h"

using namespace qdo::ir;

namespace {

Resources resourcesOf(const std::string &body) {
  mlir::DialectRegistry registry;
  registerDialects(registry);
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  auto module = mlir::parseSourceString<mlir::ModuleOp>(
      "qc.circuit @c(%x: f64, %a: !qc.q, %b: !qc.q, %c: !qc.q) -> (!qc.q, !qc.q, !qc.q)"
      " attributes {display = \"c\"} {\n" +
          body + "\n}",
      &context);
  if (!module)
    throw std::runtime_error("the circuit does not parse:\n" + body);
  return resources(*module->getOps<qc::CircuitOp>().begin());
}

TEST(Resources, OfNothing) {
  Resources none = resourcesOf("qc.return %a, %b, %c");
  EXPECT_EQ(none.qubits, 3);
  EXPECT_EQ(none.gates, 0);
  EXPECT_EQ(none.depth, 0);
}

TEST(Resources, DepthIsTheLongestWay) {
  Resources chain = resourcesOf(R"(%1 = qc.h %a
    %2, %3 = qc.cx %1, %b
    %4, %5 = qc.cx %3, %c
    %6 = qc.h %2
    qc.return %6, %4, %5)");
  EXPECT_EQ(chain.gates, 4);
  EXPECT_EQ(chain.depth, 3);
  EXPECT_EQ(chain.twoQubit, 2);
  EXPECT_EQ(chain.tGates, 0);
  EXPECT_EQ(chain.rotations, 0);
}

TEST(Resources, TGatesUnderAnyName) {
  Resources found = resourcesOf(R"(%quarter = arith.constant 0.78539816339744828 : f64
    %half = arith.constant 1.5707963267948966 : f64
    %odd = arith.constant 2.3561944901923448 : f64
    %1 = qc.t %a
    %2 = qc.tdg %1
    %3 = qc.rz(%quarter) %2
    %4 = qc.rx(%odd) %3
    %5 = qc.p(%half) %4
    %6, %7 = qc.rzz(%quarter) %5, %b
    %8, %9, %10 = qc.ccx %6, %7, %c
    %11, %12 = qc.cp(%half) %8, %9
    qc.return %11, %12, %10)");
  EXPECT_EQ(found.tGates, 4 + 0 + 1 + 7 + 3);
  EXPECT_EQ(found.rotations, 0);
  EXPECT_EQ(found.twoQubit, 2);
  EXPECT_EQ(found.larger, 1);
}

TEST(Resources, RotationsThatAreNotExact) {
  Resources found = resourcesOf(R"(%third = arith.constant 0.33 : f64
    %1 = qc.rz(%x) %a
    %2 = qc.ry(%third) %1
    %3:2 = qc.ctrl(%2) targets(%i = %b) {
      %4 = qc.t %i
      qc.yield %4 : !qc.q
    }
    qc.return %3#0, %3#1, %c)");
  EXPECT_EQ(found.rotations, 3);
  EXPECT_EQ(found.tGates, 0);
}

} // namespace
