// SPDX-License-Identifier: Apache-2.0
// A checked program: its modules, symbols, and side tables keyed by node id.
// In: filled by the checker. Out: read by lowering, the dump, and editors.
// Why: the tree stays immutable; what names mean and what types expressions have lives here.
#pragma once

#include "compiler/diag/diagnostic.h"
#include "compiler/sema/types.h"
#include "compiler/syntax/ast.h"

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qdo::sema {

enum class SymbolId : uint32_t { None = 0xffffffff };

enum class SymbolKind : uint8_t {
  Variable, ///< let, var, loop variable, parameter, clause variable
  SizeName, ///< a size that a declaration solves for, an int inside it
  ProgramParam,
  Constant,  ///< pi, exact, X Y Z I
  Intrinsic, ///< abs, sqrt, ... written in the checker and the lowering
  Function,
  Circuit, ///< encoding or circuit
  Kernel,
  Policy,
  Noise,
  Device,
  Observable,
  Dataset,
  Selection,
  Module,     ///< `std`, `std.encodings`
  Unsupported ///< declared, reported once, silent afterwards
};

struct ModuleInfo;

struct Symbol {
  SymbolKind kind = SymbolKind::Variable;
  std::string name;
  TypeRef type = simple(TypeKind::Error);
  base::Span span;                    ///< where it is declared; empty for built-in names
  const syntax::Stmt *decl = nullptr; ///< of a declaration
  ModuleInfo *module = nullptr;
  std::string modulePath;    ///< of a Module
  bool isVar = false;        ///< may be assigned
  bool borrowed = false;     ///< a parameter after `on`
  std::optional<Size> value; ///< of an int that sizes may name
};

/// What a call of a function, circuit, kernel or policy needs to know.
struct Signature {
  struct Parameter {
    std::string name;
    TypeRef type;
    SymbolId symbol = SymbolId::None;
    const syntax::Expr *defaultValue = nullptr;
    bool structure = false; ///< int, int[..], scalar bool: part of a circuit's shape
  };
  std::vector<Parameter> parameters;
  std::vector<Parameter> on;
  std::vector<uint32_t> sizeVariables; ///< ids of solvable sizes (SymbolId values)
  TypeRef result;                      ///< null until inferred
  bool resolved = false;
};

/// What a function's body does; found by checking it.
struct Effects {
  bool checked = false;
  bool checking = false;
  bool failed = false; ///< its body has errors; they are not reported again
  std::optional<base::Span>
      measures;        ///< first estimate, sample or prepare that its caller pays for
  TypeRef result;      ///< under a shot policy
  TypeRef exactResult; ///< under `exact`; null when never asked for
};

struct ModuleInfo {
  std::string path; ///< "std.encodings"; empty for the main program
  syntax::Ast ast;
  std::map<std::string, SymbolId, std::less<>> names;
  std::vector<TypeRef> types; ///< by expression id
  std::vector<SymbolId> uses; ///< by id of a NameExpr or MemberExpr that names a symbol
  std::map<std::pair<uint32_t, uint32_t>, SymbolId> declared; ///< (node id, index) -> symbol
};

struct Program {
  std::deque<ModuleInfo> modules; ///< modules[0] is the main program
  std::deque<Symbol> symbols;
  std::map<SymbolId, Signature> signatures;
  std::map<SymbolId, Effects> effects;
  SizeNames sizeNames;

  [[nodiscard]] const Symbol &symbol(SymbolId id) const {
    return symbols[static_cast<uint32_t>(id)];
  }
  [[nodiscard]] Symbol &symbol(SymbolId id) { return symbols[static_cast<uint32_t>(id)]; }
  [[nodiscard]] std::string show(const TypeRef &type) const { return toString(*type, sizeNames); }
};

/// The body of a library function that is native code: `native("entry")`, or one of `measured`,
/// `sampled`, `peeked` and `elaborated`, which say what a call of it takes.
struct NativeBody {
  std::string_view marker;
  const syntax::CallExpr *call;
};
std::optional<NativeBody> nativeBody(const Symbol &symbol);
/// Whether the body of a kernel with `via` is |<a|b>|^2: the form that is computed in matrices.
bool isFidelity(const syntax::KernelStmt &kernel);

/// Reads the text of a module such as "std.encodings"; nullopt when there is none.
struct ModuleText {
  std::string name; ///< what people see: "std/encodings.qdo"
  std::string text;
};
using ModuleReader = std::function<std::optional<ModuleText>(std::string_view path)>;

/// Names, types, sizes, laws: everything that needs no data and no parameter values.
Program check(syntax::Ast main, base::SourceMap &sources, const ModuleReader &readModule,
              diag::Engine &diagnostics);

/// `qdo emit --stage=typed`: declarations with their signatures and every typed expression, one a
/// line.
std::string dumpTyped(const Program &program, const base::SourceMap &sources);

} // namespace qdo::sema
