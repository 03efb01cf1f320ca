// SPDX-License-Identifier: Apache-2.0
// What a compiled library offers by name.
#ifndef QDO_CODEGEN_EXPORTS_H
#define QDO_CODEGEN_EXPORTS_H

#include <cstdint>
#include <optional>
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

/// A function of the module that gets a C interface: numbers and arrays in, the result through a
/// pointer, false after a failure.
struct ExportedFunction {
  struct Slot {
    enum class Kind : uint8_t { Int, Real, Bool, Array } kind = Kind::Real;
    int64_t rows = 0, columns = 0; ///< of an array; 0 columns: one dimension
  };
  std::string name;         ///< the C symbol
  std::string exact, shots; ///< functions of the LLVM dialect; without the second it takes no shots
  std::vector<Slot> parameters;
  std::optional<Slot> result;
};

struct Exports {
  std::vector<ExportedEncoding> encodings;
  std::vector<ExportedFunction> functions;
};

void addExports(llvm::Module &module, const Exports &exports);

} // namespace qdo::codegen

#endif
