// SPDX-License-Identifier: Apache-2.0
// A pass that breaks the law of qubits is found, named, and the last to run.
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassManager.h"
#include "qdo/ir/pass_guard.h"
#include "qdo/ir/pipeline.h"
#include "qdo/ir/qdo.h"
#include "gtest/gtest.h"

using namespace qdo::ir;

namespace {

// What CSE would do if sources of qubits were pure.
struct MergeSources : mlir::PassWrapper<MergeSources, mlir::OperationPass<mlir::func::FuncOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(MergeSources)
  mlir::StringRef getArgument() const override { return "merge-sources"; }
  void runOnOperation() override {
    llvm::SmallVector<qc::AllocOp> sources(getOperation().getOps<qc::AllocOp>());
    for (qc::AllocOp source : llvm::drop_begin(sources)) {
      source->replaceAllUsesWith(sources.front());
      source->erase();
    }
  }
};

struct Count : mlir::PassWrapper<Count, mlir::OperationPass<mlir::ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(Count)
  Count(int &runs) : runs(runs) {}
  void runOnOperation() override { ++runs; }
  int &runs;
};

class Guard : public ::testing::Test {
protected:
  Guard() {
    mlir::DialectRegistry registry;
    registerDialects(registry);
    context.appendDialectRegistry(registry);
    context.getDiagEngine().registerHandler([&](mlir::Diagnostic &diagnostic) {
      errors += diagnostic.str() + "\n";
      return mlir::success();
    });
  }

  bool run(const char *body) {
    std::string text = "func.func @f() {\n" + std::string(body) + "\nreturn\n}";
    auto module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
    EXPECT_TRUE(module);
    mlir::PassManager passes(&context);
    passes.addPass(std::make_unique<Count>(before));
    passes.addNestedPass<mlir::func::FuncOp>(std::make_unique<MergeSources>());
    passes.addPass(std::make_unique<Count>(after));
    guardPasses(passes);
    return mlir::succeeded(passes.run(*module));
  }

  mlir::MLIRContext context;
  std::string errors;
  int before = 0, after = 0;
};

TEST_F(Guard, NamesThePassAndStops) {
  EXPECT_FALSE(run("%0 = qc.alloc\n%1 = qc.alloc\nqc.discard %0\nqc.discard %1"));
  EXPECT_EQ(errors, "a qubit is used more than once\n"
                    "the pass `merge-sources` broke the law that a qubit has exactly one use\n");
  EXPECT_EQ(before, 1);
  EXPECT_EQ(after, 0);
}

TEST_F(Guard, BlamesNoPassForTheInput) {
  EXPECT_FALSE(run("%0 = qc.alloc"));
  EXPECT_EQ(errors, "a qubit is dropped: it must go into a gate, a measurement or a discard\n");
  EXPECT_EQ(after, 0);
}

TEST_F(Guard, LetsLawfulPassesRun) {
  EXPECT_TRUE(run("%0 = qc.alloc\nqc.discard %0"));
  EXPECT_EQ(errors, "");
  EXPECT_EQ(after, 1);
}

} // namespace
