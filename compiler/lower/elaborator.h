// SPDX-License-Identifier: Apache-2.0
// The elaborator's state, shared by the files of this folder: one file per family of constructs.
// Why: one walk evaluates what is known (sizes, structure, parameters) and emits ops for the rest.
// Must not: be included outside compiler/lower.
#pragma once

#include "compiler/lower/least.h"
#include "compiler/lower/lower.h"
#include "compiler/lower/paying.h"
#include "compiler/lower/product_state.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Builders.h"
#include "qdo/ir/qc.h"
#include "qdo/ir/qdo.h"

#include <set>

namespace qdo::sema {
struct LearningFunction;
}

namespace qdo::lower {

namespace qc = qdo::ir::qc;
namespace qdata = qdo::ir::data;

/// Thrown-away work: an error was reported and this statement cannot go on.
/// Elaboration errors are rare and deep, so they leave by this value, never across the folder's
/// boundary.
struct Abandon {};

/// An export turned out not to compile: the program is elaborated again without it, since what was
/// made of it is all over the module.
struct WithoutIt {};

/// A step that has no slope, in a function that an optimiser asks for values alone: it is lowered
/// once more on plain numbers.
struct NeedsNumbers {};

/// How control leaves a list of statements.
enum class Exit : uint8_t { Next, Break, Continue, Return };
struct Flow {
  Exit exit = Exit::Next;
  mlir::Value code;           ///< i64 of Exit when several ways out are possible
  std::optional<Value> value; ///< what `return` gives, or a block's last expression
};
using Rest = llvm::function_ref<Flow()>;

/// The variables of one inlined call.
struct Frame {
  std::map<sema::SymbolId, Value> vars;
  sema::ModuleInfo const *module = nullptr;
  bool circuit = false;
  sema::TypeRef result; ///< of the function; null at the top level and in circuits
};

/// A loop that is being lowered: what `break` and `continue` mean in it.
struct Loop {
  bool unrolled = false;
  const std::function<Flow()> *onBreak = nullptr;
  const std::function<Flow()> *onContinue = nullptr;
  sema::SymbolId result = sema::SymbolId::None; ///< where `return` leaves its value
};

class Elaborator {
public:
  Elaborator(const sema::Program &program, const base::SourceMap &sources, const Options &options,
             mlir::MLIRContext &context, diag::Engine &diagnostics);
  mlir::OwningOpRef<mlir::ModuleOp> run();

private:
  const sema::Program &program;
  const base::SourceMap &sources;
  const Options &options;
  diag::Engine &diagnostics;
  mlir::OpBuilder b;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  std::vector<Frame> frames;
  std::vector<mlir::Value> wires; ///< newest value of each live qubit; null after its end
  std::vector<Loop> loops;
  std::vector<Payer> payers;
  std::vector<DeviceFacts> devices;                    ///< in force
  llvm::DenseMap<mlir::Value, DeviceTimes> noiseTimes; ///< of noises whose times are known
  std::map<std::string, DeviceFacts> deviceFacts;      ///< by Value::text
  /// By noise: a clause that is known to be no Pauli errors.
  std::map<const void *, base::Span> noisesNotPauli;
  std::vector<sema::SymbolId> inlining;
  std::map<std::string, qc::CircuitOp> circuits; ///< by declaration, structure and sizes
  std::map<mlir::Operation *, uint64_t> contentHashes;
  int64_t gateCount = 0;
  int64_t callCount = 0;
  mlir::Block *topBlock = nullptr; ///< of the program's main function

