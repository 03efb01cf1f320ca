// SPDX-License-Identifier: Apache-2.0
// The indented form of expressions and types.
#include "compiler/syntax/dump.h"

namespace qdo::syntax {

namespace {

std::string_view spelled(UnaryOp op) {
  switch (op) {
  case UnaryOp::Neg: return "-";
  case UnaryOp::Not: return "not";
  case UnaryOp::Adj: return "adj";
  case UnaryOp::Prepare: return "prepare";
  case UnaryOp::Measure: return "measure";
  }
}

std::string_view spelled(BinaryOp op) {
  switch (op) {
  case BinaryOp::Or: return "or";
  case BinaryOp::And: return "and";
  case BinaryOp::Add: return "+";
  case BinaryOp::Sub: return "-";
  case BinaryOp::Mul: return "*";
  case BinaryOp::Div: return "/";
  case BinaryOp::Mod: return "mod";
  case BinaryOp::Pow: return "^";
  case BinaryOp::Then: return "then";
  case BinaryOp::Tensor: return "tensor";
  case BinaryOp::Range: return "..";
  }
}

std::string_view spelled(CompareOp op) {
  switch (op) {
  case CompareOp::Eq: return "==";
  case CompareOp::Ne: return "!=";
  case CompareOp::Le: return "<=";
  case CompareOp::Ge: return ">=";
  case CompareOp::Lt: return "<";
  case CompareOp::Gt: return ">";
  case CompareOp::In: return "in";
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

void Dumper::expr(std::string_view role, const Expr *node) {
  if (node)
    exprBody(role, *node);
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

void Dumper::exprBody(std::string_view role, const Expr &node) {
  auto head = [&](std::string_view what) { line(role, what, node.span); };
  Nested nested(*this);
  // The head belongs to the level above.
  auto at = [&](std::string_view what) {
    --depth;
    head(what);
    ++depth;
  };
  switch (node.kind) {
  case ExprKind::Error: return at("Error");
  case ExprKind::Int: return at(fmt::format("Int {}", as<IntExpr>(node).value));
  case ExprKind::Real: return at(fmt::format("Real {}", as<RealExpr>(node).value));
  case ExprKind::Percent: return at(fmt::format("Percent {}", as<PercentExpr>(node).value));
  case ExprKind::Duration: return at(fmt::format("Duration {}s", as<DurationExpr>(node).seconds));
  case ExprKind::Imaginary: return at(fmt::format("Imaginary {}i", as<ImaginaryExpr>(node).value));
  case ExprKind::Bool: return at(as<BoolExpr>(node).value ? "Bool true" : "Bool false");
  case ExprKind::Name: return at("Name " + as<NameExpr>(node).name);
  case ExprKind::String:
    --depth;
    string(role, as<StringExpr>(node));
    ++depth;
    return;
  case ExprKind::Paren: at("Paren"); return expr("", as<ParenExpr>(node).inner.get());
  case ExprKind::Tuple: at("Tuple"); return args(as<TupleExpr>(node).fields);
  case ExprKind::Array:
    at("Array");
    for (const ExprPtr &element : as<ArrayExpr>(node).elements)
      expr("", element.get());
    return;
  case ExprKind::Comprehension: {
    const auto &all = as<ComprehensionExpr>(node);
    at("Comprehension");
    expr("element", all.element.get());
    generators(all.generators);
    return expr("if", all.condition.get());
  }
  case ExprKind::BraExpect: at("BraExpect"); return expr("", as<BraExpectExpr>(node).observable.get());
  case ExprKind::Overlap:
    at("Overlap");
    expr("bra", as<OverlapExpr>(node).bra.get());
    return expr("ket", as<OverlapExpr>(node).ket.get());
  case ExprKind::MatrixElement:
    at("MatrixElement");
    expr("bra", as<MatrixElementExpr>(node).bra.get());
    expr("observable", as<MatrixElementExpr>(node).observable.get());
    return expr("ket", as<MatrixElementExpr>(node).ket.get());
  case ExprKind::AbsOverlap:
    at("AbsOverlap");
    expr("bra", as<AbsOverlapExpr>(node).bra.get());
    return expr("ket", as<AbsOverlapExpr>(node).ket.get());
  case ExprKind::Unary:
    at(fmt::format("Unary {}", spelled(as<UnaryExpr>(node).op)));
    return expr("", as<UnaryExpr>(node).operand.get());
  case ExprKind::Ctrl:
    at("Ctrl");
    expr("count", as<CtrlExpr>(node).count.get());
    return expr("", as<CtrlExpr>(node).operand.get());
  case ExprKind::Binary:
    at(fmt::format("Binary {}", spelled(as<BinaryExpr>(node).op)));
    expr("", as<BinaryExpr>(node).lhs.get());
    return expr("", as<BinaryExpr>(node).rhs.get());
  case ExprKind::Compare:
    at(fmt::format("Compare {}", spelled(as<CompareExpr>(node).op)));
    expr("", as<CompareExpr>(node).lhs.get());
    expr("", as<CompareExpr>(node).rhs.get());
    expr("within", as<CompareExpr>(node).within.get());
    return expr("at", as<CompareExpr>(node).confidence.get());
  case ExprKind::Interval:
    at("Interval");
    expr("low", as<IntervalExpr>(node).low.get());
    expr("high", as<IntervalExpr>(node).high.get());
    return expr("step", as<IntervalExpr>(node).step.get());
  case ExprKind::Member:
    at("Member " + as<MemberExpr>(node).member.text);
    return expr("", as<MemberExpr>(node).base.get());
  case ExprKind::Call:
    at("Call");
    expr("callee", as<CallExpr>(node).callee.get());
    return args(as<CallExpr>(node).args);
  case ExprKind::Index:
    at("Index");
    expr("base", as<IndexExpr>(node).base.get());
    for (const ExprPtr &index : as<IndexExpr>(node).indices)
      expr("at", index.get());
    return;
  case ExprKind::Lambda: {
    const auto &lambda = as<LambdaExpr>(node);
    std::string names;
    for (const Ident &param : lambda.params)
      names += " " + param.text;
    at("Lambda" + names);
    expr("body", lambda.body.get());
    if (lambda.block)
      block("block", *lambda.block);
    return;
  }
  case ExprKind::If: {
    const auto &choice = as<IfExpr>(node);
    at("If");
    expr("condition", choice.condition.get());
    block("then", choice.thenBlock);
    if (choice.elseBlock)
      block("else", *choice.elseBlock);
    return;
  }
  case ExprKind::Estimate: at("Estimate"); return block("body", as<EstimateExpr>(node).body);
  }
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
