// SPDX-License-Identifier: Apache-2.0
// Data sets, kernels and selection loops: building and rules.
#include "qdo/ir/qdo.h"
#include "regions.h"

using namespace mlir;
using namespace qdo::ir;
using namespace qdo::ir::data;

// ---- data sets
static bool isPair(Attribute attribute) {
  auto array = dyn_cast<ArrayAttr>(attribute);
  return array && array.size() == 2;
}

static bool areTexts(Attribute attribute) {
  auto array = dyn_cast<ArrayAttr>(attribute);
  return array && llvm::all_of(array, llvm::IsaPred<StringAttr>);
}

static LogicalResult verifyField(DatasetOp op, DictionaryAttr field) {
  auto name = field.getAs<StringAttr>("name");
  if (!name)
    return op.emitOpError("has a field without a `name`");
  unsigned sources = 0;
  for (NamedAttribute entry : field) {
    StringRef key = entry.getName();
    Attribute value = entry.getValue();
    bool good = key == "name" || (key == "column" && isa<StringAttr>(value)) ||
                (key == "columns" && areTexts(value)) ||
                (key == "range" && isPair(value) &&
                 llvm::all_of(cast<ArrayAttr>(value), llvm::IsaPred<IntegerAttr>)) ||
                (key == "others" && isa<UnitAttr>(value)) ||
                (key == "scaled" && isPair(value) &&
                 llvm::all_of(cast<ArrayAttr>(value), llvm::IsaPred<FloatAttr>));
    if (!good)
      return op.emitOpError() << "does not understand `" << key << " = " << value << "` of field "
                              << name;
    sources += key != "name" && key != "scaled";
  }
  if (sources != 1)
    return op.emitOpError() << "field " << name
                            << " needs one of `column`, `columns`, `range` and `others`";
  return success();
}

LogicalResult DatasetOp::verify() {
  for (DictionaryAttr field : getFields().getAsRange<DictionaryAttr>())
    if (failed(verifyField(*this, field)))
      return failure();
  for (Attribute part : getParts().value_or(ArrayAttr::get(getContext(), {}))) {
    auto entry = cast<DictionaryAttr>(part);
    if (!entry.getAs<StringAttr>("part") || !entry.getAs<FloatAttr>("fraction"))
      return emitOpError() << "needs `part` and `fraction` in " << entry;
  }
  if (getParts() && getSplitBy())
    return emitOpError("is split by fractions or by a column, not both");
  if (getStratified() && !getParts())
    return emitOpError("is `stratified` without a `split`");
  return success();
}

// ---- kernels
LogicalResult KernelOp::verify() {
  int64_t offset = getOffset(), size = getSize();
  if (size < 1 || offset < 0 || offset > static_cast<int64_t>(getTemplateData().size()))
    return emitOpError() << "has a hole (" << offset << ", " << size
                         << ") that is not inside its data";
  return success();
}

LogicalResult KernelOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto circuit = symbols.lookupNearestSymbolFrom<qc::CircuitOp>(*this, getCircuitAttr());
  if (!circuit)
    return emitOpError() << "names no circuit: " << getCircuitAttr();
  if (getTemplateData().size() + getSize() != circuit.getDataCount())
    return emitOpError() << "gives " << getTemplateData().size() << " numbers and a hole of "
                         << getSize() << " to " << getCircuitAttr() << ", which takes "
                         << circuit.getDataCount();
  return success();
}

void GeneralKernelOp::build(OpBuilder &builder, OperationState &state, StringRef name,
                            int64_t width, bool measures) {
  Properties &properties = state.getOrAddProperties<Properties>();
  properties.setName(builder.getStringAttr(name));
  properties.setWidth(builder.getI64IntegerAttr(width));
  state.addTypes(KernelType::get(builder.getContext()));
  Type row = ArrayType::get(builder.getContext());
  addRegion(state, true, {row, row});
  addRegion(state, measures, {row, row});
}

LogicalResult GeneralKernelOp::verify() {
  if (static_cast<int64_t>(getWidth()) < 1)
    return emitOpError() << "compares rows of " << static_cast<int64_t>(getWidth()) << " numbers";
  return success();
}

LogicalResult GeneralKernelOp::verifyRegions() {
  MLIRContext *context = getContext();
  Type row = ArrayType::get(context);
  return failure(
      failed(verifyRegion(*this, getExact(), "exact", {row, row}, Float64Type::get(context))) ||
      failed(
          verifyRegion(*this, getMeasured(), "measured", {row, row}, EstimateType::get(context))));
}

// ---- selection
void SelectOp::build(OpBuilder &builder, OperationState &state, StringRef name, Value pool,
                     Value start, bool stratified, Value take, Value policy,
                     ArrayRef<StringRef> reasons, bool withLearn, bool withEach) {
  Properties &properties = state.getOrAddProperties<Properties>();
  properties.setName(builder.getStringAttr(name));
  if (stratified)
    properties.setStratified(builder.getUnitAttr());
  if (!reasons.empty())
    properties.setReasons(builder.getStrArrayAttr(reasons));
  state.addOperands({pool, start, take});
  if (policy)
    state.addOperands(policy);
  Type selection = SelectionType::get(builder.getContext());
  state.addTypes(selection);
  addRegion(state, withLearn, selection);
  addRegion(state, true, {selection, RowType::get(builder.getContext())});
  addRegion(state, !reasons.empty(), selection);
  addRegion(state, withEach, selection);
}

LogicalResult SelectOp::verify() {
  if (getReasons().has_value() == getStop().empty())
    return emitOpError("needs `reasons` and a `stop` region together");
  return success();
}

LogicalResult SelectOp::verifyRegions() {
  MLIRContext *context = getContext();
  Type selection = SelectionType::get(context);
  return failure(
      failed(verifyRegion(*this, getLearn(), "learn", selection, ModelType::get(context))) ||
      failed(verifyRegion(*this, getScore(), "score", {selection, RowType::get(context)},
                          Float64Type::get(context))) ||
      failed(verifyRegion(*this, getStop(), "stop", selection, IntegerType::get(context, 64))) ||
      failed(verifyRegion(*this, getEach(), "each", selection, {})));
}