  // ---- values.cpp
  Frame &frame() { return frames.back(); }
  mlir::Location loc(base::Span span);
  mlir::Value constant(int64_t value, mlir::Location at);
  mlir::Value constant(double value, mlir::Location at);
  mlir::Value constant(bool value, mlir::Location at);
  mlir::Value text(llvm::StringRef value, mlir::Location at);
  mlir::Value ssa(const Value &value, mlir::Location at);
  mlir::Value realSsa(const Value &value, mlir::Location at);
  Value toReal(const Value &value, mlir::Location at);
  /// A label read from data as the number that it is; other values as they are.
  Value labelNumber(const Value &value, mlir::Location at);
  Value toComplex(const Value &value, mlir::Location at);
  static bool isReal(const Value &value);
  Value coerce(const Value &value, const sema::TypeRef &type, mlir::Location at);
  Value declaredAs(const Value &value, const sema::TypeRef &type, mlir::Location at);
  mlir::Value arrayHandle(const Value &value, mlir::Location at);
  mlir::Value rt(llvm::StringRef entry, mlir::ValueRange arguments, mlir::Location at,
                 int64_t prepQubits = 0);
  bool same(const Value &a, const Value &b) const;
  int64_t constInt(const syntax::Expr &expr, std::string_view what);
  [[noreturn]] void notYet(base::Span span, std::string_view what);
  [[noreturn]] void internal(base::Span span, std::string_view what);
  const Value *lookup(sema::SymbolId id) const;
  sema::SymbolId used(const syntax::Expr &expr) const;
  sema::SymbolId declared(syntax::NodeId node, uint32_t index) const;
  const sema::TypeRef &typeOf(const syntax::Expr &expr) const;
  std::optional<int64_t> evaluate(const sema::Size &size) const;

  // ---- expr.cpp, access.cpp
  Value expr(const syntax::Expr &expr);
  Value name(const syntax::NameExpr &name);
  Value symbolValue(sema::SymbolId id, base::Span span);
  Value unary(const syntax::UnaryExpr &unary);
  Value binary(const syntax::BinaryExpr &binary);
  Value logical(const syntax::BinaryExpr &binary);
  Value index(const syntax::IndexExpr &index);
  Value sliced(const Value &array, const Value &range, base::Span span);
  Value member(const syntax::MemberExpr &member);
  Value leastEigenvalue(const Value &matrix, mlir::Location at);
  Value estimateMember(const Value &estimate, const std::string &name, mlir::Location at);

  // ---- arith.cpp, compare.cpp, finite.cpp: operators on values
  Value arithmetic(syntax::BinaryOp op, const Value &lhs, const Value &rhs, base::Span span);
  Value intArithmetic(syntax::BinaryOp op, const Value &lhs, const Value &rhs, base::Span span);
  Value realArithmetic(syntax::BinaryOp op, const Value &x, const Value &y, ValueKind kind,
                       base::Span span);
  Value complexArithmetic(syntax::BinaryOp op, const Value &lhs, const Value &rhs, base::Span span);
  Value estimateArithmetic(syntax::BinaryOp op, const Value &lhs, const Value &rhs,
                           base::Span span);
  Value arrayArithmetic(syntax::BinaryOp op, const Value &lhs, const Value &rhs, base::Span span);
  bool judgedLater() const;
  Value finite(Value result, const char *operation, const Value &x, const Value &y, base::Span);
  Value finiteOfArrays(const Value &result, const char *operation, base::Span span);
  mlir::Value finiteArray(mlir::Value array, const char *operation, base::Span span);
  Value negated(const Value &value, base::Span span);
  Value compare(const syntax::CompareExpr &compare, std::pair<Value, Value> *sides = nullptr);
  Value compareNumbers(syntax::CompareOp op, const Value &lhs, const Value &rhs, base::Span span);
  Value compareEstimates(const syntax::CompareExpr &compare, const Value &lhs, const Value &rhs);
  Value equal(const Value &lhs, const Value &rhs, base::Span span);
  Value inverted(const Value &value, mlir::Location at);
  Value both(const Value &x, const Value &y, mlir::Location at);

