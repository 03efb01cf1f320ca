// SPDX-License-Identifier: Apache-2.0
// The abstract syntax tree of the whole language: plain nodes with public fields, one struct per
// construct. In: built by ast_builder from the parse tree. Out: read by sema, the formatter, the
// editor layer. Why: ids are dense, so what later phases learn lives in side tables and the tree
// stays immutable. Must not: hold types, symbols or anything else that a later phase computes.
#pragma once

#include "compiler/base/source_map.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace qdo::syntax {

/// Dense index of a node within its Ast; side tables are vectors over it.
enum class NodeId : uint32_t {};

struct Expr;
struct Stmt;
struct Type;
using ExprPtr = std::unique_ptr<Expr>;
using StmtPtr = std::unique_ptr<Stmt>;
using TypePtr = std::unique_ptr<Type>;

struct Node {
  NodeId id{};
  base::Span span;
};

/// A name with its place.
struct Ident {
  std::string text;
  base::Span span;
};

// ----------------------------------------------------------------------------------------
// expressions

enum class ExprKind : uint8_t {
#define QDO_EXPR(kind) kind,
#include "compiler/syntax/nodes.def"
};

struct Expr : Node {
  const ExprKind kind;
  explicit Expr(ExprKind kind) : kind(kind) {}
  virtual ~Expr() = default;
};

/// Defines `struct NameExpr : Expr` with the kind test that `as<>` and `is<>` use.
template <ExprKind K> struct ExprOf : Expr {
  static constexpr ExprKind Kind = K;
  ExprOf() : Expr(K) {}
};

struct ErrorExpr : ExprOf<ExprKind::Error> {}; ///< what could not be parsed; already reported
struct IntExpr : ExprOf<ExprKind::Int> {
  int64_t value = 0;
};
struct RealExpr : ExprOf<ExprKind::Real> {
  double value = 0;
};
struct PercentExpr : ExprOf<ExprKind::Percent> {
  double value = 0;
}; ///< 95% is 0.95
struct DurationExpr : ExprOf<ExprKind::Duration> {
  double seconds = 0;
};
struct ImaginaryExpr : ExprOf<ExprKind::Imaginary> {
  double value = 0;
}; ///< 0.8i
struct BoolExpr : ExprOf<ExprKind::Bool> {
  bool value = false;
};
struct NameExpr : ExprOf<ExprKind::Name> {
  std::string name;
}; ///< `_` is a hole in argument position

struct StringPart {
  std::string text; ///< unescaped text before `value`
  ExprPtr value;    ///< null in the last part when the string ends in text
  std::string spec; ///< fmt format spec after `:`, without it
  base::Span specSpan;
};
struct StringExpr : ExprOf<ExprKind::String> {
  std::vector<StringPart> parts;
};

struct Arg {
  std::optional<Ident> name;
  ExprPtr value;
};
struct ParenExpr : ExprOf<ExprKind::Paren> {
  ExprPtr inner;
}; ///< (e)
struct TupleExpr : ExprOf<ExprKind::Tuple> {
  std::vector<Arg> fields;
}; ///< (), (a, b), (name: e)
struct ArrayExpr : ExprOf<ExprKind::Array> {
  std::vector<ExprPtr> elements;
};

/// `x` or `(x, y)` on the left of a binding.
struct Binder {
  std::vector<Ident> names;
  bool isTuple = false;
  base::Span span;
  NodeId id{}; ///< names[i] is declared as (id, i)
};
struct Generator {
  Binder binder;
  ExprPtr range;
};
struct ComprehensionExpr : ExprOf<ExprKind::Comprehension> {
  ExprPtr element;
  std::vector<Generator> generators;
  ExprPtr condition; ///< may be null
};

