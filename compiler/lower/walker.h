// SPDX-License-Identifier: Apache-2.0
// Visits every statement and expression of a block, nested ones too.
// Why: loops ask what their bodies hold before they decide how to be lowered.
#pragma once

#include "compiler/syntax/ast.h"

#include <functional>

namespace qdo::lower {

using syntax::as;
using syntax::Block;
using syntax::Expr;
using syntax::ExprKind;
using syntax::Stmt;
using syntax::StmtKind;

/// Walks every statement and expression of a block.
struct Walker {
  std::function<void(const Stmt &)> onStmt = [](const Stmt &) {};
  std::function<void(const Expr &)> onExpr = [](const Expr &) {};

  void block(const Block &b) {
    for (const syntax::StmtPtr &s : b.stmts)
      stmt(*s);
  }
  void stmt(const Stmt &s) {
    onStmt(s);
    switch (s.kind) {
    case StmtKind::For:
      for (const syntax::Generator &g : as<syntax::ForStmt>(s).generators)
        expr(g.range.get());
      return block(as<syntax::ForStmt>(s).body);
    case StmtKind::While:
      expr(as<syntax::WhileStmt>(s).condition.get());
      return block(as<syntax::WhileStmt>(s).body);
    case StmtKind::Repeat:
      expr(as<syntax::RepeatStmt>(s).count.get());
      return block(as<syntax::RepeatStmt>(s).body);
    case StmtKind::With:
      for (const syntax::ExprPtr &c : as<syntax::WithStmt>(s).contexts)
        expr(c.get());
      return block(as<syntax::WithStmt>(s).body);
    case StmtKind::Let:
      return expr(as<syntax::LetStmt>(s).value.get());
    case StmtKind::Return:
      return expr(as<syntax::ReturnStmt>(s).value.get());
    case StmtKind::Print:
      for (const syntax::ExprPtr &v : as<syntax::PrintStmt>(s).values)
        expr(v.get());
      return;
    case StmtKind::Assert:
      return expr(as<syntax::AssertStmt>(s).condition.get());
    case StmtKind::Discard:
      return expr(as<syntax::DiscardStmt>(s).value.get());
    case StmtKind::Gate:
      expr(as<syntax::GateStmt>(s).gate.get());
      for (const syntax::ExprPtr &o : as<syntax::GateStmt>(s).operands)
        expr(o.get());
      return;
    case StmtKind::Assign:
      expr(as<syntax::AssignStmt>(s).target.get());
      return expr(as<syntax::AssignStmt>(s).value.get());
    case StmtKind::Expr:
      return expr(as<syntax::ExprStmt>(s).value.get());
    default:
      return;
    }
  }
  void expr(const Expr *e) {
    if (!e)
      return;
    onExpr(*e);
    switch (e->kind) {
    case ExprKind::Paren:
      return expr(as<syntax::ParenExpr>(*e).inner.get());
    case ExprKind::Tuple:
      for (const syntax::Arg &a : as<syntax::TupleExpr>(*e).fields)
        expr(a.value.get());
      return;
    case ExprKind::Array:
      for (const syntax::ExprPtr &x : as<syntax::ArrayExpr>(*e).elements)
        expr(x.get());
      return;
    case ExprKind::String:
      for (const syntax::StringPart &p : as<syntax::StringExpr>(*e).parts)
        expr(p.value.get());
      return;
    case ExprKind::Comprehension:
      for (const syntax::Generator &g : as<syntax::ComprehensionExpr>(*e).generators)
        expr(g.range.get());
      expr(as<syntax::ComprehensionExpr>(*e).condition.get());
      return expr(as<syntax::ComprehensionExpr>(*e).element.get());
    case ExprKind::Overlap:
      expr(as<syntax::OverlapExpr>(*e).bra.get());
      return expr(as<syntax::OverlapExpr>(*e).ket.get());
    case ExprKind::AbsOverlap:
      expr(as<syntax::AbsOverlapExpr>(*e).bra.get());
      return expr(as<syntax::AbsOverlapExpr>(*e).ket.get());
    case ExprKind::MatrixElement:
      expr(as<syntax::MatrixElementExpr>(*e).bra.get());
      expr(as<syntax::MatrixElementExpr>(*e).observable.get());
      return expr(as<syntax::MatrixElementExpr>(*e).ket.get());
    case ExprKind::Unary:
      return expr(as<syntax::UnaryExpr>(*e).operand.get());
    case ExprKind::Ctrl:
      return expr(as<syntax::CtrlExpr>(*e).operand.get());
    case ExprKind::Binary:
      expr(as<syntax::BinaryExpr>(*e).lhs.get());
      return expr(as<syntax::BinaryExpr>(*e).rhs.get());
    case ExprKind::Compare:
      expr(as<syntax::CompareExpr>(*e).lhs.get());
      expr(as<syntax::CompareExpr>(*e).rhs.get());
      return expr(as<syntax::CompareExpr>(*e).within.get());
    case ExprKind::Interval:
      expr(as<syntax::IntervalExpr>(*e).low.get());
      return expr(as<syntax::IntervalExpr>(*e).high.get());
    case ExprKind::Member:
      return expr(as<syntax::MemberExpr>(*e).base.get());
    case ExprKind::Call:
      expr(as<syntax::CallExpr>(*e).callee.get());
      for (const syntax::Arg &a : as<syntax::CallExpr>(*e).args)
        expr(a.value.get());
      return;
    case ExprKind::Index:
      expr(as<syntax::IndexExpr>(*e).base.get());
      for (const syntax::ExprPtr &i : as<syntax::IndexExpr>(*e).indices)
        expr(i.get());
      return;
    case ExprKind::If:
      expr(as<syntax::IfExpr>(*e).condition.get());
      block(as<syntax::IfExpr>(*e).thenBlock);
      if (as<syntax::IfExpr>(*e).elseBlock)
        block(*as<syntax::IfExpr>(*e).elseBlock);
      return;
    case ExprKind::Estimate:
      return block(as<syntax::EstimateExpr>(*e).body);
    case ExprKind::Lambda:
      expr(as<syntax::LambdaExpr>(*e).body.get());
      if (as<syntax::LambdaExpr>(*e).block)
        block(*as<syntax::LambdaExpr>(*e).block);
      return;
    default:
      return;
    }
  }
};

/// Whether a body can be left early, and whether by `return`.
struct EarlyExits {
  bool any = false, returns = false;
};
inline EarlyExits earlyExits(const Block &body) {
  EarlyExits exits;
  Walker walker;
  walker.onStmt = [&](const Stmt &s) {
    exits.returns |= s.kind == StmtKind::Return;
    exits.any |=
        s.kind == StmtKind::Break || s.kind == StmtKind::Continue || s.kind == StmtKind::Return;
  };
  walker.block(body);
  return exits;
}

} // namespace qdo::lower
