// SPDX-License-Identifier: Apache-2.0
// The checker's state, shared by the check_*.cpp files: one file per family of constructs.
// In: trees. Out: symbols, types and diagnostics in a Program.
// Must not: be included outside compiler/sema; evaluate anything (elaboration does).
#pragma once

#include "compiler/sema/program.h"

#include <set>
#include <unordered_map>
#include <utility>

namespace qdo::sema {

struct LearningFunction;

/// Who pays for shots at this place.
enum class Payer : uint8_t { Nobody, Caller, Policy, Exact };

/// What kind of code surrounds a statement.
enum class Place : uint8_t { TopLevel, Function, Circuit, Clause };

struct Context {
  Place place = Place::TopLevel;
  Payer payer = Payer::Nobody;
  SymbolId function = SymbolId::None; ///< the function or circuit being checked
  TypeRef declaredResult;             ///< of the function; null when it is to be inferred
  std::vector<TypeRef> *returns = nullptr;
  int loops = 0;
  std::optional<base::Span> estimate = {}; ///< the block of one shot that is being checked
};

using Scope = std::map<std::string, SymbolId, std::less<>>;

/// A function as a value: a declared one, or a lambda with the names that it sees. A lambda's
/// parameters have no written types, so its body is checked for each use.
struct Closure {
  SymbolId symbol = SymbolId::None;
  const syntax::LambdaExpr *lambda = nullptr;
  std::vector<Scope> scopes;
  ModuleInfo *module = nullptr;
  Context context;
  mutable bool checked = false, failed = false;
};

class Checker {
public:
  Checker(Program &program, base::SourceMap &sources, const ModuleReader &readModule,
          diag::Engine &diagnostics)
      : program(program), sources(sources), readModule(readModule), diagnostics(diagnostics) {}

  void run();

private:
  Program &program;
  base::SourceMap &sources;
  const ModuleReader &readModule;
  diag::Engine &diagnostics;
  ModuleInfo *module = nullptr;
  std::vector<Scope> scopes;
  std::map<std::string, ModuleInfo *, std::less<>> loaded;
  std::map<std::string, SymbolId, std::less<>> builtins;
  std::vector<SymbolId> functions;                      ///< declared in what is checked
  std::vector<std::shared_ptr<const Closure>> closures; ///< every lambda
  Context context;
  const syntax::Stmt *unreturned = nullptr; ///< a value that should have been returned
  bool inPath = false;                      ///< what is checked stands before a `.`
  /// Names that were reported as unknown, by the function they stand in: one mistake, however
  /// often.
  std::set<std::pair<SymbolId, std::string>> unknownNames;

  // ---- check_module.cpp: modules, names, scopes
  void declareBuiltins();
  ModuleInfo *load(const std::string &path);
  void declareModule(ModuleInfo &info);
  void declareStmt(const syntax::Stmt &stmt);
  void useModule(const syntax::UseStmt &use);
  /// What a module lets others use under a name; reported when it does not.
  std::optional<SymbolId> exported(const ModuleInfo &from, const std::string &path,
                                   const syntax::Ident &name);
  /// Makes a symbol known here under another name.
  void bring(const syntax::Ident &name, const std::string &as, SymbolId id);
  SymbolId moduleSymbol(const std::string &path);
  SymbolId declare(SymbolKind kind, const syntax::Ident &name, const syntax::Stmt *decl = nullptr);
  SymbolId declareLocal(const syntax::Ident &name, syntax::NodeId node, uint32_t index,
                        TypeRef type);
  SymbolId newSymbol(SymbolKind kind, std::string name, base::Span span);
  void bind(std::string name, SymbolId id) { scopes.back()[std::move(name)] = id; }
  [[nodiscard]] SymbolId lookup(std::string_view name) const;
  SymbolId resolve(const syntax::Ident &name, bool report = true);
  void unknownName(const syntax::Ident &name);
  /// After a mistake that says a variable has the wrong type: its other uses are the same mistake.
  void doubt(const syntax::Expr &use);
  void suggestName(diag::Diagnostic &diagnostic, std::string_view name, base::Span span);
  Symbol &sym(SymbolId id) { return program.symbol(id); }
  /// Runs `body` inside a function of its own: other scopes and module are put aside.
  template <typename Body> void inModuleOf(SymbolId id, Body body);

  // ---- check_types.cpp: written types, sizes, signatures
  TypeRef type(const syntax::Type &written, std::vector<uint32_t> *newSizes);
  TypeRef plainType(const syntax::Type &written, std::vector<uint32_t> *newSizes);
  Size sizeOf(const syntax::Expr &expr, std::vector<uint32_t> *newSizes = nullptr);
  Signature &signature(SymbolId id);
  void declareParameters(Signature &signature, const std::vector<syntax::Param> &params,
                         std::vector<Signature::Parameter> &out, bool borrowed);
  void bindParameters(const Signature &signature);
  bool expectType(const TypeRef &expected, const TypeRef &actual, base::Span span,
                  std::string_view what, const std::vector<uint32_t> &solvable = {},
                  SizeBindings *bindings = nullptr);
  [[nodiscard]] std::string show(const TypeRef &type) const { return program.show(type); }
  [[nodiscard]] std::string show(const Size &size) const {
    return toString(size, program.sizeNames);
  }
  std::string quote(base::Span span) const;

