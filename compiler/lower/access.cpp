// SPDX-License-Identifier: Apache-2.0
// Indices, slices and members.
#include "compiler/lower/elaborator.h"
#include "compiler/lower/keeping.h"

#include "qdo/runtime/circuit.h"

#include <fmt/format.h>

namespace qdo::lower {

using namespace syntax;

Value Elaborator::index(const IndexExpr &e) {
  Value base = expr(*e.base);
  if (base.kind == ValueKind::Pauli) { // X[0]: a Pauli on a qubit
    int64_t qubit = constInt(*e.indices[0], "a Pauli's qubit");
    if (qubit < 0 || qubit >= QDO_MOST_QUBITS) {
      diagnostics.report(diag::Kind::StaticIndexOutOfRange, e.indices[0]->span, qubit,
                         int64_t{QDO_MOST_QUBITS});
      throw Abandon{};
    }
    Value pauli;
    pauli.kind = ValueKind::Observable;
    pauli.terms.push_back({std::make_shared<Value>(Value::ofReal(1)), {{qubit, base.text[0]}}});
    return pauli;
  }
  auto outside = [&](const Expr &where, int64_t at, int64_t size) {
    diagnostics.report(diag::Kind::StaticIndexOutOfRange, where.span, at, size);
    throw Abandon{};
  };
  if (isCounts(base)) {
    mlir::Location at = loc(e.span);
    return Value::ofSsa(ValueKind::Int,
                        rt("counts_of", {base.ssa, ssa(expr(*e.indices[0]), at)}, at));
  }
  for (size_t k = 0; k < e.indices.size(); ++k) {
    const Expr &where = *e.indices[k];
    Value i = expr(where);
    const bool slice = i.kind == ValueKind::Interval;
    if (base.kind == ValueKind::Qubits) {
      const auto size = static_cast<int64_t>(base.qubits.size());
      if (slice) {
        if (!i.elements[0].isConstant() || !i.elements[1].isConstant())
          notYet(where.span, "a slice of qubits that is known only while the program runs");
        int64_t low = i.elements[0].integer, high = i.elements[1].integer;
        if (low < 0 || high > size || low > high)
          outside(where, low < 0 ? low : high, size);
        base.qubits = {base.qubits.begin() + low, base.qubits.begin() + high};
        continue;
      }
      if (!i.isConstant())
        notYet(where.span, "a qubit whose index is known only while the program runs");
      if (i.integer < 0 || i.integer >= size)
        outside(where, i.integer, size);
      base.qubits = {base.qubits[static_cast<size_t>(i.integer)]};
      base.type = sema::simple(sema::TypeKind::Qubit);
      continue;
    }
    if (base.kind == ValueKind::String && base.isConstant() && i.kind == ValueKind::Int &&
        i.isConstant()) {
      const auto size = static_cast<int64_t>(base.text.size());
      if (i.integer < 0 || i.integer >= size)
        outside(where, i.integer, size);
      base.text = base.text.substr(static_cast<size_t>(i.integer), 1);
      continue;
    }
    if (base.kind == ValueKind::Array && i.kind == ValueKind::Int && i.isConstant()) {
      const auto size = static_cast<int64_t>(base.elements.size());
      if (i.integer < 0 || i.integer >= size)
        outside(where, i.integer, size);
      Value element = base.elements[static_cast<size_t>(i.integer)];
      base = std::move(element);
      continue;
    }
    if (base.kind == ValueKind::Array && slice && i.elements[0].isConstant() &&
        i.elements[1].isConstant()) {
      const auto size = static_cast<int64_t>(base.elements.size());
      int64_t low = i.elements[0].integer, high = i.elements[1].integer;
      if (low < 0 || high > size || low > high)
        outside(where, low < 0 ? low : high, size);
      base.elements = {base.elements.begin() + low, base.elements.begin() + high};
      continue;
    }
    if (slice) {
      if (!isArray(base))
        internal(where.span, "a slice of something that has no elements");
      base = sliced(base, i, where.span);
      continue;
    }
    if (!isArray(base))
      internal(where.span, "an index of something that has no elements");
    base = elementAt(base, i, where.span);
  }
  return base;
}

/// Elements low..high of an array of which something is known only while the program runs.
Value Elaborator::sliced(const Value &array, const Value &range, base::Span span) {
  mlir::Location at = loc(span);
  mlir::Value low = ssa(range.elements[0], at), high = ssa(range.elements[1], at);
  Value whole = array.kind == ValueKind::Array ? listOf(array, span) : array;
  if (whole.kind == ValueKind::List) {
    Value part = whole;
    part.ssa = rt("list_slice", {whole.ssa, low, high}, at);
    return part;
  }
  std::vector<sema::Size> sizes = whole.type->sizes;
  const auto known = count(range);
  sizes[0] = known ? sema::Size::constant(*known) : sema::Size::unknown();
  return Value::handle(rt("array_slice", {whole.ssa, low, high}, at),
                       sema::arrayOf(whole.type->element, sizes));
}

/// `.value`, `.low` and so on; of an array, of each element.
Value Elaborator::estimateMember(const Value &v, const std::string &name, mlir::Location at) {
  auto one = [&](const Value &e) {
    if (e.traced)
      refuseTraced(e, spanOf(at, sources).value_or(base::Span{}), "`." + name + "`",
                   "the plain number forgets what it was made of: compute with the estimate");
    if (!isEstimate(e)) // under `exact`
      internal(base::Span{}, "a measured number that is none");
    return Value::ofSsa(name == "shots"    ? ValueKind::Int
                        : name == "method" ? ValueKind::String
                                           : ValueKind::Real,
                        rt("estimate_" + name, {e.ssa}, at));
  };
  if (v.kind == ValueKind::Array) {
    Value r = v;
    for (Value &e : r.elements)
      e = estimateMember(e, name, at);
    return r;
  }
  if (v.kind == ValueKind::List) {
    const bool nested = v.elements[0].kind == ValueKind::List;
    if (name != "shots" && isEstimate(nested ? v.elements[0].elements[0] : v.elements[0]))
      return estimateNumbers(v,
                             name == "value"    ? 0
                             : name == "stderr" ? 1
                             : name == "low"    ? 2
                                                : 3,
                             at);
    return collect(length(v, at), base::Span{}, [&](const Value &i) -> std::optional<Value> {
      return estimateMember(elementAt(v, i, base::Span{}), name, at);
    });
  }
  return one(v);
}

/// Of a symmetric matrix of numbers or of estimates.
Value Elaborator::leastEigenvalue(const Value &matrix, mlir::Location at) {
  if (matrix.kind == ValueKind::List)
    return Value::handle(rt("list_min_eigenvalue", {matrix.ssa}, at),
                         sema::simple(sema::TypeKind::Estimate));
  return Value::ofSsa(ValueKind::Real, rt("array_min_eigenvalue", {ssa(matrix, at)}, at));
}

Value Elaborator::member(const MemberExpr &m) {
  mlir::Location at = loc(m.span);
  // A path through modules ends at a symbol.
  if (sema::SymbolId id = used(m); id != sema::SymbolId::None)
    return symbolValue(id, m.span);
  // `m.support.size` needs no list.
  if (const auto *inner = dynAs<MemberExpr>(m.base.get());
      inner && inner->member.text == "support" && m.member.text == "size") {
    Value model = expr(*inner->base);
    return Value::ofSsa(ValueKind::Int, rt("model_support_size", {model.ssa}, at));
  }
  Value base = expr(*m.base);
  const std::string &name = m.member.text;
  switch (base.kind) {
  case ValueKind::Spent:
    if (name == "time")
      return Value::ofSsa(ValueKind::Duration, rt("spent_time", {}, at));
    return Value::ofSsa(ValueKind::Int, name == "left"    ? rt("spent_left", {}, at)
                                        : name == "shots" ? rt("spent_shots", {}, at)
                                                          : rt("spent_circuits", {}, at));
  case ValueKind::Complex:
    return base.elements[name == "re" ? 0 : 1];
  case ValueKind::Real: // an accuracy and the like
    if (base.elements.empty())
      notYet(m.span,
             fmt::format("`.{}` of a number that was kept in a variable that changes", name));
    [[fallthrough]];
  case ValueKind::Tuple:
    for (size_t i = 0; base.type && i < base.type->fields.size(); ++i)
      if (base.type->fields[i].name == name)
        return base.elements[i];
    break;
  case ValueKind::Qubits:
    return Value::ofInt(static_cast<int64_t>(base.qubits.size()));
  case ValueKind::List:
    if (name == "size")
      return length(base, at);
    if (name == "min_eigenvalue")
      return leastEigenvalue(base, at);
    return estimateMember(base, name, at);
  case ValueKind::Array:
    if (name == "min_eigenvalue")
      return leastEigenvalue(
          typeOf(*m.base)->element->is(sema::TypeKind::Estimate) ? asList(base, m.span) : base, at);
    if (name != "size")
      return estimateMember(base, name, at);
    return Value::ofInt(static_cast<int64_t>(base.elements.size()));
  case ValueKind::String:
    if (base.isConstant() && name == "size")
      return Value::ofInt(static_cast<int64_t>(base.text.size()));
    break;
  case ValueKind::Interval:
    return arithmetic(BinaryOp::Sub, base.elements[1], base.elements[0], m.span);
  case ValueKind::Handle:
    if (base.type->is(sema::TypeKind::Estimate)) {
      const auto &own = typeOf(*m.base)->fields; // of a geometric difference
      for (size_t i = 0; i < own.size(); ++i)
        if (own[i].name == name && i < base.elements.size())
          return base.elements[i];
        else if (own[i].name == name)
          notYet(
              m.span,
              fmt::format("`.{}` of an estimate that was kept in a variable that changes", name));
      return estimateMember(base, name, at);
    }
    if (base.type->is(sema::TypeKind::Array))
      return name == "min_eigenvalue" ? leastEigenvalue(base, at) : length(base, at);
    if (isCounts(base))
      return Value::ofSsa(ValueKind::Int, rt("counts_" + name, {base.ssa}, at));
    if (base.type->is(sema::TypeKind::Shadow))
      return Value::ofSsa(ValueKind::Int,
                          rt(name == "qubits" ? "shadow_qubits" : "shadow_size", {base.ssa}, at));
    if (base.type->is(sema::TypeKind::Model) && name == "repair")
      return Value::ofSsa(ValueKind::String, rt("model_repair", {base.ssa}, at));
    if (base.type->is(sema::TypeKind::Model) && name == "support") {
      Value rows = Value::ofSsa(ValueKind::List, rt("model_support", {base.ssa}, at));
      rows.elements = {Value::ofSsa(ValueKind::Int, constant(int64_t{0}, at))};
      return rows;
    }
    if (isCoherence(base))
      return elaborated("decay." + name, {base}, m.member.span);
    break;
  case ValueKind::Row: {
    const sema::TypeRef &type = typeOf(m);
    if (type->is(sema::TypeKind::Label))
      return Value::ofSsa(ValueKind::String, rt("row_text", {base.ssa, text(name, at)}, at));
    const bool matrix = base.shape && base.shape->widths.count(name);
    if (!type->is(sema::TypeKind::Array) && !matrix)
      return Value::ofSsa(ValueKind::Real, rt("row_real", {base.ssa, text(name, at)}, at));
    const sema::TypeRef real = sema::simple(sema::TypeKind::Real);
    sema::TypeRef actual = type;
    if (base.shape)
      if (auto width = base.shape->widths.find(name); width != base.shape->widths.end())
        actual = sema::arrayOf(real, {sema::Size::constant(width->second)});
    return Value::handle(rt("row_array", {base.ssa, text(name, at)}, at), actual);
  }
  case ValueKind::Selection:
    if (name == "size")
      return Value::ofSsa(ValueKind::Int,
                          rt("dataset_size", {rt("select_chosen", {base.ssa}, at)}, at));
    if (name == "stopped")
      return Value::ofSsa(ValueKind::String, rt("select_stopped", {base.ssa}, at));
    if (typeOf(m)->is(sema::TypeKind::Model))
      return Value::handle(rt("select_model", {base.ssa}, at), typeOf(m));
    break;
  case ValueKind::Dataset: {
    if (name == "size") {
      if (base.shape && base.shape->known) {
        auto part = base.shape->partRows.find(base.text);
        return Value::ofInt(base.text.empty()                    ? base.shape->rows
                            : part == base.shape->partRows.end() ? 0
                                                                 : part->second);
      }
      return Value::ofSsa(ValueKind::Int, rt("dataset_size", {base.ssa}, at));
    }
    if (typeOf(m)->is(sema::TypeKind::Dataset)) {
      if (!base.text.empty()) {
        diagnostics.report(diag::Kind::UnknownMember, m.member.span, "a part of a dataset", name);
        throw Abandon{};
      }
      if (base.shape && base.shape->known && !base.shape->partRows.count(name)) {
        std::vector<std::string_view> parts;
        for (const auto &[part, rows] : base.shape->partRows)
          parts.push_back(part);
        auto &d = diagnostics.report(diag::Kind::DataPartMissing, m.member.span,
                                     program.symbol(base.symbol).name, name);
        if (!parts.empty())
          d.help(fmt::format("its parts are `{}`", fmt::join(parts, "`, `")));
        throw Abandon{};
      }
      Value part = base;
      part.ssa = rt("dataset_part", {base.ssa, text(name, at)}, at);
      part.text = name;
      return part;
    }
    sema::Size columns = sema::Size::unknown();
    if (base.shape)
      if (auto width = base.shape->widths.find(name); width != base.shape->widths.end())
        columns = sema::Size::constant(width->second);
    Value matrix = Value::handle(
        rt("dataset_matrix", {base.ssa, text(name, at)}, at),
        sema::arrayOf(sema::simple(sema::TypeKind::Real), {sema::Size::unknown(), columns}));
    matrix.symbol = base.symbol; // whose rows they are: pairs of them are paid once
    matrix.text = base.text;
    matrix.derived = base.derived;
    matrix.shape = base.shape;
    return matrix;
  }
  default:
    break;
  }
  notYet(m.span, "`." + name + "` of this value");
}

} // namespace qdo::lower
