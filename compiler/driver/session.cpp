// SPDX-License-Identifier: Apache-2.0
// The phases in order.
#include "compiler/driver/session.h"

#include "compiler/codegen/jit.h"
#include "compiler/driver/cost.h"
#include "compiler/driver/data_reader.h"
#include "compiler/driver/files.h"
#include "compiler/driver/recipe_cost.h"
#include "compiler/driver/session_state.h"
#include "compiler/driver/shot_times.h"
#include "compiler/launcher/host.h"
#include "compiler/syntax/parse.h"
#include "stdlib/embedded.h"

#include "mlir/IR/Verifier.h"
#include "qdo/ir/pipeline.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace qdo::driver {

std::optional<Stage> stageNamed(std::string_view name) {
  static const std::map<std::string_view, Stage> stages = {
      {"tokens", Stage::Tokens}, {"ast", Stage::Ast},        {"typed", Stage::Typed},
      {"qdo", Stage::Qdo},       {"qdo-opt", Stage::QdoOpt}, {"basis", Stage::Basis},
      {"llvm", Stage::Llvm}};
  auto found = stages.find(name);
  return found == stages.end() ? std::nullopt : std::optional(found->second);
}

Session::Session(Options options) : state(std::make_unique<State>()), options(std::move(options)) {}
Session::~Session() = default;

/// Once: what is no plain file cannot be read again.
bool Session::readText(std::string &problem) {
  if (!state->text)
    state->text = options.text ? options.text : readFile(options.file, problem);
  return state->text.has_value();
}

bool Session::read() {
  if (state->file)
    return !diagnostics.hasErrors();
  std::string problem;
  if (!readText(problem)) {
    diagnostics.reportUnlocated(diag::Kind::FileMissing, options.file, problem);
    return false;
  }
  state->file = sources.add(options.file, *state->text);
  state->ast = syntax::parse(*state->file, sources, diagnostics);
  return !diagnostics.hasErrors();
}

/// `std.encodings` is embedded; `lib.helpers` is the file lib/helpers.qdo beside the program.
std::optional<sema::ModuleText> Session::readModule(std::string_view path) {
  for (const stdlib::EmbeddedModule &module : stdlib::embeddedModules())
    if (module.name == path)
      return sema::ModuleText{std::string(module.path), std::string(module.text)};
  if (path == "std" || path.starts_with("std.") || options.text)
    return std::nullopt;
  std::string name(path);
  std::ranges::replace(name, '.', '/');
  const auto file = std::filesystem::path(options.file).parent_path() / (name + ".qdo");
  std::string problem;
  auto text = readFile(file.string(), problem);
  if (options.cacheCode)
    state->inputs.module(file.string(), text);
  return text ? std::optional(sema::ModuleText{file.string(), std::move(*text)}) : std::nullopt;
}

bool Session::check() {
  if (state->program)
    return !diagnostics.hasErrors();
  read();
  if (!state->ast)
    return false;
  auto reader = [this](std::string_view path) { return readModule(path); };
  // Errors of the text do not silence what the rest of the program says wrong.
  state->program = sema::check(std::move(*state->ast), sources, reader, diagnostics);
  state->ast.reset();
  return !diagnostics.hasErrors();
}

bool Session::elaborate() {
  if (!check())
    return false;
  if (state->module)
    return true;
  state->context = std::make_unique<mlir::MLIRContext>(mlir::MLIRContext::Threading::DISABLED);
  mlir::DialectRegistry registry;
  ir::registerDialects(registry);
  state->context->appendDialectRegistry(registry);
  lower::loadDialects(*state->context);
  // An error of the IR is a mistake of this compiler, at the place it came from.
  state->context->getDiagEngine().registerHandler([this](mlir::Diagnostic &d) {
    if (d.getSeverity() == mlir::DiagnosticSeverity::Error)
      diagnostics.reportFinished(diag::Kind::InternalError, lower::spanOf(d.getLocation(), sources),
                                 "qdo made a mistake: " + d.str());
    return mlir::success();
  });
  lower::Options lowering;
  lowering.params = options.params;
  lowering.directory = std::filesystem::path(options.file).parent_path().string();
  const lower::DataReader reader = makeDataReader(options, diagnostics);
  lowering.readData = [&](const lower::DatasetRequest &request) {
    if (options.cacheCode && request.generated)
      state->inputs.made(request.path);
    else if (options.cacheCode)
      state->inputs.data(request.path);
    return reader(request);
  };
  lowering.test = state->test;
  lowering.spending = &state->spending;
  lowering.openParams = state->openParams;
  lowering.fixedParams = &state->fixedParams;
  lowering.exports = state->exports;
  lowering.unexportable = &state->unexportable;
  state->module = lower::lower(*state->program, sources, lowering, *state->context, diagnostics);
  if (!state->module || diagnostics.hasErrors())
    return false;
  return gradientsArePaid();
}

