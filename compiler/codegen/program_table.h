// SPDX-License-Identifier: Apache-2.0
// What a built program carries beside its code: its text, its sites, its parameters.
#ifndef QDO_CODEGEN_PROGRAM_TABLE_H
#define QDO_CODEGEN_PROGRAM_TABLE_H

#include <cstdint>
#include <string>
#include <vector>

namespace llvm {
class Module;
} // namespace llvm

namespace qdo::codegen {

/// The contents of launcher/program.h.
struct ProgramTable {
  struct File {
    std::string name, text;
  };
  struct Site {
    int32_t file = -1;
    uint32_t begin = 0, end = 0;
  };
  struct Parameter {
    std::string name, type, doc, value;
    bool open = false;
  };
  std::string name;
  std::vector<File> files;
  std::vector<Site> sites;
  std::vector<Parameter> parameters;
};

/// Adds the constant `qdo_built_program`; the module has the function `qdo_main`.
void addProgramTable(llvm::Module &module, const ProgramTable &table);

} // namespace qdo::codegen

#endif
