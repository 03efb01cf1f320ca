// SPDX-License-Identifier: Apache-2.0
// Constants and SSA values: materialising, converting, looking names up.
#include "compiler/lower/elaborator.h"

#include "mlir/Dialect/Complex/IR/Complex.h"

#include <fmt/format.h>

#include <utility>

namespace qdo::lower {

using namespace syntax;
using mlir::Location;

mlir::Location Elaborator::loc(base::Span span) {
  if (span.size() == 0 && span.begin == 0)
    return b.getUnknownLoc();
  base::Position first = sources.position(span.file, span.begin);
  base::Position last = sources.position(span.file, span.end);
  return mlir::FileLineColRange::get(b.getStringAttr(std::string(sources.name(span.file))),
                                     first.line, first.byteColumn, last.line, last.byteColumn);
}

std::optional<base::Span> spanOf(Location location, const base::SourceMap &sources) {
  auto range = mlir::dyn_cast<mlir::FileLineColRange>(location);
  if (!range)
    return std::nullopt;
  for (uint32_t f = 0; f < sources.fileCount(); ++f) {
    auto file = static_cast<base::FileId>(f);
    if (sources.name(file) != std::string_view(range.getFilename().getValue()))
      continue;
    uint32_t begin = sources.offset(file, range.getStartLine(), range.getStartColumn());
    uint32_t end = sources.offset(file, range.getEndLine(), range.getEndColumn());
    return base::Span{file, begin, end};
  }
  return std::nullopt;
}

mlir::Value Elaborator::constant(int64_t value, Location at) {
  return mlir::arith::ConstantOp::create(b, at, b.getI64IntegerAttr(value));
}
mlir::Value Elaborator::constant(double value, Location at) {
  return mlir::arith::ConstantOp::create(b, at, b.getF64FloatAttr(value));
}
mlir::Value Elaborator::constant(bool value, Location at) {
  return mlir::arith::ConstantOp::create(b, at, b.getBoolAttr(value));
}
mlir::Value Elaborator::text(llvm::StringRef value, Location at) {
  return qdata::TextOp::create(b, at, value);
}

mlir::Value Elaborator::rt(llvm::StringRef entry, mlir::ValueRange arguments, Location at,
                           int64_t prepQubits) {
  auto op = qdata::RtOp::create(b, at, entry, arguments, prepQubits);
  return op.getOutput();
}

mlir::Value Elaborator::ssa(const Value &v, Location at) {
  if (v.ssa)
    return v.ssa;
  switch (v.kind) {
  case ValueKind::Int:
    return constant(v.integer, at);
  case ValueKind::Real:
  case ValueKind::Duration:
    return constant(v.real, at);
  case ValueKind::Bool:
    return constant(v.boolean, at);
  case ValueKind::String: {
    mlir::Value string = rt("text_new", {}, at);
    rt("text_add", {string, text(v.text, at)}, at);
    return string;
  }
  case ValueKind::Array:
    return arrayHandle(v, at);
  case ValueKind::Complex:
    return mlir::complex::CreateOp::create(b, at, mlir::ComplexType::get(b.getF64Type()),
                                           ssa(v.elements[0], at), ssa(v.elements[1], at));
  default:
    return nullptr;
  }
}

Value Elaborator::toReal(const Value &v, Location at) {
  if (v.kind == ValueKind::Real && !v.elements.empty()) { // an accuracy is a number now
    Value plain = v;
    plain.elements.clear();
    plain.type = nullptr;
    return plain;
  }
  if (v.kind != ValueKind::Int)
    return v;
  if (v.isConstant())
    return Value::ofReal(static_cast<double>(v.integer));
  return Value::ofSsa(ValueKind::Real, mlir::arith::SIToFPOp::create(b, at, b.getF64Type(), v.ssa));
}

Value Elaborator::labelNumber(const Value &v, Location at) {
  if (v.kind != ValueKind::String)
    return v;
  return Value::ofSsa(ValueKind::Real, rt("text_real", {ssa(v, at)}, at));
}

mlir::Value Elaborator::realSsa(const Value &v, Location at) {
  refuseTraced(v, spanOf(at, sources).value_or(base::Span{}), "this use",
               "it has no slope here; compute with what has: sums, products, powers, smooth "
               "functions, angles of circuits and what is measured of them");
  return ssa(toReal(v, at), at);
}

/// Any number as its two parts.
Value Elaborator::toComplex(const Value &v, Location at) {
  if (v.kind != ValueKind::Complex)
    return Value::ofComplex(toReal(v, at), Value::ofReal(0));
  if (!v.ssa)
    return v;
  return Value::ofComplex(Value::ofSsa(ValueKind::Real, mlir::complex::ReOp::create(b, at, v.ssa)),
                          Value::ofSsa(ValueKind::Real, mlir::complex::ImOp::create(b, at, v.ssa)));
}

/// What the checker allowed to stand where `type` is asked for, as a value of that type.
Value Elaborator::coerce(const Value &v, const sema::TypeRef &type, Location at) {
  if (!type)
    return v;
  if (type->is(sema::TypeKind::Real))
    return v.kind == ValueKind::Real && !type->fields.empty() // an accuracy keeps its members
               ? v
               : toReal(labelNumber(v, at), at);
  if (type->is(sema::TypeKind::Complex))
    return toComplex(v, at);
  if (type->is(sema::TypeKind::Estimate) && isNumber(v)) // under `exact`, or a plain number
    return payers.size() > 1 && payer().exact
               ? v
               : Value::handle(rt("estimate_number", {realSsa(v, at)}, at), type);
  if (type->is(sema::TypeKind::Tuple) && v.kind == ValueKind::Tuple &&
      v.elements.size() == type->fields.size()) {
    Value r = v;
    for (size_t i = 0; i < r.elements.size(); ++i)
      r.elements[i] = coerce(r.elements[i], type->fields[i].type, at);
    return r;
  }
  const bool measured =
      type->is(sema::TypeKind::Array) && type->element->is(sema::TypeKind::Estimate);
  if (measured && v.kind == ValueKind::Handle && v.type && v.type->is(sema::TypeKind::Array) &&
      v.type->element->is(sema::TypeKind::Real) && !(payers.size() > 1 && payer().exact)) {
    const base::Span span = spanOf(at, sources).value_or(base::Span{});
    return collect(length(v, at), span, [&](const Value &i) -> std::optional<Value> {
      return coerceElement(elementAt(v, i, span), type, at);
    });
  }
  const bool converts =
      type->is(sema::TypeKind::Array) &&
      (type->element->is(sema::TypeKind::Real) || type->element->is(sema::TypeKind::Estimate));
  if (converts && v.kind == ValueKind::Array) {
    Value r = v;
    for (Value &e : r.elements)
      e = coerce(e, e.kind == ValueKind::Array ? type : type->element, at);
    return r;
  }
  if (type->is(sema::TypeKind::Array) && v.kind == ValueKind::Array &&
      type->element->is(sema::TypeKind::Complex)) {
    // Real data stay real: a circuit that takes both is then made for real ones.
    const bool real = isReal(v);
    Value r = v;
    for (Value &e : r.elements)
      e = e.kind == ValueKind::Array ? coerce(e, type, at)
          : real                     ? toReal(e, at)
                                     : toComplex(e, at);
    return r;
  }
  return v;
}

/// The same where the program writes the type: an `estimate` is one under `exact`, too.
Value Elaborator::declaredAs(const Value &v, const sema::TypeRef &type, Location at) {
  const bool exact = std::exchange(payer().exact, false);
  Value result = coerce(v, type, at);
  payer().exact = exact;
  return result;
}

bool Elaborator::isReal(const Value &v) {
  if (v.kind == ValueKind::Array)
    return std::ranges::all_of(v.elements, isReal);
  return v.kind != ValueKind::Complex;
}

/// An array of known elements as a runtime array of reals.
mlir::Value Elaborator::arrayHandle(const Value &v, Location at) {
  const bool matrix = !v.elements.empty() && v.elements[0].kind == ValueKind::Array;
  const auto rows = static_cast<int64_t>(v.elements.size());
  const int64_t columns = matrix ? static_cast<int64_t>(v.elements[0].elements.size()) : 0;
  mlir::Value array = rt("array_new", {constant(rows, at), constant(columns, at)}, at);
  std::vector<Value> flat;
  flattenData(v, flat, at);
  for (size_t i = 0; i < flat.size(); ++i)
    rt("array_set", {array, constant(static_cast<int64_t>(i), at), realSsa(flat[i], at)}, at);
  return array;
}

bool Elaborator::same(const Value &a, const Value &c) const {
  if (a.kind != c.kind || a.ssa != c.ssa || a.qubits != c.qubits ||
      a.elements.size() != c.elements.size() || a.function != c.function ||
      a.terms.size() != c.terms.size())
    return false;
  if (a.kind == ValueKind::List)
    return true;
  for (size_t i = 0; i < a.terms.size(); ++i)
    if (a.terms[i].factors != c.terms[i].factors || !same(*a.terms[i].weight, *c.terms[i].weight))
      return false;
  if (!a.ssa)
    switch (a.kind) {
    case ValueKind::Int:
      return a.integer == c.integer;
    case ValueKind::Real:
    case ValueKind::Duration:
      return a.real == c.real;
    case ValueKind::Bool:
      return a.boolean == c.boolean;
    case ValueKind::String:
    case ValueKind::Pauli:
      return a.text == c.text;
    default:
      break;
    }
  for (size_t i = 0; i < a.elements.size(); ++i)
    if (!same(a.elements[i], c.elements[i]))
      return false;
  return true;
}

void Elaborator::notYet(base::Span span, std::string_view what) {
  if (valuesOnly && differentiating > 0) // on plain numbers it may run
    throw NeedsNumbers{};
  diagnostics.report(diag::Kind::NotYet, span, what).label("not in this version of qdo");
  throw Abandon{};
}

void Elaborator::internal(base::Span span, std::string_view what) {
  if (diagnostics.hasErrors()) // a consequence of what was reported
    throw Abandon{};
  diagnostics.report(diag::Kind::InternalError, span, what);
  throw Abandon{};
}

int64_t Elaborator::constInt(const Expr &e, std::string_view what) {
  Value v = expr(e);
  if (v.kind != ValueKind::Int || !v.isConstant())
    notYet(e.span, fmt::format("{} that is known only while the program runs", what));
  return v.integer;
}

const Value *Elaborator::lookup(sema::SymbolId id) const {
  if (auto found = frames.back().vars.find(id); found != frames.back().vars.end())
    return &found->second;
  if (auto found = frames.front().vars.find(id); found != frames.front().vars.end())
    return &found->second;
  return nullptr;
}

sema::SymbolId Elaborator::used(const Expr &e) const {
  return frames.back().module->uses[static_cast<uint32_t>(e.id)];
}

sema::SymbolId Elaborator::declared(NodeId node, uint32_t index) const {
  auto found = frames.back().module->declared.find({static_cast<uint32_t>(node), index});
  return found == frames.back().module->declared.end() ? sema::SymbolId::None : found->second;
}

const sema::TypeRef &Elaborator::typeOf(const Expr &e) const {
  return frames.back().module->types[static_cast<uint32_t>(e.id)];
}

std::optional<int64_t> Elaborator::evaluate(const sema::Size &size) const {
  if (size.isUnknown())
    return std::nullopt;
  if (size.isConstant())
    return size.offset;
  const Value *v = lookup(static_cast<sema::SymbolId>(size.variable));
  if (!v || v->kind != ValueKind::Int || !v->isConstant())
    return std::nullopt;
  int64_t base = v->integer;
  if (size.base == sema::Size::Base::PowerOfTwo) {
    if (base < 0 || base > 61)
      return std::nullopt;
    base = int64_t{1} << base;
  }
  if (size.isProduct()) {
    auto factor = evaluate(sema::Size::of(size.factor));
    if (!factor || __builtin_mul_overflow(base, *factor, &base))
      return std::nullopt;
  }
  return size.coefficient * base + size.offset;
}

} // namespace qdo::lower