  // ---- lists.cpp: what is iterated, and arrays whose length only the run knows
  std::optional<int64_t> count(const Value &range) const;
  Value iterate(const Value &range, int64_t at);
  Value length(const Value &range, mlir::Location at);
  mlir::Value datasetSsa(const Value &rows, mlir::Location at);
  Value elementAt(const Value &range, const Value &index, base::Span span);
  Value listOf(const Value &array, base::Span span);
  /// Numbers of a runtime array that become known elements where one is under differentiation.
  static constexpr int64_t mostTakenApart = 4096;
  std::optional<Value> knownElements(const Value &array, int64_t most, base::Span span);
  void append(mlir::Value list, const Value &element, base::Span span);
  Value collect(const Value &trips, base::Span span,
                const std::function<std::optional<Value>(const Value &)> &element,
                const std::function<std::optional<Value>()> &known = nullptr);
  Value finished(mlir::Value list, const Value &shape, const Value &trips, mlir::Location at);
  bool mustLoop(const Value &range) const;
  Value comprehension(const syntax::ComprehensionExpr &comprehension);
  Value knownComprehension(const syntax::ComprehensionExpr &comprehension, const Value &first);
  Value dynamicComprehension(const syntax::ComprehensionExpr &comprehension, const Value &range);
  Value coerceElement(const Value &value, const sema::TypeRef &array, mlir::Location at);

  // ---- call.cpp, exact_forms.cpp
  Value call(const syntax::CallExpr &call);
  Value method(const syntax::CallExpr &call, const syntax::MemberExpr &method);
  /// Calls a function value.
  Value apply(const Value &function, std::vector<Value> arguments, base::Span span);
  Value inlineLambda(const FunctionValue &function, std::vector<Value> arguments, base::Span span);
  Value callNative(sema::SymbolId id, const std::vector<Value> &arguments, base::Span where);
  std::vector<Value> arguments(const sema::Signature &signature,
                               const std::vector<syntax::Arg> &args,
                               std::vector<std::string> *holes);
  void bindSizes(const sema::Signature &signature, Frame &into, const std::vector<Value> &arguments,
                 const std::vector<const Value *> &on, base::Span span);
  void matchSizes(const sema::TypeRef &type, const Value &value, Frame &into,
                  const std::vector<uint32_t> &solvable, base::Span span, bool pad = false);
  Value inlineFunction(sema::SymbolId id, std::vector<Value> arguments, std::vector<Value> on,
                       base::Span span);
  void enter(sema::SymbolId id, base::Span span);
  std::optional<base::Span> useOfLibrary; ///< while a function of the library is inlined
  std::optional<Value> exactForm(const std::string &entry, const std::vector<Value> &arguments,
                                 base::Span span);

  // ---- library.cpp, collections.cpp: what is built in
  Value intrinsic(sema::SymbolId id, const syntax::CallExpr &call);
  Value ofNumber(const std::string &name, const Value &x, base::Span span);
  Value absolute(const Value &value, base::Span span);
  Value leastOrMost(bool least, const Value &x, const Value &y, base::Span span);
  std::optional<Value> ofArrays(const std::string &name, const std::vector<Value> &args,
                                const syntax::CallExpr &call);
  /// The combination of all elements, in order; nullopt of an empty array that is known.
  std::optional<Value> reduce(const Value &array, base::Span span, const Value *start,
                              const std::function<Value(const Value &, const Value &)> &combine);
  std::optional<Value> extremeOfKnown(const Value &array, bool largest, base::Span span);
  std::optional<Value> sum(const Value &array, const sema::TypeRef &type, base::Span span);
  Value numberOf(const Value &list, mlir::Location at);
  Value flattened(const Value &array, base::Span span);
  Value zip(const std::vector<Value> &arrays, bool numbered, base::Span span);

  // ---- learning.cpp: Gram matrices, preprocessing, validation
  Value learning(const sema::LearningFunction &function, const syntax::CallExpr &call);
  Value gram(const std::vector<Value> &args, const std::vector<const syntax::Expr *> &exprs,
             base::Span span);
  Value alignment(const std::vector<Value> &args, const std::vector<const syntax::Expr *> &exprs,
                  base::Span span);
  Value preprocessed(const std::string &name, const std::vector<Value> &args, base::Span span);
  Value crossValidate(const syntax::CallExpr &training, const Value &folds, base::Span span);
  Value estimateMatrix(mlir::Value list, mlir::Location at);
  Value asList(const Value &array, base::Span span);
  Value estimateNumbers(const Value &list, int64_t which, mlir::Location at);
  Value kernelOf(const Value &kernelOrEncoding, const Value &rows, base::Span span);
  bool isPaid(const Value &kernel);
  bool givesReals(const syntax::Expr &expr, const Value &kernel);
  void chargePairs(const Value &kernel, const Value &rows, base::Span span);

