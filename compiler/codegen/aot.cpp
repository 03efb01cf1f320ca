// SPDX-License-Identifier: Apache-2.0
// Code generation ahead of time.
#include "compiler/codegen/aot.h"

#include "compiler/codegen/llvm_module.h"

#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/SmallVectorMemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Target/TargetMachine.h"

std::optional<std::string> qdo::codegen::generate(mlir::ModuleOp module, const ProgramTable &table,
                                                  const Exports &exports, CodeKind kind,
                                                  std::string &error) {
  auto machine = portableMachine(error);
  if (!machine)
    return std::nullopt;
  llvm::LLVMContext context;
  auto translated = translate(module, context, *machine);
  if (!translated) {
    error = "the program cannot be translated to LLVM IR";
    return std::nullopt;
  }
  addProgramTable(*translated, table);
  addExports(*translated, exports);
  if (kind == CodeKind::LlvmText) {
    std::string text;
    llvm::raw_string_ostream stream(text);
    translated->print(stream, nullptr);
    return text;
  }
  llvm::SmallString<0> bytes;
  llvm::raw_svector_ostream stream(bytes);
  llvm::legacy::PassManager passes;
  const auto type = kind == CodeKind::Object ? llvm::CodeGenFileType::ObjectFile
                                             : llvm::CodeGenFileType::AssemblyFile;
  if (machine->addPassesToEmitFile(passes, stream, nullptr, type)) {
    error = "this machine's code generator writes no files";
    return std::nullopt;
  }
  passes.run(*translated);
  return std::string(bytes);
}
