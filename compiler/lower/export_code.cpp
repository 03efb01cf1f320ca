// SPDX-License-Identifier: Apache-2.0
// Functions, and kernels that are code, as functions of the module that others may call.
// Why two of what measures: a host asks for exact values or for so many shots when it calls.
#include "compiler/lower/elaborator.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <fmt/format.h>

namespace qdo::lower {

using namespace syntax;

namespace {

/// Rows and columns of an array of numbers; more dimensions are not handed over.
std::optional<std::pair<int64_t, int64_t>> shapeOf(const Value &array) {
  const auto rows = static_cast<int64_t>(array.elements.size());
  if (array.elements.empty() || array.elements[0].kind != ValueKind::Array)
    return std::all_of(array.elements.begin(), array.elements.end(), isNumber)
               ? std::optional(std::pair{rows, int64_t{0}})
               : std::nullopt;
  const auto columns = static_cast<int64_t>(array.elements[0].elements.size());
  for (const Value &row : array.elements)
    if (row.kind != ValueKind::Array || static_cast<int64_t>(row.elements.size()) != columns ||
        !std::all_of(row.elements.begin(), row.elements.end(), isNumber))
      return std::nullopt;
  return std::pair{rows, columns};
}

} // namespace

/// What a host hands over for a parameter, or why it cannot.
std::optional<std::string> Elaborator::exportSlot(ExportSlot &slot, const std::string &name,
                                                  const sema::TypeRef &type) const {
  slot.name = name;
  switch (type->kind) {
  case sema::TypeKind::Int:
    slot.kind = ExportSlot::Kind::Int;
    return std::nullopt;
  case sema::TypeKind::Real:
    slot.kind = ExportSlot::Kind::Real;
    return std::nullopt;
  case sema::TypeKind::Bool:
    slot.kind = ExportSlot::Kind::Bool;
    return std::nullopt;
  default:
    break;
  }
  if (!type->is(sema::TypeKind::Array) || !type->element->is(sema::TypeKind::Real) ||
      type->sizes.size() > 2)
    return fmt::format("`{}` is {}, not an int, real, bool or array of reals", name,
                       program.show(type));
  int64_t sizes[2] = {0, 0};
  for (size_t i = 0; i < type->sizes.size(); ++i) {
    const auto known = evaluate(type->sizes[i]);
    if (!known)
      return fmt::format("the size of `{}` is open", name);
    sizes[i] = *known;
  }
  slot.kind = ExportSlot::Kind::Array;
  slot.rows = sizes[0];
  slot.columns = sizes[1];
  return std::nullopt;
}

/// A value as what a host gets: an estimate is its value and the ends of its interval.
std::optional<mlir::Value> Elaborator::exportResult(ExportSlot &slot, const Value &result,
                                                    bool estimate, mlir::Location at) {
  slot = ExportSlot();
  switch (result.kind) {
  case ValueKind::Int:
    slot.kind = ExportSlot::Kind::Int;
    return ssa(result, at);
  case ValueKind::Bool:
    slot.kind = ExportSlot::Kind::Bool;
    return ssa(result, at);
  case ValueKind::Real: {
    if (!estimate)
      return ssa(result, at);
    slot.kind = ExportSlot::Kind::Array;
    slot.rows = 3;
    return arrayHandle(Value::ofArray({result, result, result}), at);
  }
  case ValueKind::Array:
    if (const auto shape = shapeOf(result)) {
      slot.kind = ExportSlot::Kind::Array;
      std::tie(slot.rows, slot.columns) = *shape;
      return arrayHandle(result, at);
    }
    return std::nullopt;
  default:
    break;
  }
  if (isEstimate(result)) {
    std::vector<Value> parts;
    for (const char *entry : {"estimate_value", "estimate_low", "estimate_high"})
      parts.push_back(Value::ofSsa(ValueKind::Real, rt(entry, {result.ssa}, at)));
    slot.kind = ExportSlot::Kind::Array;
    slot.rows = 3;
    return arrayHandle(Value::ofArray(std::move(parts)), at);
  }
  if (result.kind == ValueKind::Handle && result.type &&
      !exportSlot(slot, "", result.type).has_value() && slot.kind == ExportSlot::Kind::Array)
    return result.ssa;
  return std::nullopt;
}

/// Everything the function uses is its own: nothing comes from the main function's run.
static bool standsAlone(mlir::func::FuncOp function) {
  return !function
              .walk([&](mlir::Operation *op) {
                for (mlir::Value used : op->getOperands())
                  if (!function->isAncestor(used.getParentRegion()->getParentOp()))
                    return mlir::WalkResult::interrupt();
                return mlir::WalkResult::advance();
              })
              .wasInterrupted();
}

/// Makes the function `symbol` of an export's parameters; with `shots` as its first when it
/// measures. Why there is none, or nothing.
std::optional<std::string> Elaborator::exportBody(Export &exported, const std::string &symbol,
                                                  const ExportBody &body, bool shots,
                                                  base::Span span) {
  mlir::Location at = loc(span);
  mlir::OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToEnd(module->getBody());
  const sema::TypeRef real = sema::simple(sema::TypeKind::Real);
  std::vector<mlir::Type> types;
  if (shots)
    types.push_back(b.getI64Type());
  for (const ExportSlot &slot : exported.parameters)
    types.push_back(slot.kind == ExportSlot::Kind::Int    ? mlir::Type(b.getI64Type())
                    : slot.kind == ExportSlot::Kind::Real ? mlir::Type(b.getF64Type())
                    : slot.kind == ExportSlot::Kind::Bool ? mlir::Type(b.getI1Type())
                                                          : qdata::ArrayType::get(b.getContext()));
  auto function = mlir::func::FuncOp::create(b, at, symbol, b.getFunctionType(types, {}));
  mlir::Block *entry = function.addEntryBlock();
  b.setInsertionPointToEnd(entry);
  std::vector<Value> arguments;
  for (size_t i = 0; i < exported.parameters.size(); ++i) {
    const ExportSlot &slot = exported.parameters[i];
    const mlir::Value given = entry->getArgument(static_cast<unsigned>(i) + shots);
    if (slot.kind != ExportSlot::Kind::Array) {
      arguments.push_back(Value::ofSsa(slot.kind == ExportSlot::Kind::Int    ? ValueKind::Int
                                       : slot.kind == ExportSlot::Kind::Real ? ValueKind::Real
                                                                             : ValueKind::Bool,
                                       given));
      continue;
    }
    std::vector<sema::Size> sizes = {sema::Size::constant(slot.rows)};
    if (slot.columns)
      sizes.push_back(sema::Size::constant(slot.columns));
    arguments.push_back(Value::handle(given, sema::arrayOf(real, sizes)));
  }
  // What it spends is its host's business.
  KernelCost cost;
  auto *collected = std::exchange(collecting, &cost);
  const int unsure = std::exchange(uncertain, 0), fresh = std::exchange(freshDepth, 0);
  std::vector<mlir::Value> outer = std::exchange(wires, std::vector<mlir::Value>());
  wires.assign(outer.size(), nullptr);
  Payer payer;
  payer.exact = !shots;
  qdata::WithOp draft;
  if (shots) {
    draft = qdata::WithOp::create(b, at, mlir::TypeRange{},
                                  rt("policy_shots", {entry->getArgument(0)}, at));
    b.setInsertionPointToEnd(draft.getBodyBlock());
  }
  payers.push_back(payer);
  const Value result = body(arguments);
  std::optional<mlir::Value> given;
  const bool nothing = result.kind == ValueKind::Unit;
  // An exact value beside an estimate has the estimate's form.
  if (!nothing)
    given = exportResult(exported.result, result, exported.estimate, at);
  if (isEstimate(result))
    exported.estimate = true;
  exported.hasResult = !nothing;
  payers.pop_back();
  if (shots) {
    qdata::YieldOp::create(b, at, given ? mlir::ValueRange(*given) : mlir::ValueRange());
    b.setInsertionPointToEnd(entry);
    auto op = qdata::WithOp::create(
        b, at, given ? mlir::TypeRange(given->getType()) : mlir::TypeRange(), draft.getPolicy());
    op.getBody().takeBody(draft.getBody());
    draft.erase();
    if (given)
      given = op.getResult(0);
  }
  mlir::func::ReturnOp::create(b, at, given ? mlir::ValueRange(*given) : mlir::ValueRange());
  function.setType(
      b.getFunctionType(types, given ? mlir::TypeRange(given->getType()) : mlir::TypeRange()));
  wires = std::move(outer);
  uncertain = unsure;
  freshDepth = fresh;
  collecting = collected;
  std::optional<std::string> problem;
  if (!nothing && !given)
    problem = "its result is not a number, a bool, an estimate or an array of reals of known size";
  else if (!standsAlone(function))
    problem = "it uses what only a run of the program knows";
  if (problem)
    function.erase();
  return problem;
}

std::optional<std::string> Elaborator::exportBodies(Export &exported, const ExportBody &body,
                                                    bool measures, base::Span span) {
  exported.form = Export::Form::Code;
  exported.estimate = false;
  const std::string name = "export." + exported.name;
  if (measures) {
    exported.shotsSymbol = name + ".shots";
    if (auto reason = exportBody(exported, exported.shotsSymbol, body, true, span))
      return reason;
  }
  exported.exactSymbol = name + ".exact";
  return exportBody(exported, exported.exactSymbol, body, false, span);
}

std::optional<std::string> Elaborator::exportFunction(Export &exported, sema::SymbolId id) {
  const sema::Symbol &symbol = program.symbol(id);
  const sema::Signature &signature = program.signatures.at(id);
  if (!signature.on.empty())
    return "it acts on qubits of its caller";
  for (const sema::Signature::Parameter &p : signature.parameters) {
    ExportSlot slot;
    if (auto reason = exportSlot(slot, p.name, p.type))
      return reason;
    exported.parameters.push_back(std::move(slot));
  }
  const auto effects = program.effects.find(id);
  return exportBodies(
      exported,
      [&](std::vector<Value> arguments) {
        return inlineFunction(id, std::move(arguments), {}, symbol.span);
      },
      effects != program.effects.end() && effects->second.measures.has_value(), symbol.span);
}

std::optional<std::string> Elaborator::exportKernelCode(Export &exported, sema::SymbolId id) {
  const sema::Symbol &symbol = program.symbol(id);
  for (const sema::Signature::Parameter &p : program.signatures.at(id).parameters) {
    ExportSlot slot;
    if (auto reason = exportSlot(slot, p.name, p.type))
      return reason;
    exported.parameters.push_back(std::move(slot));
  }
  if (!hasExactForm(id))
    return "what it measures has no exact value";
  const Value value = kernel(id);
  return exportBodies(
      exported,
      [&](const std::vector<Value> &arguments) {
        return kernelBody(value, arguments[0], arguments[1], symbol.span, true);
      },
      measures(id), symbol.span);
}

} // namespace qdo::lower
