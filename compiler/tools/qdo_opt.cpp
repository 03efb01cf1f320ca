// SPDX-License-Identifier: Apache-2.0
// qdo-opt: runs passes on textual IR, for tests and for people who write passes.
// Why not MLIR's own main: the checks of passes must follow every pass here too.
#include "mlir/IR/DialectRegistry.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Support/FileUtilities.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "qdo/ir/pipeline.h"
#include "test_passes.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/ToolOutputFile.h"

using namespace mlir;

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  DialectRegistry registry;
  qdo::ir::registerDialects(registry);
  qdo::ir::registerPasses();
  qdo::tools::registerTestPasses();
  static llvm::cl::opt<bool> checkEach(
      "check-each",
      llvm::cl::desc("compare the unitary of every circuit before and after each pass"));
  auto [inputName, outputName] =
      registerAndParseCLIOptions(argc, argv, "the qdo optimiser", registry);

  std::string error;
  auto input = openInputFile(inputName, &error);
  auto output = input ? openOutputFile(outputName, &error) : nullptr;
  if (!output) {
    llvm::errs() << error << "\n";
    return 1;
  }
  MlirOptMainConfig given = MlirOptMainConfig::createFromCLOptions(), guarded = given;
  guarded.setPassPipelineSetupFn([&](PassManager &passes) -> LogicalResult {
    if (failed(given.setupPassPipeline(passes)))
      return failure();
    qdo::ir::guardPasses(passes, {.checkEach = checkEach});
    return success();
  });
  if (failed(MlirOptMain(output->os(), std::move(input), registry, guarded)))
    return 1;
  output->keep();
  return 0;
}
