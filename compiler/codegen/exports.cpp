// SPDX-License-Identifier: Apache-2.0
// qdo_encoding of circuit.h field by field.
#include "compiler/codegen/exports.h"

#include "compiler/codegen/constants.h"

using namespace qdo::codegen;

void qdo::codegen::addExports(llvm::Module &module, const std::vector<ExportedEncoding> &exports) {
  ConstantWriter w(module);
  for (const ExportedEncoding &e : exports)
    w.publish(e.name, w.record({module.getNamedGlobal("qdo." + e.circuit), w.numbers(e.data),
                                w.word(static_cast<int64_t>(e.data.size())), w.word(e.hole),
                                w.word(e.holeSize)}));
}
