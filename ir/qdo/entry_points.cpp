// SPDX-License-Identifier: Apache-2.0
// entry_points.def as a table: names and types are read from the very text that declares them.
#include "qdo/ir/entry_points.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/ErrorHandling.h"
#include <array>

using namespace qdo::ir;
using llvm::StringRef;

namespace {

struct Row {
  StringRef name, result, parameters;
};

constexpr Row rows[] = {
#define QDO_ENTRY(name, result, parameters) {#name, #result, #parameters},
#include "qdo/runtime/entry_points.def"
#define QDO_ENTRY(name, result, parameters) {#name, #result, #parameters},
#include "qdo/runtime/keeping.def"
};

// In the order of AbiType.
constexpr std::array<StringRef, 28> typeNames{
    "void",           "bool",          "int64_t",      "double",         "qdo_text",
    "qdo_data",       "qdo_wires",     "qdo_fn",       "qdo_env",        "qdo_object",
    "qdo_string",     "qdo_array",     "qdo_list",     "qdo_amplitudes", "qdo_prep",
    "qdo_observable", "qdo_policy",    "qdo_estimate", "qdo_counts",     "qdo_dataset",
    "qdo_row",        "qdo_kernel",    "qdo_model",    "qdo_selection",  "qdo_noise",
    "qdo_device",     "qdo_optimizer", "qdo_fit"};

AbiType typeNamed(StringRef name) {
  const auto *found = llvm::find(typeNames, name);
  if (found == typeNames.end())
    llvm::report_fatal_error("entry_points.def has a type the compiler does not know: " +
                             llvm::Twine(name));
  return static_cast<AbiType>(found - typeNames.begin());
}

EntryPoint read(const Row &row) {
  EntryPoint entry{row.name, typeNamed(row.result), {}, false};
  llvm::SmallVector<StringRef> parts;
  row.parameters.drop_front().drop_back().split(parts, ',', -1, /*KeepEmpty=*/false);
  for (StringRef part : parts) {
    if (part.trim() == "qdo_site")
      entry.fallible = true;
    else
      entry.parameters.push_back(typeNamed(part.trim()));
  }
  return entry;
}

} // namespace

const EntryPoint *qdo::ir::entryPointNamed(StringRef name) {
  static const llvm::StringMap<EntryPoint> table = [] {
    llvm::StringMap<EntryPoint> map;
    for (const Row &row : rows)
      map.try_emplace(row.name, read(row));
    return map;
  }();
  auto found = table.find(name);
  return found == table.end() ? nullptr : &found->second;
}

StringRef qdo::ir::abiTypeName(AbiType type) { return typeNames[static_cast<size_t>(type)]; }