/// What gradients measure is known of optimised circuits only, and a budget that does not reach it
/// is refused as early as any other.
bool Session::gradientsArePaid() {
  const auto limited = [&](const lower::Measurement &m) {
    return m.what == "loss" && std::ranges::any_of(m.purses, [&](const std::string &key) {
             const lower::Purse &purse = state->spending.purses[key];
             return purse.budget || purse.deadline;
           });
  };
  if (std::ranges::none_of(state->spending.measurements, limited))
    return true;
  const mlir::OwningOpRef<mlir::ModuleOp> copy = state->module->clone();
  if (mlir::failed(ir::optimise(*copy, {})))
    return false;
  lookAtGradients(*copy, state->spending, diagnostics);
  return !diagnostics.hasErrors();
}

bool Session::optimise() {
  if (!elaborate())
    return false;
  if (!state->optimised)
    state->optimised =
        mlir::succeeded(ir::optimise(*state->module, {.checkEach = options.checkEach}));
  return state->optimised;
}

std::optional<std::string> Session::emit(Stage stage) {
  if (stage == Stage::Tokens || stage == Stage::Ast) {
    check();
    if (!state->file)
      return std::nullopt;
    diag::Engine reported; // `check` has reported them already
    if (stage == Stage::Tokens)
      return syntax::dumpTokens(*state->file, sources, reported);
    return syntax::dumpAst(state->program->modules.front().ast, sources);
  }
  if (stage == Stage::Typed)
    return check() ? std::optional(sema::dumpTyped(*state->program, sources)) : std::nullopt;
  if (!elaborate())
    return std::nullopt;
  auto print = [&] {
    std::string text;
    llvm::raw_string_ostream out(text);
    state->module->print(out);
    return text + "\n";
  };
  if (stage == Stage::Qdo)
    return mlir::succeeded(mlir::verify(*state->module)) ? std::optional(print()) : std::nullopt;
  if (stage == Stage::Basis)
    return mlir::succeeded(ir::toBasis(*state->module, {.checkEach = options.checkEach}))
               ? std::optional(print())
               : std::nullopt;
  if (!optimise())
    return std::nullopt;
  if (stage == Stage::QdoOpt)
    return print();
  if (mlir::failed(ir::toLlvm(*state->module)))
    return std::nullopt;
  return codegen::llvmText(*state->module);
}

const sema::Program &Session::program() const { return *state->program; }

std::optional<Cost> Session::cost() {
  if (!optimise())
    return std::nullopt;
  lookAtGradients(*state->module, state->spending, diagnostics);
  lookAtTimes(*state->module, state->spending);
  return Cost{circuitCosts(*state->module, sources), state->spending};
}

void Session::forgetModule() {
  state->code.reset(); // its sites live in the context
  state->module = nullptr;
  state->context = nullptr;
  state->optimised = false;
  state->spending = {};
  diagnostics = diag::Engine();
}

std::vector<TestCase> Session::tests() const {
  std::vector<TestCase> found;
  for (const syntax::StmtPtr &s : state->program->modules.front().ast.stmts)
    if (const auto *test = syntax::dynAs<syntax::TestStmt>(s.get())) {
      std::string name;
      if (const auto *string = syntax::dynAs<syntax::StringExpr>(test->name.get()))
        for (const syntax::StringPart &part : string->parts)
          name += part.text;
      found.push_back({name, test->span, test});
    }
  return found;
}

RunResult Session::run(const TestCase &test, const launcher::Write &write) {
  forgetModule();
  state->test = test.block;
  return run(write);
}

std::vector<ProgramParameter> Session::params() const {
  std::vector<ProgramParameter> found;
  const syntax::Ast &ast = state->ast ? *state->ast : state->program->modules.front().ast;
  auto text = [&](const auto &node) {
    return node ? std::string(sources.text(node->span)) : std::string();
  };
  for (const syntax::StmtPtr &s : ast.stmts)
    if (const auto *p = syntax::dynAs<syntax::ParamStmt>(s.get()))
      found.push_back({p->name.text, text(p->type), text(p->defaultValue), p->doc});
  return found;
}

} // namespace qdo::driver