  // ---- circuit.cpp: recipes, gates, circuits
  Value prepOf(sema::SymbolId circuit, std::vector<Value> arguments, base::Span span);
  void applyRecipe(const RecipeParts &recipe, const std::vector<QubitId> &qubits, base::Span span);
  void runCircuit(sema::SymbolId id, std::vector<Value> arguments, const std::vector<Value> &on,
                  base::Span span);
  Value controlled(const syntax::CtrlExpr &ctrl);
  struct Instance {
    qc::CircuitOp op;
    int64_t dataCount;
    int64_t qubits;
  };
  Instance instantiate(sema::SymbolId circuit, std::vector<Value> arguments, base::Span span);
  void circuitBody(const syntax::CircuitStmt &decl, const std::vector<QubitId> &qubits);
  static bool isFixed(const sema::Signature &signature, const std::vector<Value> &arguments);
  std::string structureKey(const Value &value, bool structure) const;
  void numbersToBits(const sema::Signature &signature, std::vector<Value> &arguments,
                     std::optional<int64_t> qubits, base::Span span);
  Value asArguments(const Value &shape, mlir::Block::BlockArgListType data, size_t &next,
                    mlir::Location at);
  std::string recipeKey(qc::CircuitOp circuit, const std::vector<Value> &data);
  void flattenData(const Value &value, std::vector<Value> &out, mlir::Location at);
  void gate(const syntax::GateStmt &gate);
  void applyGate(const syntax::Expr &expr, std::vector<QubitId> qubits, base::Span span);
  void applyNamed(qdo::ir::Gate gate, const std::vector<mlir::Value> &angles,
                  const std::vector<QubitId> &qubits, mlir::Location at);
  void applyCircuit(sema::SymbolId id, const syntax::CallExpr *call,
                    const std::vector<std::vector<QubitId>> &operands, base::Span span);
  void checkDistinct(const syntax::GateStmt &gate,
                     const std::vector<std::vector<QubitId>> &operands);
  std::string encodingName(const EncodingValue &encoding) const;
  Value encodingOf(sema::SymbolId circuit);

  // ---- kernel.cpp
  Value kernelHandle(const Value &kernel, int64_t width, base::Span span);
  [[nodiscard]] int64_t declaredWidth(const sema::Symbol &kernel) const;
  Value fidelityHandle(const Value &kernel, const std::string &name, int64_t width,
                       base::Span declared, base::Span via);
  Value generalHandle(const Value &kernel, int64_t width, base::Span span);
  Value kernelBody(const Value &kernel, const Value &x, const Value &y, base::Span span,
                   bool areRows = false);
  Value callKernel(const Value &kernel, const syntax::CallExpr &call, sema::SymbolId name);
  [[nodiscard]] bool measures(sema::SymbolId kernel) const;
  [[nodiscard]] bool hasExactForm(sema::SymbolId kernel) const;
  void refuseInexact(sema::SymbolId kernel, base::Span span);
  void refuseFixed(base::Span via, const sema::Signature &signature,
                   const std::vector<Value> &arguments);
  void chargeKernel(const Value &kernel, const Value &x, const Value &y, base::Span span);
  void checkKernelWidth(const Value &kernel, int64_t width, base::Span span);

