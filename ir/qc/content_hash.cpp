// SPDX-License-Identifier: Apache-2.0
// The identity of what a circuit or function does, for registries and caches that outlive a run.
// Why: printed text is stable across processes, unlike pointers or MLIR's own hashes.
#include "mlir/IR/OwningOpRef.h"
#include "qdo/ir/qc.h"
#include "llvm/Support/xxhash.h"

using namespace mlir;
using namespace qdo::ir::qc;

static constexpr llvm::StringLiteral keptAttr = "qdo.content";
// Which entry of a report of costs an op belongs to (lower::measuredAttr): not what it does.
static constexpr llvm::StringLiteral measuredAttr = "qdo.measured";

// Everything under `op` without names of symbols and locations; callees enter by their own hashes,
// in order of use.
static void append(std::string &text, Operation *op, SmallVectorImpl<Operation *> &open) {
  OwningOpRef<Operation *> copy(op->clone());
  copy.get()->setAttr(SymbolTable::getSymbolAttrName(), StringAttr::get(op->getContext(), ""));
  copy.get()->removeAttr("display");
  copy.get()->removeAttr(keptAttr);
  copy.get()->removeAttr(differentiableAttr);
  copy.get()->removeAttr(SymbolTable::getVisibilityAttrName());
  SmallVector<Operation *> callees;
  copy.get()->walk([&](Operation *inner) {
    SmallVector<NamedAttribute> attributes;
    for (NamedAttribute named : inner->getAttrs()) {
      if (named.getName() == measuredAttr)
        continue;
      auto symbol = dyn_cast<FlatSymbolRefAttr>(named.getValue());
      if (!symbol) {
        attributes.push_back(named);
        continue;
      }
      Operation *callee = SymbolTable::lookupNearestSymbolFrom(op, symbol);
      auto known = llvm::find(callees, callee);
      std::string number = std::to_string(known - callees.begin());
      if (callee && known == callees.end())
        callees.push_back(callee);
      attributes.emplace_back(named.getName(), FlatSymbolRefAttr::get(op->getContext(), number));
    }
    inner->setAttrs(attributes);
  });
  llvm::raw_string_ostream stream(text);
  copy.get()->print(stream, OpPrintingFlags().useLocalScope().printGenericOpForm());
  open.push_back(op);
  for (Operation *callee : callees) {
    auto seen = llvm::find(open, callee);
    stream << '#' << (seen - open.begin());
    if (seen == open.end())
      append(text, callee, open);
  }
}

uint64_t qdo::ir::qc::contentHash(Operation *symbol) {
  std::string text;
  SmallVector<Operation *> open;
  append(text, symbol, open);
  return llvm::xxh3_64bits(text);
}

uint64_t qdo::ir::qc::keptContentHash(CircuitOp circuit) {
  if (auto kept = circuit->getAttrOfType<IntegerAttr>(keptAttr))
    return static_cast<uint64_t>(kept.getInt());
  const uint64_t hash = contentHash(circuit);
  circuit->setAttr(keptAttr, Builder(circuit.getContext()).getI64IntegerAttr(hash));
  return hash;
}
