// SPDX-License-Identifier: Apache-2.0
// Translation to LLVM IR for the host.
// Why no IR passes: the work is in the runtime; a program's own code runs once and compiles in
// milliseconds as it is.
#include "compiler/codegen/llvm_module.h"

#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/ExecutionEngine/Orc/JITTargetMachineBuilder.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"

static std::unique_ptr<llvm::TargetMachine> machineOf(bool portable, std::string &error) {
  static const bool ready = [] {
    return !llvm::InitializeNativeTarget() && !llvm::InitializeNativeTargetAsmPrinter();
  }();
  auto builder = ready ? llvm::orc::JITTargetMachineBuilder::detectHost()
                       : llvm::createStringError("this machine's code generator is missing");
  if (!builder) {
    error = llvm::toString(builder.takeError());
    return nullptr;
  }
  if (portable) {
    builder->setCPU("");
    builder->getFeatures() = llvm::SubtargetFeatures();
  }
  builder->setCodeGenOptLevel(llvm::CodeGenOptLevel::None);
  // The JIT's default, large, keeps the fast instruction selector from working: twice the time.
  builder->setCodeModel(llvm::CodeModel::Small);
  builder->setRelocationModel(llvm::Reloc::PIC_);
  auto machine = builder->createTargetMachine();
  if (!machine) {
    error = llvm::toString(machine.takeError());
    return nullptr;
  }
  return std::move(*machine);
}

std::unique_ptr<llvm::TargetMachine> qdo::codegen::hostMachine(std::string &error) {
  return machineOf(false, error);
}

std::unique_ptr<llvm::TargetMachine> qdo::codegen::portableMachine(std::string &error) {
  return machineOf(true, error);
}

std::unique_ptr<llvm::Module> qdo::codegen::translate(mlir::ModuleOp module,
                                                      llvm::LLVMContext &context,
                                                      llvm::TargetMachine &machine) {
  mlir::MLIRContext *from = module.getContext();
  mlir::DialectRegistry registry;
  mlir::registerBuiltinDialectTranslation(registry);
  mlir::registerLLVMDialectTranslation(registry);
  from->appendDialectRegistry(registry);
  auto translated = mlir::translateModuleToLLVMIR(module, context, "qdo");
  if (!translated)
    return nullptr;
  translated->setTargetTriple(machine.getTargetTriple());
  translated->setDataLayout(machine.createDataLayout());
  return translated;
}
