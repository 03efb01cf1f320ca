// SPDX-License-Identifier: Apache-2.0
// Which dialects and passes exist.
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"
#include "qdo/ir/passes.h"
#include "qdo/ir/pipeline.h"
#include "qdo/ir/qdo.h"

using namespace mlir;

namespace {
#define GEN_PASS_REGISTRATION
using namespace qdo::ir;
#include "qdo/ir/passes.h.inc"
} // namespace

void qdo::ir::registerDialects(DialectRegistry &registry) {
  registry.insert<qc::QcDialect, data::QdoDialect, arith::ArithDialect, complex::ComplexDialect,
                  cf::ControlFlowDialect, func::FuncDialect, math::MathDialect, scf::SCFDialect,
                  LLVM::LLVMDialect>();
}

void qdo::ir::registerPasses() {
  registerQdoPasses();
  registerCanonicalizerPass();
  registerCSEPass();
  PassPipelineRegistration<>("optimise", "what the compiler does before conversion", buildOptimise);
  PassPipelineRegistration<>("to-basis", "optimises, then spells circuits in rz, sx, x and cx",
                             buildToBasis);
  PassPipelineRegistration<>("to-llvm", "everything to the LLVM dialect", buildToLlvm);
}
