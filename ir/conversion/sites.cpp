// SPDX-License-Identifier: Apache-2.0
// Numbers the places of fallible calls; one number a location.
#include "qdo/ir/sites.h"
#include "mlir/IR/Builders.h"
#include "qdo/ir/qdo.h"
#include "to_llvm.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace qdo::ir;

void qdo::ir::numberSites(ModuleOp module) {
  llvm::MapVector<Attribute, int32_t> numbers;
  Builder builder(module.getContext());
  module.walk([&](data::RtOp op) {
    if (!entryPointNamed(op.getEntry())->fallible)
      return;
    auto [known, isNew] = numbers.try_emplace(LocationAttr(op.getLoc()), numbers.size());
    op->setAttr(siteAttr, builder.getI32IntegerAttr(known->second));
  });
  auto places = llvm::map_to_vector(numbers, [](auto &entry) { return entry.first; });
  module->setAttr(sitesAttr, builder.getArrayAttr(places));
}

SiteTable qdo::ir::siteTable(ModuleOp module) {
  SiteTable table;
  if (auto places = module->getAttrOfType<ArrayAttr>(sitesAttr))
    for (auto place : places.getAsRange<LocationAttr>())
      table.locations.push_back(place);
  return table;
}