  // ---- check_stmt.cpp
  void block(const syntax::Block &block, TypeRef *value = nullptr);
  void stmt(const syntax::Stmt &stmt);
  void stmts(const std::vector<syntax::StmtPtr> &stmts, TypeRef *value);
  void letStmt(const syntax::LetStmt &let);
  void bindBinder(const syntax::Binder &binder, const TypeRef &type, base::Span valueSpan,
                  bool isVar);
  void assignStmt(const syntax::AssignStmt &assign);
  void forStmt(const syntax::ForStmt &loop);
  void generators(const std::vector<syntax::Generator> &generators);
  void withStmt(const syntax::WithStmt &with);
  void testBlock(const syntax::TestStmt &test);
  void returnStmt(const syntax::ReturnStmt &stmt);
  void printStmt(const syntax::PrintStmt &print);
  void condition(const syntax::Expr &expr, std::string_view what);
  bool forgotReturn(const syntax::FnStmt &fn);
  bool allowedInCircuit(const syntax::Stmt &stmt);
  void shapeDependsOnData(const syntax::Expr &expr, std::string_view what);

  // ---- check_function.cpp: bodies, lambdas, functions as values
  void fnDecl(SymbolId id);
  TypeRef fnBody(SymbolId id, Payer payer);
  /// Bodies that no call has checked.
  void uncalled();
  TypeRef lambda(const syntax::LambdaExpr &lambda);
  TypeRef functionValue(SymbolId id);
  /// The result of calling a function value with arguments of these types.
  TypeRef apply(const TypeRef &function, const std::vector<TypeRef> &args, base::Span span,
                std::string_view name);
  TypeRef applyLambda(const Closure &closure, const std::vector<TypeRef> &args);
  TypeRef resultOf(SymbolId id);

  // ---- check_arith.cpp: operators and comparisons
  TypeRef unaryArithmetic(const syntax::UnaryExpr &unary, const TypeRef &operand);
  TypeRef arithmetic(const syntax::BinaryExpr &binary, const TypeRef &lhs, const TypeRef &rhs);
  TypeRef compare(const syntax::CompareExpr &compare);
  TypeRef compareEstimates(const syntax::CompareExpr &compare, const TypeRef &lhs,
                           const TypeRef &rhs);

  // ---- check_library.cpp: what is built in
  TypeRef callLearning(const LearningFunction &function, const syntax::CallExpr &call);
  TypeRef measuredType(const syntax::Expr &kernel, const TypeRef &type, base::Span span,
                       std::string_view what);
  TypeRef crossValidation(const syntax::Expr &training);
  TypeRef callIntrinsic(SymbolId id, const syntax::CallExpr &call);
  /// check_gradient.cpp: `grad` and `minimize`.
  TypeRef callGradient(const std::string &name, const syntax::CallExpr &call);
  /// The part of an expression that was measured before, or null: what `fresh` cannot measure.
  const syntax::Expr *alreadyMeasured(const syntax::Expr &e) const;
  TypeRef callMethod(const syntax::CallExpr &call, const syntax::MemberExpr &method,
                     const TypeRef &base);

  // ---- check_shadow.cpp: questions to a record of measurements
  TypeRef askShadow(const syntax::CallExpr &call, const syntax::MemberExpr &method);

  // ---- check_expr.cpp
  TypeRef expr(const syntax::Expr &expr);
  TypeRef compute(const syntax::Expr &expr);
  TypeRef name(const syntax::NameExpr &name);
  TypeRef useOf(SymbolId id, const syntax::Expr &expr);
  TypeRef string(const syntax::StringExpr &string);
  TypeRef array(const syntax::ArrayExpr &array);
  TypeRef comprehension(const syntax::ComprehensionExpr &comprehension);
  TypeRef tuple(const syntax::TupleExpr &tuple);
  TypeRef unary(const syntax::UnaryExpr &unary);
  TypeRef binary(const syntax::BinaryExpr &binary);
  TypeRef ifExpr(const syntax::IfExpr &expr);
  TypeRef index(const syntax::IndexExpr &index);
  TypeRef member(const syntax::MemberExpr &member);
  TypeRef memberOf(const TypeRef &base, const syntax::MemberExpr &member);
  TypeRef join(const TypeRef &a, const TypeRef &b, bool &failed);
  TypeRef notYet(base::Span span, std::string_view what);
  bool elaborated(const syntax::Expr &callee) const;