  // ---- exports.cpp, export_code.cpp
  using ExportBody = std::function<Value(std::vector<Value>)>;
  struct RowLayout {
    std::vector<Value> arguments; ///< of its circuit: zeros for the row
    std::vector<Value> data;      ///< the other numbers
    int64_t hole = 0;             ///< where the row goes among them
  };
  RowLayout rowLayout(const EncodingValue &encoding, int64_t width, mlir::Location at);
  void exportAll(std::vector<Export> &exports);
  std::optional<std::string> exportOne(Export &exported, const syntax::Stmt &stmt);
  std::optional<std::string> exportKernel(Export &exported, sema::SymbolId id);
  std::optional<std::string> exportEncoding(Export &exported, sema::SymbolId id);
  std::optional<std::string> exportRows(Export &exported, const EncodingValue &encoding,
                                        std::optional<int64_t> width, base::Span span);
  std::optional<int64_t> rowWidth(const sema::TypeRef &type) const;
  std::optional<std::string> exportSlot(ExportSlot &slot, const std::string &name,
                                        const sema::TypeRef &type) const;
  std::optional<mlir::Value> exportResult(ExportSlot &slot, const Value &result, bool estimate,
                                          mlir::Location at);
  std::optional<std::string> exportBody(Export &exported, const std::string &symbol,
                                        const ExportBody &body, bool shots, base::Span span);
  std::optional<std::string> exportBodies(Export &exported, const ExportBody &body, bool measures,
                                          base::Span span);
  std::optional<std::string> exportFunction(Export &exported, sema::SymbolId id);
  std::optional<std::string> exportKernelCode(Export &exported, sema::SymbolId id);

  // ---- native_angles.cpp, elaborated.cpp: what the library asks of elaboration
  Value elaborated(const std::string &name, const std::vector<Value> &arguments, base::Span span);
  Value stateAngles(const Value &amplitudes, bool normalise, base::Span span);
  Value nativeAngles(angles::Rule rule, const std::vector<Value> &data, base::Span span);
  void refuse(const angles::Verdict &verdict, base::Span span);
  ProductState nearest(const std::vector<Value> &arguments, base::Span use);
  static Value productAngles(ProductState state, bool real);
  void underControls(const std::vector<QubitId> &controls, const std::vector<QubitId> &targets,
                     mlir::Location at, const std::function<void()> &inner);
  Value matrixAngles(const syntax::UnitaryStmt &unitary);
  void applyMatrix(const syntax::UnitaryStmt &unitary, const std::vector<QubitId> &qubits);
  base::Span useOfCircuit; ///< where the program uses the circuit that is being made

  // ---- inherited.cpp
  using ClauseVisitor = std::function<void(const syntax::Clause &clause, const Frame &scope,
                                           const std::vector<syntax::Clause> &own)>;
  void eachClause(sema::SymbolId id, const std::vector<Value> &arguments, base::Span span,
                  const ClauseVisitor &visit);
  // ---- clifford.cpp
  qc::UnitaryOpInterface notClifford(const Value &recipe, bool likely);
  void checkClifford(const Value &recipe, base::Span span);
  // ---- devices.cpp
  Value noise(sema::SymbolId id, const std::vector<Value> &arguments, base::Span span);
  Value device(sema::SymbolId id, base::Span span);
  Value madeDevice(const std::string &entry, const std::vector<Value> &arguments,
                   const std::vector<mlir::Value> &operands, base::Span span);
  void rememberDevice(Value &device, DeviceFacts facts);
  void enterDevice(Value device, base::Span span);
  void leaveDevice(base::Span span);
  void checkDevice(int64_t qubits, base::Span span, const char *exactly,
                   std::string_view wayOut = "measure a smaller recipe");
  void checkOverlap(int64_t qubits, std::string_view way, base::Span span);
  void warnOfMemory(const Value &recipe, base::Span span, bool amplitudes);
  int64_t qubitMask(const Value &qubits, int64_t count, base::Span span);
  void checkPure(std::string_view what, base::Span span);
  // ---- gradient.cpp, objective.cpp, traced.cpp: functions under differentiation
  Value gradient(const std::string &name, const syntax::CallExpr &call);
  Value minimised(const syntax::CallExpr &call, const Value &function, base::Span functionSpan,
                  const Value &by, mlir::Value point, const sema::TypeRef &shape, bool scalar);
  enum class Numbers : uint8_t { Traced, Plain };
  /// The function's code in a region; whether its value is measured with shots.
  bool objective(mlir::Region &region, const Value &function, const Value &at, base::Span span,
                 Numbers numbers);
  Value parameters(mlir::Value list, const Value &at, base::Span span, Numbers numbers);
  bool needsNumbers(mlir::Region &region, const std::function<void()> &lower);
  void noteSampled();
  void payGradient(mlir::Operation *op, const sema::TypeRef &point, base::Span span);
  Value tracedFidelity(const Value &bra, const Value &ket, base::Span span);
  Value tracedOverlap(const Value &bra, const Value &ket, base::Span span);
  Value tracedExpectation(const Value &prep, const Value &observable, base::Span span);
  mlir::Value tracedRecipe(qc::CircuitOp circuit, const std::vector<Value> &data, int64_t qubits,
                           base::Span span);
  Value tracedKernel(const Value &kernel, const Value &x, const Value &y, base::Span span);
  void refuseTracedCall(const std::string &entry, std::string_view name,
                        const std::vector<Value> &args, base::Span span);
  void mayMove(Value &variable, mlir::Location at);
  mlir::Value recordSsa(const Value &number, mlir::Location at);
  void refuseTraced(const Value &value, base::Span span, std::string_view what,
                    std::string_view help = {});
  int differentiating = 0;         ///< inside the function of a `grad` or `minimize`
  base::Span differentiated;       ///< that function
  bool valuesOnly = false;         ///< its optimiser asks for no slopes
  int64_t measurements = 0;        ///< with shots, that were lowered so far
  size_t payersAround = 0;         ///< that function
  std::vector<Payer> payersInside; ///< of its first measurement under a policy of its own

