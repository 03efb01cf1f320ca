// SPDX-License-Identifier: Apache-2.0
// The table of runtime symbols, from entry_points.def.
// Why a table: the linker then keeps them in a static executable; only libc and libm are looked up
// in the process.
// looked up by chance.
#include "compiler/codegen/runtime_symbols.h"

#include "qdo/runtime/keeping.h"

std::span<const qdo::codegen::RuntimeSymbol> qdo::codegen::runtimeSymbols() {
  static const RuntimeSymbol table[] = {
      {"qdo_rt_angles", reinterpret_cast<void *>(&qdo_rt_angles)},
#define QDO_ENTRY(name, result, parameters)                                                        \
  {"qdo_rt_" #name, reinterpret_cast<void *>(&qdo_rt_##name)},
#include "qdo/runtime/entry_points.def"
#define QDO_ENTRY(name, result, parameters)                                                        \
  {"qdo_rt_" #name, reinterpret_cast<void *>(&qdo_rt_##name)},
#include "qdo/runtime/keeping.def"
  };
  return table;
}