  // ---- check_call.cpp
  TypeRef call(const syntax::CallExpr &call);
  TypeRef callFunction(SymbolId id, const syntax::CallExpr &call);
  TypeRef callCircuit(SymbolId id, const syntax::CallExpr &call);
  TypeRef callPolicy(SymbolId id, const syntax::CallExpr &call);
  /// Matches arguments to parameters, solves sizes. False after an error.
  bool arguments(SymbolId id, const std::vector<syntax::Arg> &args, base::Span span,
                 SizeBindings &bindings, std::vector<TypeField> *holes);
  [[nodiscard]] bool isModulePath(const syntax::Expr &e) const;
  void pay(base::Span span, std::string_view what);
  /// E0203, in the circuit that is checked.
  diag::Diagnostic &notUnitary(base::Span span, std::string_view what);
  diag::Diagnostic &notUnitaryCall(base::Span span, const Symbol &function);
  std::optional<SymbolId> callee(const syntax::Expr &expr);

  // ---- check_quantum.cpp: recipes, bra-kets, observables, gates
  TypeRef overlap(const syntax::OverlapExpr &overlap);
  TypeRef matrixElement(const syntax::MatrixElementExpr &element);
  TypeRef absOverlap(const syntax::AbsOverlapExpr &overlap);
  bool samePreps(const syntax::Expr &bra, const syntax::Expr &ket);
  TypeRef recipe(const syntax::Expr &expr, std::string_view what);
  void gateStmt(const syntax::GateStmt &gate);
  void gateOperands(const syntax::GateStmt &gate, int controls);
  void forgetOperands(const syntax::GateStmt &gate);
  void applyCircuit(const syntax::GateStmt &gate, SymbolId id, const syntax::CallExpr *call,
                    int controls);
  void applyUnitary(const syntax::GateStmt &gate, const TypeRef &unitary, int controls);
  void matrix(const Signature &signature, const syntax::UnitaryStmt &unitary);
  TypeRef estimateBlock(const syntax::EstimateExpr &estimate);
  TypeRef encodingOf(SymbolId circuit);
  TypeRef circuitResult(const Signature &signature, const SizeBindings &bindings) const;

  // ---- check_kernel.cpp
  void kernelDecl(SymbolId id);
  TypeRef kernelEncoding(const syntax::KernelStmt &kernel, const Signature &signature);
  TypeRef kernelBody(SymbolId id, const TypeRef &via, Payer payer);
  TypeRef exactBody(SymbolId id, const TypeRef &via);
  bool hasExactForm(SymbolId kernel, base::Span use);
  std::map<SymbolId, base::Span> noExactForm; ///< kernels, and what of their bodies has none
  TypeRef callKernel(const TypeRef &kernel, const syntax::CallExpr &call, SymbolId name);

  // ---- check_blocks.cpp: dataset, observable, select
  void datasetDecl(const syntax::DatasetStmt &dataset, SymbolId id);
  void observableDecl(SymbolId id);

  // ---- check_devices.cpp
  void noiseDecl(SymbolId id);
  void noiseClause(const syntax::Clause &clause);
  void gateList(const syntax::Clause &clause);
  void deviceDecl(SymbolId id);

  void circuitDecl(SymbolId id);
  void selectDecl(const syntax::SelectStmt &select, SymbolId id);
  std::optional<std::string> columnName(const syntax::Expr &expr);
  void clauseVariable(std::string_view name, TypeRef type, base::Span span, syntax::NodeId node,
                      uint32_t index);

  // ---- check_policy.cpp
  void policyDecl(SymbolId id);
  void policyClause(const syntax::Clause &clause);
  bool oneItem(const syntax::Clause &clause, std::string_view need);
  void clauseType(const syntax::Clause &clause, const syntax::Expr &e, TypeKind kind);
  void countedInShots(const syntax::Clause &clause);
  bool clauseArguments(const syntax::Clause &clause, const syntax::Expr &value, size_t positional,
                       const std::vector<std::string_view> &named, std::string_view example);
  void untilClause(const syntax::Clause &clause);
  void confidenceClause(const syntax::Clause &clause);
  void resetClause(const syntax::Clause &clause);
  void combineClause(const syntax::Clause &clause);
  void mitigateClause(const syntax::Clause &clause);
  void gradientClause(const syntax::Clause &clause);
  void deadlineClause(const syntax::Clause &clause);
};

template <typename Body> void Checker::inModuleOf(SymbolId id, Body body) {
  auto savedScopes = std::move(scopes);
  Context savedContext = context;
  ModuleInfo *savedModule = module;
  scopes.clear();
  scopes.emplace_back();
  module = sym(id).module;
  body();
  scopes = std::move(savedScopes);
  context = savedContext;
  module = savedModule;
}

/// The type of `lhs op rhs`, or null when there is none; arrays element by element.
TypeRef arithmeticType(syntax::BinaryOp op, const TypeRef &lhs, const TypeRef &rhs);
/// The parameters a circuit, function, kernel or policy declares.
const std::vector<syntax::Param> &parametersOf(const syntax::Stmt &decl);
/// "an encoding" / "a circuit" and so on, for messages.
std::string_view describe(SymbolKind kind);
/// Whether a fmt format spec suits values of this type; the reason when not.
std::optional<std::string> formatProblem(const Type &type, const std::string &spec);

} // namespace qdo::sema