  // ---- live.cpp
  Value prepare(const Value &recipe, base::Span span);
  Value measure(const Value &qubits, base::Span span);
  void discard(const Value &qubits, base::Span span);
  Value estimateBlock(const syntax::EstimateExpr &estimate);
  mlir::Value consume(QubitId id, base::Span span);
  QubitId newQubit(mlir::Value value);

  // ---- measure.cpp
  bool hasOpenSize(const syntax::Expr &recipe) const;
  std::pair<Value, Value> braAndKet(const syntax::Expr &bra, const syntax::Expr &ket);
  std::optional<int64_t> otherSide; ///< qubits of the other side of a bra-ket
  /// |<p|q>|^2, or its root.
  Value fidelity(const syntax::AbsOverlapExpr &overlap, bool squared);
  Value overlap(const syntax::OverlapExpr &overlap);
  Value expectation(const syntax::MatrixElementExpr &element);
  /// A known one, as a handle, of which every string stays on the qubits.
  mlir::Value observable(const Value &value, base::Span span, int64_t qubits);
  Value multiplyObservables(const Value &a, const Value &b, base::Span span);

  // ---- observables.cpp: observables as values of the run
  mlir::Value observableSsa(const Value &value, mlir::Location at);
  mlir::Value observableList(const Value &values, base::Span span);
  /// One that is known is written out, so that others with other Paulis can stand in its place.
  Value asHandle(const Value &observable, mlir::Location at);
  Value runtimeObservable(syntax::BinaryOp op, const Value &lhs, const Value &rhs, base::Span span);

  // ---- shadows.cpp
  Value askShadow(const syntax::CallExpr &call, const Value &record);
  void chargeExpectations(const std::vector<Value> &args, base::Span span);
  void chargeShadow(const std::vector<Value> &args, base::Span span);
  std::optional<Value> knownSnapshots(const std::vector<Value> &args, base::Span span);
  std::vector<mlir::Value> bounds(const Value &interval, std::string_view what, base::Span span);
  Value observableArithmetic(syntax::BinaryOp op, const Value &lhs, const Value &rhs,
                             base::Span span);
  Payer &payer() { return payers.back(); }

