// SPDX-License-Identifier: Apache-2.0
// The walk over statements and expressions that knows at every point what is live.
// In: trees, names, types. Out: calls of Reports.
// Why: a scope's locals are a stack, a flow is a value; branches copy the flow, scopes stay as they
// are. Must not: be included outside compiler/sema.
#pragma once

#include "compiler/sema/linear_reports.h"

#include <functional>
#include <set>

namespace qdo::sema::linear {

using Action = std::function<void()>;

/// What becomes of an expression's value if it is live.
struct Sink {
  enum class Kind : uint8_t {
    Take,      ///< a new owner takes it, `what` says how
    Drop,      ///< nobody takes it
    Classical, ///< only a classical value may stand here: E0210 with `what` and `help`
    Silent,    ///< an error about it was reported
  };
  Kind kind = Kind::Silent;
  std::string what;
  std::string_view help;
};

class LinearChecker {
public:
  LinearChecker(const Program &program, const base::SourceMap &sources, diag::Engine &engine)
      : program(program), sources(sources), engine(engine), reports(program, sources, engine) {
    for (const auto &[symbol, signature] : program.signatures)
      for (const Signature::Parameter &parameter : signature.parameters)
        if (parameter.structure)
          structureParameters.insert(parameter.symbol);
  }

  void module(const ModuleInfo &info);

private:
  /// Locals of one block.
  struct Scope {
    std::vector<SymbolId> locals;
  };
  /// A function, or a block that runs at another time than what surrounds it.
  struct Frame {
    size_t firstScope;
    std::string_view closure; ///< "a lambda", "an `estimate` block"; empty for the top level
    base::Span span;
    bool isCircuit = false;
  };
  struct Jump {
    Flow flow;
    base::Span span;
    bool isBreak;
  };
  /// A use of some elements of a variable that was made outside the loop.
  struct ElementUse {
    Use use;
    std::optional<Range> range; ///< nullopt: all of it, or unknown
  };
  struct LoopVariable {
    SymbolId symbol;
    Range run;
  };
  struct Loop {
    size_t firstScope;
    size_t frame;
    base::Span head;
    std::vector<LoopVariable> variables;
    bool isCounted = false; ///< every variable runs over a range that is known at elaboration
    std::vector<Jump> jumps;
    std::vector<ElementUse> uses;
    size_t pathLength; ///< steps at its head: more of them means that a use is conditional
  };
  /// What an expression names: a live variable or some of its elements.
  struct Place {
    SymbolId symbol = SymbolId::None;
    const syntax::IndexExpr *element = nullptr; ///< null: the whole variable
    std::optional<Range> range;                 ///< of an element whose index is known
  };

  const Program &program;
  const base::SourceMap &sources;
  diag::Engine &engine;
  Reports reports;
  const ModuleInfo *info = nullptr;
  Flow flow;
  std::vector<Scope> scopes;
  std::vector<Frame> frames;
  std::vector<Loop> loops;
  Path path;
  Bounds bounds;
  std::map<SymbolId, size_t> scopeOf;
  std::set<SymbolId> structureParameters; ///< integers that elaboration knows
  unsigned quiet = 0;                     ///< inside an expression that has an error already
  std::vector<SymbolId> capturedEarly;    ///< top-level values that a function above them uses

  // ---- linearity.cpp: statements and declarations
  void stmts(const std::vector<syntax::StmtPtr> &list, const Sink &tail);
  void stmt(const syntax::Stmt &stmt);
  /// A function or circuit: exactly one of `body` and `value` is set.
  void callable(const syntax::Stmt &stmt, base::Span name, const syntax::Block *body,
                const syntax::Expr *value);
  void letStmt(const syntax::LetStmt &let);
  void assignStmt(const syntax::AssignStmt &assign);
  void assignTo(const syntax::Expr &target, const Origin &origin);
  void gateStmt(const syntax::GateStmt &gate);
  void clauses(const std::vector<syntax::Clause> &list, std::string_view closure);
  void declaration(const syntax::Stmt &stmt);
  void gateCall(const syntax::Expr &gate);
  void parameters(const Signature &signature);

