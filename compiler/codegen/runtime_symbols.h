// SPDX-License-Identifier: Apache-2.0
// Addresses of everything that generated code may call in the runtime.
#ifndef QDO_CODEGEN_RUNTIME_SYMBOLS_H
#define QDO_CODEGEN_RUNTIME_SYMBOLS_H

#include <span>

namespace qdo::codegen {

struct RuntimeSymbol {
  const char *name;
  void *address;
};

std::span<const RuntimeSymbol> runtimeSymbols();

} // namespace qdo::codegen

#endif
