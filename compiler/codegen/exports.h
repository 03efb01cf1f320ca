// SPDX-License-Identifier: Apache-2.0
// What a compiled library offers by name.
#ifndef QDO_CODEGEN_EXPORTS_H
#define QDO_CODEGEN_EXPORTS_H

#include <cstdint>
#include <string>
#include <vector>

namespace llvm {
class Module;
} // namespace llvm

namespace qdo::codegen {

/// A constant qdo_encoding of circuit.h.
struct ExportedEncoding {
  std::string name;    ///< the C symbol
  std::string circuit; ///< symbol of its qc.circuit
  std::vector<double> data;
  int64_t hole = 0, holeSize = 0;
};

void addExports(llvm::Module &module, const std::vector<ExportedEncoding> &exports);

} // namespace qdo::codegen

#endif
