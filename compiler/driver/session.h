// SPDX-License-Identifier: Apache-2.0
// One program from text to a run: the phases in order, each as far as it was asked for.
// In: options. Out: text of a stage, or a finished run; diagnostics in the engine.
// Why: every tool (run, check, emit, an editor) walks the same path and stops where it wants.
// Must not: parse the command line or decide on exit codes.
#pragma once

#include "compiler/diag/diagnostic.h"
#include "compiler/launcher/parameters.h"
#include "compiler/launcher/run.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace qdo::syntax {
struct TestStmt;
} // namespace qdo::syntax

namespace qdo::sema {
struct ModuleText;
struct Program;
} // namespace qdo::sema

namespace qdo::codegen {
struct ProgramTable;
} // namespace qdo::codegen

namespace qdo::driver {

class CodeCache;
struct Cost;
enum class BuildKind : uint8_t;
struct BuiltCode;

/// What `emit` can show, in the order of the phases.
enum class Stage : uint8_t { Tokens, Ast, Typed, Qdo, QdoOpt, Basis, Llvm };
std::optional<Stage> stageNamed(std::string_view name);

struct Options {
  std::string file;
  std::map<std::string, std::string> params; ///< values for `param`s, as text
  uint64_t seed = 0;
  int threads = 0;          ///< 0: all cores
  bool exact = false;       ///< run: estimates without sampling error
  bool single = false;      ///< large states in single precision
  bool mayLackData = false; ///< a missing data file is a warning (check, emit)
  bool checkEach = false;   ///< compare circuits before and after each pass
  bool cacheCode = false;   ///< look for compiled code of earlier runs, and keep it for later ones
  /// The program, instead of what `file` holds; then no file is read: data files and modules of
  /// one's own are missing.
  std::optional<std::string> text;
};

using launcher::ProgramParameter, launcher::RunResult;

/// A `test` block of the program.
struct TestCase {
  std::string name;
  base::Span span;
  const syntax::TestStmt *block;
};

class Session {
public:
  explicit Session(Options options);
  ~Session();

  base::SourceMap sources;
  diag::Engine diagnostics;

  /// Reads and parses the program. False after errors.
  bool read();
  /// Reads, parses and checks it. False after errors.
  bool check();
  /// Elaborates it: data headers are read, circuits specialised, budgets checked. False after
  /// errors.
  bool elaborate();
  /// Optimises what was elaborated. False after errors.
  bool optimise();
  /// The text of a stage; null after errors.
  std::optional<std::string> emit(Stage stage);
  /// Makes it ready to run: compiled, or as an earlier run left it. False after errors.
  bool compile();
  /// Makes it ready to run from what an earlier run of the same text with the same inputs left,
  /// and says again what that said, without reading the program. `words` are values for its
  /// parameters as on a command line. False when anything is not as it was then; nothing has
  /// happened in that case, and the other phases say why.
  bool recall(const std::vector<std::string> &words);
  /// Compiles and runs; `write` gets the program's output.
  RunResult run(const launcher::Write &write);
  /// Compiles for a file: the bytes of an object file (also for a program), assembly or LLVM IR.
  /// Parameters without a value in the options stay open where they can. Nothing after errors.
  std::optional<BuiltCode> build(BuildKind kind);
  /// What `check` made of it. Needs `check`.
  [[nodiscard]] const sema::Program &program() const;
  /// The program's `test` blocks, in order. Needs `check`.
  [[nodiscard]] std::vector<TestCase> tests() const;
  /// Runs one of them, from a fresh start: with the declarations that it needs, the seed, and an
  /// engine without diagnostics.
  RunResult run(const TestCase &test, const launcher::Write &write);
  /// The `param`s the program declares. Needs `read`.
  [[nodiscard]] std::vector<ProgramParameter> params() const;
  /// Values for the `param`s; they matter from `elaborate` on.
  std::map<std::string, std::string> &parameterValues() { return options.params; }
  /// What it will take: circuits as they are executed, and shots. Nothing after errors.
  std::optional<Cost> cost();

private:
  [[nodiscard]] std::optional<sema::ModuleText> readModule(std::string_view path);
  bool readText(std::string &problem);
  /// As far as LLVM; with the hashes of everything that draws random numbers.
  std::optional<std::multiset<uint64_t>> lowerToLlvm();
  bool openForCache();
  bool gradientsArePaid();
  [[nodiscard]] std::optional<CodeCache> codeCache() const;
  [[nodiscard]] std::string textKey() const;
  [[nodiscard]] std::string readyKey(std::string_view text, std::string_view inputs,
                                     const std::map<std::string, std::string> &values) const;
  void remember(const CodeCache &cache, const std::string &code) const;
  /// Leaves those parameters open that can be, and lowers the program so.
  void openParameters();
  [[nodiscard]] codegen::ProgramTable programTable() const;
  void forgetModule();
  struct State;
  std::unique_ptr<State> state;
  Options options;
};

} // namespace qdo::driver