  // ---- control.cpp
  Flow stmts(llvm::ArrayRef<syntax::StmtPtr> list, Rest rest, bool wantsValue = false);
  Flow branch(mlir::Value condition, base::Span span, llvm::function_ref<Flow()> thenArm,
              llvm::function_ref<Flow()> elseArm);
  Flow ifFlow(const syntax::IfExpr &expr, Rest rest, bool wantsValue);
  Value ifValue(const syntax::IfExpr &expr);
  Flow forFlow(const syntax::ForStmt &loop, Rest rest);
  Flow repeatFlow(const syntax::RepeatStmt &loop, Rest rest);
  Flow unrolled(int64_t trips, int64_t at, const std::function<void(int64_t)> &bindTrip,
                const syntax::Block &body, const std::function<Flow()> &rest);
  Flow generatorLoop(const syntax::ForStmt &loop, size_t at, const std::function<Flow()> &rest,
                     const std::function<Flow()> &onBreak);
  Flow dynamicFor(const syntax::ForStmt &loop, size_t at, const Value &range, Rest rest);
  Flow runtimeLoop(mlir::Value lower, mlir::Value upper, base::Span span, const syntax::Block &body,
                   const std::function<Flow(const Value &)> &turn, Rest rest);
  /// A loop of the program over a counter; carries the variables that are `assigned`.
  void counted(mlir::Value lower, mlir::Value upper, base::Span span,
               const std::set<sema::SymbolId> &assigned,
               const std::function<Flow(mlir::Value)> &body);
  bool mustUnroll(const syntax::Block &body) const;
  bool listsQubits(const syntax::CallExpr &call) const;
  bool writesTraced(const syntax::Block &body) const;
  std::set<sema::SymbolId>
  assignedIn(const syntax::Block &body,
             const std::function<void(sema::SymbolId)> &byElement = nullptr) const;
  bool storeArrays(const syntax::Block &body, base::Span span, bool dryRun);

  // ---- while.cpp
  Flow whileFlow(const syntax::WhileStmt &loop, Rest rest);
  Flow conditionLoop(base::Span span, const syntax::Block &block,
                     const std::set<sema::SymbolId> &hidden,
                     const std::function<Value()> &condition, const std::function<Flow()> &body,
                     Rest rest);
  Flow returnFlow(std::optional<Value> value);
  Value placeholder(const sema::TypeRef &type, base::Span span);
  sema::SymbolId hiddenVariable();
  [[nodiscard]] std::string variableName(sema::SymbolId id) const;
  uint32_t nextHidden = 0xfffffff0;

  // Flattening of state across regions.
  struct Slots {
    std::vector<mlir::Value> values;
    std::set<QubitId> qubits;
  };
  void flatten(const Value &value, Slots &out, mlir::Location at);
  Value unflatten(const Value &shape, llvm::ArrayRef<mlir::Value> values, size_t &next);
  bool harmonise(Value &a, Value &c) const;
  /// A number as one of the record where the other way has one; a label as a number likewise.
  Value likeOther(const Value &value, const Value &other, mlir::Location at);

  // ---- stmt.cpp, text.cpp
  void stmt(const syntax::Stmt &stmt);
  void testBlock(const syntax::TestStmt &test);
  void let(const syntax::LetStmt &let);
  void bindBinder(const syntax::Binder &binder, const Value &value, base::Span span);
  void assign(const syntax::AssignStmt &assign);
  Value replaced(const Value &array, const syntax::IndexExpr &target, size_t depth,
                 const Value &value);
  Flow with(const syntax::WithStmt &with, bool wantsValue, size_t context = 0);
  void param(const syntax::ParamStmt &param);
  Value openParam(const syntax::ParamStmt &p, const sema::TypeRef &type);
  void print(const syntax::PrintStmt &print);
  void assertion(const syntax::AssertStmt &assertion);
  bool addSide(mlir::Value into, std::string_view before, std::string_view which,
               const syntax::Expr &side, const Value &value);
  mlir::Value formatted(const syntax::StringExpr &string);
  void addText(mlir::Value into, const Value &value, const std::string &spec, base::Span span);
  std::optional<std::string> plainText(const syntax::Expr &expr);

  // ---- blocks.cpp
  void dataset(const syntax::DatasetStmt &dataset);
  Value policy(sema::SymbolId id, const std::vector<Value> &arguments, base::Span span);
  Payer payerOf(const syntax::Expr &expr, const Value &policy);
  const syntax::Clause *pureClause = nullptr; ///< being lowered: an `until`
  void refuseImpure(std::string_view what, base::Span span);
  Value kernel(sema::SymbolId id);
  void select(const syntax::SelectStmt &select);
  std::map<std::string, Payer> policyFacts; ///< by key
  /// By key: the least that is spent, where the run compares it with a budget that only it knows.
  std::map<std::string, std::vector<mlir::arith::ConstantOp>> openBudgets;

