// SPDX-License-Identifier: Apache-2.0
// The clauses of a policy or a noise, and those of what it derives from.
// Why one walk: both inherit in the same way; what a clause replaces is theirs to say.
#include "compiler/lower/elaborator.h"

namespace qdo::lower {

using namespace syntax;

/// The ancestors' clauses first, each in the scope of its declaration's parameters.
void Elaborator::eachClause(sema::SymbolId id, const std::vector<Value> &args, base::Span span,
                            const ClauseVisitor &visit) {
  const sema::Symbol &symbol = program.symbol(id);
  const bool isPolicy = symbol.kind == sema::SymbolKind::Policy;
  const ExprPtr &from =
      isPolicy ? as<PolicyStmt>(*symbol.decl).from : as<NoiseStmt>(*symbol.decl).from;
  const std::vector<Clause> &own =
      isPolicy ? as<PolicyStmt>(*symbol.decl).clauses : as<NoiseStmt>(*symbol.decl).clauses;
  enter(id, span);
  Frame scope;
  scope.module = symbol.module;
  if (auto known = program.signatures.find(id); known != program.signatures.end())
    for (size_t i = 0; i < known->second.parameters.size(); ++i)
      scope.vars[known->second.parameters[i].symbol] = i < args.size() ? args[i] : Value::unit();
  if (from) {
    frames.push_back(scope);
    const auto *call = dynAs<CallExpr>(from.get());
    const sema::SymbolId parent = used(call ? *call->callee : *from);
    if (parent == sema::SymbolId::None || program.symbol(parent).kind != symbol.kind)
      notYet(from->span, isPolicy ? "deriving from this policy" : "deriving from this noise");
    static const std::vector<Arg> none;
    std::vector<Value> parentArgs;
    if (auto known = program.signatures.find(parent); known != program.signatures.end())
      parentArgs = arguments(known->second, call ? call->args : none, nullptr);
    frames.pop_back();
    eachClause(parent, parentArgs, span, visit);
  }
  for (const Clause &clause : own)
    visit(clause, scope, own);
  inlining.pop_back();
}

} // namespace qdo::lower
