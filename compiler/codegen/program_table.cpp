// SPDX-License-Identifier: Apache-2.0
// launcher/program.h field by field.
#include "compiler/codegen/program_table.h"

#include "compiler/codegen/constants.h"

using namespace qdo::codegen;

void qdo::codegen::addProgramTable(llvm::Module &module, const ProgramTable &table) {
  ConstantWriter w(module);
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
