// SPDX-License-Identifier: Apache-2.0
// The indented form of expressions and types.
#include "compiler/syntax/dump.h"

namespace qdo::syntax {

namespace {

std::string_view spelled(UnaryOp op) {
  switch (op) {
  case UnaryOp::Neg:
    return "-";
  case UnaryOp::Not:
    return "not";
  case UnaryOp::Adj:
    return "adj";
  case UnaryOp::Prepare:
    return "prepare";
  case UnaryOp::Measure:
    return "measure";
  }
}

std::string_view spelled(BinaryOp op) {
  switch (op) {
  case BinaryOp::Or:
    return "or";
  case BinaryOp::And:
    return "and";
  case BinaryOp::Add:
    return "+";
  case BinaryOp::Sub:
    return "-";
  case BinaryOp::Mul:
    return "*";
  case BinaryOp::Div:
    return "/";
  case BinaryOp::Mod:
    return "mod";
  case BinaryOp::Pow:
    return "^";
  case BinaryOp::Then:
    return "then";
  case BinaryOp::Tensor:
    return "tensor";
  case BinaryOp::Range:
    return "..";
  }
}

std::string_view spelled(CompareOp op) {
  switch (op) {
  case CompareOp::Eq:
    return "==";
  case CompareOp::Ne:
    return "!=";
  case CompareOp::Le:
    return "<=";
  case CompareOp::Ge:
    return ">=";
  case CompareOp::Lt:
    return "<";
  case CompareOp::Gt:
    return ">";
  case CompareOp::In:
    return "in";
  }
}

/// The kind of a node and what it holds beside other nodes.
std::string headOf(const Expr &node) {
  switch (node.kind) {
  case ExprKind::Error:
    return "Error";
  case ExprKind::Int:
    return fmt::format("Int {}", as<IntExpr>(node).value);
  case ExprKind::Real:
    return fmt::format("Real {}", as<RealExpr>(node).value);
  case ExprKind::Percent:
    return fmt::format("Percent {}", as<PercentExpr>(node).value);
  case ExprKind::Duration:
    return fmt::format("Duration {}s", as<DurationExpr>(node).seconds);
  case ExprKind::Imaginary:
    return fmt::format("Imaginary {}i", as<ImaginaryExpr>(node).value);
  case ExprKind::Bool:
    return as<BoolExpr>(node).value ? "Bool true" : "Bool false";
  case ExprKind::Name:
    return "Name " + as<NameExpr>(node).name;
  case ExprKind::String:
    return "String";
  case ExprKind::Paren:
    return "Paren";
  case ExprKind::Tuple:
    return "Tuple";
  case ExprKind::Array:
    return "Array";
  case ExprKind::Comprehension:
    return "Comprehension";
  case ExprKind::BraExpect:
    return "BraExpect";
  case ExprKind::Overlap:
    return "Overlap";
  case ExprKind::MatrixElement:
    return "MatrixElement";
  case ExprKind::AbsOverlap:
    return "AbsOverlap";
  case ExprKind::Unary:
    return fmt::format("Unary {}", spelled(as<UnaryExpr>(node).op));
  case ExprKind::Ctrl:
    return "Ctrl";
  case ExprKind::Binary:
    return fmt::format("Binary {}", spelled(as<BinaryExpr>(node).op));
  case ExprKind::Compare:
    return fmt::format("Compare {}", spelled(as<CompareExpr>(node).op));
  case ExprKind::Interval:
    return "Interval";
  case ExprKind::Member:
    return "Member " + as<MemberExpr>(node).member.text;
  case ExprKind::Call:
    return "Call";
  case ExprKind::Index:
    return "Index";
  case ExprKind::Lambda: {
    std::string names = "Lambda";
    for (const Ident &param : as<LambdaExpr>(node).params)
      names += " " + param.text;
    return names;
  }
  case ExprKind::If:
    return "If";
  case ExprKind::Estimate:
    return "Estimate";
  }
}

} // namespace

std::string quote(std::string_view text) {
  std::string result = "\"";
  for (char c : text) {
    if (c == '\n')
      result += "\\n";
    else if (c == '\t')
      result += "\\t";
    else if (c == '"' || c == '\\')
      (result += '\\') += c;
    else
      result += c;
  }
  return result + '"';
}

std::string binderText(const Binder &binder) {
  std::string result;
  for (const Ident &name : binder.names)
    result += (result.empty() ? "" : ", ") + name.text;
  return binder.isTuple ? "(" + result + ")" : result;
}

void Dumper::line(std::string_view role, std::string_view what, base::Span span) {
  base::Position begin = sources.position(span.file, span.begin);
  base::Position end = sources.position(span.file, span.end);
  fmt::format_to(std::back_inserter(out), "{:{}}{}{}{} @{}:{}-{}:{}\n", "", depth * 2, role,
                 role.empty() ? "" : ": ", what, begin.line, begin.codePointColumn, end.line,
                 end.codePointColumn);
}

void Dumper::args(const std::vector<Arg> &args) {
  for (const Arg &arg : args)
    expr(arg.name ? "arg " + arg.name->text : std::string("arg"), arg.value.get());
}

void Dumper::generators(const std::vector<Generator> &generators) {
  for (const Generator &generator : generators)
    expr("for " + binderText(generator.binder), generator.range.get());
}

void Dumper::string(std::string_view role, const StringExpr &node) {
  if (node.parts.empty() || (node.parts.size() == 1 && !node.parts[0].value))
    return line(role, "String " + quote(node.parts.empty() ? "" : node.parts[0].text), node.span);
  line(role, "String", node.span);
  Nested nested(*this);
  for (const StringPart &part : node.parts) {
    if (!part.text.empty())
      fmt::format_to(std::back_inserter(out), "{:{}}text {}\n", "", depth * 2, quote(part.text));
    expr(part.spec.empty() ? std::string("value") : "value " + quote(part.spec), part.value.get());
  }
}

void Dumper::expr(std::string_view role, const Expr *node) {
  if (!node)
    return;
  if (const auto *text = dynAs<StringExpr>(node))
    return string(role, *text);
  line(role, headOf(*node), node->span);
  Nested nested(*this);
  children(*node);
}

/// Apart from `headOf`, so that the frame that recurs is small.
void Dumper::children(const Expr &node) {
  switch (node.kind) {
  case ExprKind::Error:
  case ExprKind::Int:
  case ExprKind::Real:
  case ExprKind::Percent:
  case ExprKind::Duration:
  case ExprKind::Imaginary:
  case ExprKind::Bool:
  case ExprKind::Name:
  case ExprKind::String:
    return;
  case ExprKind::Paren:
    return expr("", as<ParenExpr>(node).inner.get());
  case ExprKind::Tuple:
    return args(as<TupleExpr>(node).fields);
  case ExprKind::Array:
    return list("", as<ArrayExpr>(node).elements);
  case ExprKind::Comprehension:
    expr("element", as<ComprehensionExpr>(node).element.get());
    generators(as<ComprehensionExpr>(node).generators);
    return expr("if", as<ComprehensionExpr>(node).condition.get());
  case ExprKind::BraExpect:
    return expr("", as<BraExpectExpr>(node).observable.get());
  case ExprKind::Overlap:
    expr("bra", as<OverlapExpr>(node).bra.get());
    return expr("ket", as<OverlapExpr>(node).ket.get());
  case ExprKind::MatrixElement:
    expr("bra", as<MatrixElementExpr>(node).bra.get());
    expr("observable", as<MatrixElementExpr>(node).observable.get());
    return expr("ket", as<MatrixElementExpr>(node).ket.get());
  case ExprKind::AbsOverlap:
    expr("bra", as<AbsOverlapExpr>(node).bra.get());
    return expr("ket", as<AbsOverlapExpr>(node).ket.get());
  case ExprKind::Unary:
    return expr("", as<UnaryExpr>(node).operand.get());
  case ExprKind::Ctrl:
    expr("count", as<CtrlExpr>(node).count.get());
    return expr("", as<CtrlExpr>(node).operand.get());
  case ExprKind::Binary:
    expr("", as<BinaryExpr>(node).lhs.get());
    return expr("", as<BinaryExpr>(node).rhs.get());
  case ExprKind::Compare:
    expr("", as<CompareExpr>(node).lhs.get());
    expr("", as<CompareExpr>(node).rhs.get());
    expr("within", as<CompareExpr>(node).within.get());
    return expr("at", as<CompareExpr>(node).confidence.get());
  case ExprKind::Interval:
    expr("low", as<IntervalExpr>(node).low.get());
    expr("high", as<IntervalExpr>(node).high.get());
    return expr("step", as<IntervalExpr>(node).step.get());
  case ExprKind::Member:
    return expr("", as<MemberExpr>(node).base.get());
  case ExprKind::Call:
    expr("callee", as<CallExpr>(node).callee.get());
    return args(as<CallExpr>(node).args);
  case ExprKind::Index:
    expr("base", as<IndexExpr>(node).base.get());
    return list("at", as<IndexExpr>(node).indices);
  case ExprKind::Lambda:
    expr("body", as<LambdaExpr>(node).body.get());
    if (as<LambdaExpr>(node).block)
      block("block", *as<LambdaExpr>(node).block);
    return;
  case ExprKind::If:
    expr("condition", as<IfExpr>(node).condition.get());
    block("then", as<IfExpr>(node).thenBlock);
    if (as<IfExpr>(node).elseBlock)
      block("else", *as<IfExpr>(node).elseBlock);
    return;
  case ExprKind::Estimate:
    return block("body", as<EstimateExpr>(node).body);
  }
}

void Dumper::list(std::string_view role, const std::vector<ExprPtr> &nodes) {
  for (const ExprPtr &node : nodes)
    expr(role, node.get());
}

void Dumper::type(std::string_view role, const Type *node) {
  if (!node)
    return;
  line(role, node->isTuple ? "Type (...)" : "Type " + node->name.text, node->span);
  Nested nested(*this);
  for (const TypePtr &arg : node->args)
    type("arg", arg.get());
  for (const TypeField &field : node->fields)
    type(field.name ? "field " + field.name->text : std::string("field"), field.type.get());
  for (const ExprPtr &size : node->sizes) {
    if (size)
      expr("size", size.get());
    else
      fmt::format_to(std::back_inserter(out), "{:{}}size: ?\n", "", depth * 2);
  }
  type("result", node->result.get());
}

} // namespace qdo::syntax
