// SPDX-License-Identifier: Apache-2.0
// A writer of constant tables into LLVM IR.
#ifndef QDO_CODEGEN_CONSTANTS_H
#define QDO_CODEGEN_CONSTANTS_H

#include "llvm/IR/Constants.h"
#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/IR/Module.h"

namespace qdo::codegen {

class ConstantWriter {
public:
  explicit ConstantWriter(llvm::Module &module)
      : module(module), pointer(llvm::PointerType::getUnqual(module.getContext())),
        i32(llvm::Type::getInt32Ty(module.getContext())),
        i64(llvm::Type::getInt64Ty(module.getContext())) {}

  llvm::Constant *text(const std::string &value) {
    return hidden(llvm::ConstantDataArray::getString(module.getContext(), value));
  }
  llvm::Constant *word(int64_t value) { return llvm::ConstantInt::getSigned(i64, value); }
  llvm::Constant *half(int64_t value) {
    return llvm::ConstantInt::get(i32, static_cast<uint32_t>(value));
  }
  llvm::Constant *record(llvm::ArrayRef<llvm::Constant *> fields) {
    return llvm::ConstantStruct::getAnon(module.getContext(), fields);
  }
  /// The address of the records one after another; null for none.
  llvm::Constant *array(llvm::ArrayRef<llvm::Constant *> records) {
    if (records.empty())
      return llvm::ConstantPointerNull::get(pointer);
    return hidden(llvm::ConstantArray::get(
        llvm::ArrayType::get(records[0]->getType(), records.size()), records));
  }
  llvm::Constant *numbers(llvm::ArrayRef<double> values) {
    if (values.empty())
      return llvm::ConstantPointerNull::get(pointer);
    return hidden(llvm::ConstantDataArray::get(module.getContext(), values));
  }
  /// A constant that other object files see.
  void publish(const std::string &name, llvm::Constant *value) {
    new llvm::GlobalVariable(module, value->getType(), true, llvm::GlobalValue::ExternalLinkage,
                             value, name);
  }

private:
  llvm::Constant *hidden(llvm::Constant *value) {
    return new llvm::GlobalVariable(module, value->getType(), true,
                                    llvm::GlobalValue::PrivateLinkage, value);
  }
  llvm::Module &module;
  llvm::PointerType *pointer;
  llvm::Type *i32, *i64;
};

} // namespace qdo::codegen

#endif
