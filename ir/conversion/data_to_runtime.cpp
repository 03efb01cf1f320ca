// SPDX-License-Identifier: Apache-2.0
// Data sets and kernels as runtime calls.
#include "runtime_calls.h"

using namespace mlir;
using namespace qdo::ir;

static void convertField(RuntimeCalls &calls, Value dataset, DictionaryAttr field) {
  Value name = calls.text(field.getAs<StringAttr>("name"));
  auto columns = field.getAs<ArrayAttr>("columns");
  bool many = !field.contains("column");
  calls.call("dataset_field_new", {dataset, name, calls.integer(many)});
  auto add = [&](Attribute column) {
    calls.call("dataset_field_column", {dataset, name, calls.text(cast<StringAttr>(column))});
  };
  if (!many)
    add(field.get("column"));
  for (Attribute column : columns ? columns.getValue() : ArrayRef<Attribute>())
    add(column);
  auto pair = [&](StringRef key) { return field.getAs<ArrayAttr>(key); };
  if (ArrayAttr range = pair("range"))
    calls.call("dataset_field_range",
               {dataset, name, calls.integer(cast<IntegerAttr>(range[0]).getInt()),
                calls.integer(cast<IntegerAttr>(range[1]).getInt())});
  if (field.contains("others"))
    calls.call("dataset_field_others", {dataset, name});
  if (ArrayAttr scaled = pair("scaled"))
    calls.call("dataset_field_scaled",
               {dataset, name, calls.real(cast<FloatAttr>(scaled[0]).getValueAsDouble()),
                calls.real(cast<FloatAttr>(scaled[1]).getValueAsDouble())});
}

void qdo::ir::convertDataset(data::DatasetOp op) {
  RuntimeCalls calls(op);
  Value dataset = calls.call("dataset_csv", {calls.text(op.getName()), calls.text(op.getPath())});
  for (DictionaryAttr field : op.getFields().getAsRange<DictionaryAttr>())
    convertField(calls, dataset, field);
  for (Attribute part : op.getParts().value_or(calls.builder.getArrayAttr({}))) {
    auto entry = cast<DictionaryAttr>(part);
    calls.call("dataset_split_part",
               {dataset, calls.text(entry.getAs<StringAttr>("part")),
                calls.real(entry.getAs<FloatAttr>("fraction").getValueAsDouble())});
  }
  if (op.getStratified())
    calls.call("dataset_split_stratified", {dataset, calls.boolean(true)});
  if (auto column = op.getSplitBy())
    calls.call("dataset_split_by", {dataset, calls.text(*column)});
  calls.call("dataset_finish", dataset);
  op.replaceAllUsesWith(dataset);
  op.erase();
}

// The template has every data scalar; those of the hole are zero until a data point fills them.
void qdo::ir::convertKernel(data::KernelOp op, qc::CircuitOp circuit) {
  qc::keptContentHash(circuit);
  RuntimeCalls calls(op);
  SmallVector<Value> data(op.getTemplateData());
  data.insert(data.begin() + op.getOffset(), op.getSize(), calls.real(0));
  Value packed =
      data::PackOp::create(calls.builder, calls.loc, data::DataType::get(op.getContext()), data);
  Value kernel =
      calls.call("kernel_fidelity", {calls.text(op.getName()), calls.function(circuit.getSymName()),
                                     packed, calls.integer(data.size()),
                                     calls.integer(op.getOffset()), calls.integer(op.getSize())});
  op.replaceAllUsesWith(kernel);
  op.erase();
}
