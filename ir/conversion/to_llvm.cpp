// SPDX-License-Identifier: Apache-2.0
// `qdo-to-llvm`: contexts, sites and declarations first, then one full conversion.
#include "to_llvm.h"
#include "mlir/Conversion/ArithToLLVM/ArithToLLVM.h"
#include "mlir/Conversion/ComplexToLLVM/ComplexToLLVM.h"
#include "mlir/Conversion/ControlFlowToLLVM/ControlFlowToLLVM.h"
#include "mlir/Conversion/FuncToLLVM/ConvertFuncToLLVM.h"
#include "mlir/Conversion/LLVMCommon/ConversionTarget.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Conversion/MathToLLVM/MathToLLVM.h"
#include "mlir/Conversion/UBToLLVM/UBToLLVM.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "qdo/ir/passes.h"
#include "qdo/ir/qdo.h"

using namespace mlir;
using namespace qdo::ir;

namespace qdo::ir {
#define GEN_PASS_DEF_TOLLVM
#include "qdo/ir/passes.h.inc"
} // namespace qdo::ir

// The context is the first argument of every function and of every call of one.
static void giveContext(ModuleOp module) {
  auto pointer = LLVM::LLVMPointerType::get(module.getContext());
  Builder builder(module.getContext());
  auto zext = [&](ArrayRef<Type> types, auto set) {
    for (auto [index, type] : llvm::enumerate(types))
      if (type.isInteger(1))
        set(index, LLVM::LLVMDialect::getZExtAttrName(), builder.getUnitAttr());
  };
  for (auto function : module.getOps<func::FuncOp>()) {
    (void)function.insertArgument(0, pointer, {}, function.getLoc());
    // The runtime calls some of them: a bool must be widened as C does it.
    zext(function.getArgumentTypes(), [&](auto... a) { function.setArgAttr(a...); });
    if (function.getNumResults() == 1)
      zext(function.getResultTypes(), [&](auto... a) { function.setResultAttr(a...); });
  }
  module.walk([](func::CallOp call) {
    auto function = call->getParentOfType<func::FuncOp>();
    call->insertOperands(0, ValueRange(function.getArgument(0)));
  });
}

static LogicalResult nameEntry(ModuleOp module) {
  Operation *entry = module.lookupSymbol("main");
  if (!entry)
    return success();
  auto name = StringAttr::get(module.getContext(), "qdo_main");
  if (failed(SymbolTable::replaceAllSymbolUses(entry, name, module)))
    return failure();
  SymbolTable::setSymbolName(entry, name);
  return success();
}

namespace {

struct ToLlvmPass : qdo::ir::impl::ToLlvmBase<ToLlvmPass> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    numberSites(module);
    if (failed(nameEntry(module)) || failed(convertCircuits(module)))
      return signalPassFailure();
    declareEntryPoints(module);
    giveContext(module);

    MLIRContext *context = &getContext();
    LLVMTypeConverter converter(context);
    converter.addConversion([context](Type type) -> std::optional<Type> {
      if (!isa<data::QdoDialect>(type.getDialect()))
        return std::nullopt;
      return LLVM::LLVMPointerType::get(context);
    });
    RewritePatternSet patterns(context);
    arith::populateArithToLLVMConversionPatterns(converter, patterns);
    populateMathToLLVMConversionPatterns(converter, patterns);
    populateComplexToLLVMConversionPatterns(converter, patterns);
    cf::populateControlFlowToLLVMConversionPatterns(converter, patterns);
    populateFuncToLLVMConversionPatterns(converter, patterns);
    ub::populateUBToLLVMConversionPatterns(converter, patterns);
    populateRuntimePatterns(converter, patterns);
    LLVMConversionTarget target(*context);
    target.addLegalOp<ModuleOp>();
    if (failed(applyFullConversion(module, target, std::move(patterns))))
      return signalPassFailure();
    for (auto function : module.getOps<LLVM::LLVMFuncOp>()) {
      if (function.isExternal())
        continue;
      function.setNoUnwind(true);
      if (function.getName() != "qdo_main")
        function.setLinkage(LLVM::Linkage::Internal);
    }
  }
};

} // namespace
