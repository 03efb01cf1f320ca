// SPDX-License-Identifier: Apache-2.0
// `qdo-to-llvm`: names, contexts, sites and declarations first, then one full conversion.
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
#include "mlir/IR/AttrTypeSubElements.h"
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

// `main` becomes the entry, everything else gets a name that no C library has: a circuit may be
// called `sin`, and the code generator calls the other one by its name.
static void nameFunctions(ModuleOp module) {
  llvm::DenseMap<StringRef, StringAttr> names;
  for (auto function : module.getOps<FunctionOpInterface>()) {
    StringRef old = function.getName();
    std::string name = old == "main" ? "qdo_main" : ("qdo." + old).str();
    names[old] = StringAttr::get(module.getContext(), name);
  }
  for (auto function : module.getOps<FunctionOpInterface>())
    SymbolTable::setSymbolName(function, names.lookup(function.getName()));
  AttrTypeReplacer replacer;
  replacer.addReplacement([&](FlatSymbolRefAttr reference) -> std::optional<Attribute> {
    auto name = names.find(reference.getValue());
    if (name == names.end())
      return std::nullopt;
    return FlatSymbolRefAttr::get(name->second);
  });
  replacer.recursivelyReplaceElementsIn(module);
}

namespace {

struct ToLlvmPass : qdo::ir::impl::ToLlvmBase<ToLlvmPass> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    numberSites(module);
    nameFunctions(module);
    if (failed(convertCircuits(module)))
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