  // ---- linear_flow.cpp: scopes, branches, loops
  void declare(SymbolId symbol, const Origin &origin);
  void declareBinder(const syntax::Binder &binder, const Origin &origin);
  void pushScope() { scopes.emplace_back(); }
  void popScope(Exit exit);
  [[nodiscard]] std::optional<base::Span> hiddenBy(const Scope &scope, SymbolId local) const;
  void block(const syntax::Block &block, const Sink &tail);
  void leaveScopes(size_t first, const Exit &exit);
  void jump(const syntax::Stmt &stmt);
  void inFrame(std::string_view closure, base::Span span, const Action &body);
  void branch(const Fork &fork, const Action &then, const Action &otherwise);
  Flow meet(Flow then, Flow otherwise, const Fork &fork);
  void ifExpr(const syntax::IfExpr &expr, const Sink &sink);
  void forLoop(const std::vector<syntax::Generator> &generators, base::Span head,
               const Action &body);
  void whileLoop(const syntax::WhileStmt &loop);
  void repeatLoop(const syntax::RepeatStmt &loop);
  void beginLoop(base::Span head);
  void endLoop(const Flow &head, Flow exit);
  State afterLoop(const Loop &loop, SymbolId symbol, const State &before, const Flow &end,
                  State exit);
  bool sumOverIterations(const Loop &loop, SymbolId symbol, const State &before, State &after);

  // ---- linear_exprs.cpp: expressions and places
  void value(const syntax::Expr &expr, const Sink &sink);
  void refuseOnce(const syntax::Expr &expr, std::string_view what, std::string_view help,
                  bool &wasRefused);
  void parts(const syntax::Expr &expr, const Sink &sink);
  void classicalParts(const syntax::Expr &expr);
  void nameOrIndex(const syntax::Expr &expr, const Sink &sink);
  void unary(const syntax::UnaryExpr &unary, const Sink &sink);
  void binary(const syntax::BinaryExpr &binary);
  void classical(const syntax::Expr &expr, std::string_view what, std::string_view help = {});
  void result(const syntax::Expr &expr, const Sink &sink);
  void call(const syntax::CallExpr &call, const Sink &sink);
  void arguments(const syntax::CallExpr &call);
  void tuple(const syntax::TupleExpr &tuple, const Sink &sink);
  void comprehension(const syntax::ComprehensionExpr &expr);
  void lambda(const syntax::LambdaExpr &expr);
  void atPlace(const Place &place, const syntax::Expr &expr, const Sink &sink);

  // ---- linear_uses.cpp: what a use does to a place
  void consume(const Place &place, const syntax::Expr &expr, const std::string &what);
  void consumeElement(const Place &place, const Use &use, State &state);
  bool borrow(const Place &place, const syntax::Expr &expr, const std::string &what);
  /// False after reporting that a value from outside this frame is used in it.
  bool isLocal(const Use &use);
  [[nodiscard]] std::optional<Place> placeOf(const syntax::Expr &expr) const;
  [[nodiscard]] std::optional<Range> rangeOf(const syntax::Expr &index) const;
  [[nodiscard]] std::optional<Size> sizeOf(const syntax::Expr &expr) const;
  [[nodiscard]] bool knownAtElaboration(const Size &size) const;
  [[nodiscard]] SymbolId use(const syntax::Expr &expr) const;
  [[nodiscard]] SymbolId declared(syntax::NodeId node, uint32_t index) const;
  [[nodiscard]] TypeRef typeOf(const syntax::Expr &expr) const;
  [[nodiscard]] bool isLive(const syntax::Expr &expr) const { return typeOf(expr)->isLive(); }
  [[nodiscard]] bool alreadyReported(base::Span span) const;
  [[nodiscard]] Origin originOf(const syntax::Expr &value) const;
  State *find(SymbolId symbol);
};

} // namespace qdo::sema::linear