struct BraExpectExpr : ExprOf<ExprKind::BraExpect> {
  ExprPtr observable;
}; ///< <A>
struct OverlapExpr : ExprOf<ExprKind::Overlap> {
  ExprPtr bra, ket;
}; ///< <p|q>
struct MatrixElementExpr : ExprOf<ExprKind::MatrixElement> {
  ExprPtr bra, observable, ket;
}; ///< <p|A|q>
struct AbsOverlapExpr : ExprOf<ExprKind::AbsOverlap> {
  ExprPtr bra, ket;
}; ///< |<p|q>|

enum class UnaryOp : uint8_t { Neg, Not, Adj, Prepare, Measure };
struct UnaryExpr : ExprOf<ExprKind::Unary> {
  UnaryOp op{};
  base::Span opSpan;
  ExprPtr operand;
};
struct CtrlExpr : ExprOf<ExprKind::Ctrl> {
  ExprPtr count;
  ExprPtr operand;
  base::Span opSpan;
}; ///< count null: 1

enum class BinaryOp : uint8_t { Or, And, Add, Sub, Mul, Div, Mod, Pow, Then, Tensor, Range };
struct BinaryExpr : ExprOf<ExprKind::Binary> {
  BinaryOp op{};
  base::Span opSpan;
  ExprPtr lhs, rhs;
};
enum class CompareOp : uint8_t { Eq, Ne, Le, Ge, Lt, Gt, In };
struct CompareExpr : ExprOf<ExprKind::Compare> {
  CompareOp op{};
  base::Span opSpan;
  ExprPtr lhs, rhs;
  ExprPtr within;     ///< tolerance, may be null
  ExprPtr confidence; ///< `at 95%`: a PercentExpr, may be null
};
struct IntervalExpr : ExprOf<ExprKind::Interval> {
  ExprPtr low, high, step;
}; ///< a to b [step c]

struct MemberExpr : ExprOf<ExprKind::Member> {
  ExprPtr base;
  Ident member;
};
struct CallExpr : ExprOf<ExprKind::Call> {
  ExprPtr callee;
  std::vector<Arg> args;
};
struct IndexExpr : ExprOf<ExprKind::Index> {
  ExprPtr base;
  std::vector<ExprPtr> indices;
};

struct Block {
  std::vector<StmtPtr> stmts;
  base::Span span; ///< with the braces
};
struct LambdaExpr : ExprOf<ExprKind::Lambda> {
  std::vector<Ident> params; ///< declared as (id, i)
  ExprPtr body;              ///< exactly one of body and block is set
  std::optional<Block> block;
};
struct IfExpr : ExprOf<ExprKind::If> {
  ExprPtr condition;
  Block thenBlock;
  std::optional<Block> elseBlock; ///< `else if` is an elseBlock holding one ExprStmt with an IfExpr
  bool elseIsIf = false;
};
struct EstimateExpr : ExprOf<ExprKind::Estimate> {
  Block body;
};

// ----------------------------------------------------------------------------------------------
// types

struct TypeField {
  std::optional<Ident> name;
  TypePtr type;
};
/// base(args)[sizes] or (fields)[sizes], and `from -> result` when `result` is set.
struct Type : Node {
  Ident name; ///< empty text for a tuple or record type
  std::vector<TypePtr> args;
  std::vector<TypeField> fields;
  bool isTuple = false;
  std::vector<ExprPtr> sizes; ///< a null entry is `?`
  bool hasSizes = false;
  TypePtr result; ///< of a function type
};

// -----------------------------------------------------------------------------------------
// statements

enum class StmtKind : uint8_t {
#define QDO_STMT(kind) kind,
#include "compiler/syntax/nodes.def"
};

struct Stmt : Node {
  const StmtKind kind;
  std::string doc; ///< text of the `///` lines before it or on its line, without slashes
  explicit Stmt(StmtKind kind) : kind(kind) {}
  virtual ~Stmt() = default;
};
template <StmtKind K> struct StmtOf : Stmt {
  static constexpr StmtKind Kind = K;
  StmtOf() : Stmt(K) {}

protected:
  explicit StmtOf(StmtKind derived) : Stmt(derived) {}
};