  // ---- cost.cpp: least possible shots (E0209), and the report of `qdo cost`
  LeastOf<int64_t> leastShots;
  LeastOf<double> leastSeconds; ///< of the device
  int uncertain = 0;            ///< > 0: code that may not run
  std::set<std::string> noted;  ///< in the report of spending
  int64_t measuredAnew = 0;     ///< so far
  std::string anew(const char *what);
  void charge(const std::string &what, int64_t circuits, base::Span span, int64_t shotsEach = -1);
  void chargeLeast(const std::string &what, int64_t shots, base::Span span);
  /// `way`: empty for the policy's.
  void chargeFidelity(const Value &p, const Value &r, const std::string &way, base::Span span);
  void limitArray(int64_t numbers, base::Span span);
  [[nodiscard]] DeviceTimes deviceTimes() const;
  [[nodiscard]] Seconds shotSeconds() const;
  /// Says what the entries from `first` on measure, so that its circuits can be looked at when they
  /// are optimised.
  void measuredBy(mlir::Operation *op, size_t first);
  [[nodiscard]] size_t entries() const;
  void noteGradient(mlir::Operation *op, const sema::TypeRef &point, base::Span span);
  std::optional<int64_t> timesHere();
  static std::optional<int64_t> rowsOf(const Value &rows);
  void note(const std::string &what, std::optional<int64_t> circuits, base::Span span,
            int64_t shotsEach);
  void chargeNative(const std::string &entry, const std::vector<Value> &args, base::Span span);
  /// While the body of a kernel is lowered: where its measurements are counted.
  KernelCost *collecting = nullptr;
  std::map<sema::SymbolId, KernelCost> kernelCosts; ///< of bodies that are code
  int freshDepth = 0;                               ///< inside `fresh(...)`
  const KernelCost *costOf(sema::SymbolId kernel) const;
  enum class Bounds : uint8_t { Most, Least, Both };
  /// `commuting`: under policies with that grouping alone.
  void collectCost(const std::string &what, std::optional<int64_t> circuits, int64_t shotsEach,
                   Bounds bounds, std::optional<bool> commuting = {});
  // ---- reading_costs.cpp: circuits that read several Pauli strings
  void chargeReadings(const std::string &recipe, const ReadStrings &read, base::Span span);
  void chargeReadings(const std::string &recipe, const ReadStrings &read, bool commuting,
                      base::Span span);
  /// By purse and recipe: strings no two of which one circuit can read.
  std::map<std::string, pauli::Strings> clashing;
  /// By the same: what circuits that have run for sure have read, each.
  std::map<std::string, std::vector<pauli::Strings>> readBefore;
  friend struct Uncertain;
};

/// A recipe made of others; null when one of them is not known.
std::shared_ptr<const RecipeParts> composed(RecipeParts::Op op,
                                            std::vector<std::shared_ptr<const RecipeParts>> parts,
                                            int64_t number = 0);
bool isEstimate(const Value &value);
/// Known Pauli strings, or an object of the run.
bool isObservable(const Value &value);
/// A number or recipe under differentiation, or an array that holds some.
bool isTraced(const Value &value);
/// Numbers in a value that elaboration holds, arrays in arrays included.
int64_t numbersIn(const Value &value);
/// Known elements, a runtime array or a runtime list.
bool isArray(const Value &value);
bool isCounts(const Value &value);
inline bool isNumber(const Value &value) {
  return value.kind == ValueKind::Int || value.kind == ValueKind::Real ||
         value.kind == ValueKind::Complex;
}

/// While it lives, what is lowered may not run, so it adds nothing to the least possible shots.
struct Uncertain {
  Elaborator &e;
  explicit Uncertain(Elaborator &e) : e(e) { ++e.uncertain; }
  ~Uncertain() { --e.uncertain; }
};

} // namespace qdo::lower
