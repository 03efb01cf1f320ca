// SPDX-License-Identifier: Apache-2.0
// Printing and interpolation: what is known becomes text now, the rest becomes calls that format
// it.
#include "compiler/lower/elaborator.h"
#include "compiler/lower/keeping.h"

#include <fmt/format.h>

namespace qdo::lower {

using namespace syntax;

std::optional<std::string> Elaborator::plainText(const Expr &e) {
  const auto *s = dynAs<StringExpr>(&e);
  if (!s)
    return std::nullopt;
  std::string text;
  for (const StringPart &part : s->parts) {
    text += part.text;
    if (part.value)
      return std::nullopt;
  }
  return text;
}

mlir::Value Elaborator::formatted(const StringExpr &s) {
  mlir::Location at = loc(s.span);
  mlir::Value into = rt("text_new", {}, at);
  for (const StringPart &part : s.parts) {
    if (!part.text.empty())
      rt("text_add", {into, text(part.text, at)}, at);
    if (part.value)
      addText(into, expr(*part.value), part.spec, part.value->span);
  }
  return into;
}

void Elaborator::addText(mlir::Value into, const Value &v, const std::string &spec,
                         base::Span span) {
  mlir::Location at = loc(span);
  if (isCoherence(v)) {
    const Value shown = elaborated("decay:" + spec, {v}, span);
    rt("text_add_object", {into, text("", at), shown.ssa}, at);
    return;
  }
  auto add = [&](const char *entry, mlir::Value value) {
    rt(entry, {into, text(spec, at), value}, at);
  };
  auto list = [&](const char *open, const char *close) {
    rt("text_add", {into, text(open, at)}, at);
    for (size_t i = 0; i < v.elements.size(); ++i) {
      if (i)
        rt("text_add", {into, text(", ", at)}, at);
      if (v.kind == ValueKind::Tuple && v.type && i < v.type->fields.size() &&
          !v.type->fields[i].name.empty())
        rt("text_add", {into, text(v.type->fields[i].name + ": ", at)}, at);
      addText(into, v.elements[i], spec, span);
    }
    rt("text_add", {into, text(close, at)}, at);
  };
  switch (v.kind) {
  case ValueKind::Int:
    return add("text_add_int", ssa(v, at));
  case ValueKind::Real:
    return add("text_add_real", ssa(v, at));
  case ValueKind::Bool:
    return add("text_add_bool", ssa(v, at));
  case ValueKind::Complex:
    rt("text_add_complex",
       {into, text(spec, at), realSsa(v.elements[0], at), realSsa(v.elements[1], at)}, at);
    return;
  case ValueKind::Duration:
    return add("text_add_duration", ssa(v, at));
  case ValueKind::String:
    if (v.isConstant() && spec.empty()) {
      rt("text_add", {into, text(v.text, at)}, at);
      return;
    }
    return add("text_add_object", ssa(v, at));
  case ValueKind::Array:
    return list("[", "]");
  case ValueKind::Tuple:
    return list("(", ")");
  case ValueKind::Function:
    rt("text_add",
       {into, text(v.function->lambda ? std::string("a function")
                                      : program.symbol(v.function->symbol).name,
                   at)},
       at);
    return;
  case ValueKind::List: {
    mlir::Value size = rt("list_size", {v.ssa}, at);
    rt("text_add", {into, text("[", at)}, at);
    counted(constant(int64_t{0}, at), size, span, {}, [&](mlir::Value i) {
      Value index = Value::ofSsa(ValueKind::Int, i);
      branch(
          ssa(compareNumbers(CompareOp::Gt, index, Value::ofInt(0), span), at), span,
          [&] {
            rt("text_add", {into, text(", ", at)}, at);
            return Flow{};
          },
          [] { return Flow{}; });
      addText(into, elementAt(v, index, span), spec, span);
      return Flow{};
    });
    rt("text_add", {into, text("]", at)}, at);
    return;
  }
  case ValueKind::Interval:
    addText(into, v.elements[0], spec, span);
    rt("text_add", {into, text(v.text == "range" ? ".." : " to ", at)}, at);
    return addText(into, v.elements[1], spec, span);
  case ValueKind::Pauli:
    rt("text_add", {into, text(v.text, at)}, at);
    return;
  case ValueKind::Observable:
    return add("text_add_object", observableSsa(v, at));
  case ValueKind::Encoding:
    rt("text_add", {into, text(encodingName(*v.encoding), at)}, at);
    return;
  case ValueKind::Kernel:
    if (!v.ssa && spec.empty()) { // it is made where the library gets it
      rt("text_add", {into, text("kernel " + program.symbol(v.symbol).name, at)}, at);
      return;
    }
    [[fallthrough]];
  case ValueKind::Handle:
  case ValueKind::Dataset:
  case ValueKind::Row:
  case ValueKind::Selection:
    refuseTraced(v, spanOf(at, sources).value_or(base::Span{}), "text",
                 "print it outside of the function: there it has a value");
    if (v.ssa)
      return add("text_add_object", v.ssa);
    [[fallthrough]];
  default:
    notYet(span, "printing this value");
  }
}

std::string Elaborator::encodingName(const EncodingValue &encoding) const {
  std::string text = program.symbol(encoding.circuit).name + "(";
  for (size_t i = 0; i < encoding.holes.size(); ++i)
    text += i ? ", _" : "_";
  for (const auto &[name, value] : encoding.given)
    if (value->kind == ValueKind::Int && value->isConstant())
      text += fmt::format(", {}: {}", name, value->integer);
  return text + ")";
}

void Elaborator::print(const PrintStmt &print) {
  refuseImpure("`print`", print.span);
  mlir::Location at = loc(print.span);
  if (print.values.size() == 1 && print.values[0]->kind == ExprKind::String) {
    mlir::Value line = formatted(as<StringExpr>(*print.values[0]));
    rt("print", {line}, at);
    return;
  }
  // Values first: what they measure and print comes before this line is begun.
  std::vector<Value> values;
  for (const ExprPtr &e : print.values)
    values.push_back(expr(*e));
  mlir::Value line = rt("text_new", {}, at);
  for (size_t i = 0; i < values.size(); ++i) {
    if (i)
      rt("text_add", {line, text(" ", at)}, at);
    addText(line, values[i], "", print.values[i]->span);
  }
  rt("print", {line}, at);
}

/// "`a` is 2" for a side of a comparison that is no literal and can be shown; whether it was.
bool Elaborator::addSide(mlir::Value into, std::string_view before, std::string_view which,
                         const Expr &side, const Value &v) {
  switch (side.kind) {
  case ExprKind::Int:
  case ExprKind::Real:
  case ExprKind::Percent:
  case ExprKind::Bool:
  case ExprKind::String:
  case ExprKind::Interval:
    return false;
  default:
    break;
  }
  const bool plain = v.kind == ValueKind::Int || v.kind == ValueKind::Real ||
                     v.kind == ValueKind::Bool || v.kind == ValueKind::Complex ||
                     v.kind == ValueKind::String || v.kind == ValueKind::Array;
  const bool estimate =
      v.kind == ValueKind::Handle && v.type && v.type->is(sema::TypeKind::Estimate);
  if (!plain && !estimate)
    return false;
  mlir::Location at = loc(side.span);
  std::string_view name = sources.text(side.span);
  const bool longName = name.size() > 40 || name.find('\n') != name.npos;
  const std::string subject =
      longName ? fmt::format("the {} side", which) : fmt::format("`{}`", name);
  rt("text_add", {into, text(fmt::format("{}{} is ", before, subject), at)}, at);
  addText(into, v, "", side.span);
  return true;
}

void Elaborator::assertion(const AssertStmt &a) {
  mlir::Location at = loc(a.condition->span);
  const Expr *condition = a.condition.get();
  while (const auto *paren = dynAs<ParenExpr>(condition))
    condition = paren->inner.get();
  const auto *comparison = dynAs<CompareExpr>(condition);
  std::pair<Value, Value> sides;
  Value holds = comparison ? compare(*comparison, &sides) : expr(*condition);
  std::string message =
      a.message ? plainText(*a.message).value_or(std::string(sources.text(a.message->span))) : "";
  if (message.empty())
    message = fmt::format("`{}` does not hold", sources.text(a.condition->span));
  if (holds.isConstant() && holds.boolean)
    return;
  mlir::Value failed =
      ssa(holds.isConstant()
              ? Value::ofBool(true)
              : Value::ofSsa(ValueKind::Bool,
                             mlir::arith::XOrIOp::create(b, at, holds.ssa, constant(true, at))),
          at);
  branch(
      failed, a.span,
      [&] {
        mlir::Value said = rt("text_new", {}, at);
        rt("text_add", {said, text(message, at)}, at);
        if (comparison) {
          const bool first = addSide(said, ": ", "left", *comparison->lhs, sides.first);
          addSide(said, first ? ", " : ": ", "right", *comparison->rhs, sides.second);
        }
        rt("assert_failed", {said}, at);
        return Flow{};
      },
      [] { return Flow{}; });
}

} // namespace qdo::lower
