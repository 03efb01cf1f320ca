// SPDX-License-Identifier: Apache-2.0
// launcher/program.h field by field.
#include "compiler/codegen/program_table.h"

#include "llvm/IR/Constants.h"
#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/IR/Module.h"

using namespace qdo::codegen;

namespace {

class TableWriter {
public:
  explicit TableWriter(llvm::Module &module)
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
  llvm::Constant *array(llvm::ArrayRef<llvm::Constant *> records) {
    if (records.empty())
      return llvm::ConstantPointerNull::get(pointer);
    return hidden(llvm::ConstantArray::get(
        llvm::ArrayType::get(records[0]->getType(), records.size()), records));
  }
  void publish(const char *name, llvm::Constant *value) {
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

} // namespace

void qdo::codegen::addProgramTable(llvm::Module &module, const ProgramTable &table) {
  TableWriter w(module);
  std::vector<llvm::Constant *> files, sites, parameters;
  for (const ProgramTable::File &file : table.files)
    files.push_back(w.record({w.text(file.name), w.text(file.text)}));
  for (const ProgramTable::Site &site : table.sites)
    sites.push_back(w.record({w.half(site.file), w.half(site.begin), w.half(site.end)}));
  for (const ProgramTable::Parameter &p : table.parameters)
    parameters.push_back(
        w.record({w.text(p.name), w.text(p.type), w.text(p.doc), w.text(p.value), w.word(p.open)}));
  auto count = [&](const auto &records) { return w.word(static_cast<int64_t>(records.size())); };
  w.publish("qdo_built_program", w.record({w.text(table.name), module.getFunction("qdo_main"),
                                           w.array(files), count(files), w.array(sites),
                                           count(sites), w.array(parameters), count(parameters)}));
}