struct Param : Node { ///< declared as (id, 0)
  Ident name;
  TypePtr type;
  ExprPtr defaultValue; ///< may be null
};

struct ErrorStmt : StmtOf<StmtKind::Error> { ///< what could not be parsed; already reported
  std::vector<Ident> names; ///< what it would have declared, so that uses are no second error
};
struct UseStmt : StmtOf<StmtKind::Use> { ///< use a.b.c / use a.b.{c, d} / use a.b as x
  std::vector<Ident> path;
  std::vector<Ident> names; ///< inside braces
  bool hasBraces = false;
  std::optional<Ident> alias;
};
struct ParamStmt : StmtOf<StmtKind::Param> {
  Ident name;
  TypePtr type;
  ExprPtr defaultValue;
};
struct DatasetField {
  Ident name;
  ExprPtr value;
  ExprPtr scaled; ///< an IntervalExpr as a rule; may be null
  base::Span span;
};
struct SplitPart {
  Ident name;
  double fraction = 0;
  base::Span span;
};
struct DatasetSplit { ///< split train 60%, test 40% stratified   or   split by COLUMN
  std::vector<SplitPart> parts;
  std::vector<Ident> words; ///< words after the parts, such as `stratified`
  std::optional<Ident> byColumn;
  base::Span span;
};
struct DatasetStmt : StmtOf<StmtKind::Dataset> {
  Ident name;
  std::vector<Param> params;
  ExprPtr source;
  std::vector<DatasetField> fields;
  std::vector<DatasetSplit> splits; ///< more than one is an error for sema to report
};
struct ClauseItem {
  ExprPtr value;
  bool shots = false;
};
struct Clause {
  Ident head;                  ///< budget, each, until, score, ...
  bool when = false;           ///< `stop when`
  std::optional<Ident> target; ///< `learn m = ...`
  std::vector<ClauseItem> items;
  ExprPtr on;                     ///< depolarizing 0.01 on [cx]
  std::optional<Ident> blockWord; ///< `each round { ... }`
  std::optional<Block> block;
  base::Span span;
  NodeId id{}; ///< `target` is declared as (id, 0)
};
struct PolicyStmt : StmtOf<StmtKind::Policy> {
  Ident name;
  std::vector<Param> params;
  ExprPtr from;
  std::vector<Clause> clauses;
};
struct NoiseStmt : StmtOf<StmtKind::Noise> {
  Ident name;
  std::vector<Param> params;
  ExprPtr from;
  std::vector<Clause> clauses;
};
struct DeviceStmt : StmtOf<StmtKind::Device> {
  Ident name;
  ExprPtr value;
};
struct KernelStmt : StmtOf<StmtKind::Kernel> {
  Ident name;
  std::vector<Param> params;
  ExprPtr via;
  ExprPtr body;
};
struct CircuitStmt : StmtOf<StmtKind::Circuit> {
  using StmtOf::StmtOf;
  bool isEncoding = false;
  Ident name;
  std::vector<Param> params;
  std::vector<Param> on; ///< borrowed parameters
  Block body;
};
/// A circuit whose body is one matrix.
struct UnitaryStmt : CircuitStmt {
  static constexpr StmtKind Kind = StmtKind::Unitary;
  UnitaryStmt() : CircuitStmt(Kind) {}
  ExprPtr matrix;
};
struct ObservableStmt : StmtOf<StmtKind::Observable> {
  Ident name;
  std::vector<Param> params;
  ExprPtr value;
};
struct KetTerm {
  bool negative = false;
  ExprPtr factor;
  ExprPtr state;
  base::Span span;
}; ///< factor may be null
struct PhantomStmt : StmtOf<StmtKind::Phantom> {
  Ident name;
  std::vector<Param> params;
  std::vector<KetTerm> terms;
  std::vector<ExprPtr> constraints;
  bool hasConstraints = false;
};
struct FnStmt : StmtOf<StmtKind::Fn> {
  Ident name;
  std::vector<Param> params;
  std::vector<Param> on;
  TypePtr result; ///< may be null
  ExprPtr value;  ///< exactly one of value and block is set
  std::optional<Block> block;
};
struct SelectStmt : StmtOf<StmtKind::Select> {
  Ident name;
  ExprPtr pool;
  std::vector<Clause> clauses;
};
struct ObserveStmt : StmtOf<StmtKind::Observe> {
  Ident name;
  std::vector<Clause> clauses;
};
struct SaveStmt : StmtOf<StmtKind::Save> {
  ExprPtr value;
  ExprPtr label;
};
struct TestStmt : StmtOf<StmtKind::Test> {
  ExprPtr name;
  Block body;
};
struct WithStmt : StmtOf<StmtKind::With> {
  std::vector<ExprPtr> contexts;
  Block body;
};
struct ForStmt : StmtOf<StmtKind::For> {
  std::vector<Generator> generators;
  Block body;
};
struct WhileStmt : StmtOf<StmtKind::While> {
  ExprPtr condition;
  Block body;
};
struct RepeatStmt : StmtOf<StmtKind::Repeat> {
  ExprPtr count;
  Block body;
};
struct LetStmt : StmtOf<StmtKind::Let> {
  bool isVar = false;
  Binder binder;
  TypePtr type;
  ExprPtr value;
};
struct ReturnStmt : StmtOf<StmtKind::Return> {
  ExprPtr value;
}; ///< value may be null
struct BreakStmt : StmtOf<StmtKind::Break> {};
struct ContinueStmt : StmtOf<StmtKind::Continue> {};
struct PrintStmt : StmtOf<StmtKind::Print> {
  std::vector<ExprPtr> values;
};
struct AssertStmt : StmtOf<StmtKind::Assert> {
  ExprPtr condition;
  ExprPtr message;
};
struct DiscardStmt : StmtOf<StmtKind::Discard> {
  ExprPtr value;
};
/// gate a, b[i]: `gate` is a NameExpr, CallExpr or modifier (adj, ctrl, ^) around one; operands are
/// NameExpr, MemberExpr or IndexExpr.
struct GateStmt : StmtOf<StmtKind::Gate> {
  ExprPtr gate;
  std::vector<ExprPtr> operands;
};
enum class AssignOp : uint8_t { Set, Add, Sub, Mul };
struct AssignStmt : StmtOf<StmtKind::Assign> {
  AssignOp op{};
  base::Span opSpan;
  ExprPtr target;
  ExprPtr value;
};
struct ExprStmt : StmtOf<StmtKind::Expr> {
  ExprPtr value;
};

