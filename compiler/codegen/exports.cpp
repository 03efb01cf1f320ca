// SPDX-License-Identifier: Apache-2.0
// qdo_encoding of circuit.h field by field, and C functions around those of the program.
#include "compiler/codegen/exports.h"

#include "compiler/codegen/constants.h"

#include "llvm/IR/IRBuilder.h"

using namespace qdo::codegen;

namespace {

using Slot = ExportedFunction::Slot;

class Wrapper {
public:
  explicit Wrapper(llvm::Module &module) : module(module), b(module.getContext()) {}

  void add(const ExportedFunction &f) {
    std::vector<llvm::Type *> types = {b.getPtrTy()};
    if (!f.shots.empty())
      types.push_back(b.getInt64Ty());
    for (const Slot &slot : f.parameters)
      types.push_back(slot.kind == Slot::Kind::Array ? b.getPtrTy() : valueType(slot));
    if (f.result)
      types.push_back(b.getPtrTy());
    auto *wrapper = llvm::Function::Create(llvm::FunctionType::get(b.getInt1Ty(), types, false),
                                           llvm::GlobalValue::ExternalLinkage, f.name, module);
    // As C hands a bool over.
    wrapper->addRetAttr(llvm::Attribute::ZExt);
    for (llvm::Argument &argument : wrapper->args())
      if (argument.getType()->isIntegerTy(1))
        argument.addAttr(llvm::Attribute::ZExt);
    wrapper->setDoesNotThrow();
    const auto block = [&](const char *name) {
      return llvm::BasicBlock::Create(module.getContext(), name, wrapper);
    };
    auto *entry = block("entry"), *start = block("start"), *failed = block("failed");
    ctx = wrapper->getArg(0);
    b.SetInsertPoint(entry);
    branchOnStatus(start, failed); // a run that has failed does nothing more
    b.SetInsertPoint(failed);
    b.CreateRet(b.getFalse());
    b.SetInsertPoint(start);
    std::vector<llvm::Value *> arguments = {ctx};
    unsigned next = f.shots.empty() ? 1 : 2;
    for (const Slot &slot : f.parameters)
      arguments.push_back(slot.kind == Slot::Kind::Array ? arrayOf(wrapper->getArg(next++), slot)
                                                         : wrapper->getArg(next++));
    llvm::Value *out = f.result ? wrapper->getArg(next) : nullptr;
    if (!f.shots.empty()) {
      auto *exact = block("exact"), *sampled = block("sampled");
      llvm::Value *shots = wrapper->getArg(1);
      b.CreateCondBr(b.CreateICmpEQ(shots, b.getInt64(0)), exact, sampled);
      b.SetInsertPoint(sampled);
      std::vector<llvm::Value *> withShots = arguments;
      withShots.insert(withShots.begin() + 1, shots);
      callAndStore(f, f.shots, withShots, out, failed, block("stored"));
      b.SetInsertPoint(exact);
    }
    callAndStore(f, f.exact, arguments, out, failed, block("done"));
  }

private:
  llvm::Type *valueType(const Slot &slot) {
    return slot.kind == Slot::Kind::Int    ? b.getInt64Ty()
           : slot.kind == Slot::Kind::Real ? b.getDoubleTy()
                                           : static_cast<llvm::Type *>(b.getInt1Ty());
  }
  /// The status is the context's first field.
  void branchOnStatus(llvm::BasicBlock *well, llvm::BasicBlock *failed) {
    llvm::Value *status = b.CreateLoad(b.getInt32Ty(), ctx);
    b.CreateCondBr(b.CreateICmpEQ(status, b.getInt32(0)), well, failed);
  }
  llvm::Value *arrayOf(llvm::Value *numbers, const Slot &slot) {
    auto *type = llvm::FunctionType::get(
        b.getPtrTy(), {b.getPtrTy(), b.getPtrTy(), b.getInt64Ty(), b.getInt64Ty()}, false);
    return b.CreateCall(module.getOrInsertFunction("qdo_rt_array_from", type),
                        {ctx, numbers, b.getInt64(slot.rows), b.getInt64(slot.columns)});
  }
  void callAndStore(const ExportedFunction &f, const std::string &callee,
                    const std::vector<llvm::Value *> &arguments, llvm::Value *out,
                    llvm::BasicBlock *failed, llvm::BasicBlock *well) {
    llvm::Function *function = module.getFunction("qdo." + callee);
    llvm::CallInst *value = b.CreateCall(function, arguments);
    value->setAttributes(llvm::AttributeList::get(module.getContext(), llvm::AttributeSet(),
                                                  function->getAttributes().getRetAttrs(),
                                                  parameterAttributes(*function)));
    branchOnStatus(well, failed);
    b.SetInsertPoint(well);
    if (!f.result) {
      b.CreateRet(b.getTrue());
      return;
    }
    if (f.result->kind == Slot::Kind::Array) {
      const int64_t count = f.result->rows * std::max<int64_t>(f.result->columns, 1);
      auto *type = llvm::FunctionType::get(
          b.getInt1Ty(), {b.getPtrTy(), b.getPtrTy(), b.getPtrTy(), b.getInt64Ty()}, false);
      llvm::CallInst *copied = b.CreateCall(module.getOrInsertFunction("qdo_rt_array_into", type),
                                            {ctx, value, out, b.getInt64(count)});
      copied->addRetAttr(llvm::Attribute::ZExt);
      b.CreateRet(copied);
      return;
    }
    b.CreateStore(f.result->kind == Slot::Kind::Bool ? b.CreateZExt(value, b.getInt8Ty()) : value,
                  out);
    b.CreateRet(b.getTrue());
  }
  static std::vector<llvm::AttributeSet> parameterAttributes(const llvm::Function &function) {
    std::vector<llvm::AttributeSet> sets;
    for (unsigned i = 0; i < function.arg_size(); ++i)
      sets.push_back(function.getAttributes().getParamAttrs(i));
    return sets;
  }

  llvm::Module &module;
  llvm::IRBuilder<> b;
  llvm::Value *ctx = nullptr;
};

} // namespace

void qdo::codegen::addExports(llvm::Module &module, const Exports &exports) {
  ConstantWriter w(module);
  for (const ExportedEncoding &e : exports.encodings)
    w.publish(e.name, w.record({module.getNamedGlobal("qdo." + e.circuit), w.numbers(e.data),
                                w.word(static_cast<int64_t>(e.data.size())), w.word(e.hole),
                                w.word(e.holeSize)}));
  Wrapper wrapper(module);
  for (const ExportedFunction &f : exports.functions)
    wrapper.add(f);
}
