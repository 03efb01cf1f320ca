// SPDX-License-Identifier: Apache-2.0
// ORC LLJIT with the runtime's entry points as absolute symbols.
#include "compiler/codegen/jit.h"

#include "compiler/codegen/llvm_module.h"
#include "compiler/codegen/runtime_symbols.h"

#include "llvm/Config/llvm-config.h"
#include "llvm/ExecutionEngine/ObjectCache.h"
#include "llvm/ExecutionEngine/Orc/AbsoluteSymbols.h"
#include "llvm/ExecutionEngine/Orc/CompileUtils.h"
#include "llvm/ExecutionEngine/Orc/JITTargetMachineBuilder.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Target/TargetMachine.h"

using namespace qdo::codegen;
using llvm::orc::LLJIT;

struct Compiled::Engine {
  std::unique_ptr<LLJIT> jit;
};

Compiled::Compiled(std::unique_ptr<Engine> engine, void (*entry)(qdo_ctx *))
    : engine(std::move(engine)), entry(entry) {}
Compiled::~Compiled() = default;

static llvm::Error defineRuntime(LLJIT &jit) {
  llvm::orc::SymbolMap symbols;
  for (const RuntimeSymbol &symbol : runtimeSymbols())
    symbols[jit.mangleAndIntern(symbol.name)] = {llvm::orc::ExecutorAddr::fromPtr(symbol.address),
                                                 llvm::JITSymbolFlags::Exported};
  return jit.getMainJITDylib().define(llvm::orc::absoluteSymbols(std::move(symbols)));
}

namespace {

/// Keeps a copy of what was compiled.
class Copy final : public llvm::ObjectCache {
public:
  explicit Copy(std::string &object) : object(object) {}
  void notifyObjectCompiled(const llvm::Module *, llvm::MemoryBufferRef made) override {
    object = made.getBuffer();
  }
  std::unique_ptr<llvm::MemoryBuffer> getObject(const llvm::Module *) override { return nullptr; }

private:
  std::string &object;
};

llvm::orc::LLJITBuilder builder(const llvm::Triple &triple, const llvm::DataLayout &layout) {
  llvm::orc::LLJITBuilder builder;
  builder.setJITTargetMachineBuilder(llvm::orc::JITTargetMachineBuilder(triple))
      .setDataLayout(layout)
      // Generated code has no constructors, destructors or exceptions of its own.
      .setPlatformSetUp(llvm::orc::setUpInactivePlatform);
  return builder;
}

/// The program of an engine that has been given its code.
llvm::Expected<std::unique_ptr<Compiled>> program(std::unique_ptr<LLJIT> jit) {
  if (auto error = defineRuntime(*jit))
    return std::move(error);
  auto entry = jit->lookup("qdo_main");
  if (!entry)
    return entry.takeError();
  auto engine = std::make_unique<Compiled::Engine>(Compiled::Engine{std::move(jit)});
  return std::make_unique<Compiled>(std::move(engine), entry->toPtr<void (*)(qdo_ctx *)>());
}

Compilation finished(llvm::Expected<std::unique_ptr<Compiled>> program) {
  if (!program)
    return llvm::toString(program.takeError());
  return std::move(*program);
}

llvm::Expected<std::unique_ptr<Compiled>> link(std::unique_ptr<llvm::Module> module,
                                               std::unique_ptr<llvm::LLVMContext> context,
                                               std::unique_ptr<llvm::TargetMachine> machine,
                                               llvm::ObjectCache *copy) {
  auto jit = builder(machine->getTargetTriple(), module->getDataLayout())
                 // One machine for both: the one the module was translated for also compiles it.
                 .setCompileFunctionCreator(
                     [&](llvm::orc::JITTargetMachineBuilder)
                         -> llvm::Expected<std::unique_ptr<llvm::orc::IRCompileLayer::IRCompiler>> {
                       return std::make_unique<llvm::orc::TMOwningSimpleCompiler>(
                           std::move(machine), copy);
                     })
                 .create();
  if (!jit)
    return jit.takeError();
  if (auto error = (*jit)->addIRModule({std::move(module), std::move(context)}))
    return std::move(error);
  return program(std::move(*jit));
}

} // namespace

Compilation qdo::codegen::compile(mlir::ModuleOp module, std::string *object) {
  std::string error;
  auto machine = hostMachine(error);
  if (!machine)
    return error;
  auto context = std::make_unique<llvm::LLVMContext>();
  auto translated = translate(module, *context, *machine);
  if (!translated)
    return std::string("the program cannot be translated to LLVM IR");
  std::string unused;
  Copy copy(object ? *object : unused);
  return finished(link(std::move(translated), std::move(context), std::move(machine),
                       object ? &copy : nullptr));
}

Compilation qdo::codegen::load(std::string_view object) {
  std::string error;
  auto machine = hostMachine(error);
  if (!machine)
    return error;
  auto jit = builder(machine->getTargetTriple(), machine->createDataLayout()).create();
  if (!jit)
    return llvm::toString(jit.takeError());
  // A copy: the engine keeps the bytes as long as it lives.
  if (auto failed = (*jit)->addObjectFile(
          llvm::MemoryBuffer::getMemBufferCopy({object.data(), object.size()}, "qdo")))
    return llvm::toString(std::move(failed));
  return finished(program(std::move(*jit)));
}

std::string qdo::codegen::hostName() {
  std::string error;
  auto machine = hostMachine(error);
  if (!machine)
    return error;
  return machine->getTargetTriple().str() + ' ' + machine->getTargetCPU().str() + ' ' +
         machine->getTargetFeatureString().str() + " LLVM " LLVM_VERSION_STRING;
}

std::string qdo::codegen::llvmText(mlir::ModuleOp module) {
  std::string error;
  auto machine = hostMachine(error);
  llvm::LLVMContext context;
  auto translated = machine ? translate(module, context, *machine) : nullptr;
  std::string text;
  if (translated) {
    llvm::raw_string_ostream stream(text);
    translated->print(stream, nullptr);
  }
  return text;
}