// ----------------------------------------------------------------------------------------- the
// tree

struct Ast {
  base::FileId file{};
  std::vector<StmtPtr> stmts;
  uint32_t nodeCount = 0; ///< ids are 0 .. nodeCount-1
  /// Ids within stmts[i] begin at starts[i] and end before starts[i + 1], or nodeCount.
  std::vector<uint32_t> starts;
  /// Names in lines that could not be read, and where that may matter: in the same top-level
  /// statement, or in the whole file. Nobody knows what such a line declared or consumed, so later
  /// phases say nothing about its names.
  std::multimap<std::string, base::Span, std::less<>> unread;

  [[nodiscard]] bool mayBeUnread(std::string_view name, base::Span span) const {
    const auto [first, last] = unread.equal_range(name);
    return std::any_of(first, last, [&](const auto &each) {
      return each.second.begin <= span.begin && span.end <= each.second.end;
    });
  }
};

template <typename T, typename Base> bool is(const Base &node) { return node.kind == T::Kind; }
template <typename T, typename Base> const T &as(const Base &node) {
  return static_cast<const T &>(node);
}
template <typename T, typename Base> const T *dynAs(const Base *node) {
  return node && node->kind == T::Kind ? static_cast<const T *>(node) : nullptr;
}

} // namespace qdo::syntax
